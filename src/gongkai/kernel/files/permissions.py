"""Who may store and read files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.matrix import allows, register
from gongkai.kernel.files.readers import reader_of

if TYPE_CHECKING:
    from gongkai.kernel.files.models import StoredFile

register("files.store", "上传文件", area="文件", everyone=True)


def can_store(actor: Actor, unit_id: int | None) -> bool:
    """Tell whether the actor may store a file for the unit: one of the units the actor has a post in, or no unit."""
    if not allows(actor, "files.store"):
        return False
    return unit_id is None or actor.is_disclosure_authority or unit_id in actor.unit_ids


def can_read(actor: Actor, file: StoredFile) -> bool:
    """Tell whether the actor may read the file.

    The feature of the object that the file belongs to decides; where none has a say, the person who uploaded it and
    the disclosure authority may.
    """
    if actor.is_system:
        return True
    predicate = reader_of(file.target_type) if file.target_type else None
    if predicate is not None:
        return predicate(actor, file)
    own = actor.user_id is not None and file.uploaded_by_id == actor.user_id
    return own or actor.is_disclosure_authority
