"""Keeping machines from filling in public forms: a little work for the visitor's computer, or a small sum in words.

``forms.ProofMixin`` adds it to a form. The browser finds a number by trying (``static/proof_of_work``), in a worker and without anything
from another host; where no script runs, the visitor answers a sum written in words. Both are signed, end after a while
and count once (``kernel.throttle``). The challenge and its answer have the form of ALTCHA's first protocol, so that its
widget can be used in place of our script. Written by ourselves: the server's part is four lines of hashing, and the
library brings a service of its maker along.
"""
