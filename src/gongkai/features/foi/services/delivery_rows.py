"""The note on a letter's delivery that a step of its case amounts to: the same for one case and for many at once.

Whoever sends or serves a reply by its step, or notes that a notice arrived, need not enter it a second time at the letter.
What the step does not know (number of posting, who signed) is added there later. However many cases, as many statements.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from gongkai.domain.foi import commands as c
from gongkai.domain.foi.delivering import END_NAMES, DeliveryFacts, End
from gongkai.domain.foi.model import DELIVERY_NAMES, Delivery
from gongkai.domain.foi.verbs import Verb
from gongkai.features.foi.models import CasePaper, LetterDelivery
from gongkai.features.foi.selectors.course import Course
from gongkai.features.foi.selectors.delivering import evidence_of, facts_of
from gongkai.features.foi.selectors.letters import carries_reply
from gongkai.features.foi.services.writing import case_entry
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.audit.services import record_many

# The notices whose delivery begins a period of the applicant: what the case keeps of each, and the step of its delivery.
NOTICES: Mapping[str, tuple[str, type[c.Command]]] = {
    "L02_supplement": ("supplement", c.DeliverSupplementNotice),
    "L03_reasons": ("reasons", c.DeliverReasonNotice),
    "L09_fee": ("fee", c.DeliverFeeNotice),
}
_LETTERS = {deliver.verb: (letter, name) for letter, (name, deliver) in NOTICES.items()}
TELLING = frozenset({Verb.SEND, Verb.SERVE, *_LETTERS})
"""Steps that tell how a letter went out or that it arrived."""


def delivery_words(facts: DeliveryFacts) -> str:
    """Say in one line how a letter was delivered; whoever signed is not named."""
    parts = [DELIVERY_NAMES[facts.way], f"{facts.sent_on.isoformat()}送出"]
    parts += [f"邮寄凭证号{facts.posting_no.strip()}"] if facts.posting_no.strip() else []
    if facts.end is not None and facts.ended_on is not None:
        parts.append(f"{facts.ended_on.isoformat()}{END_NAMES[facts.end]}")
    return "，".join(parts)


def delivery_row(
    *,
    paper: CasePaper,
    held: LetterDelivery | None,
    facts: DeliveryFacts,
    actor: Actor,
    proof: CasePaper | None = None,
    reason: str = "",
    now: datetime,
) -> LetterDelivery:
    """Return the further row about a letter, not saved yet; ``held`` is the newest one until now."""
    return LetterDelivery(
        paper=paper,
        number=(held.number if held is not None else 0) + 1,
        way=facts.way.value,
        sent_on=facts.sent_on,
        posting_no=facts.posting_no.strip(),
        end=facts.end.value if facts.end is not None else "",
        ended_on=facts.ended_on,
        read_at=facts.read_at,
        signed_by=facts.signed_by.strip() or None,
        note=facts.note.strip(),
        proof=proof,
        reason=reason.strip()[:300],
        by_id=actor.user_id,
        by_name=actor.name[:150],
        at=now,
    )


def note_entry(course: Course, row: LetterDelivery, facts: DeliveryFacts) -> dict[str, Any]:
    """Return the audit entry of a row that is saved."""
    paper, words = row.paper, "更正" if row.reason else "登记"
    return case_entry(
        course.application,
        "foi.delivery.note",
        f"{words}《{paper.title}》{paper.letter_no}的送达：{delivery_words(facts)}",
        paper=paper.pk,
        number=row.number,
        proof=row.proof.pk if row.proof is not None else None,
    )


def deliveries_write(*, actor: Actor, steps: Sequence[tuple[Course, c.Command]], now: datetime) -> list[LetterDelivery]:
    """Note at the letters of locked cases what steps told about them; each case as it stands after its step.

    Cases whose letter was not written here are passed over, and so is what the letter's own note says already. At most six
    statements. Inside a transaction only.
    """
    telling = [(course, command) for course, command in steps if command.verb in TELLING]
    letters = _letters([course for course, _ in telling])
    held = _newest([paper.pk for papers in letters.values() for paper in papers])
    found = []
    for course, command in telling:
        paper = _paper(course, command, letters.get(course.application.pk, ()))
        facts = _facts(course, command, held.get(paper.pk)) if paper is not None else None
        if paper is not None and facts is not None:
            row = delivery_row(paper=paper, held=held.get(paper.pk), facts=facts, actor=actor, now=now)
            found.append((course, row, facts))
    if not found:
        return []
    proven = [(course, row, facts) for course, row, facts in found if facts.served and facts.note]
    proofs = CasePaper.objects.bulk_create(_proof(*one, actor, now) for one in proven)
    for (_, row, _), proof in zip(proven, proofs, strict=True):
        row.proof = proof
    LetterDelivery.objects.bulk_create(row for _, row, _ in found)
    entries = []
    for course, row, facts in found:
        if row.proof is not None:
            words = f"添加材料（{CasePaper.Kind.SERVICE.label}）"
            entries.append(case_entry(course.application, "foi.paper.add", words, paper=row.proof.pk, sha256=""))
        entries.append(note_entry(course, row, facts))
    record_many(actor=actor, entries=entries, now=now)
    return [row for _, row, _ in found]


def _letters(courses: Sequence[Course]) -> dict[int, list[CasePaper]]:
    """The letters of some cases in the order in which they were written."""
    found: dict[int, list[CasePaper]] = {}
    if courses:
        ids = [course.application.pk for course in courses]
        papers = CasePaper.objects.filter(application_id__in=ids, removed_at__isnull=True).exclude(letter="")
        for paper in papers.order_by("added_at", "id"):
            found.setdefault(paper.application_id, []).append(paper)
    return found


def _newest(paper_ids: Sequence[int]) -> dict[int, LetterDelivery]:
    """What holds about each letter until now."""
    rows = LetterDelivery.objects.filter(paper_id__in=paper_ids).select_related("proof") if paper_ids else ()
    return {row.paper_id: row for row in sorted(rows, key=lambda row: row.number)}


def _paper(course: Course, command: c.Command, papers: Sequence[CasePaper]) -> CasePaper | None:
    """The letter that a step is about, the last one where it was written again."""
    letter, _ = _LETTERS.get(command.verb, ("", ""))
    about = [one for one in papers if (one.letter == letter if letter else carries_reply(course, one))]
    return about[-1] if about else None


def _facts(course: Course, command: c.Command, held: LetterDelivery | None) -> DeliveryFacts | None:
    """What a step tells about its letter; None where that is on record at the letter."""
    known = facts_of(held) if held is not None else None
    if known is not None and known.served:
        return None
    if isinstance(command, c.Send):
        sent = DeliveryFacts(command.delivery, command.on)
        return None if known is not None and (known.way, known.sent_on) == (sent.way, sent.sent_on) else sent
    state, way = course.state, Delivery(course.application.wanted_delivery)
    _, name = _LETTERS.get(command.verb, ("", ""))
    if name:
        notice = getattr(state, name)
        sent_on = notice.asked_on if name == "reasons" else notice.notice_on
    else:
        assert state.answer is not None and state.answer.sent_on is not None
        sent_on, way = state.answer.sent_on, state.answer.delivery or way
    going = known if known is not None and known.end is None else DeliveryFacts(way, min(sent_on, command.on))
    proof = command.proof.strip() if isinstance(command, c.Serve) else ""
    note = "；".join(one for one in (going.note, f"凭证：{proof}" if proof else "") if one)
    sent_on = min(going.sent_on, command.on)
    return replace(going, sent_on=sent_on, end=End.SIGNED, ended_on=command.on, signed_by="", note=note)


def _proof(course: Course, row: LetterDelivery, facts: DeliveryFacts, actor: Actor, now: datetime) -> CasePaper:
    """The paper whose words stand for the proof, as where a delivery is noted without a scan."""
    paper = row.paper
    return CasePaper(
        application=course.application,
        kind=CasePaper.Kind.SERVICE.value,
        title=f"送达凭证：{paper.title}"[:200],
        note=f"《{paper.title}》{paper.letter_no}：{delivery_words(facts)}（{facts.note}）。",
        evidence=evidence_of(course=course, letter=paper.letter),
        added_by_id=actor.user_id,
        added_by_name=actor.name[:150],
        added_at=now,
    )
