"""How files and references of the work plans are opened: asked on each request, so these functions know the day."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from django.utils import timezone

from gongkai.features.workplans import selectors
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.links.references import Shown

if TYPE_CHECKING:
    from gongkai.kernel.files.models import StoredFile


def may_read_item_file(actor: Actor, file: StoredFile) -> bool:
    """Tell whether the actor may read a file of an item: whoever sees the item."""
    return selectors.file_readable(actor, item_id=file.target_id, today=timezone.localdate())


def may_read_import_file(actor: Actor, file: StoredFile) -> bool:
    """Tell whether the actor may read an uploaded plan: its keepers, and once it is confirmed whoever sees the plan."""
    return selectors.import_file_readable(actor, import_id=file.target_id, today=timezone.localdate())


def may_read_export_file(actor: Actor, file: StoredFile) -> bool:
    """Tell whether the actor may read an export: only whoever asked for it."""
    return selectors.export_readable(actor, export_id=file.target_id)


def show_items(actor: Actor, ids: Collection[str]) -> Mapping[str, Shown]:
    """Return title and address of the items the actor may see, by id."""
    return selectors.items_shown(actor=actor, ids=ids, today=timezone.localdate())


def may_link_item(actor: Actor, item_id: str) -> bool:
    """Tell whether the actor may add evidence links to the item."""
    return selectors.item_linkable(actor, item_id=item_id, today=timezone.localdate())
