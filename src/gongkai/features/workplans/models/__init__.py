"""Tables of the work plans: plans and their import, items and units, duties and checks, evidence, notices."""

from gongkai.features.workplans.models.checks import Check, Duty
from gongkai.features.workplans.models.evidence import Evidence, LedgerEntry
from gongkai.features.workplans.models.exports import LedgerExport
from gongkai.features.workplans.models.items import WorkItem, WorkItemUnit
from gongkai.features.workplans.models.plans import PlanImport, WorkPlan
from gongkai.features.workplans.models.supervision import NoticeTemplate, ReminderSent, SupervisionNotice

__all__ = [
    "Check",
    "Duty",
    "Evidence",
    "LedgerEntry",
    "LedgerExport",
    "NoticeTemplate",
    "PlanImport",
    "ReminderSent",
    "SupervisionNotice",
    "WorkItem",
    "WorkItemUnit",
    "WorkPlan",
]
