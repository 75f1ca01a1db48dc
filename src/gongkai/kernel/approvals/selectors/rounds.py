"""A round read from its rows as the values the domain works with."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Prefetch, QuerySet

from gongkai.domain import approval as domain
from gongkai.domain.calendars import Calendar
from gongkai.domain.issues import Issue
from gongkai.kernel.approvals.models import Approval, ApprovalStep, Purpose, Signature
from gongkai.kernel.errors import Refused

BEIJING = ZoneInfo("Asia/Shanghai")


def person_of(user_id: int) -> str:
    """Return how a person with an account is told apart from other signers."""
    return f"user:{user_id}"


def day_of(now: datetime) -> date:
    """Return the day in Beijing."""
    return now.astimezone(BEIJING).date()


def light_of(due_on: date | None, *, today: date, calendar: Calendar) -> domain.Due:
    """Return how urgent something due on a day is, in working days: yellow from the one before, red after it."""
    if due_on is None or due_on <= today:
        return domain.due_light(due_on, today=today)
    warn_from = calendar.add_working_days(due_on, -1, strict=False)
    left = calendar.working_days_between(today, due_on, strict=False)
    return domain.due_light(due_on, today=today, warn_from=warn_from, working_days=left)


@dataclass(frozen=True, slots=True)
class Round:
    """One approval with its frozen steps and signatures, as rows and as values."""

    approval: Approval
    steps: tuple[ApprovalStep, ...]
    rows: tuple[Signature, ...]
    route: domain.Route
    signatures: tuple[domain.Signature, ...]
    forms: dict[str, domain.Form]
    authors: frozenset[str]

    @property
    def current(self) -> tuple[domain.Step, ...]:
        """The steps that can be signed now; none once the round has ended."""
        if self.approval.state != "open":
            return ()
        return domain.current_steps(self.route, self.signatures, self.approval.digest)

    def step_row(self, code: str) -> ApprovalStep | None:
        """Return the frozen step of that code, or None."""
        return next((step for step in self.steps if step.code == code), None)

    def signature_of(self, code: str) -> Signature | None:
        """Return the signature row of the step, or None."""
        return next((row for row in self.rows if row.step.code == code), None)


def approvals_loaded() -> QuerySet[Approval]:
    """Return approvals with everything ``round_of`` reads, in a constant number of queries."""
    steps = ApprovalStep.objects.order_by("order", "position").select_related("opening")
    signatures = Signature.objects.order_by("signed_at", "pk").select_related(
        "step", "signer", "on_behalf_of", "unit", "link", "link__issued_by", "delegation"
    )
    return Approval.objects.select_related("unit", "opened_by").prefetch_related(
        Prefetch("steps", queryset=steps), Prefetch("signatures", queryset=signatures)
    )


def round_of(approval: Approval) -> Round:
    """Return the approval as the domain reads it."""
    return round_made(approval, approval.steps.all(), approval.signatures.all())


def round_read(approval: Approval) -> Round:
    """Read steps and signatures anew, only what signing needs: two narrow statements, put in order here.

    Django spends more on wording a wide ordered statement than the database on answering it, and a round is read at
    every signature.
    """
    steps = sorted(
        ApprovalStep.objects.filter(approval=approval).select_related("opening").order_by(),
        key=lambda step: (step.order, step.position),
    )
    by_id = {step.pk: step for step in steps}
    rows = sorted(Signature.objects.filter(approval=approval).order_by(), key=lambda row: (row.signed_at, row.pk))
    for row in rows:
        row.step, row.approval = by_id[row.step_id], approval
    return round_made(approval, steps, rows)


def round_made(approval: Approval, steps: Iterable[ApprovalStep], rows: Iterable[Signature]) -> Round:
    """Return an approval with its steps and signatures, both in order, as the domain reads it."""
    steps, rows = tuple(steps), tuple(rows)
    route = domain.Route(
        code=approval.route_code,
        name=approval.route_name,
        steps=tuple(_step(step) for step in steps),
        number=approval.route_number,
        basis=tuple(approval.route_content.get("basis", ())),
        verified=approval.route_content.get("verified", True),
        note=approval.route_content.get("note", ""),
    )
    return Round(
        approval=approval,
        steps=steps,
        rows=rows,
        route=route,
        signatures=tuple(_signature(row) for row in rows),
        forms={step.form_code: domain.Form.from_data(step.form) for step in steps if step.form_code},
        authors=frozenset(person_of(author) for author in approval.authors),
    )


def _step(row: ApprovalStep) -> domain.Step:
    return domain.Step(
        code=row.code,
        name=row.name,
        kind=domain.StepKind(row.kind),
        order=row.order,
        roles=tuple(row.roles),
        place=domain.Place(row.where),
        separate_from=tuple(row.separate_from),
        due_working_days=row.due_working_days,
        form=row.form_code,
        links=row.links,
    )


def _signature(row: Signature) -> domain.Signature:
    also = [person_of(row.on_behalf_of_id)] if row.on_behalf_of_id else []
    if row.link is not None:
        also.append(person_of(row.link.issued_by_id))
    return domain.Signature(
        step=row.step.code,
        digest=row.digest,
        verdict=domain.Verdict(row.verdict),
        person=row.person,
        also=frozenset(also),
        remark=row.remark,
        form=row.form,
        at=row.signed_at,
        name=row.signer_name,
    )


def approval_get(approval_id: int) -> Approval:
    """Return an approval with its steps and signatures; raises Refused (approvals.not_found)."""
    try:
        return approvals_loaded().get(pk=approval_id)
    except Approval.DoesNotExist:
        raise Refused(Issue("approvals.not_found", values={"id": approval_id})) from None


def approval_current(target_type: str, target_id: str | int) -> Approval | None:
    """Return the latest round over an object that is not a review after an emergency, or None."""
    found = approvals_loaded().filter(target_type=target_type, target_id=str(target_id))
    return found.exclude(purpose=Purpose.AFTER_REVIEW).order_by("-round").first()


def approvals_current(target_type: str, target_ids: Iterable[str | int]) -> dict[str, Approval]:
    """Return the latest round of each of many objects, in a constant number of queries: id → approval."""
    wanted = [str(one) for one in target_ids]
    found = approvals_loaded().filter(target_type=target_type, target_id__in=wanted)
    found = found.exclude(purpose=Purpose.AFTER_REVIEW).order_by("target_id", "-round").distinct("target_id")
    return {approval.target_id: approval for approval in found}


def approval_list_for(target_type: str, target_id: str | int) -> list[Approval]:
    """Return every round over an object, newest first."""
    return list(approvals_loaded().filter(target_type=target_type, target_id=str(target_id)).order_by("-round"))


def is_complete(approval_id: int, digest: str) -> bool:
    """Ask the database itself whether every frozen step is signed on this digest (``gk_approval_complete``)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT gk_approval_complete(%s, %s)", [approval_id, digest])
        return bool(cursor.fetchone()[0])
