"""How files and references of items are opened: asked on each request, so these functions know the moment."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

from django.db import connections
from django.utils import timezone

from gongkai.features.disclosure.selectors import catalogs, exports, references
from gongkai.features.disclosure.services.columns import directory_ensure
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.links.references import Shown

if TYPE_CHECKING:
    from gongkai.kernel.files.models import StoredFile

NEEDED = frozenset({"disclosure_directorycolumn", "audit_entry", "orgs_unit"})
"""Tables without which no column can be put on file: a migration may have stopped half-way."""


def may_read_item_file(actor: Actor, file: StoredFile) -> bool:
    """Tell whether the actor may read a file of an item: whoever sees the item, and everybody what is published."""
    return references.file_readable(
        actor, item_id=file.target_id, file_id=file.pk, sha256=file.sha256, at=timezone.now()
    )


def may_read_export_file(actor: Actor, file: StoredFile) -> bool:
    """Tell whether the actor may read an export: only whoever asked for it."""
    return exports.export_readable(actor, export_id=file.target_id)


def show_items(actor: Actor, ids: Collection[str]) -> Mapping[str, Shown]:
    """Return title and address of the items the actor may know of, by id."""
    return references.items_shown(actor=actor, ids=ids, at=timezone.now())


def may_link_item(actor: Actor, item_id: str) -> bool:
    """Tell whether the actor may link the item to others."""
    return references.item_linkable(actor, item_id=item_id)


def columns_by_name() -> list[tuple[str, str]]:
    """Return code and name of the open columns, those below others moved in."""
    rows = catalogs.column_list(on=timezone.localdate())
    return [(row.code, f"{'　' * row.depth}{row.name}") for row in rows]


def kinds_by_name() -> list[tuple[str, str]]:
    """Return code and name of every kind of item."""
    return [(kind.code, kind.name) for kind in catalogs.kind_list()]


def put_columns(**signal: Any) -> None:
    """After a migration: put the columns that the law and the rulebook name into the directory, once the tables are there."""
    tables = set(connections[signal.get("using", "default")].introspection.table_names())
    if any(backwards for _, backwards in signal.get("plan") or ()) or not tables >= NEEDED:
        return
    directory_ensure(actor=Actor.system("安装"), now=timezone.now())
