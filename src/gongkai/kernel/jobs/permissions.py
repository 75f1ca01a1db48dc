"""Who may look after background work."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gongkai.kernel.accounts.actor import Actor


def can_manage_jobs(actor: Actor) -> bool:
    """System administrators see failed jobs and start them again."""
    from gongkai.kernel.accounts.roles import Role

    return actor.is_superuser or actor.has(Role.SYSTEM_ADMINISTRATOR)
