"""What a round is about follows it in the same transaction: a feature registers who keeps its objects' state in line.

Events come after the commit, and may be late; a state that says "approved" while the round is complete must not be. Whoever
signs locks the object before the round, as whoever edits the object does, so that the two never wait for each other.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gongkai.kernel.accounts.actor import Actor
    from gongkai.kernel.approvals.models import Approval

Locker = Callable[[str], None]
"""Locks the row of the object with this id."""
Follow = Callable[..., object]
"""Called as ``follow(actor=…, approval_id=…, now=…)`` once the round's state has changed."""


@dataclass(frozen=True, slots=True)
class Follower:
    """How the objects of one type are locked and brought in line."""

    lock: Locker
    follow: Follow


_followers: dict[str, Follower] = {}


def register_follower(target_type: str, *, lock: Locker, follow: Follow) -> None:
    """Say how objects of a type follow their rounds; called once, from ``AppConfig.ready``.

    Raises ValueError when the type has another follower already.
    """
    follower = Follower(lock, follow)
    if _followers.get(target_type, follower) != follower:
        raise ValueError(f"rounds over {target_type} are followed already")
    _followers[target_type] = follower


def lock_target(target_type: str, target_id: str) -> None:
    """Lock the object of a round before the round itself; nothing where nobody follows."""
    if target_type in _followers:
        _followers[target_type].lock(target_id)


def tell_follower(actor: Actor, approval: Approval, now: datetime) -> None:
    """Let the object of a round follow what has just become of the round, in the same transaction."""
    if approval.target_type in _followers:
        _followers[approval.target_type].follow(actor=actor, approval_id=approval.pk, now=now)
