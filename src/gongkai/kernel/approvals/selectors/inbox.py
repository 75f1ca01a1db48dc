"""What waits for one person, and what an emergency release still owes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet

from gongkai.domain import approval as domain
from gongkai.domain.calendars import Calendar
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.models import User
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.approvals.models import Approval, ApprovalState, Purpose, StepOpening
from gongkai.kernel.approvals.permissions import can_manage_after_reviews
from gongkai.kernel.approvals.selectors.rounds import Round, approvals_loaded, light_of, round_of
from gongkai.kernel.approvals.selectors.signers import Places, Right, places_on, rights_of, signer_of
from gongkai.kernel.clocks.selectors import calendar_current


@dataclass(frozen=True, slots=True)
class InboxRow:
    """One step that waits for a person."""

    approval_id: int
    target_type: str
    target_id: str
    title: str
    url: str
    unit_id: int
    unit: str
    round: int
    step: str
    step_name: str
    kind_name: str
    role: str
    on_behalf_of: str
    opened_at: datetime | None
    due_on: date | None
    provisional: bool
    light: str
    words: str
    purpose: str

    @property
    def emergency(self) -> bool:
        """Whether it is an emergency release that waits."""
        return self.purpose == Purpose.EMERGENCY.value


def inbox(*, actor: Actor, today: date) -> list[InboxRow]:
    """Return the steps the actor may sign today, emergencies first, then by due day; queries do not grow with rows."""
    if actor.user_id is None:
        return []
    rights = rights_of(actor.user_id, day=today)
    if not rights:
        return []
    places = places_on(today)
    found: list[tuple[Round, domain.Step, domain.Capacity]] = []
    for approval in _asking(rights, places):
        one = round_of(approval)
        signer = signer_of(actor.user_id, actor.name, rights, home=approval.unit_id, places=places)
        for step in one.current:
            capacity, issues = domain.capacity_for(
                one.route, one.signatures, approval.digest, one.authors, signer, step
            )
            if capacity is not None and not issues:
                found.append((one, step, capacity))
    givers = {int(one.giver.removeprefix("user:")) for _, _, one in found if one.giver}
    names = {user.pk: user.get_full_name() for user in User.objects.filter(pk__in=givers)} if givers else {}
    calendar = calendar_current()
    rows = [_row(one, step, capacity, names, today, calendar) for one, step, capacity in found]
    return sorted(rows, key=lambda row: (not row.emergency, row.due_on or date.max, row.approval_id, row.step))


def inbox_count(*, actor: Actor, today: date) -> int:
    """Count the steps that wait for the actor."""
    return len(inbox(actor=actor, today=today))


def _asking(rights: Iterable[Right], places: Places) -> QuerySet[Approval]:
    """Return the running rounds with an open step that asks one of these roles near enough; the domain decides then."""
    wanted = Q(pk__in=[])
    below: dict[int, set[int]] = {}
    for unit_id in places.parents:
        for above in places.chain(unit_id):
            below.setdefault(above, set()).add(unit_id)
    for right in rights:
        role = Q(step__roles__contains=[right.role])
        near = Q(step__where="same", step__approval__unit=right.unit_id)
        near |= Q(step__where="above", step__approval__unit__in=below.get(right.unit_id, set()))
        if right.unit_id in places.authority:
            near |= Q(step__where="top")
        wanted |= role & near
    openings = StepOpening.objects.filter(
        wanted, step__approval__state=ApprovalState.OPEN, step__signature__isnull=True
    )
    return approvals_loaded().filter(pk__in=openings.values("step__approval")).order_by("pk")


def _row(
    one: Round, step: domain.Step, capacity: domain.Capacity, names: dict[int, str], today: date, calendar: Calendar
) -> InboxRow:
    approval = one.approval
    opening = getattr(one.step_row(step.code), "opening", None)
    due_on = opening.due_on if opening else None
    due = light_of(due_on, today=today, calendar=calendar)
    return InboxRow(
        approval_id=approval.pk,
        target_type=approval.target_type,
        target_id=approval.target_id,
        title=approval.title,
        url=approval.url,
        unit_id=approval.unit_id,
        unit=approval.unit.display_name,
        round=approval.round,
        step=step.code,
        step_name=step.name,
        kind_name=domain.KIND_NAMES[step.kind],
        role=Role(capacity.role).label,
        on_behalf_of=names.get(int(capacity.giver.removeprefix("user:")), "") if capacity.giver else "",
        opened_at=opening.opened_at if opening else None,
        due_on=due_on,
        provisional=bool(opening and opening.provisional),
        light=due.light.value,
        words=due.words,
        purpose=approval.purpose,
    )


@dataclass(frozen=True, slots=True)
class EmergencyRow:
    """An emergency release whose full review is not complete; ``review_id`` None where the running one was ended."""

    approval_id: int
    review_id: int | None
    review_state: str
    target_type: str
    target_id: str
    title: str
    url: str
    unit_id: int
    unit: str
    reason: str
    released_at: datetime
    due_on: date | None
    provisional: bool
    light: str
    words: str


def emergency_unreviewed(*, actor: Actor, today: date) -> list[EmergencyRow]:
    """Return the emergency releases that are not reviewed in full yet, most urgent first: they stay lit until then.

    The disclosure authority and supervisors see all, others those of their units. A review that was canceled by the
    authority with a reason counts as settled; one that was returned does not.
    """
    reviews = Approval.objects.filter(purpose=Purpose.AFTER_REVIEW).select_related("emergency", "unit")
    if not (can_manage_after_reviews(actor) or actor.has(Role.SUPERVISOR)):
        reviews = reviews.filter(unit__in=actor.unit_ids)
    settled = Approval.objects.filter(
        purpose=Purpose.AFTER_REVIEW, state__in=[ApprovalState.COMPLETED, ApprovalState.CANCELED]
    ).values("emergency")
    by_emergency: dict[int, list[Approval]] = {}
    for review in reviews.exclude(emergency__in=settled).order_by("pk"):
        by_emergency.setdefault(review.emergency_id or 0, []).append(review)
    calendar = calendar_current()
    rows = []
    for emergency_id, found in by_emergency.items():
        first, last = found[0], found[-1]  # a second review does not move the due day of the first
        due = light_of(first.review_due_on, today=today, calendar=calendar)
        rows.append(
            EmergencyRow(
                approval_id=emergency_id,
                review_id=last.pk if last.state == ApprovalState.OPEN else None,
                review_state=last.get_state_display(),
                target_type=last.target_type,
                target_id=last.target_id,
                title=last.title,
                url=last.url,
                unit_id=last.unit_id,
                unit=last.unit.display_name,
                reason=last.emergency.reason if last.emergency else "",
                released_at=first.opened_at,
                due_on=first.review_due_on,
                provisional=first.review_provisional,
                light="red" if due.light is domain.Light.RED else "yellow",
                words=f"待补审，{due.words}",
            )
        )
    return sorted(rows, key=lambda row: (row.due_on or date.max, row.approval_id))
