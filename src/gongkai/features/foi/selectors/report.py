"""Tables three and four of the annual report, counted from the cases of units; every figure opens its list."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings

from gongkai.domain.foi.figure_checks import check_applications, check_disputes, check_disputes_plausible
from gongkai.domain.foi.figures import (
    ApplicantClass,
    Dispute,
    Figures,
    ReportedCase,
    ReportForm,
    application_figures,
    dispute_figures,
    reversal_rate,
)
from gongkai.domain.foi.model import ELSEWHERE, RemedyKind, RemedyOutcome
from gongkai.domain.issues import Issue
from gongkai.features.foi.models import Application, CaseEvent
from gongkai.features.foi.selectors.course import law_of
from gongkai.kernel.clocks.selectors import rulebook
from gongkai.rulebook.foi_figures import report_form
from gongkai.rulebook.lookup import NotInForce

FIRST_YEAR = 2021
"""The form of the tables (国办公开办函〔2021〕30号) holds from the report of this year on."""


@dataclass(frozen=True)
class YearReport:
    """Both tables of a year with everything that does not fit; ``corrected`` of ``decided`` disputes were reversed."""

    year: int
    form: ReportForm
    applications: Figures
    disputes: Figures
    corrected: int
    decided: int
    issues: tuple[Issue, ...]


def year_report(*, year: int, unit_ids: Collection[int]) -> YearReport | None:
    """Count the tables of a year; None for years before the form. Three statements, whatever the number of cases.

    A case counts from its first closing: reopened after review it was counted then. What was split, moved or merged counts
    where it went on.
    """
    last = date(year, 12, 31)
    try:
        form = report_form(rulebook(), on=last, layer=settings.LAYER)
    except NotInForce:
        return None
    cases = _cases(year, unit_ids)
    applications = application_figures(cases, year=year, form=form)
    disputes = dispute_figures(_disputes(last, unit_ids), year=year, form=form)
    corrected, decided = reversal_rate(disputes)
    numbers, others = applications.numbers(), disputes.numbers()
    issues = (
        *applications.issues,
        *disputes.issues,
        *check_applications(numbers, form),
        *check_disputes(others, form),
        *check_disputes_plausible(numbers, others, form),
    )
    return YearReport(year, form, applications, disputes, corrected, decided, issues)


def _cases(year: int, unit_ids: Collection[int]) -> list[ReportedCase]:
    first, last = date(year, 1, 1), date(year, 12, 31)
    rows = (
        Application.objects.filter(unit_id__in=unit_ids, received_on__lte=last)
        .exclude(stage__in=[stage.value for stage in ELSEWHERE])
        .order_by("pk")
    )
    found = rows.values_list("pk", "register_no", "applicant__kind", "received_on", "closed_on", "disposition")
    ended = _first_ends(unit_ids)
    known = law_of(last).dispositions.dispositions
    cases = []
    for pk, number, kind, received_on, closed_on, disposition in found:
        at, code = ended.get(pk, (closed_on, disposition))
        if at is not None and at < first:
            continue
        result = known.get(code)
        cases.append(
            ReportedCase(
                ref=number,
                applicant=ApplicantClass(kind),
                received_on=received_on,
                closed_on=at,
                row=result.annual_row if result and at is not None else "",
            )
        )
    return cases


def _first_ends(unit_ids: Collection[int]) -> dict[int, tuple[date, str]]:
    """The first closing of each case that was reopened since: its day and its result."""
    reopened = CaseEvent.objects.filter(application__unit_id__in=unit_ids, kind="Reopened")
    again = list(reopened.values_list("application_id", flat=True).distinct())
    if not again:
        return {}
    found: dict[int, tuple[date, str]] = {}
    drafted: dict[int, str] = {}
    rows = CaseEvent.objects.filter(application_id__in=again).order_by("application_id", "number")
    for row in rows.values("application_id", "kind", "on", "data"):
        case = row["application_id"]
        if case in found:
            continue
        if row["kind"] == "Drafted":
            drafted[case] = row["data"]["disposition"]
        code = _END_RESULTS.get(row["kind"], drafted.get(case, "")) if row["kind"] in _ENDS else ""
        if row["kind"] in _ENDS:
            found[case] = (row["on"], row["data"].get("disposition") or code)
    return found


_ENDS = frozenset({"Closed", "SupplementLapsed", "FeeLapsed", "Withdrawn"})
_END_RESULTS = {
    "SupplementLapsed": "other_no_supplement",
    "FeeLapsed": "other_no_payment",
    "Withdrawn": "other_withdrawn",
}


def _disputes(until: date, unit_ids: Collection[int]) -> list[Dispute]:
    """Reconsiderations and suits of the units' cases, from the events by which they were filed and decided."""
    rows = (
        CaseEvent.objects.filter(
            application__unit_id__in=unit_ids, kind__in=["RemedyFiled", "RemedyDecided"], on__lte=until
        )
        .order_by("application_id", "number")
        .values("application__register_no", "kind", "on", "data")
    )
    found: dict[tuple[str, str, str], dict[str, Any]] = defaultdict(dict)
    for row in rows:
        data = row["data"]
        key = (row["application__register_no"], data["kind"], data.get("ref", ""))
        if row["kind"] == "RemedyFiled":
            found[key] = {"filed_on": row["on"]}
        elif key in found:
            found[key] |= {"ended_on": row["on"], "outcome": RemedyOutcome(data["outcome"])}
    return [
        Dispute(ref=f"{number} {ref}".strip(), kind=RemedyKind(kind), **values)
        for (number, kind, ref), values in found.items()
    ]


def cases_by_number(*, numbers: Collection[str], unit_ids: Collection[int]) -> dict[str, int]:
    """Return the cases of some units by their register numbers."""
    rows = Application.objects.filter(unit_id__in=unit_ids, register_no__in=set(numbers))
    return dict(rows.values_list("register_no", "pk"))
