"""Tables three and four of the annual report, counted from the cases of units; every figure opens its list."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import Q

from gongkai.domain.foi.fee_figures import check_fee_section
from gongkai.domain.foi.figure_checks import (
    APPLICATIONS,
    DISPUTES,
    Numbers,
    check_applications,
    check_disputes,
    check_disputes_plausible,
    check_ledger,
    check_levels,
    check_text,
)
from gongkai.domain.foi.figure_reading import read_applications, read_disputes
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
from gongkai.features.foi.selectors.fee_year import fee_year
from gongkai.kernel.accounts.actor import Actor
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
    """Count the tables of a year; None for years before the form. A few statements, whatever the number of cases.

    What was carried in is held against what the year before carried out, and the tables of several units against the sums
    of each. A case counts by its first answer: reopened after review it was counted then. What was split, moved or merged counts
    where it went on.
    """
    form = _form(year)
    if form is None:
        return None
    applications, disputes = _counted(year, form, unit_ids)
    corrected, decided = reversal_rate(disputes)
    numbers, others = applications.numbers(), disputes.numbers()
    issues = (
        *applications.issues,
        *disputes.issues,
        *check_applications(numbers, form, previous=_before(year, unit_ids)),
        *check_disputes(others, form),
        *check_disputes_plausible(numbers, others, form),
        *_levels(year, form, unit_ids, numbers, others),
    )
    return YearReport(year, form, applications, disputes, corrected, decided, issues)


def written_issues(
    *,
    actor: Actor,
    report: YearReport,
    unit_ids: Collection[int],
    text: str,
    applications: str,
    disputes: str,
    today: date,
) -> tuple[Issue, ...]:
    """Check a report that somebody wrote: its text, its tables three and four as pasted, each only where there is one.

    Its tables are held against their own relations, the year before and the cases; the numbers in its text against the
    tables of the cases; what it says of the processing fee against the notices of the year.
    """
    form, issues = report.form, list[Issue]()
    counted, others = report.applications.numbers(), report.disputes.numbers()
    if applications.strip():
        told, unread = read_applications(applications, form)
        issues += unread or (
            *check_applications(told, form, previous=_before(report.year, unit_ids)),
            *check_ledger(told, report.applications, form),
        )
    if disputes.strip():
        told, unread = read_disputes(disputes, form)
        issues += unread or (*check_disputes(told, form), *check_ledger(told, report.disputes, form))
    if text.strip():
        fees = fee_year(actor=actor, year=report.year, today=today, unit_ids=unit_ids).figures
        issues += (*check_text(text, counted, others, form), *check_fee_section(text, counted, fees, form))
    return tuple(issues)


def _form(year: int) -> ReportForm | None:
    try:
        return report_form(rulebook(), on=date(year, 12, 31), layer=settings.LAYER)
    except NotInForce:
        return None


def _counted(year: int, form: ReportForm, unit_ids: Collection[int]) -> tuple[Figures, Figures]:
    """Tables three and four of some units."""
    disputes = _disputes(date(year, 12, 31), unit_ids)
    return (
        application_figures(_cases(year, unit_ids), year=year, form=form),
        dispute_figures(disputes, year=year, form=form),
    )


def _before(year: int, unit_ids: Collection[int]) -> dict[str, dict[str, int]] | None:
    """Table three of the year before; None where that had another form."""
    form = _form(year - 1) if year > FIRST_YEAR else None
    return application_figures(_cases(year - 1, unit_ids), year=year - 1, form=form).numbers() if form else None


def _levels(
    year: int, form: ReportForm, unit_ids: Collection[int], numbers: Numbers, others: Numbers
) -> tuple[Issue, ...]:
    """Hold the tables of several units against the sums of those of each."""
    if len(unit_ids) < 2:
        return ()
    each = [_counted(year, form, [unit_id]) for unit_id in unit_ids]
    return (
        *check_levels(numbers, [one[0].numbers() for one in each], form, table=APPLICATIONS),
        *check_levels(others, [one[1].numbers() for one in each], form, table=DISPUTES),
    )


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
