"""Tables three and four of the annual report, counted from the cases of units; every figure opens its list."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import Q

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
from gongkai.features.foi.models import Application, CaseEvent, CaseRound
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

    A case counts by its first answer: reopened after review it was counted then. What was split, moved or merged counts
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
    # What was over before the year is left in the database; a case that was reopened since is looked at below.
    still_there = Q(received_on__lt=first) & (Q(closed_on__isnull=True) | Q(closed_on__gte=first))
    rows = (
        Application.objects.filter(Q(received_on__range=(first, last)) | still_there, unit_id__in=unit_ids)
        .exclude(stage__in=[stage.value for stage in ELSEWHERE])
        .order_by("pk")
    )
    ended = _first_ends(unit_ids)
    known = law_of(last).dispositions.dispositions
    cases = []
    columns = ("pk", "register_no", "applicant__kind", "received_on", "replied_on", "closed_on", "disposition")
    for pk, number, kind, received_on, replied_on, closed_on, disposition in rows.values_list(*columns):
        answered_on = replied_on if disposition else None  # until it is closed the result stands in its round alone
        at, code = ended.get(pk, (answered_on or closed_on, disposition))
        result = known.get(code)
        if at is not None and at < first:
            continue
        cases.append(
            ReportedCase(
                ref=number,
                applicant=ApplicantClass(kind),
                received_on=received_on,
                closed_on=at,
                row=result.annual_row if result is not None and at is not None else "",
            )
        )
    return cases


def _first_ends(unit_ids: Collection[int]) -> dict[int, tuple[date, str]]:
    """The day and the result that count of cases whose own columns do not tell: reopened since, or answered and not closed.

    The reply counts, else the end of the first round: what was answered in a year is not carried over, though its file be
    closed in the next.
    """
    reopened = CaseEvent.objects.filter(application__unit_id__in=unit_ids, kind="Reopened")
    first_rounds = CaseRound.objects.filter(
        Q(replied_on__isnull=False, ended_on__isnull=True) | Q(application_id__in=reopened.values("application_id")),
        unit_id__in=unit_ids,
        number=1,
    )
    found = first_rounds.values_list("application_id", "replied_on", "ended_on", "disposition")
    return {pk: (replied_on or ended_on, code) for pk, replied_on, ended_on, code in found}


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
