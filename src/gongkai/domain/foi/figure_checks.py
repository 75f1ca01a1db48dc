"""What the figures of the annual report must satisfy (勾稽关系): all violations at once, each naming its cells.

The relations are those printed in the form of 国办公开办函〔2021〕30号 and plain arithmetic; how grave each is comes from the
rulebook. Numbers are taken as plain tables, so that a report typed in or imported is checked like one's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TypeGuard

from gongkai.domain.foi.figures import TOTAL, Figures, ReportColumn, ReportForm, ReportRow, RowKind
from gongkai.domain.issues import Issue

Numbers = Mapping[str, Mapping[str, object]]
"""Row → column → number; anything else in a cell (nothing, a dash, a fraction) is a finding."""
APPLICATIONS, DISPUTES = "t3", "t4"


def check_applications(numbers: Numbers, form: ReportForm, *, previous: Numbers | None = None) -> tuple[Issue, ...]:
    """Check table three; ``previous`` is that of the year before, whose carry-over must come in."""
    return tuple(_applications(numbers, form, previous))


def check_disputes(numbers: Numbers, form: ReportForm) -> tuple[Issue, ...]:
    """Check table four."""
    return tuple(_disputes(numbers, form))


def check_ledger(numbers: Numbers, counted: Figures, form: ReportForm) -> tuple[Issue, ...]:
    """Check a table three or four that was typed in against what the cases give."""
    issues = []
    applications = any(row.code in counted.cells for row in form.rows)
    table = APPLICATIONS if applications else DISPUTES
    for row, cells in counted.cells.items():
        for column, figure in cells.items():
            told = numbers.get(row, {}).get(column)
            if told != figure.number:
                values = {"cell": _name(form, row, column), "told": told, "counted": figure.number}
                issues.append(_issue("ledger", form, f"{table}.{row}.{column}", values))
    return tuple(issues)


def check_levels(parent: Numbers, children: Iterable[Numbers], form: ReportForm, *, table: str) -> tuple[Issue, ...]:
    """Check that every cell of a report over several organs is the sum of theirs."""
    issues = []
    below = list(children)
    for row, cells in parent.items():
        for column, value in cells.items():
            parts = [child.get(row, {}).get(column) for child in below]
            whole = [part for part in parts if _is_number(part)]
            if _is_number(value) and value != sum(whole):
                values = {"cell": _name(form, row, column), "told": value, "sum": sum(whole), "reports": len(below)}
                issues.append(_issue("levels_add_up", form, f"{table}.{row}.{column}", values))
    return tuple(issues)


def check_text(text: str, applications: Numbers, disputes: Numbers, form: ReportForm) -> tuple[Issue, ...]:
    """Compare numbers written in the report's text with its tables; a warning names both."""
    issues = []
    for words, told in _told(text):
        allowed = _allowed(words, applications, disputes, form)
        if told not in allowed:
            values = {"words": words, "told": told, "table": "或者".join(str(number) for number in sorted(allowed))}
            issues.append(_issue("text_agrees", form, "text", values))
    return tuple(issues)


def check_disputes_plausible(applications: Numbers, disputes: Numbers, form: ReportForm) -> tuple[Issue, ...]:
    """Warn when more was disputed than was decided; disputes may concern earlier years."""
    handled = _total(applications, form.row(RowKind.RESULT_TOTAL).code)
    disputed = sum(_total(disputes, group.code) for group in form.dispute_groups)
    if disputed <= handled:
        return ()
    return (_issue("disputes_plausible", form, DISPUTES, {"disputed": disputed, "handled": handled}),)


def _applications(numbers: Numbers, form: ReportForm, previous: Numbers | None) -> Iterator[Issue]:
    cells = [(row.code, column.code) for row in form.rows for column in form.columns]
    yield from _cells(numbers, cells, form, APPLICATIONS)
    new, carried_in = form.row(RowKind.NEW_RECEIVED), form.row(RowKind.CARRIED_IN)
    total, carried_out = form.row(RowKind.RESULT_TOTAL), form.row(RowKind.CARRIED_OUT)
    for column in form.columns:
        left = _sum(numbers, [(row.code, column.code) for row in (new, carried_in)])
        right = _sum(numbers, [(row.code, column.code) for row in (total, carried_out)])
        if left is not None and right is not None and left != right:
            values = {"column": column.label, "left": left, "right": right}
            yield _issue("balance", form, f"{APPLICATIONS}.{total.code}.{column.code}", values)
        parts = _sum(numbers, [(row.code, column.code) for row in form.result_rows])
        whole = _sum(numbers, [(total.code, column.code)])
        if parts is not None and whole is not None and parts != whole:
            values = {"column": column.label, "total": whole, "sum": parts}
            yield _issue("results_add_up", form, f"{APPLICATIONS}.{total.code}.{column.code}", values)
    for row in form.rows:
        yield from _across(numbers, row, form.columns, form, APPLICATIONS, "row_adds_up")
    if previous is not None:
        for column in form.columns:
            before = _sum(previous, [(carried_out.code, column.code)])
            now = _sum(numbers, [(carried_in.code, column.code)])
            if before is not None and now is not None and before != now:
                values = {"column": column.label, "before": before, "now": now}
                yield _issue("carried_over", form, f"{APPLICATIONS}.{carried_in.code}.{column.code}", values)


