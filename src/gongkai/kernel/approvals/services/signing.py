"""Signing a step, with an account or by a one-time link. The database checks every signature once more (migration 0002)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import IntegrityError, transaction

from gongkai.domain import approval as domain
from gongkai.domain.issues import Issue
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.approvals import permissions
from gongkai.kernel.approvals.events import ApprovalCompleted, ApprovalReturned
from gongkai.kernel.approvals.following import lock_target, tell_follower
from gongkai.kernel.approvals.models import Approval, ApprovalState, ApprovalStep, Signature, SigningLink
from gongkai.kernel.approvals.selectors.links import link_issues, link_of_token
from gongkai.kernel.approvals.selectors.rounds import Round, day_of, is_complete, person_of, round_read
from gongkai.kernel.approvals.selectors.signers import places_on, rights_of, signer_of
from gongkai.kernel.approvals.services.rounds import open_steps
from gongkai.kernel.audit.services import record
from gongkai.kernel.errors import NotPermitted, Refused
from gongkai.kernel.events import publish


@dataclass(frozen=True, slots=True)
class _Given:
    """What a signer says, as it came in."""

    digest: str
    verdict: str
    remark: str
    form: Mapping[str, str] | None


def approval_sign(
    *,
    actor: Actor,
    approval_id: int,
    step: str,
    digest: str,
    verdict: str,
    now: datetime,
    remark: str = "",
    form: Mapping[str, str] | None = None,
) -> Signature:
    """Sign a step, or return the text with a remark; ``digest`` is that of what the signer was shown.

    The signer needs a post that the step asks for on this day, or a delegation of one. Raises NotPermitted for a job,
    or Refused with every reason: not one's turn, already signed, one's own text, a form that is not complete.
    """
    with transaction.atomic():
        one = _lock(approval_id)
        if not permissions.can_sign_at_all(actor) or actor.user_id is None:
            raise NotPermitted(Issue("approvals.signer.system"))
        today = day_of(now)
        rights = rights_of(actor.user_id, day=today)
        signer = signer_of(actor.user_id, actor.name, rights, home=one.approval.unit_id, places=places_on(today))
        return _sign(actor, one, step, signer, _Given(digest, verdict, remark, form), None, now)


def link_sign(
    *,
    token: str,
    digest: str,
    verdict: str,
    now: datetime,
    remark: str = "",
    form: Mapping[str, str] | None = None,
) -> Signature:
    """Sign the step that a one-time link was given for. Raises Refused: unknown, used, expired or revoked link, and
    every reason that would hold against a signer with an account."""
    with transaction.atomic():
        link = link_of_token(token)
        one = _lock(link.step.approval_id)
        link = SigningLink.objects.select_for_update(no_key=True, of=("self",)).select_related("step").get(pk=link.pk)
        if issues := link_issues(link, one.approval, now=now):
            raise Refused(issues)
        who = f"{link.name}（{link.organization}）" if link.organization else link.name
        signer = domain.Signer(
            person=f"contact:{link.contact_key}",
            name=who,
            link=link.step.code,
            voucher=person_of(link.issued_by_id),
        )
        actor = Actor(user_id=None, name=f"{who}（签署链接）")
        return _sign(actor, one, link.step.code, signer, _Given(digest, verdict, remark, form), link, now)


def _lock(approval_id: int) -> Round:
    """Lock the round, so that of two people who sign at once the second one sees what the first one did."""
    target = Approval.objects.filter(pk=approval_id).order_by().values_list("target_type", "target_id")[:1]
    if not target:
        raise Refused(Issue("approvals.not_found", values={"id": approval_id}))
    lock_target(*target[0])
    return round_read(Approval.objects.select_for_update(no_key=True).get(pk=approval_id))


def _sign(
    actor: Actor,
    one: Round,
    step: str,
    signer: domain.Signer,
    given: _Given,
    link: SigningLink | None,
    now: datetime,
) -> Signature:
    decided = _decide(one, step, signer, given, now)
    row = one.step_row(step)
    if row is None:
        raise Refused(Issue("approvals.step.unknown", "step", {"step": step}))
    signature = _write(actor, one, row, decided, link, now)
    done = _follow(actor, one, row, decided, now)
    _record(actor, one.approval, row, signature, done, now)
    return signature


def _decide(one: Round, step: str, signer: domain.Signer, given: _Given, now: datetime) -> domain.Signature:
    """Ask the domain; raise Refused with every reason."""
    if given.verdict not in {verdict.value for verdict in domain.Verdict}:
        raise Refused(Issue("approvals.verdict.unknown", "verdict", {"verdict": given.verdict}))
    verdict = domain.Verdict(given.verdict)
    if one.approval.state != ApprovalState.OPEN:
        values = {"state": one.approval.get_state_display(), "verb": "签批"}
        raise Refused(Issue("approvals.round.ended", values=values))
    decided = domain.sign(
        one.route,
        one.signatures,
        digest=one.approval.digest,
        authors=one.authors,
        signer=signer,
        step=step,
        verdict=verdict,
        read_digest=given.digest,
        remark=given.remark,
        form=given.form,
        forms=one.forms,
        now=now,
    )
    if not isinstance(decided, domain.Signature):
        raise Refused(decided)
    return decided


def _write(
    actor: Actor,
    one: Round,
    row: ApprovalStep,
    decided: domain.Signature,
    link: SigningLink | None,
    now: datetime,
) -> Signature:
    capacity = decided.capacity
    unit_id, _, delegation_id = capacity.ref.partition(":") if capacity else ("", "", "")
    try:
        with transaction.atomic():
            return Signature.objects.create(
                approval=one.approval,
                step=row,
                digest=decided.digest,
                verdict=decided.verdict.value,
                remark=decided.remark,
                form=dict(decided.form),
                signer_id=None if link else actor.user_id,
                signer_name=decided.name,
                role=capacity.role if capacity else "",
                unit_id=int(unit_id) if unit_id else None,
                on_behalf_of_id=int(capacity.giver.removeprefix("user:")) if capacity and capacity.giver else None,
                delegation_id=int(delegation_id) if delegation_id else None,
                link=link,
                person=decided.person,
                signed_at=now,
            )
    except IntegrityError as error:
        why = str(error.__cause__ or error).splitlines()[0]
        raise Refused(Issue("approvals.round.refused", values={"why": why})) from error


def _follow(actor: Actor, one: Round, row: ApprovalStep, decided: domain.Signature, now: datetime) -> str:
    """Close the round or open what comes next; returns what has happened in words for the audit trail.

    Whether a round is complete is for the database to say; it is asked when no step is left to sign.
    """
    approval = one.approval
    ids = {"approval_id": approval.pk, "target_type": approval.target_type, "target_id": approval.target_id}
    if decided.verdict is domain.Verdict.RETURN:
        _close(approval, ApprovalState.RETURNED, now)
        tell_follower(actor, approval, now)
        publish(ApprovalReturned(**ids, step=row.code, remark=decided.remark, at=now))
        return "本轮结束"
    signed = replace(one, signatures=(*one.signatures, decided))
    if not signed.current and is_complete(approval.pk, approval.digest):
        _close(approval, ApprovalState.COMPLETED, now)
        tell_follower(actor, approval, now)
        publish(ApprovalCompleted(**ids, digest=approval.digest, purpose=str(approval.purpose), at=now))
        return "审批完成"
    open_steps(signed, now)
    return ""


def _close(approval: Approval, state: ApprovalState, now: datetime) -> None:
    approval.state = state
    approval.closed_at = now
    approval.save(update_fields=["state", "closed_at"])


def _record(
    actor: Actor, approval: Approval, row: ApprovalStep, signature: Signature, done: str, now: datetime
) -> None:
    returned = signature.verdict == domain.Verdict.RETURN.value
    verb = "退回修改" if returned else "同意"
    role = Role(signature.role).label if signature.role else "签署链接"
    behalf = f"，受{signature.on_behalf_of}委托" if signature.on_behalf_of_id else ""
    tail = f"，{done}" if done else ""
    record(
        actor=actor,
        action="approvals.approval.return" if returned else "approvals.approval.sign",
        target_type=approval.target_type,
        target_id=approval.target_id,
        unit_id=signature.unit_id or approval.unit_id,
        summary=f"“{approval.title}”第{approval.round}轮·{row.name}：{signature.signer_name}（{role}{behalf}）{verb}{tail}",
        details={
            "approval": approval.pk,
            "signature": signature.pk,
            "step": row.code,
            "digest": signature.digest,
            "remark": signature.remark,
            "link": signature.link_id,
        },
        now=now,
    )
