"""Changing plans and the ledger; every function is one transaction with its audit rows, and tells all reasons at once."""

from gongkai.features.workplans.services.bulk import BulkResult, items_bulk
from gongkai.features.workplans.services.checks import (
    check_record,
    checks_sweep,
    duty_add,
    duty_end,
    evidence_harvest,
)
from gongkai.features.workplans.services.confirmation import import_confirm
from gongkai.features.workplans.services.corrections import (
    import_correct,
    import_discard,
    import_task_drop,
    import_task_merge,
    import_task_restore,
    import_task_split,
)
from gongkai.features.workplans.services.evidence import RELATION, evidence_add, evidence_remove
from gongkai.features.workplans.services.exports import export_request, export_write, exports_sweep
from gongkai.features.workplans.services.plans import plan_activate, plan_archive, plan_publish, plan_unpublish
from gongkai.features.workplans.services.reminders import reminders_sweep
from gongkai.features.workplans.services.structure import item_add, item_assign, item_change_due, item_split
from gongkai.features.workplans.services.supervision import (
    SAMPLE,
    notice_template_replace,
    supervision_notice_answer,
    supervision_notice_issue,
)
from gongkai.features.workplans.services.supervision_bulk import supervision_notices_issue
from gongkai.features.workplans.services.telling import (
    tell_item_moved,
    tell_item_split,
    tell_plan_confirmed,
    tell_supervision_answered,
    tell_supervision_issued,
)
from gongkai.features.workplans.services.transitions import (
    item_accept,
    item_cancel,
    item_close,
    item_reopen,
    item_report_progress,
    item_return,
    item_start,
    item_submit,
)
from gongkai.features.workplans.services.unit_decisions import import_resolve_units
from gongkai.features.workplans.services.uploads import plan_upload

__all__ = [
    "RELATION",
    "SAMPLE",
    "BulkResult",
    "check_record",
    "checks_sweep",
    "duty_add",
    "duty_end",
    "evidence_add",
    "evidence_harvest",
    "evidence_remove",
    "export_request",
    "export_write",
    "exports_sweep",
    "import_confirm",
    "import_correct",
    "import_discard",
    "import_resolve_units",
    "import_task_drop",
    "import_task_merge",
    "import_task_restore",
    "import_task_split",
    "item_accept",
    "item_add",
    "item_assign",
    "item_cancel",
    "item_change_due",
    "item_close",
    "item_reopen",
    "item_report_progress",
    "item_return",
    "item_split",
    "item_start",
    "item_submit",
    "items_bulk",
    "notice_template_replace",
    "plan_activate",
    "plan_archive",
    "plan_publish",
    "plan_unpublish",
    "plan_upload",
    "reminders_sweep",
    "supervision_notice_answer",
    "supervision_notice_issue",
    "supervision_notices_issue",
    "tell_item_moved",
    "tell_item_split",
    "tell_plan_confirmed",
    "tell_supervision_answered",
    "tell_supervision_issued",
]
