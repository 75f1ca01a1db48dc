"""Which objects' entries an actor may not read although the whole trail is open to him: asked of their feature.

The chain itself stays whole and can be checked by everybody; only the screen and its search leave such entries out.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING

from django.db.models import Q

if TYPE_CHECKING:
    from gongkai.kernel.accounts.actor import Actor

Hidden = Callable[["Actor"], Collection[str]]
"""Given an actor, returns the ids of objects of one type that the actor may not know of."""

_hidden: dict[str, Hidden] = {}


def register_hidden(target_type: str, hidden: Hidden) -> None:
    """Say which objects of a type are hidden from whom. Raises ValueError for a second, other answer."""
    if _hidden.get(target_type, hidden) is not hidden:
        raise ValueError(f"hidden objects of {target_type} are registered already")
    _hidden[target_type] = hidden


def hidden_entries(actor: Actor) -> Q:
    """Return the condition on entries that the actor may not read; it fits none where nothing is hidden."""
    found = Q(pk__in=())
    for target_type, hidden in _hidden.items():
        if ids := hidden(actor):
            found |= Q(target_type=target_type, target_id__in=ids)
            found |= Q(target_type="files.file", details__target__in=[f"{target_type}:{one}" for one in ids])
    return found
