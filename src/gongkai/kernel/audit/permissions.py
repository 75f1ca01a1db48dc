"""Who may read the whole audit trail."""

from __future__ import annotations

from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.matrix import Where, allows, register
from gongkai.kernel.accounts.roles import Role

register(
    "audit.view",
    "查看全部审计记录",
    area="系统",
    roles={
        Role.DISCLOSURE_OFFICE: Where.TOP,
        Role.DISCLOSURE_OFFICE_HEAD: Where.TOP,
        Role.SUPERVISOR: Where.ANY,
        Role.SYSTEM_ADMINISTRATOR: Where.ANY,
    },
)


def can_view_audit(actor: Actor) -> bool:
    """Tell whether the actor may read everything; others see the histories of objects they may see."""
    return allows(actor, "audit.view")
