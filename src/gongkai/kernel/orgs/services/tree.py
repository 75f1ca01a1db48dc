"""What the services of the tree share: the lock, the check before writing, the sort key, the audit actions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from django.db import connection
from pypinyin import Style, lazy_pinyin

from gongkai.domain.issues import Issue, has_errors
from gongkai.domain.organizations.checks import Tree, check_unit
from gongkai.domain.organizations.resolve import NamedUnit
from gongkai.kernel.audit.actions import register_actions, register_targets
from gongkai.kernel.errors import Refused

TREE_LOCK = 0x676B_6F72_6773  # "gkorgs": one change of the tree at a time, so that checks see what they change
ONE_DAY = timedelta(days=1)

register_targets({"orgs.unit": "单位", "orgs.group": "单位分组", "orgs.sheet": "机构名录"})
register_actions(
    {
        "orgs.unit.create": "新增单位",
        "orgs.unit.update": "修改单位",
        "orgs.unit.rename": "单位更名",
        "orgs.unit.merge": "单位合并",
        "orgs.unit.split": "单位拆分",
        "orgs.unit.dissolve": "撤销单位",
        "orgs.unit.import": "导入机构名录",
        "orgs.alias.add": "登记单位别名",
        "orgs.alias.end": "停用单位别名",
        "orgs.entry.update": "核对机构职能信息",
        "orgs.group.create": "新增单位分组",
        "orgs.group.update": "修改单位分组",
    }
)


def lock_tree() -> None:
    """Wait until no other transaction changes the tree, and hold it until this one ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [TREE_LOCK])


def sort_key(name: str) -> str:
    """Return the pinyin by which a name is sorted, syllables with tone numbers."""
    return " ".join(lazy_pinyin(name, style=Style.TONE3, neutral_tone_with_five=True))[:400].lower()


def check_before(units: Mapping[int, NamedUnit], changed: Iterable[int]) -> None:
    """Raise Refused with everything wrong about the changed units, as they will stand."""
    tree = Tree(units)
    issues = [issue for unit_id in changed for issue in check_unit(units[unit_id], tree)]
    refuse_if(issues)


def refuse_if(issues: Iterable[Issue]) -> None:
    """Raise Refused with every issue, each told once, when any of them is an error."""
    told: dict[tuple[str, str], Issue] = {}
    for issue in issues:
        told.setdefault((issue.code, str(sorted((key, str(value)) for key, value in issue.values.items()))), issue)
    if has_errors(told.values()):
        raise Refused(tuple(told.values()))


def day_before(day: date) -> date:
    """Return the last day before a change."""
    return day - ONE_DAY
