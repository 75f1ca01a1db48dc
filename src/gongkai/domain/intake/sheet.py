"""The list of an import (XLSX): which column holds what, and what each row says; everything wrong is told per row."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from gongkai.domain.document import Document, Table
from gongkai.domain.intake.dates import read_date
from gongkai.domain.intake.lines import joined
from gongkai.domain.intake.words import attribute_of
from gongkai.domain.issues import Issue, Severity, Where

COLUMNS = {
    "title": "标题",
    "doc_no": "文号",
    "issuer": "发布机构",
    "written_on": "成文日期",
    "issued_on": "印发日期",
    "kind": "信息种类",
    "attribute": "公开属性",
    "ground": "公开依据",
    "ground_note": "理由说明",
    "column": "栏目",
    "subject": "主题分类",
    "keywords": "关键词",
    "summary": "内容概述",
    "text": "正文",
    "path": "附件路径",
}
"""The columns of the template, in order."""
_OTHER_NAMES = {
    "title": ("标题", "名称", "文件名称", "信息名称", "信息标题", "文件标题", "题名"),
    "doc_no": ("文号", "发文字号", "文件号", "文件编号", "发文文号"),
    "issuer": ("发布机构", "发文机关", "发文单位", "发布单位", "制发机关", "责任单位", "发文机构", "公开主体"),
    "written_on": ("成文日期", "成文时间", "生成日期", "发文日期", "制发日期", "制作日期"),
    "issued_on": ("印发日期", "印发时间"),
    "kind": ("信息种类", "信息类型", "种类", "信息类别"),
    "attribute": ("公开属性", "公开方式", "公开类别", "是否公开", "公开性质"),
    "ground": ("公开依据", "依据", "法定依据", "不公开依据", "公开理由"),
    "ground_note": ("理由说明", "理由", "说明"),
    "column": ("栏目", "所属栏目", "公开栏目", "目录", "公开目录"),
    "subject": ("主题分类", "主题", "分类"),
    "keywords": ("关键词", "主题词"),
    "summary": ("内容概述", "摘要", "概述", "内容摘要"),
    "text": ("正文", "内容", "全文", "正文内容"),
    "path": ("附件路径", "附件", "文件路径", "文件", "文件名", "路径", "原文件", "电子文件"),
}
_BY_NAME = {name: key for key, names in _OTHER_NAMES.items() for name in names}
_NOTE = re.compile(r"[（(【\[].*?[)）】\]]|[*＊:：\s\u3000]")
_DATES = ("written_on", "issued_on")
_LIST = re.compile(r"[、，,;；\n|]+")
HEAD_WITHIN = 10
"""Rows from the top among which the head is looked for; lists have a title and notes above it."""


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row: ``number`` as the sheet counts it, ``values`` by field, ``paths`` of its files, ``issues`` of its own."""

    number: int
    values: Mapping[str, str | date]
    paths: tuple[str, ...] = ()
    issues: tuple[Issue, ...] = ()

    def text(self, name: str) -> str:
        """Return a value as text, empty where there is none."""
        value = self.values.get(name, "")
        return value.isoformat() if isinstance(value, date) else value

    def day(self, name: str) -> date | None:
        """Return a date, or None."""
        value = self.values.get(name)
        return value if isinstance(value, date) else None

    def words(self, name: str) -> tuple[str, ...]:
        """Return the parts of a value that lists several, without blanks at their ends."""
        return tuple(word.strip() for word in _LIST.split(self.text(name)) if word.strip())


@dataclass(frozen=True, slots=True)
class SheetList:
    """The rows of a list, the headers nobody knows, and what is wrong with it as a whole."""

    rows: tuple[SheetRow, ...] = ()
    unknown: tuple[str, ...] = ()
    issues: tuple[Issue, ...] = field(default=())


def read_sheet(document: Document) -> SheetList:
    """Read the list in a workbook: the first table with a head that names at least a title or a file.

    Notes in brackets, stars and blanks in headers are passed over (``标题（必填）``). A sheet without such a head is told
    with the headers that were expected.
    """
    for table in document.tables():
        for r, row in enumerate(table.rows[:HEAD_WITHIN]):
            columns = _columns(row)
            if ("title" in columns.values() or "path" in columns.values()) and len(columns) >= min(2, _filled(row)):
                return _rows(table, r, columns)
    expected = "、".join(COLUMNS.values())
    return SheetList(issues=(Issue("intake.sheet.no_head", field="sheet", values={"expected": expected}),))


def _filled(row: Sequence[str]) -> int:
    return sum(1 for text in row if text.strip())


def _columns(row: Sequence[str]) -> dict[int, str]:
    found: dict[int, str] = {}
    for c, text in enumerate(row):
        key = _BY_NAME.get(_NOTE.sub("", text))
        if key is not None and key not in found.values():
            found[c] = key
    return found


def _rows(table: Table, head: int, columns: Mapping[int, str]) -> SheetList:
    known = set(columns)
    unknown = tuple(
        text.strip()
        for c, text in enumerate(table.rows[head])
        if text.strip() and c not in known and text.strip() != "序号"
    )
    rows = []
    for r in range(head + 1, len(table.rows)):
        cells = {key: table.rows[r][c].strip() for c, key in columns.items()}
        if any(cells.values()):
            rows.append(_row(table.lines[r], cells, table.sheet))
    issues = [] if rows else [Issue("intake.sheet.no_rows", field="sheet")]
    if unknown:
        values = {"names": "、".join(unknown), "expected": "、".join(COLUMNS.values())}
        issues.append(Issue("intake.sheet.unknown_columns", field="sheet", values=values, severity=Severity.WARNING))
    return SheetList(tuple(rows), unknown, tuple(issues))


def _row(number: int, cells: Mapping[str, str], sheet: str | None) -> SheetRow:
    values: dict[str, str | date] = {}
    issues: list[Issue] = []
    where = Where(number, number, sheet=sheet)
    for key, text in cells.items():
        if not text or key == "path":
            continue
        if key in _DATES:
            day = read_date(text.split(" ")[0] if re.match(r"[0-9]{4}-", text) else text)
            if day is None:
                told = {"column": COLUMNS[key], "value": text[:60], "row": number}
                issues.append(Issue("intake.sheet.bad_date", field=key, values=told, where=where))
            else:
                values[key] = day
        elif key == "attribute":
            code = attribute_of(text)
            if not code:
                told = {"value": text[:60], "row": number}
                issues.append(Issue("intake.sheet.bad_attribute", field=key, values=told, where=where))
            else:
                values[key] = code
        elif key == "title":
            values[key] = joined(text.splitlines())
        else:
            values[key] = text
    paths = tuple(
        part.strip().replace("\\", "/") for part in re.split(r"[;；\n|]+", cells.get("path", "")) if part.strip()
    )
    if not cells.get("title") and not paths:
        issues.append(Issue("intake.sheet.no_title", field="title", values={"row": number}, where=where))
    return SheetRow(number, values, paths, tuple(issues))
