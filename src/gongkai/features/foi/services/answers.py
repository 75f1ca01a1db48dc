"""Answers that an office gives often: kept in versions, taken out of use but never deleted, noted where they were used."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from gongkai.domain.foi.answer_texts import check_answer
from gongkai.domain.issues import Issue
from gongkai.features.foi.models import AnswerTemplate, AnswerTemplateVersion, AnswerUse, CasePaper
from gongkai.features.foi.selectors.access import NotFound
from gongkai.features.foi.selectors.course import law_of
from gongkai.features.foi.selectors.letter_rules import letter_form
from gongkai.features.foi.services.actions import ANSWER
from gongkai.features.foi.services.office import office_lock
from gongkai.features.foi.services.writing import day_of
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.audit.services import record
from gongkai.kernel.errors import Refused

ABILITY = "修改答复模板"


@dataclass(frozen=True, slots=True)
class AnswerEntry:
    """What somebody enters for an answer template; ``texts`` go by the fields of the letter."""

    title: str
    letter: str
    disposition: str = ""
    ground: str = ""
    words: str = ""
    texts: Mapping[str, str] = field(default_factory=dict)


def answer_save(
    *, actor: Actor, unit_id: int, entry: AnswerEntry, answer_id: int | None = None, note: str = "", now: datetime
) -> AnswerTemplate:
    """Save a new answer template, or a version of one; letters written from earlier versions stay as they are.

    The letter of an answer template does not change. Raises NotFound, NotPermitted, Refused with everything wrong.
    """
    with transaction.atomic():
        unit = office_lock(actor=actor, unit_id=unit_id, ability=ABILITY)
        answer = _held(unit_id, answer_id) if answer_id is not None else AnswerTemplate(unit=unit, letter=entry.letter)
        texts = {code: text.strip() for code, text in entry.texts.items() if text.strip()}
        issues = _issues(answer, entry, texts, now)
        if issues:
            raise Refused(issues)
        answer.title = entry.title.strip()
        answer.disposition, answer.ground = entry.disposition, entry.ground
        answer.words = " ".join(dict.fromkeys(entry.words.replace("、", " ").replace("，", " ").split()))
        answer.save()
        last = answer.versions.order_by("-number").first()
        number = last.number if last is not None else 0
        if last is None or last.texts != texts:
            number += 1
            AnswerTemplateVersion.objects.create(
                template=answer,
                number=number,
                texts=texts,
                note=note.strip()[:300],
                by_id=actor.user_id,
                by_name=actor.name[:150],
                at=now,
            )
        record(
            actor=actor,
            action="foi.answer.set",
            target_type=ANSWER,
            target_id=answer.pk,
            summary=f"{unit.name}答复模板“{answer.title}”第{number}版",
            unit_id=unit.pk,
            details={"letter": answer.letter, "number": number},
            now=now,
        )
    return answer


def answer_retire(*, actor: Actor, unit_id: int, answer_id: int, now: datetime) -> AnswerTemplate:
    """Take an answer template out of use; it stays on record. Raises NotFound, NotPermitted, Refused."""
    with transaction.atomic():
        unit = office_lock(actor=actor, unit_id=unit_id, ability=ABILITY)
        answer = _held(unit_id, answer_id)
        if answer.retired_at is not None:
            raise Refused(Issue("foi.answer.retired", values={"title": answer.title}))
        answer.retired_at = now
        answer.save(update_fields=["retired_at"])
        record(
            actor=actor,
            action="foi.answer.retire",
            target_type=ANSWER,
            target_id=answer.pk,
            summary=f"{unit.name}停用答复模板“{answer.title}”",
            unit_id=unit.pk,
            now=now,
        )
    return answer


def answer_used(*, paper: CasePaper, answer_id: int, unit_id: int) -> AnswerUse:
    """Note from which answer template a letter was written, in its newest version; raises Refused. Inside a transaction."""
    answer = AnswerTemplate.objects.filter(pk=answer_id, unit_id=unit_id, letter=paper.letter).first()
    version = answer.versions.order_by("-number").first() if answer is not None else None
    if version is None:
        raise Refused(Issue("foi.answer.other_unit", "answer"))
    return AnswerUse.objects.create(version=version, paper=paper)


def _held(unit_id: int, answer_id: int) -> AnswerTemplate:
    found = AnswerTemplate.objects.select_for_update(no_key=True).filter(pk=answer_id, unit_id=unit_id).first()
    if found is None:
        raise NotFound("答复模板")
    return found


def _issues(answer: AnswerTemplate, entry: AnswerEntry, texts: Mapping[str, str], now: datetime) -> list[Issue]:
    form = letter_form(code=answer.letter, on=day_of(now))
    if form is None:
        return [Issue("foi.letter.unknown", "letter", {"code": answer.letter})]
    issues = list(check_answer(form, title=entry.title, texts=texts))
    rules = law_of(day_of(now)).dispositions
    if answer.retired_at is not None:
        issues.append(Issue("foi.answer.retired", values={"title": answer.title}))
    if entry.disposition and entry.disposition not in rules.dispositions:
        known = "、".join(rules.dispositions)
        issues.append(Issue("foi.disposition.unknown", "disposition", {"code": entry.disposition, "known": known}))
    if entry.ground and entry.ground not in rules.grounds:
        told = {"code": entry.ground, "disposition": form.title}
        issues.append(Issue("foi.ground.unknown", "ground", told))
    same = AnswerTemplate.objects.filter(
        unit_id=answer.unit_id, letter=answer.letter, title=entry.title.strip(), retired_at__isnull=True
    )
    if same.exclude(pk=answer.pk).exists():
        issues.append(Issue("foi.answer.twice", "title", {"title": entry.title.strip()}))
    return issues
