"""The tables of the annual report as ``gongkai.domain.foi.figures`` takes them."""

from __future__ import annotations

from datetime import date

from gongkai.domain.foi.figures import (
    TOTAL,
    ApplicantClass,
    ReportCheck,
    ReportColumn,
    ReportForm,
    ReportRow,
    RowKind,
)
from gongkai.domain.foi.model import RemedyKind, RemedyOutcome
from gongkai.domain.issues import Severity
from gongkai.rulebook.held import HeldRules, Table
from gongkai.rulebook.lookup import NotInForce, Rulebook
from gongkai.rulebook.schema import NATION

APPLICATIONS, DISPUTES = "annual_report.applications", "annual_report.disputes"
CHECK = "annual_report.check."


def report_form(book: Rulebook, *, on: date, layer: str = NATION) -> ReportForm:
    """Return the form in force on a day (the last day of the year reported).

    Raises NotInForce for years before the form, RulebookInvalid with every fault.
    """
    held = HeldRules(book, on=on, layer=layer)
    applications, disputes = held.one(APPLICATIONS), held.one(DISPUTES)
    if applications is None or disputes is None:
        raise NotInForce(APPLICATIONS, on)
    (value, table), (_, other) = applications, disputes
    table.only("note", "columns", "rows")
    other.only("groups", "columns")
    form = ReportForm(
        rows=tuple(_row(one) for one in table.tables("rows")),
        columns=_columns(table, "columns"),
        dispute_groups=_columns(other, "groups"),
        dispute_columns=_columns(other, "columns"),
        corner_note=table.text("note", optional=True),
        checks={
            code: ReportCheck(held_check.title, checks.choice("grade", Severity), held_check.basis)
            for code, held_check, checks in held.each(CHECK)
        },
        basis=value.basis,
    )
    _same(table, "columns", form.columns, (*ApplicantClass, TOTAL))
    _same(other, "groups", form.dispute_groups, tuple(RemedyKind))
    _same(other, "columns", form.dispute_columns, (*RemedyOutcome, TOTAL))
    for kind in RowKind:
        rows = [row for row in form.rows if row.kind is kind]
        if not rows or (kind is not RowKind.RESULT and len(rows) > 1):
            table.wrong("rows", f"{kind} 的行")
    held.finish()
    return form


def _columns(table: Table, key: str) -> tuple[ReportColumn, ...]:
    found = []
    for one in table.tables(key):
        one.only("code", "label", "group")
        found.append(ReportColumn(one.text("code"), one.text("label"), one.text("group", optional=True)))
    return tuple(found)


def _row(table: Table) -> ReportRow:
    table.only("code", "label", "group", "part", "kind")
    return ReportRow(
        code=table.text("code"),
        label=table.text("label"),
        group=table.text("group", optional=True),
        part=table.number("part", least=1),
        kind=table.choice("kind", RowKind),
    )


def _same(table: Table, key: str, columns: tuple[ReportColumn, ...], known: tuple[str, ...]) -> None:
    """The program counts these and no others; their order is the form's own."""
    if sorted(column.code for column in columns) != sorted(str(code) for code in known):
        table.wrong(key, "、".join(str(code) for code in known))
