"""Who may link and unlink objects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.matrix import allows, register
from gongkai.kernel.links.references import Ref, editor_of

if TYPE_CHECKING:
    from gongkai.kernel.links.models import Link

register("links.create", "建立关联", area="关联", everyone=True)


def can_create_link(actor: Actor, source: Ref) -> bool:
    """Tell whether the actor may link the source: its feature decides where it has a say."""
    if actor.is_system:
        return True
    editor = editor_of(source.type)
    return allows(actor, "links.create") and (editor is None or editor(actor, source.id))


def can_remove_link(actor: Actor, link: Link) -> bool:
    """Tell whether the actor may remove the link: its source's feature decides, else who made it and the authority."""
    if actor.is_system:
        return True
    editor = editor_of(link.source_type)
    if editor is not None:
        return actor.is_authenticated and editor(actor, link.source_id)
    return actor.is_disclosure_authority or (actor.user_id is not None and link.created_by_id == actor.user_id)
