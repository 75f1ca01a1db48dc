"""Tables of the public site; none of them holds a truth that could not be made again from the publications."""

from gongkai.portal.models.release import ReleaseChange, ReleaseList, Slot
from gongkai.portal.models.search import (
    AttachmentText,
    PinnedResult,
    SearchEntry,
    SearchGeneration,
    SearchMiss,
    SynonymGroup,
)

__all__ = [
    "AttachmentText",
    "PinnedResult",
    "ReleaseChange",
    "ReleaseList",
    "SearchEntry",
    "SearchGeneration",
    "SearchMiss",
    "Slot",
    "SynonymGroup",
]
