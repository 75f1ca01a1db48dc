"""How long cases are kept, what stands against destroying them, and the lists of the yearly review."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Max, Q, QuerySet

from gongkai.domain.foi.amendment import AmendmentStage, AmendmentVerb
from gongkai.domain.foi.model import RemedyOutcome, Stage
from gongkai.domain.foi.retention import Terms, kept_until
from gongkai.domain.issues import Issue
from gongkai.features.foi import after_permissions, permissions
from gongkai.features.foi.models import (
    AmendmentEvent,
    AmendmentRequest,
    Application,
    CaseEvent,
    CaseHold,
    CaseRemedy,
    DestructionLine,
    DestructionList,
    RetentionTerm,
)
from gongkai.features.foi.selectors.access import NotFound, application_get
from gongkai.features.foi.selectors.after_rules import rules_on
from gongkai.features.foi.selectors.amendments import amendment_get
from gongkai.features.foi.selectors.course import courses_of
from gongkai.features.foi.selectors.log_entries import result_title
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.errors import NotPermitted
from gongkai.kernel.orgs.models import Unit
from gongkai.rulebook.messages import describe

PAGE = 100
AMENDMENT_ENDS = (AmendmentVerb.TELL.value, AmendmentVerb.WITHDRAW.value)
"""The steps with which a request for amendment ends; every one passes exactly one of them."""


@dataclass(frozen=True, slots=True)
class Kept:
    """How long a case is kept: until a day, for good (``until`` None), or undecided while it runs (``running``).

    ``years`` is the term of the rules, 0 where a review set one of its ``own``.
    """

    until: date | None
    years: int = 0
    running: bool = False
    own: bool = False
    disputed: bool = False


@dataclass(frozen=True, slots=True)
class CaseRetention:
    """What the page of a case, or of a request for amendment, tells about its retention."""

    kept: Kept
    holds: tuple[CaseHold, ...]
    terms: Terms
    destroyed: bool
    may_judge: bool


@dataclass(frozen=True, slots=True)
class ListLine:
    """A line of a list with what its page shows; ``against`` is what stands against destroying it today."""

    line: DestructionLine
    closed_on: date | None
    result: str
    disputed: bool
    against: tuple[Issue, ...]

    @property
    def why_not(self) -> str:
        """Say what stands against destroying it; empty where nothing does."""
        return "".join(describe(one) for one in self.against)


@dataclass(frozen=True, slots=True)
class ListDetail:
    """A list: a page of its lines, and how far it is."""

    list: DestructionList
    lines: tuple[ListLine, ...]
    number: int
    more: bool
    total: int
    judged: int
    agreed: int
    destroyed: int
    may_judge: bool
    may_agree: bool
    terms: Terms


def kept_many(applications: Sequence[Application], *, today: date) -> dict[int, Kept]:
    """Return how long cases are kept, by number; three statements for however many."""
    ids = [one.pk for one in applications]
    disputed = disputed_ids(ids)
    own: dict[int, RetentionTerm] = {}
    for term in RetentionTerm.objects.filter(application_id__in=ids).order_by("application_id", "set_at", "pk"):
        own[term.application_id] = term
    terms = rules_on(today).retention
    found = {}
    for one in applications:
        contested = one.pk in disputed
        ended = one.closed_on or one.started_on
        if one.stage != Stage.ARCHIVED.value:
            found[one.pk] = Kept(None, running=True, disputed=contested)
        elif one.pk in own:
            found[one.pk] = Kept(own[one.pk].until, own=True, disputed=contested)
        else:
            years = terms.years(disputed=contested)
            found[one.pk] = Kept(kept_until(ended, years), years, disputed=contested)
    return found


def kept_amendments(requests: Sequence[AmendmentRequest], *, today: date) -> dict[int, Kept]:
    """Return how long requests for amendment are kept, by number; two statements for however many."""
    ids = [one.pk for one in requests]
    own: dict[int, RetentionTerm] = {}
    for term in RetentionTerm.objects.filter(amendment_id__in=ids).order_by("amendment_id", "set_at", "pk"):
        own[term.amendment_id] = term
    years, ended = rules_on(today).retention.amendment_years, amendments_ended(ids)
    found = {}
    for one in requests:
        if one.stage != AmendmentStage.ARCHIVED.value:
            found[one.pk] = Kept(None, running=True)
        elif one.pk in own:
            found[one.pk] = Kept(own[one.pk].until, own=True)
        else:
            found[one.pk] = Kept(kept_until(ended[one.pk], years), years)
    return found


def amendments_ended(ids: Collection[int] | QuerySet[Any, dict[str, Any]]) -> dict[int, date]:
    """Return the day on which requests for amendment ended: their applicants were told, or took them back."""
    ends = AmendmentEvent.objects.filter(amendment_id__in=ids, verb__in=AMENDMENT_ENDS)
    return dict(ends.values_list("amendment_id").annotate(Max("on")).order_by())


def disputed_ids(ids: Collection[int]) -> frozenset[int]:
    """Return which of the cases were ever taken to reconsideration or to court."""
    filed = CaseEvent.objects.filter(application_id__in=ids, kind="RemedyFiled")
    return frozenset(filed.values_list("application_id", flat=True))


def standing_against(applications: Sequence[Application]) -> dict[int, tuple[Issue, ...]]:
    """Return, by number, every reason why nothing of a case may be destroyed; five statements for however many.

    Not archived, a dispute open, a hold, gone already. The applications come with their applicants.
    """
    ids = [one.pk for one in applications]
    contested = disputes_open(applications)
    held = set(holds_standing().filter(application_id__in=ids).values_list("application_id", flat=True))
    found = {}
    for one in applications:
        against = {
            "foi.retention.destroyed": one.applicant.erased_at is not None,
            "foi.retention.not_archived": one.stage != Stage.ARCHIVED.value,
            "foi.retention.dispute": one.pk in contested,
            "foi.retention.hold": one.pk in held,
        }
        found[one.pk] = tuple(Issue(code) for code, stands in against.items() if stands)
    return found


def amendments_against(requests: Sequence[AmendmentRequest]) -> dict[int, tuple[Issue, ...]]:
    """Return the same of requests for amendment, by one statement; they come with their applicants."""
    ids = [one.pk for one in requests]
    held = set(holds_standing().filter(amendment_id__in=ids).values_list("amendment_id", flat=True))
    found = {}
    for one in requests:
        against = {
            "foi.retention.destroyed": one.applicant.erased_at is not None,
            "foi.retention.not_archived": one.stage != AmendmentStage.ARCHIVED.value,
            "foi.retention.hold": one.pk in held,
        }
        found[one.pk] = tuple(Issue(code) for code, stands in against.items() if stands)
    return found


def holds_standing() -> QuerySet[CaseHold]:
    """Return the holds that have not been lifted."""
    return CaseHold.objects.filter(lifted_at__isnull=True)


def disputes_open(applications: Sequence[Application]) -> frozenset[int]:
    """Return which cases have a reconsideration or suit that is not decided yet, or one whose order is not done yet."""
    known = CaseRemedy.objects.filter(application_id__in=[one.pk for one in applications]).filter(
        Q(outcome=RemedyOutcome.PENDING.value) | Q(redo_due_on__isnull=False, redone_on__isnull=True)
    )
    found = set(known.values_list("application_id", flat=True))
    filed = disputed_ids([one.pk for one in applications if one.pk not in found])
    for course in courses_of([one for one in applications if one.pk in filed]):
        if any(one.outcome is RemedyOutcome.PENDING for one in course.state.remedies):
            found.add(course.application.pk)
    return frozenset(found)


def due_applications(*, unit_id: int, year: int, today: date) -> Iterator[Application]:
    """Yield the archived cases of a unit whose term was over when the year began, oldest first.

    Those with a hold or an open dispute are left out: they come onto a later list.
    """
    terms = rules_on(today).retention
    shortest = min(terms.ordinary_years, terms.disputed_years)
    last = date(year - 1, 12, 31)
    rows = (
        Application.objects.filter(unit_id=unit_id, stage=Stage.ARCHIVED.value, applicant__erased_at__isnull=True)
        .filter(Q(closed_on__lte=date(year - 1 - shortest, 12, 31)) | Q(closed_on=None) | Q(terms__until__lte=last))
        .exclude(pk__in=holds_standing().filter(application__isnull=False).values("application_id"))
        .distinct()
        .order_by("pk")
    )
    ids = list(rows.values_list("pk", flat=True))
    for start in range(0, len(ids), 500):
        batch = list(Application.objects.filter(pk__in=ids[start : start + 500]).order_by("pk"))
        kept, contested = kept_many(batch, today=today), disputes_open(batch)
        for one in batch:
            until = kept[one.pk].until
            if until is not None and until <= last and one.pk not in contested:
                yield one


def due_amendments(*, unit_id: int, year: int, today: date) -> list[AmendmentRequest]:
    """Return the archived requests for amendment of a unit whose term was over when the year began, oldest first."""
    last, years = date(year - 1, 12, 31), rules_on(today).retention.amendment_years
    rows = (
        AmendmentRequest.objects.filter(
            unit_id=unit_id, stage=AmendmentStage.ARCHIVED.value, applicant__erased_at__isnull=True
        )
        .filter(Q(started_on__lte=date(year - 1 - years, 12, 31)) | Q(terms__until__lte=last))
        .exclude(pk__in=holds_standing().filter(amendment__isnull=False).values("amendment_id"))
        .distinct()
        .order_by("pk")
    )
    found = list(rows)
    kept = kept_amendments(found, today=today)
    untils = {one.pk: kept[one.pk].until for one in found}
    return [one for one in found if (until := untils[one.pk]) is not None and until <= last]


def amendment_retention(*, actor: Actor, amendment_id: int, today: date) -> CaseRetention:
    """Return how long a request for amendment is kept and what holds it; raises NotFound."""
    row = amendment_get(actor=actor, amendment_id=amendment_id)
    return CaseRetention(
        kept=kept_amendments([row], today=today)[row.pk],
        holds=tuple(row.holds.all()),
        terms=rules_on(today).retention,
        destroyed=row.applicant.erased_at is not None,
        may_judge=after_permissions.can_judge_retention(actor, row.unit_id),
    )


def case_retention(*, actor: Actor, application_id: int, today: date) -> CaseRetention:
    """Return how long a case is kept and what holds it; raises NotFound."""
    application = application_get(actor=actor, application_id=application_id)
    return CaseRetention(
        kept=kept_many([application], today=today)[application.pk],
        holds=tuple(application.holds.all()),
        terms=rules_on(today).retention,
        destroyed=application.applicant.erased_at is not None,
        may_judge=after_permissions.can_judge_retention(actor, application.unit_id),
    )


def hold_case(*, actor: Actor, hold_id: int) -> tuple[str, int]:
    """Return on what a hold is placed: "case" or "amendment", and its number; raises NotFound."""
    found = CaseHold.objects.filter(pk=hold_id).first()
    if found is None:
        raise NotFound("冻结")
    if found.application_id is not None:
        return "case", application_get(actor=actor, application_id=found.application_id).pk
    return "amendment", amendment_get(actor=actor, amendment_id=found.amendment_id).pk


def destruction_lists(*, actor: Actor) -> tuple[list[DestructionList], list[Unit]]:
    """Return the lists of the actor's units, newest first, and the units whose list the actor may draw.

    Raises NotPermitted for somebody who has no use for them.
    """
    units = after_permissions.units_of_retention(actor)
    if not units:
        raise NotPermitted(ability="查看销毁鉴定清单")
    drawn = frozenset(one for one in units if after_permissions.can_judge_retention(actor, one))
    lists = DestructionList.objects.filter(unit_id__in=units).select_related("unit")
    return list(lists), list(Unit.objects.filter(pk__in=drawn).order_by("sort_key", "pk"))


def list_visible(*, actor: Actor, list_id: int) -> DestructionList:
    """Return a list that the actor has to do with; raises NotFound."""
    found = DestructionList.objects.select_related("unit").filter(pk=list_id).first()
    if found is None or found.unit_id not in after_permissions.units_of_retention(actor):
        raise NotFound("清单")
    if not permissions.can_see_case(actor, found.unit_id):
        raise NotFound("清单")
    return found


def list_detail(*, actor: Actor, list_id: int, number: int, today: date) -> ListDetail:
    """Return a list with a page of its lines; raises NotFound."""
    one = list_visible(actor=actor, list_id=list_id)
    rows = lines_of(one)
    number = max(number, 1)
    start = (number - 1) * PAGE
    found = list(rows[start : start + PAGE + 1])
    disputed = disputed_ids([line.application_id for line in found if line.application_id])
    waiting = [line.case for line in found if line.erased_at is None]
    against = standing_against([one for one in waiting if isinstance(one, Application)])
    against_other = amendments_against([one for one in waiting if isinstance(one, AmendmentRequest)])
    ended = amendments_ended([line.amendment_id for line in found if line.amendment_id])
    return ListDetail(
        list=one,
        lines=tuple(
            ListLine(
                line=line,
                closed_on=line.application.closed_on if line.application else ended.get(line.amendment_id),
                result=result_of(line.case),
                disputed=line.application_id in disputed,
                against=(against if line.application_id else against_other).get(line.case.pk, ()),
            )
            for line in found[:PAGE]
        ),
        number=number,
        more=len(found) > PAGE,
        total=rows.count(),
        judged=rows.exclude(verdict="").count(),
        agreed=rows.filter(agreed=True).count(),
        destroyed=rows.filter(erased_at__isnull=False).count(),
        may_judge=after_permissions.can_judge_retention(actor, one.unit_id),
        may_agree=after_permissions.can_agree_retention(actor, one.unit_id),
        terms=rules_on(today).retention,
    )


def lines_of(one: DestructionList) -> QuerySet[DestructionLine]:
    """Return the lines of a list in the order of their cases, requests for amendment last."""
    case = [f"{kind}{part}" for kind in ("application", "amendment") for part in ("", "__applicant", "__unit")]
    return one.lines.select_related(*case).order_by("application_id", "amendment_id")


def result_of(case: Application | AmendmentRequest) -> str:
    """Return how a case ended, in words."""
    if isinstance(case, Application):
        return result_title(case)
    return case.get_outcome_display() if case.outcome else "申请人撤回"