def _disputes(numbers: Numbers, form: ReportForm) -> Iterator[Issue]:
    cells = [(group.code, column.code) for group in form.dispute_groups for column in form.dispute_columns]
    yield from _cells(numbers, cells, form, DISPUTES)
    for group in form.dispute_groups:
        yield from _across(numbers, group, form.dispute_columns, form, DISPUTES, "disputes_add_up")


def _cells(numbers: Numbers, cells: Iterable[tuple[str, str]], form: ReportForm, table: str) -> Iterator[Issue]:
    for row, column in cells:
        value = numbers.get(row, {}).get(column)
        values = {"cell": _name(form, row, column), "told": value}
        if value is None or (isinstance(value, str) and value.strip() in ("", "/", "-", "—", "——")):
            yield _issue("not_empty", form, f"{table}.{row}.{column}", values)
        elif not _is_number(value):
            yield _issue("whole_number", form, f"{table}.{row}.{column}", values)


def _across(
    numbers: Numbers,
    row: ReportRow | ReportColumn,
    columns: tuple[ReportColumn, ...],
    form: ReportForm,
    table: str,
    check: str,
) -> Iterator[Issue]:
    parts = _sum(numbers, [(row.code, column.code) for column in columns if column.code != TOTAL])
    whole = _sum(numbers, [(row.code, TOTAL)])
    if parts is not None and whole is not None and parts != whole:
        values = {"row": row.label, "total": whole, "sum": parts}
        yield _issue(check, form, f"{table}.{row.code}.{TOTAL}", values)


def _is_number(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _sum(numbers: Numbers, cells: Iterable[tuple[str, str]]) -> int | None:
    """Add up cells; None when one of them holds no number, which is a finding of its own."""
    found = 0
    for row, column in cells:
        value = numbers.get(row, {}).get(column)
        if not _is_number(value):
            return None
        found += value
    return found


def _total(numbers: Numbers, row: str) -> int:
    return _sum(numbers, [(row, TOTAL)]) or 0


def _name(form: ReportForm, row: str, column: str) -> str:
    rows = {**{one.code: one.label for one in form.rows}, **{one.code: one.label for one in form.dispute_groups}}
    columns = {one.code: one.label for one in (*form.dispute_columns, *form.columns)}
    return f"“{rows.get(row, row)}”的“{columns.get(column, column)}”"


def _issue(check: str, form: ReportForm, where: str, values: Mapping[str, object]) -> Issue:
    known = form.checks[check]
    return Issue(f"foi.report.{check}", where, values, known.severity, basis=known.basis)


_NUMBER = r"[^。；;]{0,20}?(\d+)\s*件"
_TEXTS = (
    ("本年新收", re.compile(r"本年(?:度)?新收" + _NUMBER)),
    ("上年结转", re.compile(r"上年(?:度)?结转" + _NUMBER)),
    ("结转下年度", re.compile(r"结转下(?:一)?年度" + _NUMBER)),
    ("共收到申请", re.compile(r"共(?:收到|受理)[^。；;]{0,20}?申请" + _NUMBER)),
    ("行政复议", re.compile(r"行政复议(?:案件)?\s*(\d+)\s*件")),
    ("行政诉讼", re.compile(r"行政诉讼(?:案件)?\s*(\d+)\s*件")),
)


def _told(text: str) -> Iterator[tuple[str, int]]:
    for words, pattern in _TEXTS:
        for found in pattern.finditer(text):
            yield words, int(found.group(1))


def _allowed(words: str, applications: Numbers, disputes: Numbers, form: ReportForm) -> set[int]:
    new = _total(applications, form.row(RowKind.NEW_RECEIVED).code)
    carried_in = _total(applications, form.row(RowKind.CARRIED_IN).code)
    by_group = [_total(disputes, group.code) for group in form.dispute_groups]
    return {
        "本年新收": {new},
        "上年结转": {carried_in},
        "结转下年度": {_total(applications, form.row(RowKind.CARRIED_OUT).code)},
        "共收到申请": {new, new + carried_in},
        "行政复议": {by_group[0]},
        "行政诉讼": {sum(by_group[1:])},
    }[words]
