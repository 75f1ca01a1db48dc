"""The processing fee of a case, reckoned from the month's applications of the same applicant; nobody's name is opened for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import PurePosixPath

import pypdfium2
from django.conf import settings
from django.db.models import QuerySet

from gongkai.domain.deadlines import Fact, read_clock
from gongkai.domain.foi import fees
from gongkai.domain.foi.clocks import payment_reading
from gongkai.domain.foi.evolving import WITHDRAWN
from gongkai.domain.foi.fees import CountedCase, FeeMethod, Scope
from gongkai.domain.foi.model import ELSEWHERE, STAGE_NAMES, Stage
from gongkai.domain.foi.model import Fee as CaseFee
from gongkai.domain.foi.table import possible
from gongkai.domain.foi.verbs import Verb
from gongkai.features.foi import permissions
from gongkai.features.foi.models import Application, CaseEvent, CasePaper, FeeDecision
from gongkai.features.foi.selectors.access import application_get
from gongkai.features.foi.selectors.alike import same_person
from gongkai.features.foi.selectors.course import Course, case_course
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.clocks.badge import Badge, badge_of_reading
from gongkai.kernel.clocks.selectors import rulebook
from gongkai.kernel.files.selectors import file_path
from gongkai.rulebook.foi_fees import FeeRules, fee_rules

LETTER = "L09_fee"
ANYBODY = "同一申请人"


@lru_cache(maxsize=64)
def fee_rules_on(day: date) -> FeeRules | None:
    """Return the fee rules in force on a day, with this office's own; None before there was a fee."""
    return fee_rules(rulebook(), on=day, layer=settings.LAYER)


@dataclass(frozen=True, slots=True)
class MonthCase:
    """One application of the month: its place in the count (None: it does not count, and why), and its notice.

    ``application_id`` is None for another unit's, of which nothing else is told. ``then`` is the place its notice rests on
    where it has moved since.
    """

    application_id: int | None
    register_no: str
    received_on: date
    place: int | None
    parts: int
    why_not: str
    stage: str
    amount: str
    here: bool
    then: int | None = None


@dataclass(frozen=True, slots=True)
class CountedPages:
    """A PDF of the case and how many pages it has."""

    title: str
    kind: str
    pages: int


@dataclass(frozen=True)
class FeeSheet:
    """Everything that the fee of one case rests on.

    ``before`` counts the month's applications of the applicant before this one (None: it does not count). ``pay`` is the
    period for the payment, with its working.
    """

    application: Application
    month: date
    rules: FeeRules
    cases: tuple[MonthCase, ...]
    before: int | None
    charged: tuple[FeeMethod, ...]
    pages: tuple[CountedPages, ...]
    held: FeeDecision | None
    earlier: tuple[FeeDecision, ...]
    fee: CaseFee | None
    pay: Badge | None
    may_decide: bool
    may_notify: bool
    letters: tuple[CasePaper, ...]

    @property
    def moved(self) -> bool:
        """Tell whether the place of this application is another one than the decision rests on."""
        held = self.held
        by_cases = held is not None and held.method == FeeMethod.PER_CASE.value
        return by_cases and held is not None and held.before != self.before

    @property
    def unverified(self) -> tuple[str, ...]:
        """Return what of the rules is not verified, to be shown as 待核."""
        told = [tariff.note for tariff in self.rules.tariffs.values() if not tariff.verified]
        where = "本级各行政机关合并" if self.rules.scope is Scope.PLACE else "按收到申请的行政机关分别"
        withdrawn = "撤回的申请计入" if self.rules.withdrawn_count else "撤回的申请不计"
        return (*told, f"按件计收的累计范围（{where}累计，{withdrawn}）办法没有写明，为推断。")


def month_of(received_on: date) -> date:
    """Return the first day of the calendar month that an application counts in: that of its receipt (109号 art. 4)."""
    return received_on.replace(day=1)


