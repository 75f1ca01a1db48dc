"""Whose turn it is, and whether a signature may be given: every reason why not at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from gongkai.domain.approval.forms import form_issues
from gongkai.domain.approval.model import AUTHOR, Capacity, Form, Route, Signature, Signer, Step, Verdict
from gongkai.domain.issues import Issue

Issues = tuple[Issue, ...]


def counting(signatures: Sequence[Signature], digest: str) -> tuple[Signature, ...]:
    """Return the signatures that count for this digest, in time order.

    A return voids everything before it and itself; so does a signature on another text, because the text was edited in
    between, even when it was changed back later.
    """
    found: list[Signature] = []
    for signature in reversed(signatures):
        if signature.digest != digest or signature.verdict is Verdict.RETURN:
            break
        found.append(signature)
    return tuple(reversed(found))


def current_steps(
    route: Route, signatures: Sequence[Signature], digest: str, flags: Iterable[str] = ()
) -> tuple[Step, ...]:
    """Return the steps that can be signed now: the unsigned ones of the lowest order that is not finished.

    Empty when the route is complete for this digest.
    """
    signed = {signature.step for signature in counting(signatures, digest)}
    waiting = [step for step in route.needed(flags) if step.code not in signed]
    lowest = min((step.order for step in waiting), default=0)
    return tuple(step for step in waiting if step.order == lowest)


def is_complete(route: Route, signatures: Sequence[Signature], digest: str, flags: Iterable[str] = ()) -> bool:
    """Tell whether every needed step is signed on exactly this digest; a route without steps never is."""
    return bool(route.needed(flags)) and not current_steps(route, signatures, digest, flags)


def sign(
    route: Route,
    signatures: Sequence[Signature],
    *,
    digest: str,
    authors: Iterable[str],
    signer: Signer,
    step: str,
    verdict: Verdict,
    read_digest: str,
    remark: str = "",
    form: Mapping[str, str] | None = None,
    forms: Mapping[str, Form] | None = None,
    flags: Iterable[str] = (),
    now: datetime | None = None,
) -> Signature | Issues:
    """Return the signature, or every reason why it may not be given.

    ``digest`` is that of the text as it stands, ``read_digest`` that of what the signer was shown; ``forms`` are the
    forms by code that steps refer to. Nothing is changed: the caller keeps what is returned.
    """
    flags = frozenset(flags)
    issues: list[Issue] = []
    wanted = next((one for one in route.needed(flags) if one.code == step), None)
    if wanted is None:
        return (Issue("approvals.step.unknown", "step", {"step": step}),)
    if read_digest != digest:
        issues.append(Issue("approvals.digest.changed", "digest", {"step": wanted.name}))
    issues += _turn_issues(route, signatures, digest, flags, wanted)
    capacity, refusals = capacity_for(route, signatures, digest, frozenset(authors), signer, wanted, flags)
    issues += refusals
    if verdict is Verdict.RETURN and not remark.strip():
        issues.append(Issue("approvals.return.no_remark", "remark", {"step": wanted.name}))
    answers = {str(code): str(answer).strip() for code, answer in (form or {}).items()}
    if wanted.form:
        sheet = (forms or {}).get(wanted.form)
        if sheet is None:
            issues.append(Issue("approvals.form.unknown", "form", {"form": wanted.form, "step": wanted.name}))
        else:
            known = {question.code for question in sheet.questions} | {q.note_code for q in sheet.questions}
            answers = {code: answer for code, answer in answers.items() if code in known}
            issues += form_issues(sheet, answers, verdict)
    else:
        answers = {}
    if issues:
        return tuple(issues)
    also = {person for person in (capacity.giver if capacity else None, signer.voucher) if person}
    return Signature(
        step=step,
        digest=digest,
        verdict=verdict,
        person=signer.person,
        also=frozenset(also),
        remark=remark.strip(),
        form=answers,
        at=now,
        name=signer.name,
        capacity=capacity,
    )


def _turn_issues(
    route: Route, signatures: Sequence[Signature], digest: str, flags: frozenset[str], step: Step
) -> list[Issue]:
    counted = counting(signatures, digest)
    if any(signature.step == step.code for signature in counted):
        who = next(signature.name for signature in counted if signature.step == step.code)
        return [Issue("approvals.step.signed", "step", {"step": step.name, "name": who or "他人"})]
    current = current_steps(route, signatures, digest, flags)
    if step not in current:
        before = "、".join(one.name for one in current)
        return [Issue("approvals.step.not_yet", "step", {"step": step.name, "before": before})]
    return []


def capacity_for(
    route: Route,
    signatures: Sequence[Signature],
    digest: str,
    authors: frozenset[str],
    signer: Signer,
    step: Step,
    flags: Iterable[str] = (),
) -> tuple[Capacity | None, Issues]:
    """Return the right with which the signer may sign the step (None for a link), and the reasons why he may not.

    An own post is taken before a delegation; a right that would put one person into two separate steps is passed over
    while there is another.
    """
    if signer.link:
        if signer.link != step.code or not step.links:
            return None, (Issue("approvals.link.other_step", "step", {"step": step.name}),)
        persons = {signer.person} | ({signer.voucher} if signer.voucher else set())
        return None, tuple(_clashes(route, signatures, digest, authors, persons, step, flags))
    fitting = [capacity for capacity in signer.capacities if capacity.fits(step)]
    if not fitting:
        return None, (Issue("approvals.signer.no_post", "step", {"step": step.name}),)
    first: Issues = ()
    for capacity in sorted(fitting, key=lambda one: one.giver is not None):
        persons = {signer.person} | ({capacity.giver} if capacity.giver else set())
        clashes = tuple(_clashes(route, signatures, digest, authors, persons, step, flags))
        if not clashes:
            return capacity, ()
        first = first or clashes
    return None, first


def _clashes(
    route: Route,
    signatures: Sequence[Signature],
    digest: str,
    authors: frozenset[str],
    persons: set[str],
    step: Step,
    flags: Iterable[str],
) -> list[Issue]:
    found = []
    if AUTHOR in step.separate_from and persons & authors:
        found.append(Issue("approvals.separation.author", "step", {"step": step.name}))
    apart = separate_steps(route, step, flags)
    for signature in counting(signatures, digest):
        other = route.step(signature.step)
        if other is not None and other.code in apart and persons & signature.persons:
            found.append(Issue("approvals.separation.step", "step", {"step": step.name, "other": other.name}))
    return found


def separate_steps(route: Route, step: Step, flags: Iterable[str] = ()) -> frozenset[str]:
    """Return the codes of the other steps whose persons must differ from this one's: separation holds both ways."""
    return frozenset(
        other.code
        for other in route.needed(flags)
        if other.code != step.code and (other.code in step.separate_from or step.code in other.separate_from)
    )
