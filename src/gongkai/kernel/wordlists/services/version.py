"""Giving the lists another version within the transaction that changes them."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.db import transaction

from gongkai.domain.issues import Issue
from gongkai.kernel.audit.actions import register_actions, register_targets
from gongkai.kernel.content.matcher import MOST_WORDS
from gongkai.kernel.errors import Refused
from gongkai.kernel.jobs import enqueue
from gongkai.kernel.wordlists.models import AllowedWord, LexiconEntry, WordlistState

register_targets({"wordlists.word": "错敏词", "wordlists.allowed": "放行词", "wordlists.leader": "领导名录"})
register_actions(
    {
        "wordlists.word.add": "新增错敏词",
        "wordlists.word.end": "停用错敏词",
        "wordlists.word.import": "导入错敏词",
        "wordlists.allowed.add": "新增放行词",
        "wordlists.allowed.end": "停用放行词",
        "wordlists.leader.add": "新增领导",
        "wordlists.leader.change": "修改领导信息",
        "wordlists.leader.end": "登记领导离任",
    }
)
ROOM = 5_000
"""Words left free for the rules that ship with the program and for files of the office."""


def lists_touch(*, now: datetime) -> None:
    """Give the lists another version and let a job compile them, so that no request has to; call inside a transaction.

    A version is drawn and not counted: a change that is rolled back must never share its number with the next one.
    """
    version = secrets.randbits(62)
    with transaction.atomic():
        WordlistState.objects.update_or_create(pk=1, defaults={"version": version, "changed_at": now})
    enqueue("wordlists.compile", once="wordlists.compile")


def require_room(more: int) -> None:
    """Refuse when the lexicon would have more words than can be searched for at once."""
    held = LexiconEntry.objects.filter(ended_at__isnull=True).count()
    held += AllowedWord.objects.filter(ended_at__isnull=True).count()
    if held + more > MOST_WORDS - ROOM:
        raise Refused(Issue("wordlists.too_many", None, {"count": held + more, "limit": MOST_WORDS - ROOM}))
