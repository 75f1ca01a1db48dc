"""Adding and ending words of the lexicon."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from gongkai.domain.issues import Issue
from gongkai.domain.wording import Grade
from gongkai.domain.wording.word_rows import with_own_exceptions, word_issues
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.audit import services as audit
from gongkai.kernel.errors import NotPermitted, Refused
from gongkai.kernel.wordlists import permissions
from gongkai.kernel.wordlists.models import LexiconEntry
from gongkai.kernel.wordlists.services.version import lists_touch, require_room


def word_add(
    *,
    actor: Actor,
    wrong: str,
    now: datetime,
    right: str = "",
    grade: Grade = Grade.L3,
    category: str = "",
    exceptions: Sequence[str] = (),
    unit_id: int | None = None,
    from_on: date | None = None,
    until_on: date | None = None,
    note: str = "",
) -> LexiconEntry:
    """Add a wrong word, for one unit or (None) all; raises NotPermitted, or Refused with everything that is wrong."""
    if not permissions.can_keep_words(actor, unit_id):
        raise NotPermitted(ability="新增错敏词")
    wrong, right = wrong.strip(), right.strip()
    issues = word_issues(wrong=wrong, right=right, exceptions=exceptions)
    if from_on and until_on and until_on < from_on:
        issues.append(Issue("wordlists.dates", "until_on"))
    if LexiconEntry.objects.filter(wrong=wrong, unit_id=unit_id, ended_at__isnull=True).exists():
        issues.append(Issue("wordlists.word.known", "wrong", {"word": wrong}))
    if issues:
        raise Refused(issues)
    require_room(1)
    with transaction.atomic():
        entry = LexiconEntry.objects.create(
            unit_id=unit_id,
            wrong=wrong,
            right=right,
            grade=grade.value,
            category=category,
            exceptions=list(with_own_exceptions(wrong=wrong, right=right, exceptions=exceptions)),
            from_on=from_on,
            until_on=until_on,
            note=note,
            created_by_id=actor.user_id,
            created_at=now,
        )
        audit.record(
            actor=actor,
            action="wordlists.word.add",
            target_type="wordlists.word",
            target_id=entry.pk,
            summary=f"新增错敏词“{entry}”（{grade.value}）",
            unit_id=unit_id,
            now=now,
        )
        lists_touch(now=now)
    return entry


def word_end(*, actor: Actor, word_id: int, now: datetime) -> LexiconEntry:
    """Stop using a word; one that was ended already stays as it is. Raises NotPermitted, or Refused for an unknown one."""
    with transaction.atomic():
        entry = LexiconEntry.objects.select_for_update(of=("self",)).filter(pk=word_id).first()
        if entry is None:
            raise Refused(Issue("wordlists.not_found", None))
        if not permissions.can_keep_words(actor, entry.unit_id):
            raise NotPermitted(ability="停用错敏词")
        if entry.ended_at is not None:
            return entry
        entry.ended_at, entry.ended_by_id = now, actor.user_id
        entry.save(update_fields=["ended_at", "ended_by"])
        audit.record(
            actor=actor,
            action="wordlists.word.end",
            target_type="wordlists.word",
            target_id=entry.pk,
            summary=f"停用错敏词“{entry}”",
            unit_id=entry.unit_id,
            now=now,
        )
        lists_touch(now=now)
    return entry
