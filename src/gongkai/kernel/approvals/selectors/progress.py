"""How far a round is: every step with who, when, what was said and how urgent it is; and what one person may do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from gongkai.domain import approval as domain
from gongkai.domain.issues import Issue
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.models import User
from gongkai.kernel.accounts.roles import LABELS, Role
from gongkai.kernel.approvals.models import Approval, Signature, SigningLink
from gongkai.kernel.approvals.selectors.rounds import BEIJING, Round, light_of, person_of, round_of
from gongkai.kernel.approvals.selectors.signers import Able, able_people, places_on, rights_of, signer_of
from gongkai.kernel.clocks.selectors import calendar_current
from gongkai.rulebook.messages import describe

SHORT = 12
ROLE_LABELS = {role.value: label for role, label in LABELS.items()}


@dataclass(frozen=True, slots=True)
class StepRow:
    """One step as shown. ``light`` is red, yellow, green or grey; ``able`` who may take it now.

    ``nobody`` says clearly that nobody can, and is the issue ``approvals.step.nobody``; None while somebody can.
    """

    code: str
    name: str
    kind: str
    kind_name: str
    order: int
    state: str
    state_name: str
    who_may: str
    who: str = ""
    on_behalf_of: str = ""
    role: str = ""
    by_link: bool = False
    vouched_by: str = ""
    signed_at: datetime | None = None
    verdict: str = ""
    verdict_name: str = ""
    remark: str = ""
    form_title: str = ""
    form_rows: tuple[domain.Answered, ...] = ()
    digest_short: str = ""
    opened_at: datetime | None = None
    due_on: date | None = None
    provisional: bool = False
    light: str = "grey"
    words: str = ""
    able: tuple[Able, ...] = ()
    links_open: int = 0
    nobody: Issue | None = None

    @property
    def able_names(self) -> str:
        """The names of those who may take it, for a sentence."""
        return "、".join(person.name for person in self.able)

    @property
    def nobody_sentence(self) -> str:
        """The sentence that nobody can take it; empty while somebody can."""
        return describe(self.nobody) if self.nobody is not None else ""


@dataclass(frozen=True, slots=True)
class Progress:
    """A round with its steps in order."""

    approval: Approval
    route_name: str
    basis: tuple[str, ...]
    verified: bool
    steps: tuple[StepRow, ...]
    separation: tuple[str, ...]

    @property
    def done(self) -> int:
        """How many steps are signed."""
        return sum(step.state == domain.StepState.DONE for step in self.steps)

    @property
    def total(self) -> int:
        """How many steps there are."""
        return len(self.steps)

    @property
    def open_steps(self) -> tuple[StepRow, ...]:
        """The steps whose turn it is."""
        return tuple(step for step in self.steps if step.state == domain.StepState.OPEN)


def approval_progress(approval: Approval, *, today: date) -> Progress:
    """Return the round step by step; whoever may see the text may see its progress."""
    one = round_of(approval)
    able = able_people([one], day=today)
    return progress_of(one, able, today=today)


def progress_of(one: Round, able: dict[tuple[int, str], list[Able]], *, today: date) -> Progress:
    """Return the progress of a round whose able people are known already."""
    approval = one.approval
    ended = approval.state in ("voided", "canceled")
    rows = []
    for line in domain.progress(one.route, one.signatures, approval.digest):
        state = line.state
        if ended and state in (domain.StepState.OPEN, domain.StepState.WAITING):
            state = domain.StepState.WAITING
        elif ended and state is domain.StepState.DONE:
            state = domain.StepState.VOIDED
        elif approval.state != "open" and state is domain.StepState.OPEN:
            state = domain.StepState.WAITING
        rows.append(_row(one, line.step, state, able.get((approval.pk, line.step.code), []), today))
    return Progress(
        approval,
        one.route.name,
        one.route.basis,
        one.route.verified,
        tuple(rows),
        domain.separation_sentences(one.route),
    )


def _row(one: Round, step: domain.Step, state: domain.StepState, able: Sequence[Able], today: date) -> StepRow:
    row = one.step_row(step.code)
    signature = one.signature_of(step.code)
    opening = getattr(row, "opening", None)
    due = domain.Due(domain.Light.GREY, "")
    is_open = state is domain.StepState.OPEN
    links = sum(_is_usable(link, today) for link in row.signing_links.all()) if is_open and step.links and row else 0
    if opening is not None and is_open:
        due = light_of(opening.due_on, today=today, calendar=calendar_current())
    form = one.forms.get(step.form)
    return StepRow(
        code=step.code,
        name=step.name,
        kind=step.kind.value,
        kind_name=domain.KIND_NAMES[step.kind],
        order=step.order,
        state=state.value,
        state_name=domain.STATE_NAMES[state],
        who_may=domain.who_signs(step, ROLE_LABELS),
        **(_said(signature, form) if signature is not None else {}),
        form_title=form.title if form else "",
        opened_at=opening.opened_at if opening else None,
        due_on=opening.due_on if opening else None,
        provisional=bool(opening and opening.provisional),
        light=due.light.value,
        words=due.words,
        able=tuple(able) if is_open else (),
        links_open=links,
        nobody=nobody_issue(step) if is_open and not able and not links else None,
    )


def _is_usable(link: SigningLink, today: date) -> bool:
    return link.revoked_at is None and link.expires_at.astimezone(BEIJING).date() >= today


def nobody_issue(step: domain.Step) -> Issue:
    """Return the issue that nobody can take the step."""
    values = {"step": step.name, "who": domain.who_signs(step, ROLE_LABELS)}
    return Issue("approvals.step.nobody", "step", values)


def _said(signature: Signature, form: domain.Form | None) -> dict[str, object]:
    return {
        "who": signature.signer_name,
        "on_behalf_of": str(signature.on_behalf_of) if signature.on_behalf_of else "",
        "role": Role(signature.role).label if signature.role else "",
        "by_link": signature.link is not None,
        "vouched_by": str(signature.link.issued_by) if signature.link is not None else "",
        "signed_at": signature.signed_at,
        "verdict": signature.verdict,
        "verdict_name": domain.VERDICT_NAMES[domain.Verdict(signature.verdict)],
        "remark": signature.remark,
        "form_rows": domain.form_rows(form, signature.form) if form and signature.form else (),
        "digest_short": signature.digest[:SHORT],
    }


@dataclass(frozen=True, slots=True)
class SignChance:
    """A step that is open, as one person stands to it: ``issues`` say why he may not sign (empty: he may).

    ``on_behalf_of`` names who delegated it; empty for an own post.
    """

    step: domain.Step
    form: domain.Form | None
    role: str
    on_behalf_of: str
    due_on: date | None
    issues: tuple[Issue, ...]

    @property
    def may_sign(self) -> bool:
        """Whether the person may sign it."""
        return not self.issues

    @property
    def sentences(self) -> list[str]:
        """Why not, in words."""
        return [describe(issue) for issue in self.issues]


def steps_for(approval: Approval, *, actor: Actor, today: date) -> list[SignChance]:
    """Return the open steps that ask a post or delegation of the actor, with the reasons against it where there are any."""
    if actor.user_id is None:
        return []
    one = round_of(approval)
    rights = rights_of(actor.user_id, day=today)
    signer = signer_of(actor.user_id, actor.name, rights, home=approval.unit_id, places=places_on(today))
    found = []
    for step in one.current:
        if not any(capacity.fits(step) for capacity in signer.capacities):
            continue
        capacity, issues = domain.capacity_for(one.route, one.signatures, approval.digest, one.authors, signer, step)
        opening = getattr(one.step_row(step.code), "opening", None)
        found.append(
            SignChance(
                step=step,
                form=one.forms.get(step.form),
                role=Role(capacity.role).label if capacity else "",
                on_behalf_of=_giver_name(capacity),
                due_on=opening.due_on if opening else None,
                issues=issues,
            )
        )
    return found


def _giver_name(capacity: domain.Capacity | None) -> str:
    if capacity is None or capacity.giver is None:
        return ""
    return str(User.objects.get(pk=int(capacity.giver.removeprefix("user:"))))


def may_read(approval: Approval, *, actor: Actor, today: date) -> bool:
    """Tell whether the round concerns the actor, so that he may read what it is about.

    That is everybody who wrote, opened or signed it and still holds a post in that unit, and whoever holds (or was
    delegated) a post that any of its steps asks while it runs.
    """
    if actor.user_id is None:
        return False
    one = round_of(approval)
    if approval.unit_id in actor.unit_ids and (
        person_of(actor.user_id) in one.authors or approval.opened_by_id == actor.user_id
    ):
        return True
    if any(row.signer_id == actor.user_id and row.unit_id in actor.unit_ids for row in one.rows):
        return True
    if approval.state != "open":
        return False
    rights = rights_of(actor.user_id, day=today)
    signer = signer_of(actor.user_id, actor.name, rights, home=approval.unit_id, places=places_on(today))
    return any(capacity.fits(step) for step in one.route.steps for capacity in signer.capacities)
