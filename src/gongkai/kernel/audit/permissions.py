"""Who may read the whole audit trail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gongkai.kernel.accounts.roles import Role

if TYPE_CHECKING:
    from gongkai.kernel.accounts.actor import Actor


def can_view_audit(actor: Actor) -> bool:
    """The disclosure authority, supervisors and system administrators read everything; others see objects' histories."""
    return actor.is_disclosure_authority or actor.has(Role.SUPERVISOR) or actor.has(Role.SYSTEM_ADMINISTRATOR)
