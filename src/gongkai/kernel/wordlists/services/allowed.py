"""Adding and ending allowed words."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from gongkai.domain.issues import Issue
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.audit import services as audit
from gongkai.kernel.errors import NotPermitted, Refused
from gongkai.kernel.wordlists import permissions
from gongkai.kernel.wordlists.models import AllowedWord
from gongkai.kernel.wordlists.services.version import lists_touch, require_room


def allowed_add(
    *,
    actor: Actor,
    word: str,
    reason: str,
    now: datetime,
    context: str = "",
    unit_id: int | None = None,
    until_on: date | None = None,
) -> AllowedWord:
    """Allow a word that a rule finds, everywhere or inside ``context``; one that is allowed already is returned.

    Raises NotPermitted, or Refused with everything that is wrong.
    """
    if not permissions.can_keep_words(actor, unit_id):
        raise NotPermitted(ability="加入放行词")
    word, context, reason = word.strip(), context.strip(), reason.strip()
    issues = []
    if not 1 <= len(word) <= 60:
        issues.append(Issue("wordlists.allowed.length", "word", {"longest": 60}))
    if context and word not in context:
        issues.append(Issue("wordlists.allowed.context", "context", {"word": word, "context": context}))
    if len(word) < 2 and not context:
        issues.append(Issue("wordlists.allowed.short", "context", {"word": word}))
    if not reason:
        issues.append(Issue("wordlists.allowed.reason", "reason"))
    if issues:
        raise Refused(issues)
    require_room(1)
    with transaction.atomic():
        allowed, created = AllowedWord.objects.get_or_create(
            word=word,
            context=context,
            unit_id=unit_id,
            ended_at=None,
            defaults={"reason": reason[:200], "until_on": until_on, "created_by_id": actor.user_id, "created_at": now},
        )
        if created:
            audit.record(
                actor=actor,
                action="wordlists.allowed.add",
                target_type="wordlists.allowed",
                target_id=allowed.pk,
                summary=f"新增放行词“{allowed}”：{reason}",
                unit_id=unit_id,
                now=now,
            )
            lists_touch(now=now)
    return allowed


def allowed_end(*, actor: Actor, allowed_id: int, now: datetime) -> AllowedWord:
    """Stop allowing a word. Raises NotPermitted, or Refused for an unknown one."""
    with transaction.atomic():
        allowed = AllowedWord.objects.select_for_update(of=("self",)).filter(pk=allowed_id).first()
        if allowed is None:
            raise Refused(Issue("wordlists.not_found", None))
        if not permissions.can_keep_words(actor, allowed.unit_id):
            raise NotPermitted(ability="停用放行词")
        if allowed.ended_at is not None:
            return allowed
        allowed.ended_at, allowed.ended_by_id = now, actor.user_id
        allowed.save(update_fields=["ended_at", "ended_by"])
        audit.record(
            actor=actor,
            action="wordlists.allowed.end",
            target_type="wordlists.allowed",
            target_id=allowed.pk,
            summary=f"停用放行词“{allowed}”",
            unit_id=allowed.unit_id,
            now=now,
        )
        lists_touch(now=now)
    return allowed
