"""Intake: from a document that arrives to proposals for an item's fields, and to the blocks of its body.

Nothing here decides: each proposal says how sure it is and where it stood, and what is not put into the body is listed.
Follows the parts of official documents in GB/T 9704-2012 and the forms that web sites and office software make of them.
"""

from gongkai.domain.intake.body import Converted, LeftOut, body_of
from gongkai.domain.intake.model import (
    CONFIDENCE_NAMES,
    FIELD_NAMES,
    FIELDS,
    Confidence,
    Proposal,
    Proposals,
)
from gongkai.domain.intake.propose import propose
from gongkai.domain.intake.words import ATTRIBUTE_NAMES

__all__ = [
    "ATTRIBUTE_NAMES",
    "CONFIDENCE_NAMES",
    "FIELDS",
    "FIELD_NAMES",
    "Confidence",
    "Converted",
    "LeftOut",
    "Proposal",
    "Proposals",
    "body_of",
    "propose",
]
