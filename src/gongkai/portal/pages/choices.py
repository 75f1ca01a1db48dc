"""What editors may choose from in blocks and fields of pages; asked for each time a form is shown."""

from __future__ import annotations

from gongkai.features.disclosure.selectors.directory import ColumnView, column_tree
from gongkai.rulebook.site import meta_rules

ICONS = (
    ("gk-file", "文件"),
    ("gk-search", "检索"),
    ("gk-unit", "单位"),
    ("gk-people", "人员"),
    ("gk-plan", "清单"),
    ("gk-ledger", "目录"),
    ("gk-export", "下载"),
    ("gk-clock", "时间"),
    ("gk-calendar", "日历"),
    ("gk-edit", "填写"),
    ("gk-chart", "数据"),
    ("gk-bell", "通知"),
    ("gk-audit", "核对"),
    ("gk-inbox", "信箱"),
)


def icon_choices() -> list[tuple[str, str]]:
    """Return the icons that a link may have."""
    return list(ICONS)


def column_choices() -> list[tuple[str, str]]:
    """Return code and name of every open column, those below others moved in."""
    return list(_rows(column_tree(), 0))


def source_choices() -> list[tuple[str, str]]:
    """Return what a list of the home page may show: everything, or one column."""
    return [("", "全部最新公开"), *column_choices()]


def column_type_choices() -> list[tuple[str, str]]:
    """Return the classes that a column may have (栏目类别)."""
    return [(one, one) for one in meta_rules().column_types]


def _rows(columns: tuple[ColumnView, ...], depth: int) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for column in columns:
        found += [(column.code, f"{'　' * depth}{column.name}"), *_rows(column.children, depth + 1)]
    return found
