"""Campaigns: the list of a unit, how the members of one stand, and the members page by page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Min, Q, QuerySet

from gongkai.domain.deadlines import State
from gongkai.domain.foi.model import STAGE_NAMES, Stage
from gongkai.features.foi import permissions
from gongkai.features.foi.models import Application, Campaign, CampaignMember
from gongkai.features.foi.selectors.access import NotFound
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.errors import NotPermitted

PAGE = 50
DEEPEST = 200
"""Pages of members by number; further back, the list is narrowed by stage or number."""
DAYS = 12
"""Due days that a chart shows each by itself; the later ones are added up."""
_ANSWERED = (Stage.SENT.value, Stage.DELIVERED.value)
_NOT_SHOWN = ("description", "query_code", "doc_no")


@dataclass(frozen=True, slots=True)
class CampaignRow:
    """A campaign as a line of the list; ``due_on`` is the nearest last day of a reply that is not out."""

    id: int
    name: str
    unit: str
    members: int
    open: int
    replied: int
    due_on: date | None
    created_by: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class StageCount:
    """How many members stand at a stage."""

    stage: str
    name: str
    number: int


@dataclass(frozen=True, slots=True)
class DayCount:
    """How many members wait for their reply with this last day; ``paused`` are those whose period stands still.

    ``on`` is None for the days after those that are told each by itself.
    """

    on: date | None
    running: int
    paused: int


@dataclass(frozen=True, slots=True)
class CampaignFigures:
    """How the members of a campaign stand."""

    members: int
    open: int
    replied: int
    overdue: int
    stages: tuple[StageCount, ...]
    days: tuple[DayCount, ...]
    undated: int


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A member as a line; nothing of the applicant but the masked name."""

    application_id: int
    register_no: str
    subject: str
    applicant: str
    stage: str
    due_on: date | None
    overdue: bool
    share: int | None
    added_by: str
    added_at: datetime


@dataclass(frozen=True, slots=True)
class MemberPage:
    """A page of members; ``more`` tells that there is a next one."""

    rows: tuple[MemberRow, ...]
    number: int
    more: bool


def campaign_get(*, actor: Actor, campaign_id: int) -> Campaign:
    """Return a campaign; raises NotFound where the actor may not see the cases of its unit."""
    found = Campaign.objects.select_related("unit").filter(pk=campaign_id).first()
    if found is None or not permissions.can_see_case(actor, found.unit_id):
        raise NotFound("同类申请")
    return found


def campaigns_of(*, actor: Actor, unit_id: int) -> list[tuple[int, str]]:
    """Return number and name of the campaigns of a unit, the newest first, for choosing one."""
    if not permissions.can_see_case(actor, unit_id):
        return []
    return list(Campaign.objects.filter(unit_id=unit_id).values_list("pk", "name")[:200])


def campaign_list(*, actor: Actor, number: int) -> tuple[list[CampaignRow], bool]:
    """Return a page of the campaigns the actor sees, the newest first, and whether there is a next page; two statements.

    Raises NotPermitted for somebody who sees no cases.
    """
    units = permissions.units_seen(actor)
    if not units:
        raise NotPermitted(ability="查看同类申请")
    number = min(max(number, 1), DEEPEST)
    start = (number - 1) * PAGE
    rows = list(
        Campaign.objects.filter(unit_id__in=units).select_related("unit").order_by("-pk")[start : start + PAGE + 1]
    )
    of_case = "application__closed_on__isnull"
    unanswered = Q(**{of_case: True}) & ~Q(application__stage__in=_ANSWERED)
    counted = (
        CampaignMember.objects.filter(campaign_id__in=[row.pk for row in rows[:PAGE]])
        .values("campaign_id")
        .annotate(
            members=Count("pk"),
            open=Count("pk", filter=Q(**{of_case: True})),
            replied=Count("pk", filter=Q(application__replied_on__isnull=False)),
            due_on=Min("application__due_on", filter=unanswered),
        )
        .order_by()
    )
    figures = {one["campaign_id"]: one for one in counted}
    none = {"members": 0, "open": 0, "replied": 0, "due_on": None}
    told = []
    for row in rows[:PAGE]:
        found = figures.get(row.pk, none)
        told.append(
            CampaignRow(
                row.pk,
                row.name,
                row.unit.display_name,
                found["members"],
                found["open"],
                found["replied"],
                found["due_on"],
                row.created_by_name,
                row.created_at,
            )
        )
    return told, len(rows) > PAGE and number < DEEPEST


