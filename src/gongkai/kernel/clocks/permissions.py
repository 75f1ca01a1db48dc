"""Who may put holiday notices on file."""

from __future__ import annotations

from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.matrix import Where, allows, register
from gongkai.kernel.accounts.roles import Role

register("clocks.calendar.view", "查看工作日历", area="期限", everyone=True)
register(
    "clocks.calendar.import",
    "导入节假日安排通知",
    area="期限",
    roles={
        Role.SYSTEM_ADMINISTRATOR: Where.ANY,
        Role.DISCLOSURE_OFFICE: Where.TOP,
        Role.DISCLOSURE_OFFICE_HEAD: Where.TOP,
    },
)


def can_view_calendar(actor: Actor) -> bool:
    """Tell whether the actor may see the working-day calendar in the back office."""
    return allows(actor, "clocks.calendar.view")


def can_import_calendar(actor: Actor) -> bool:
    """Tell whether the actor may put a holiday notice on file, which moves deadlines of the whole installation."""
    return allows(actor, "clocks.calendar.import")
