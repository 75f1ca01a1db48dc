"""Saved searches that tell by mail what is new.

Somebody leaves an address and a search, confirms by a link in a mail (double opt-in), and is told of every matching
publication once, until they press one button. No account, no password; the links in the mails are signed.
"""

MOST_ALERTS = 20
"""Searches that one address may save."""
