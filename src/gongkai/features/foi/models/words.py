"""Finding cases by words of what was asked, among very many and without an extension of the database.

``foi_pairs`` (migration 0004) gives every two neighboring signs of a text, each behind the number of the unit; an index holds
them. A case that has all pairs of a word is looked at again as a whole, so that what is found has the word as it was written.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db.models import Func, TextField


class SubjectPairs(Func):
    """``foi_pairs(unit, text)``: the pairs of signs of a text in capital letters, as ``unit:pair``."""

    function = "foi_pairs"
    arity = 2
    output_field = ArrayField(TextField())
