"""What somebody typed and has not saved, and who is editing right now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from gongkai.domain.issues import Issue
from gongkai.domain.items import ItemContent
from gongkai.domain.items.fields import FIELD_NAMES
from gongkai.features.disclosure import permissions
from gongkai.features.disclosure.models import EditingPresence, Item
from gongkai.features.disclosure.selectors.access import NotFound, item_get
from gongkai.kernel.accounts.actor import Actor

EDITING_FOR = timedelta(seconds=90)
"""How long after the last sign somebody counts as editing; the editor gives a sign every half minute."""


@dataclass(frozen=True, slots=True)
class Editing:
    """A person who has the item open for editing, and when that was last heard of."""

    user_id: int
    name: str
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class Draft:
    """An item's newest revision with what was typed since laid over it.

    ``base`` is the number of the revision that typing began from (older than ``head`` when somebody saved meanwhile),
    ``version`` the draft's, ``by_name`` and ``at`` who typed last and when (empty and None without a draft).
    """

    content: ItemContent
    base: int
    head: int
    version: int
    typed: bool
    by_id: int | None
    by_name: str
    at: datetime | None


def draft_get(*, actor: Actor, item_id: int) -> Draft:
    """Return what the editor opens; raises NotFound, also for whoever may not edit the item."""
    item = item_get(actor=actor, item_id=item_id)
    if not permissions.can_edit_item(actor, item) or item.head is None:
        raise NotFound(item_id)
    kept = item.draft or {}
    content, _ = draft_data(item, kept.get("changes", {}))
    return Draft(
        content=content,
        base=int(kept.get("base", item.head.number)),
        head=item.head.number,
        version=item.draft_version,
        typed=item.draft is not None,
        by_id=item.draft_by_id,
        by_name=item.draft_by.get_full_name() if item.draft_by else "",
        at=item.draft_at,
    )


def draft_data(item: Item, changes: Mapping[str, Any]) -> tuple[ItemContent, list[Issue]]:
    """Lay changes over the newest revision; a value that cannot be read is left out and told."""
    assert item.head is not None
    data: dict[str, Any] = dict(item.head.content)
    issues: list[Issue] = []
    for name, value in changes.items():
        try:
            ItemContent.from_data({name: value})
        except (TypeError, ValueError, AttributeError):
            issues.append(Issue("disclosure.field.form", field=name, values={"field": FIELD_NAMES.get(name, name)}))
            continue
        data[name] = value
    return ItemContent.from_data(data), issues


def editing_now(*, item_id: int, now: datetime, without_user_id: int | None = None) -> list[Editing]:
    """Return who has the item open for editing, the latest first."""
    rows = EditingPresence.objects.select_related("user").filter(item_id=item_id, seen_at__gt=now - EDITING_FOR)
    found = rows.exclude(user_id=without_user_id).order_by("-seen_at", "pk")
    return [Editing(row.user_id, row.user.get_full_name(), row.seen_at) for row in found]
