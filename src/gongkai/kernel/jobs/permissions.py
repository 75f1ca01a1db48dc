"""Who may look after background work."""

from __future__ import annotations

from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.matrix import Where, allows, register
from gongkai.kernel.accounts.roles import Role

register("jobs.manage", "查看和重新执行后台任务", area="系统", roles={Role.SYSTEM_ADMINISTRATOR: Where.ANY})


def can_manage_jobs(actor: Actor) -> bool:
    """Tell whether the actor may see failed jobs and start them again."""
    return allows(actor, "jobs.manage")
