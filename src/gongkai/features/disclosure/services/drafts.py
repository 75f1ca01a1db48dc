"""What is typed and not yet saved (autosave), and who is editing right now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from gongkai.domain.issues import Issue
from gongkai.domain.items import State, saving_verb
from gongkai.domain.items.fields import FIELD_NAMES
from gongkai.features.disclosure import permissions
from gongkai.features.disclosure.models import EditingPresence, Item
from gongkai.features.disclosure.selectors.access import item_get
from gongkai.features.disclosure.selectors.drafts import Editing, draft_data, editing_now
from gongkai.features.disclosure.services.contents import clean_content
from gongkai.features.disclosure.services.writing import item_lock, refuse_if, require, say_when, step_issues
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.errors import Refused

TYPED = frozenset(FIELD_NAMES) - {"attribute", "grounds", "ground_note"}
"""Fields of the content that an editor types; the attribute is decided elsewhere."""
FORGOTTEN_AFTER = timedelta(hours=1)
"""How long a row of presence is kept at most; a technical bound."""


@dataclass(frozen=True, slots=True)
class DraftSaved:
    """What an autosave gave: the draft's new version, when it was kept, and what still stands against saving it."""

    version: int
    saved_at: datetime
    issues: tuple[Issue, ...]


class DraftConflict(Refused):
    """Somebody else typed meanwhile. ``mine`` are the changes that were not kept, ``theirs`` the draft that stands."""

    def __init__(self, issue: Issue, mine: Mapping[str, Any], theirs: Mapping[str, Any]) -> None:
        super().__init__(issue)
        self.mine = dict(mine)
        self.theirs = dict(theirs)


def item_autosave(
    *, actor: Actor, item_id: int, draft_version: int, changes: Mapping[str, Any], now: datetime
) -> DraftSaved:
    """Keep what was typed: ``changes`` maps fields of the content to values in the form of ``ItemContent.as_data``.

    They are laid over the draft; ``draft_version`` is the version the editor knows. A draft may be incomplete, so what
    is wrong is told and does not refuse. An item whose state forbids saving takes no draft. Raises NotFound,
    NotPermitted, Refused, DraftConflict (with both texts) when somebody else was faster.
    """
    with transaction.atomic():
        item = item_lock(actor=actor, item_id=item_id)
        require(permissions.can_edit_item(actor, item), "修改公开信息")
        refuse_if(step_issues(item, saving_verb(State(item.state)), now=now))
        if item.draft_version != draft_version:
            raise DraftConflict(_meanwhile(item), changes, item.draft or {})
        fields = {name: value for name, value in changes.items() if name in TYPED}
        if not fields:
            return DraftSaved(item.draft_version, item.draft_at or now, ())
        assert item.head is not None
        before = dict(item.draft or {})
        typed = {**before.get("changes", {}), **fields}
        content, issues = draft_data(item, typed)
        cleaned, more = clean_content(content, item_id=item.pk)
        data = cleaned.as_data()
        item.draft = {
            "base": before.get("base", item.head.number),
            "changes": {name: data[name] for name in typed if name in data},
        }
        item.draft_version += 1
        item.draft_by_id, item.draft_at = actor.user_id, now
        item.save(update_fields=["draft", "draft_version", "draft_by", "draft_at"])
        return DraftSaved(item.draft_version, now, (*issues, *more))


def _meanwhile(item: Item) -> Issue:
    if item.draft_by is not None and item.draft_at is not None:
        who, when = item.draft_by.get_full_name(), item.draft_at
    else:
        assert item.head is not None
        who = item.head.created_by.get_full_name() if item.head.created_by else "系统"
        when = item.head.created_at
    return Issue(
        "disclosure.draft.changed_meanwhile", field="draft_version", values={"who": who, "when": say_when(when)}
    )


def draft_discard(*, actor: Actor, item_id: int, now: datetime) -> Item:
    """Throw what was typed away; the newest revision is what counts again. Raises NotFound, NotPermitted."""
    with transaction.atomic():
        item = item_lock(actor=actor, item_id=item_id)
        require(permissions.can_edit_item(actor, item), "修改公开信息")
        if item.draft is not None:
            item.draft, item.draft_by_id, item.draft_at = None, None, None
            item.draft_version += 1
            item.save(update_fields=["draft", "draft_by", "draft_at", "draft_version"])
    return item


def item_editing(*, actor: Actor, item_id: int, now: datetime) -> list[Editing]:
    """Note that the actor has the item open for editing, and return who else has, the latest first.

    Called about every half minute by the editor. Raises NotFound, NotPermitted.
    """
    item = item_get(actor=actor, item_id=item_id)
    require(permissions.can_edit_item(actor, item), "修改公开信息")
    if actor.user_id is not None:
        EditingPresence.objects.update_or_create(item_id=item.pk, user_id=actor.user_id, defaults={"seen_at": now})
    return editing_now(item_id=item.pk, now=now, without_user_id=actor.user_id)


def item_editing_end(*, actor: Actor, item_id: int) -> None:
    """Note that the actor has left the editor; twice is no mistake."""
    EditingPresence.objects.filter(item_id=item_id, user_id=actor.user_id).delete()


def presence_sweep(*, now: datetime) -> int:
    """Delete rows of presence that tell nothing any more; returns how many."""
    return EditingPresence.objects.filter(seen_at__lt=now - FORGOTTEN_AFTER).delete()[0]
