"""Who lets other systems in: administrators of the installation only."""

from __future__ import annotations

from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.matrix import Where, allows, register
from gongkai.kernel.accounts.roles import Role

register(
    "tokens.manage",
    "登记接入系统，签发和吊销访问令牌",
    area="接入系统",
    roles={Role.SYSTEM_ADMINISTRATOR: Where.ANY},
)


def can_manage_tokens(actor: Actor) -> bool:
    """Tell whether the actor may let other systems in and shut them out."""
    return allows(actor, "tokens.manage")
