"""The tables of disclosure."""

from gongkai.features.disclosure.models.items import (
    AttributeDecision,
    DirectoryColumn,
    Item,
    ItemReader,
    Revision,
)
from gongkai.features.disclosure.models.publications import Publication, PublicationEnd

__all__ = [
    "AttributeDecision",
    "DirectoryColumn",
    "Item",
    "ItemReader",
    "Publication",
    "PublicationEnd",
    "Revision",
]
