"""How applications hang together: parts, moved papers, copies and repeats, as each side may know of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from gongkai.features.foi import permissions
from gongkai.features.foi.models import Application, CaseLink
from gongkai.features.foi.selectors.access import code_shown
from gongkai.features.foi.selectors.alike import same_applicant
from gongkai.kernel.accounts.actor import Actor

_ON = {
    CaseLink.Kind.SPLIT: "拆分为",
    CaseLink.Kind.MOVED: "移送至",
    CaseLink.Kind.MERGED: "并入",
    CaseLink.Kind.REPEATS: "前次申请",
}
_BACK = {
    CaseLink.Kind.SPLIT: "拆分自",
    CaseLink.Kind.MOVED: "移送自",
    CaseLink.Kind.MERGED: "并入本件的重复收件",
    CaseLink.Kind.REPEATS: "后来的重复申请",
}


@dataclass(frozen=True, slots=True)
class Linked:
    """One line of the page of a case. Of a case that the actor may not see only its unit is told: ``application_id`` None."""

    words: str
    register_no: str
    subject: str
    unit: str
    on: date
    application_id: int | None


def linked_list(*, actor: Actor, application: Application) -> tuple[Linked, ...]:
    """Return what a case hangs together with, in two statements; a case of another unit shows its unit only."""
    return tuple(_lines(actor, application))


def _lines(actor: Actor, application: Application) -> Iterator[Linked]:
    onward = CaseLink.objects.filter(source=application).select_related("target__unit")
    back = CaseLink.objects.filter(target=application).select_related("source__unit")
    for words, links, end in ((_BACK, back, "source"), (_ON, onward, "target")):
        for link in links.order_by("id"):
            other: Application = getattr(link, end)
            seen = permissions.can_see_case(actor, other.unit_id)
            # Whoever got a misdirected paper quotes the sender's number when asking back.
            told = seen or end == "source"
            yield Linked(
                words=words[CaseLink.Kind(link.kind)],
                register_no=other.register_no if told else "",
                subject=other.subject if seen else "",
                unit=other.unit.name if not seen or other.unit_id != application.unit_id else "",
                on=link.on,
                application_id=other.pk if seen else None,
            )


@dataclass(frozen=True, slots=True)
class GoesOn:
    """How the own application goes on, for its applicant: where, under which number, and the code that opens it.

    ``code`` is empty where nobody but a clerk has said that both are by the same applicant.
    """

    words: str
    register_no: str
    subject: str
    unit: str
    code: str = field(repr=False)


def goes_on(*, application: Application) -> tuple[GoesOn, ...]:
    """Return how an application that ended here goes on; for the holder of its query code only."""
    links = (
        CaseLink.objects.filter(source=application)
        .exclude(kind=CaseLink.Kind.REPEATS)
        .select_related("target__unit", "target__applicant", "source__applicant")
        .order_by("id")
    )
    return tuple(_goes_on(link) for link in links)


def _goes_on(link: CaseLink) -> GoesOn:
    target = link.target
    own = link.kind != CaseLink.Kind.MERGED or same_applicant(link.source.applicant, target.applicant)
    return GoesOn(
        words=_ON[CaseLink.Kind(link.kind)],
        register_no=target.register_no,
        subject=target.subject if own else "",
        unit=target.unit.name,
        code=code_shown(target.query_code.for_machine()) if own else "",
    )
