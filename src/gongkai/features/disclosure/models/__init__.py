"""The tables of disclosure."""

from gongkai.features.disclosure.models.aftercare import (
    Banner,
    PersonMention,
    Reassessment,
    RiskDecision,
    ValidityReview,
)
from gongkai.features.disclosure.models.editing import EditingPresence, IndexScheme
from gongkai.features.disclosure.models.exports import ItemExport
from gongkai.features.disclosure.models.gate import CitedDocument, FileCheck, GateOverride, GateRun, LinkCheck, LinkUse
from gongkai.features.disclosure.models.imports import ImportBatch, ImportRow
from gongkai.features.disclosure.models.intake import Intake, OcrJob, TextLayer
from gongkai.features.disclosure.models.items import (
    AttributeDecision,
    DirectoryColumn,
    Item,
    ItemReader,
    Revision,
)
from gongkai.features.disclosure.models.publications import Publication, PublicationEnd
from gongkai.features.disclosure.models.schedules import Bundle, BundleMember, Schedule

__all__ = [
    "AttributeDecision",
    "Banner",
    "Bundle",
    "BundleMember",
    "CitedDocument",
    "DirectoryColumn",
    "EditingPresence",
    "FileCheck",
    "GateOverride",
    "GateRun",
    "ImportBatch",
    "ImportRow",
    "IndexScheme",
    "Intake",
    "Item",
    "ItemExport",
    "ItemReader",
    "LinkCheck",
    "LinkUse",
    "OcrJob",
    "PersonMention",
    "Publication",
    "PublicationEnd",
    "Reassessment",
    "Revision",
    "RiskDecision",
    "Schedule",
    "TextLayer",
    "ValidityReview",
]
