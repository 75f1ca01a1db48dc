"""The words of editors: groups of synonyms, and results that stand above the others."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from gongkai.domain.issues import Issue, Severity
from gongkai.domain.search import read_groups, title_key
from gongkai.domain.search.cutting import fold
from gongkai.domain.search.synonyms import group_issues
from gongkai.features.disclosure.selectors.public_items import PublicItem, public_item_get
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.audit import services as audit
from gongkai.kernel.audit.actions import register_actions, register_targets
from gongkai.kernel.documents import DocumentRefused, read_document
from gongkai.kernel.errors import NotPermitted, Refused
from gongkai.portal.models import PinnedResult, SynonymGroup
from gongkai.portal.search import permissions
from gongkai.portal.search.words import forget_words

register_targets({"search.synonyms": "检索同义词", "search.pinned": "检索置顶"})
register_actions(
    {
        "search.synonyms.add": "新增检索同义词",
        "search.synonyms.end": "停用检索同义词",
        "search.synonyms.import": "导入检索同义词",
        "search.pinned.add": "置顶检索结果",
        "search.pinned.end": "停用检索置顶",
    }
)
MOST_GROUPS = 5_000
MOST_WORDS, LONGEST_WORD = 10, 40
MOST_PINNED = 3
"""Pinned results of one word: more would push down what was found."""
HEADER = "词"
"""The first cell of a sheet that begins with the names of its columns."""
_UID = re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")


@dataclass(frozen=True, slots=True)
class SynonymImport:
    """What came of a list: groups added, groups that were there already, and the rows that could not be taken."""

    added: int
    unchanged: int
    issues: tuple[Issue, ...] = ()

    @property
    def refused_rows(self) -> int:
        """Count the rows that could not be taken."""
        return len({i.where.line_from for i in self.issues if i.where and i.severity is Severity.ERROR})


def synonyms_add(*, actor: Actor, words: Sequence[str], now: datetime) -> SynonymGroup:
    """Let words mean the same; raises NotPermitted, or Refused with everything that is wrong."""
    _need_keeper(actor, "新增同义词")
    given = tuple(dict.fromkeys(word.strip() for word in words if word.strip()))
    issues = group_issues(given)
    with transaction.atomic():
        known = _known()
        issues += _taken(given, known)
        if issues:
            raise Refused(issues)
        _need_room(len(set(known.values())) + 1)
        group = SynonymGroup.objects.create(words=list(given), created_by_id=actor.user_id, created_at=now)
        _record(actor, "search.synonyms.add", "search.synonyms", group.pk, f"新增同义词“{group}”", now)
    forget_words()
    return group


def synonyms_end(*, actor: Actor, group_id: int, now: datetime) -> SynonymGroup:
    """Stop using a group; raises NotPermitted, or Refused for an unknown one."""
    _need_keeper(actor, "停用同义词")
    with transaction.atomic():
        group = SynonymGroup.objects.select_for_update(of=("self",)).filter(pk=group_id).first()
        if group is None:
            raise Refused(Issue("search.not_found"))
        if group.ended_at is None:
            group.ended_at, group.ended_by_id = now, actor.user_id
            group.save(update_fields=["ended_at", "ended_by"])
            _record(actor, "search.synonyms.end", "search.synonyms", group.pk, f"停用同义词“{group}”", now)
    forget_words()
    return group


def synonyms_import(*, actor: Actor, data: bytes, name: str, now: datetime) -> SynonymImport:
    """Take in an XLSX, CSV or TXT list, a group a row; rows that cannot be used are told and left out.

    Raises NotPermitted, and Refused when the file cannot be read or holds nothing.
    """
    _need_keeper(actor, "导入同义词")
    groups, issues = read_groups(_rows(data, name))
    if not groups and not issues:
        raise Refused(Issue("search.synonyms.empty", "file", {"name": name}))
    fresh: list[tuple[str, ...]] = []
    unchanged = 0
    with transaction.atomic():
        known = _known()
        for group in groups:
            at = {known.get(fold(word)) for word in group}
            if len(at) == 1 and None not in at:
                unchanged += 1
                continue
            taken = _taken(group, known)
            if taken:
                issues += taken
                continue
            fresh.append(group)
            known.update({fold(word): "、".join(group) for word in group})
        _need_room(len(set(known.values())))
        SynonymGroup.objects.bulk_create(
            SynonymGroup(words=list(group), created_by_id=actor.user_id, created_at=now) for group in fresh
        )
        if fresh:
            told = f"导入检索同义词《{name}》：新增 {len(fresh)} 组"
            _record(actor, "search.synonyms.import", "search.synonyms", name[:100] or "list", told, now)
    forget_words()
    return SynonymImport(added=len(fresh), unchanged=unchanged, issues=tuple(issues))


def pinned_add(
    *,
    actor: Actor,
    words: Sequence[str],
    address: str,
    now: datetime,
    from_on: date | None = None,
    until_on: date | None = None,
) -> PinnedResult:
    """Let an item stand above the others for some words. ``address`` is its public address or identifier.

    Raises NotPermitted, or Refused with everything that is wrong.
    """
    _need_keeper(actor, "置顶检索结果")
    given = {title_key(word): word.strip() for word in words if title_key(word)}
    issues = [] if given else [Issue("search.pinned.words", "words")]
    if len(given) > MOST_WORDS or any(len(word) > LONGEST_WORD for word in given.values()):
        issues.append(Issue("search.pinned.words_many", "words", {"most": MOST_WORDS, "longest": LONGEST_WORD}))
    if from_on and until_on and until_on < from_on:
        issues.append(Issue("search.pinned.dates", "until_on"))
    found = _UID.search(address)
    item = public_item_get(uid=UUID(found.group()), at=now) if found else None
    if found is None:
        issues.append(Issue("search.pinned.address", "address", {"address": address[:80]}))
    elif not isinstance(item, PublicItem):
        issues.append(Issue("search.pinned.not_public", "address"))
    with transaction.atomic():
        rows = PinnedResult.objects.select_for_update(of=("self",)).filter(ended_at__isnull=True)
        kept = [key for keys in rows.values_list("keys", flat=True) for key in keys]
        issues += [
            Issue("search.pinned.room", "words", {"word": word, "most": MOST_PINNED})
            for key, word in given.items()
            if kept.count(key) >= MOST_PINNED
        ]
        if issues or not isinstance(item, PublicItem):
            raise Refused(issues)
        pinned = PinnedResult.objects.create(
            words=list(given.values()),
            keys=list(given),
            item_uid=item.uid,
            title=item.title,
            from_on=from_on,
            until_on=until_on,
            created_by_id=actor.user_id,
            created_at=now,
        )
        _record(actor, "search.pinned.add", "search.pinned", pinned.pk, f"检索置顶：{pinned}", now)
    return pinned


def pinned_end(*, actor: Actor, pinned_id: int, now: datetime) -> PinnedResult:
    """Take a pinned result down; raises NotPermitted, or Refused for an unknown one."""
    _need_keeper(actor, "停用检索置顶")
    with transaction.atomic():
        pinned = PinnedResult.objects.select_for_update(of=("self",)).filter(pk=pinned_id).first()
        if pinned is None:
            raise Refused(Issue("search.not_found"))
        if pinned.ended_at is None:
            pinned.ended_at, pinned.ended_by_id = now, actor.user_id
            pinned.save(update_fields=["ended_at", "ended_by"])
            _record(actor, "search.pinned.end", "search.pinned", pinned.pk, f"停用检索置顶：{pinned}", now)
    return pinned


def _need_keeper(actor: Actor, ability: str) -> None:
    if not permissions.can_keep_search(actor):
        raise NotPermitted(ability=ability)


def _need_room(count: int) -> None:
    if count > MOST_GROUPS:
        raise Refused(Issue("search.synonyms.room", None, {"count": count, "limit": MOST_GROUPS}))


def _known() -> dict[str, str]:
    """The words in use, each with its group."""
    rows = SynonymGroup.objects.select_for_update(of=("self",)).filter(ended_at__isnull=True)
    return {fold(word): "、".join(words) for words in rows.values_list("words", flat=True) for word in words}


def _taken(words: Sequence[str], known: dict[str, str]) -> list[Issue]:
    return [
        Issue("search.synonyms.known", "words", {"word": word, "group": known[fold(word)]})
        for word in words
        if fold(word) in known
    ]


def _record(actor: Actor, action: str, target_type: str, target_id: object, summary: str, now: datetime) -> None:
    audit.record(
        actor=actor, action=action, target_type=target_type, target_id=target_id, summary=summary[:300], now=now
    )


def _rows(data: bytes, name: str) -> list[tuple[int, Sequence[str]]]:
    try:
        document = read_document(data, name=name)
    except DocumentRefused as refused:
        raise Refused(refused.issues) from refused
    if document.format == "xlsx":
        tables = document.tables()
        rows = [(line, row) for table in tables for row, line in zip(table.rows, table.lines, strict=True)]
        return rows[1:] if rows and rows[0][1][0].strip() == HEADER else rows
    if document.format != "txt":
        raise Refused(Issue("search.synonyms.format", "file", {"name": name}))
    if name.lower().endswith(".csv"):
        reader = csv.reader(io.StringIO(document.text()))
        return [(reader.line_num, tuple(cells)) for cells in reader]
    return [(number, (line,)) for number, line in enumerate(document.text().split("\n"), 1)]