def month_rows(application: Application, rules: FeeRules) -> QuerySet[Application]:
    """Return the applications of the same applicant received in the same calendar month, as far as the rules add them up."""
    assert application.received_on is not None
    first = month_of(application.received_on)
    last = (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    rows = Application.objects.filter(same_person(application.applicant), received_on__range=(first, last))
    if rules.scope is Scope.ORGAN:
        rows = rows.filter(unit_id=application.unit_id)
    return rows.order_by("received_on", "pk")


def counted_cases(rows: Sequence[Application], rules: FeeRules) -> list[CountedCase]:
    """Return applications as the count sees them.

    Supplementing changes nothing: the day of receipt stays. What was given up counts, as the fee is for every kind of
    decision; what was split, moved or merged counts where it went on; what was withdrawn as the rules say.
    """
    held = FeeDecision.objects.filter(
        application__in=[row.pk for row in rows], replaced_at__isnull=True, method=FeeMethod.PER_CASE.value
    )
    parts = dict(held.values_list("application_id", "units"))
    found = []
    for row in rows:
        assert row.received_on is not None
        found.append(
            CountedCase(
                ref=str(row.pk),
                applicant=ANYBODY,
                organ=str(row.unit_id),
                received_on=row.received_on,
                order=row.pk,
                parts=parts.get(row.pk, 1),
                counts=not why_not(row, rules),
            )
        )
    return found


def why_not(row: Application, rules: FeeRules) -> str:
    """Say why an application does not count; empty where it does."""
    stage = Stage(row.stage)
    if stage in ELSEWHERE:
        return STAGE_NAMES[stage]
    if row.closed_on is not None and not row.disposition:
        return "已转到其他编号"
    return "已撤回" if row.disposition == WITHDRAWN and not rules.withdrawn_count else ""


def places_now(application: Application, rules: FeeRules) -> tuple[list[Application], dict[str, int]]:
    """Return the month's applications and, by their keys, how many count before each."""
    assert application.received_on is not None
    rows = list(month_rows(application, rules))
    places = fees.places_in_month(
        counted_cases(rows, rules),
        applicant=ANYBODY,
        organ=str(application.unit_id),
        month=application.received_on,
        scope=rules.scope,
    )
    return rows, places


def before_now(application: Application, rules: FeeRules) -> int | None:
    """Return how many applications of the month count before this one, None where it does not count."""
    return places_now(application, rules)[1].get(str(application.pk))


def reckon(rules: FeeRules, *, method: FeeMethod, before: int, units: int) -> fees.Fee:
    """Return the fee by one method, explained line by line; ``units`` are parts of an application, or pages."""
    tariff = rules.tariffs[method]
    if method is FeeMethod.PER_CASE:
        return fees.fee_by_cases(tariff, before=before, parts=units)
    return fees.fee_by_pages(tariff, pages=units)


def fee_sheet(*, actor: Actor, application_id: int, today: date) -> FeeSheet | None:
    """Return what the fee of a case rests on; None while the day of receipt is not certain, or before there was a fee.

    Raises NotFound.
    """
    application = application_get(actor=actor, application_id=application_id)
    rules = fee_rules_on(application.started_on)
    if application.received_on is None or rules is None:
        return None
    course = case_course(application=application)
    decisions = list(application.fee_decisions.select_related("proof").order_by("-id"))
    held = next((one for one in decisions if one.replaced_at is None), None)
    reading = payment_reading(course.state, course.law, today=today)
    may = permissions.can_handle_case(actor, application.unit_id) and not course.state.ended
    papers = list(application.papers.select_related("file").filter(removed_at__isnull=True).order_by("added_at", "id"))
    rows, places = places_now(application, rules)
    return FeeSheet(
        application=application,
        month=month_of(application.received_on),
        rules=rules,
        cases=_month_cases(application, rules, rows, places),
        before=places.get(str(application.pk)),
        charged=charged_before(course, held),
        pages=counted_pages(papers),
        held=held,
        earlier=tuple(one for one in decisions if one.replaced_at is not None),
        fee=course.state.fee,
        pay=badge_of_reading(reading) if reading is not None else None,
        may_decide=may and course.state.fee is None,
        may_notify=may and Verb.NOTIFY_FEE in possible(course.state.stage),
        letters=tuple(paper for paper in papers if paper.letter == LETTER),
    )


def charged_before(course: Course, held: FeeDecision | None) -> tuple[FeeMethod, ...]:
    """Return the method by which the application was charged in an earlier round: it may not be charged by the other one."""
    noticed = any(row.kind == "FeeNotified" for row in course.rows)
    return (FeeMethod(held.method),) if noticed and held is not None and held.amount_fen else ()


def _month_cases(
    application: Application, rules: FeeRules, rows: Sequence[Application], places: Mapping[str, int]
) -> tuple[MonthCase, ...]:
    decided = FeeDecision.objects.filter(application__in=[row.pk for row in rows], replaced_at__isnull=True)
    held = {one.application_id: one for one in decided}
    noticed = set(
        CaseEvent.objects.filter(application__in=[row.pk for row in rows], kind="FeeNotified").values_list(
            "application_id", flat=True
        )
    )
    found = []
    for row in rows:
        own = row.unit_id == application.unit_id
        place, decision = places.get(str(row.pk)), held.get(row.pk)
        by_cases = decision is not None and decision.method == FeeMethod.PER_CASE.value
        moved = by_cases and decision is not None and row.pk in noticed and decision.before != place
        assert row.received_on is not None
        found.append(
            MonthCase(
                application_id=row.pk if own else None,
                register_no=row.register_no if own else "其他机关收到的申请",
                received_on=row.received_on,
                place=place + 1 if place is not None else None,
                parts=decision.units if by_cases and decision is not None else 1,
                why_not=why_not(row, rules),
                stage=STAGE_NAMES[Stage(row.stage)] if own else "",
                amount=fees.yuan(decision.amount_fen) if own and decision is not None else "",
                here=row.pk == application.pk,
                then=decision.before + 1 if own and moved and decision is not None else None,
            )
        )
    return tuple(found)


_PAGED = {CasePaper.Kind.RECORD.value, CasePaper.Kind.REDACTED.value}


def counted_pages(papers: Sequence[CasePaper]) -> tuple[CountedPages, ...]:
    """Return the PDFs of a case that may be handed out, with their pages; what cannot be read is left out."""
    found = []
    for paper in papers:
        if paper.kind not in _PAGED or paper.file is None or PurePosixPath(paper.file.name).suffix.lower() != ".pdf":
            continue
        try:
            document = pypdfium2.PdfDocument(file_path(file=paper.file))
        except (pypdfium2.PdfiumError, OSError):
            continue
        found.append(CountedPages(paper.title, CasePaper.Kind(paper.kind).label, len(document)))
        document.close()
    return tuple(found)


def pages_known(pages: Sequence[CountedPages]) -> frozenset[int]:
    """Return the numbers of pages that the papers themselves show: of all records, of all redacted copies, of both."""
    by_kind: dict[str, int] = {}
    for one in pages:
        by_kind[one.kind] = by_kind.get(one.kind, 0) + one.pages
    return frozenset({*by_kind.values(), sum(by_kind.values())} - {0})


def fee_held(*, application: Application) -> FeeDecision | None:
    """Return the decision about the fee that holds; who may see the case is the caller's matter."""
    return application.fee_decisions.filter(replaced_at__isnull=True).first()


def fee_letter_values(*, application: Application) -> dict[str, object]:
    """Return what the fee notice says of the fee, as it was decided; empty while there is no fee to ask for."""
    held = fee_held(application=application)
    if held is None or not held.amount_fen:
        return {}
    lines = list(held.lines)
    if held.amount_fen != held.reckoned_fen:
        lines.append(f"按标准共{fees.yuan(held.reckoned_fen)}，减按{fees.yuan(held.amount_fen)}收取：{held.reason}")
    return {
        "method": fees.METHOD_NAMES[FeeMethod(held.method)],
        "fee_lines": lines,
        "amount": fees.yuan(held.amount_fen),
    }


def pay_day(*, course: Course, received_on: date) -> date | None:
    """Return the last day for the payment if the notice were received on a day; None where the law then knew no fee."""
    rule = course.law.rules.get("foi.payment")
    if rule is None:
        return None
    return read_clock(rule, [Fact("fee_notice_received", received_on)], course.law.calendar).due_on
