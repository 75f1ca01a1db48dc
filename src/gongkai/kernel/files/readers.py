"""Who may read the files of an object is asked of the feature that the object belongs to."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gongkai.kernel.accounts.actor import Actor
    from gongkai.kernel.files.models import StoredFile

Predicate = Callable[["Actor", "StoredFile"], bool]

_readers: dict[str, Predicate] = {}


def register_reader(target_type: str, predicate: Predicate) -> None:
    """Let ``predicate(actor, file)`` decide who reads files of ``target_type``; it alone decides then.

    Called once for a type, from the feature's ``AppConfig.ready``. Raises ValueError when another one was registered.
    """
    if _readers.get(target_type, predicate) is not predicate:
        raise ValueError(f"readers of {target_type} are registered already")
    _readers[target_type] = predicate


def reader_of(target_type: str) -> Predicate | None:
    """Return the registered predicate, or None."""
    return _readers.get(target_type)
