"""What a disclosed item consists of, in which states it can be, and how its index number is built. Pure.

``ItemContent`` is exactly what reviewers read and sign; its digest binds signatures, gate runs and publications to it.
"""

from gongkai.domain.items.compare import Comparison, compare
from gongkai.domain.items.content import AttachmentRef, ItemContent, UnitRef
from gongkai.domain.items.index_numbers import IndexNo, build_index_no, parse_index_no
from gongkai.domain.items.states import (
    NEEDS_REASON,
    OPEN_STATES,
    STATE_NAMES,
    TABLE,
    VERB_NAMES,
    Decision,
    Facts,
    State,
    Verb,
    decide,
    possible,
    saving_verb,
)

__all__ = [
    "NEEDS_REASON",
    "OPEN_STATES",
    "STATE_NAMES",
    "TABLE",
    "VERB_NAMES",
    "AttachmentRef",
    "Comparison",
    "Decision",
    "Facts",
    "IndexNo",
    "ItemContent",
    "State",
    "UnitRef",
    "Verb",
    "build_index_no",
    "compare",
    "decide",
    "parse_index_no",
    "possible",
    "saving_verb",
]
