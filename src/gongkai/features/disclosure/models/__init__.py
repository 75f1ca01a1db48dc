"""The tables of disclosure."""

from gongkai.features.disclosure.models.gate import CitedDocument, FileCheck, GateOverride, GateRun, LinkCheck
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
    "CitedDocument",
    "DirectoryColumn",
    "FileCheck",
    "GateOverride",
    "GateRun",
    "Item",
    "ItemReader",
    "LinkCheck",
    "Publication",
    "PublicationEnd",
    "Revision",
]