def campaign_figures(*, campaign: Campaign, today: date) -> CampaignFigures:
    """Count the members of a campaign by stage and by last day, in three statements."""
    cases = Application.objects.filter(membership__campaign_id=campaign.pk)
    by_stage = dict(cases.values_list("stage").annotate(number=Count("pk")).order_by())
    waiting = cases.filter(closed_on__isnull=True).exclude(stage__in=_ANSWERED)
    paused = Q(clock_state=State.PAUSED.value)
    by_day = list(
        waiting.values_list("due_on")
        .annotate(running=Count("pk", filter=~paused), paused=Count("pk", filter=paused))
        .order_by("due_on")
    )
    dated = [one for one in by_day if one[0] is not None]
    days = [DayCount(on, running, still) for on, running, still in dated[:DAYS]]
    if len(dated) > DAYS:
        later = dated[DAYS:]
        days.append(DayCount(None, sum(one[1] for one in later), sum(one[2] for one in later)))
    order = {stage.value: place for place, stage in enumerate(Stage)}
    stages = [
        StageCount(one, STAGE_NAMES[Stage(one)], by_stage[one]) for one in sorted(by_stage, key=order.__getitem__)
    ]
    facts = cases.aggregate(
        open=Count("pk", filter=Q(closed_on__isnull=True)), replied=Count("pk", filter=Q(replied_on__isnull=False))
    )
    return CampaignFigures(
        members=sum(by_stage.values()),
        open=facts["open"],
        replied=facts["replied"],
        overdue=sum(running for on, running, _ in dated if on < today),
        stages=tuple(stages),
        days=tuple(days),
        undated=sum(running + still for on, running, still in by_day if on is None),
    )


def member_page(*, campaign: Campaign, stage: str, text: str, number: int, today: date) -> MemberPage:
    """Return a page of the members by last day, narrowed to a stage or to numbers that begin with ``text``."""
    rows = _members(campaign).order_by("due_on", "pk")
    if stage in set(Stage):
        rows = rows.filter(stage=stage)
    if text:
        rows = rows.filter(register_no__startswith=text)
    number = min(max(number, 1), DEEPEST)
    start = (number - 1) * PAGE
    found = list(rows[start : start + PAGE + 1])
    return MemberPage(_rows(found[:PAGE], today), number, len(found) > PAGE and number < DEEPEST)


def _members(campaign: Campaign) -> QuerySet[Application]:
    rows = Application.objects.filter(membership__campaign_id=campaign.pk)
    return rows.select_related("applicant", "membership").defer(*_NOT_SHOWN)


def _rows(found: Sequence[Application], today: date) -> tuple[MemberRow, ...]:
    told = []
    for one in found:
        member = one.membership
        waits = one.closed_on is None and one.stage not in _ANSWERED and one.clock_state != State.PAUSED.value
        told.append(
            MemberRow(
                application_id=one.pk,
                register_no=one.register_no,
                subject=one.subject,
                applicant=str(one.applicant),
                stage=STAGE_NAMES[Stage(one.stage)],
                due_on=one.due_on,
                overdue=bool(waits and one.due_on and one.due_on < today),
                share=member.share,
                added_by=member.added_by_name,
                added_at=member.added_at,
            )
        )
    return tuple(told)


def campaign_of_case(*, application_id: int) -> Campaign | None:
    """Return the campaign that a case belongs to; whoever sees the case sees it."""
    return Campaign.objects.filter(members__application_id=application_id).first()
