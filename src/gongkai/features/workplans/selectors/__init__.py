"""Reading plans and the ledger; everything here takes ``actor`` and ``today`` and hands out frozen values."""

from gongkai.features.workplans.selectors.access import NotFound
from gongkai.features.workplans.selectors.checks import item_checks
from gongkai.features.workplans.selectors.detail import item_get, item_history
from gongkai.features.workplans.selectors.export import (
    IN_REQUEST,
    items_export,
    items_export_count,
    items_export_name,
    items_write,
)
from gongkai.features.workplans.selectors.exports import (
    ExportRow,
    export_days,
    export_get,
    export_list,
    export_readable,
)
from gongkai.features.workplans.selectors.filters import ItemFilters
from gongkai.features.workplans.selectors.import_values import ImportRow, ImportTask, ImportView, PhraseView
from gongkai.features.workplans.selectors.imports import import_get, import_list
from gongkai.features.workplans.selectors.items import item_counts_by_light, item_list
from gongkai.features.workplans.selectors.measures import ledger_measures
from gongkai.features.workplans.selectors.overview import my_work, overview_by_unit
from gongkai.features.workplans.selectors.plans import group_choices, owner_choices, plan_get, plan_list, unit_choices
from gongkai.features.workplans.selectors.public import plan_progress, public_plan_list
from gongkai.features.workplans.selectors.public_values import PublicItem, PublicPlan, PublicPlanRow
from gongkai.features.workplans.selectors.references import (
    file_readable,
    import_file_readable,
    item_linkable,
    items_shown,
)
from gongkai.features.workplans.selectors.supervision import (
    letter_template,
    notice_template_list,
    supervision_notice_get,
    supervision_notice_list,
)
from gongkai.features.workplans.selectors.thresholds import Thresholds, thresholds
from gongkai.features.workplans.selectors.values import (
    CheckRow,
    DutyRow,
    EvidenceRow,
    HistoryRow,
    ItemDetail,
    ItemPage,
    ItemRow,
    LightCounts,
    MyWork,
    NoticeRow,
    PlanRow,
    UnitLabel,
    UnitOverview,
)

__all__ = [
    "IN_REQUEST",
    "CheckRow",
    "DutyRow",
    "EvidenceRow",
    "ExportRow",
    "HistoryRow",
    "ImportRow",
    "ImportTask",
    "ImportView",
    "ItemDetail",
    "ItemFilters",
    "ItemPage",
    "ItemRow",
    "LightCounts",
    "MyWork",
    "NotFound",
    "NoticeRow",
    "PhraseView",
    "PlanRow",
    "PublicItem",
    "PublicPlan",
    "PublicPlanRow",
    "Thresholds",
    "UnitLabel",
    "UnitOverview",
    "export_days",
    "export_get",
    "export_list",
    "export_readable",
    "file_readable",
    "group_choices",
    "import_file_readable",
    "import_get",
    "import_list",
    "item_checks",
    "item_counts_by_light",
    "item_get",
    "item_history",
    "item_linkable",
    "item_list",
    "items_export",
    "items_export_count",
    "items_export_name",
    "items_shown",
    "items_write",
    "letter_template",
    "ledger_measures",
    "my_work",
    "notice_template_list",
    "overview_by_unit",
    "owner_choices",
    "plan_get",
    "plan_list",
    "plan_progress",
    "public_plan_list",
    "supervision_notice_get",
    "supervision_notice_list",
    "thresholds",
    "unit_choices",
]
