"""Yearly figures of applications and disputes: tables three and four of the annual report (年度报告) from the cases.

Implements 政府信息公开条例 art. 50 in the form of 国办公开办函〔2021〕30号: 25 rows by 7 columns, and 15 numbers in one row.
Every figure keeps the references of the cases behind it. Checks of the figures are in ``figure_checks``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from gongkai.domain.foi.model import RemedyKind, RemedyOutcome
from gongkai.domain.issues import Basis, Issue, Severity

TOTAL = "total"


class ApplicantClass(StrEnum):
    """The six kinds of applicant that table three counts."""

    NATURAL_PERSON = "natural_person"
    BUSINESS = "business"
    RESEARCH = "research"
    PUBLIC_INTEREST = "public_interest"
    LEGAL_SERVICE = "legal_service"
    OTHER_ORG = "other_org"


class RowKind(StrEnum):
    """What a row of table three counts."""

    NEW_RECEIVED = "new_received"
    CARRIED_IN = "carried_in"
    RESULT = "result"
    RESULT_TOTAL = "result_total"
    CARRIED_OUT = "carried_out"


@dataclass(frozen=True, slots=True)
class ReportColumn:
    """A column (or a group of table four) with its label as printed; ``group`` stands above it where there is one."""

    code: str
    label: str
    group: str = ""


@dataclass(frozen=True, slots=True)
class ReportRow:
    """A row of table three with its label as printed; ``part`` is its item, 1 to 4."""

    code: str
    label: str
    group: str
    part: int
    kind: RowKind


@dataclass(frozen=True, slots=True)
class ReportCheck:
    """How grave it is when a relation between figures does not hold, and who asks for the relation."""

    title: str
    severity: Severity
    basis: tuple[Basis, ...]


@dataclass(frozen=True)
class ReportForm:
    """The tables as the nation prescribes them on a day; the last column of each is the total."""

    rows: tuple[ReportRow, ...]
    columns: tuple[ReportColumn, ...]
    dispute_groups: tuple[ReportColumn, ...]
    dispute_columns: tuple[ReportColumn, ...]
    corner_note: str
    checks: Mapping[str, ReportCheck]
    basis: tuple[Basis, ...]

    def row(self, kind: RowKind) -> ReportRow:
        """Return the one row of a kind (not of RESULT)."""
        return next(row for row in self.rows if row.kind is kind)

    @property
    def result_rows(self) -> tuple[ReportRow, ...]:
        """Return the rows that a closed application can stand in."""
        return tuple(row for row in self.rows if row.kind is RowKind.RESULT)


@dataclass(frozen=True, slots=True)
class ReportedCase:
    """An application as the report counts it: ``row`` is that of its result once it is closed.

    ``closed_on`` is the day it was closed for the first time: a case reopened after review or judgment was counted then,
    and its new decision is no second result.
    """

    ref: str
    applicant: ApplicantClass
    received_on: date
    closed_on: date | None = None
    row: str = ""


@dataclass(frozen=True, slots=True)
class Dispute:
    """A reconsideration or suit; ``ended_on`` and ``outcome`` are set when it is over."""

    ref: str
    kind: RemedyKind
    filed_on: date
    ended_on: date | None = None
    outcome: RemedyOutcome = RemedyOutcome.PENDING


@dataclass(frozen=True, slots=True)
class Figure:
    """One cell: its number and the references of what it counts, in the order they were given."""

    refs: tuple[str, ...] = ()

    @property
    def number(self) -> int:
        """Return how many."""
        return len(self.refs)


@dataclass(frozen=True)
class Figures:
    """One table by row and column; ``issues`` name what could not be counted and is left out."""

    year: int
    cells: Mapping[str, Mapping[str, Figure]]
    issues: tuple[Issue, ...] = ()

    def numbers(self) -> dict[str, dict[str, int]]:
        """Return the bare numbers, as the checks take them."""
        return {row: {column: cell.number for column, cell in cells.items()} for row, cells in self.cells.items()}


def application_figures(cases: Iterable[ReportedCase], *, year: int, form: ReportForm) -> Figures:
    """Count table three of a year (all days in Beijing time).

    An application belongs to the year it was received in; open at the end of a year it is carried over, whatever it waits
    for; closed it stands in one row of results. Cases that cannot be counted are told all at once and left out.
    """
    first, last = date(year, 1, 1), date(year, 12, 31)
    results = {row.code for row in form.result_rows}
    new, carried_in = form.row(RowKind.NEW_RECEIVED).code, form.row(RowKind.CARRIED_IN).code
    total, carried_out = form.row(RowKind.RESULT_TOTAL).code, form.row(RowKind.CARRIED_OUT).code
    found: dict[tuple[str, str], list[str]] = {}
    issues: list[Issue] = []
    for case in cases:
        faults = _case_issues(case, results)
        if faults:
            issues += faults
            continue
        if case.received_on > last or (case.closed_on is not None and case.closed_on < first):
            continue
        rows = [new if case.received_on >= first else carried_in]
        rows += [carried_out] if case.closed_on is None or case.closed_on > last else [case.row, total]
        for row in rows:
            for column in (case.applicant.value, TOTAL):
                found.setdefault((row, column), []).append(case.ref)
    cells = {
        row.code: {column.code: Figure(tuple(found.get((row.code, column.code), ()))) for column in form.columns}
        for row in form.rows
    }
    return Figures(year, cells, tuple(issues))


def dispute_figures(disputes: Iterable[Dispute], *, year: int, form: ReportForm) -> Figures:
    """Count table four of a year: what ended in it by outcome, and what was not over on its last day as pending."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    found: dict[tuple[str, str], list[str]] = {}
    issues: list[Issue] = []
    for dispute in disputes:
        over = dispute.ended_on is not None
        if over != (dispute.outcome is not RemedyOutcome.PENDING):
            issues.append(Issue("foi.report.dispute_outcome", "outcome", {"ref": dispute.ref}))
            continue
        if dispute.ended_on is not None and dispute.ended_on < dispute.filed_on:
            values = {"ref": dispute.ref, "filed": dispute.filed_on, "ended": dispute.ended_on}
            issues.append(Issue("foi.report.dispute_days", "ended_on", values))
            continue
        if dispute.filed_on > last or (dispute.ended_on is not None and dispute.ended_on < first):
            continue
        ended = dispute.ended_on is not None and dispute.ended_on <= last
        outcome = dispute.outcome if ended else RemedyOutcome.PENDING
        for column in (outcome.value, TOTAL):
            found.setdefault((dispute.kind.value, column), []).append(dispute.ref)
    cells = {
        group.code: {
            column.code: Figure(tuple(found.get((group.code, column.code), ()))) for column in form.dispute_columns
        }
        for group in form.dispute_groups
    }
    return Figures(year, cells, tuple(issues))


def reversal_rate(figures: Figures) -> tuple[int, int]:
    """Return how many disputes of the year ended in a correction, and how many ended at all (纠错率 as a fraction)."""
    corrected = sum(row[RemedyOutcome.CORRECTED.value].number for row in figures.cells.values())
    pending = sum(row[RemedyOutcome.PENDING.value].number for row in figures.cells.values())
    return corrected, sum(row[TOTAL].number for row in figures.cells.values()) - pending


def _case_issues(case: ReportedCase, results: Sequence[str] | set[str]) -> list[Issue]:
    issues = []
    if case.closed_on is not None and case.row not in results:
        issues.append(Issue("foi.report.case_without_row", "row", {"ref": case.ref, "row": case.row or "未填"}))
    if case.closed_on is None and case.row:
        issues.append(Issue("foi.report.case_open_with_row", "row", {"ref": case.ref}))
    if case.closed_on is not None and case.closed_on < case.received_on:
        values = {"ref": case.ref, "received": case.received_on, "closed": case.closed_on}
        issues.append(Issue("foi.report.case_days", "closed_on", values))
    return issues
