"""Saved searches that tell by mail what is new: how often, and when the next look is due."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from enum import StrEnum

from gongkai.domain.publishing.moments import BEIJING

MORNING = time(8, 0)
"""When daily and weekly mails are made, in Beijing time."""
MONDAY = 0
PAUSE = timedelta(minutes=10)
"""The shortest time between two mails to somebody who wants to know at once: what comes meanwhile goes into one."""


class Frequency(StrEnum):
    """How often somebody is told; the words say it to a reader."""

    AT_ONCE = "at_once"
    DAILY = "daily"
    WEEKLY = "weekly"

    @property
    def label(self) -> str:
        """Return the words for a reader."""
        return {"at_once": "有新的就通知", "daily": "每天一次", "weekly": "每周一次"}[self.value]

    @property
    def hint(self) -> str:
        """Return when the mails come."""
        return {
            "at_once": f"两封邮件至少相隔 {PAUSE.seconds // 60} 分钟",
            "daily": f"早上 {MORNING.hour} 点，没有新的就不发",
            "weekly": f"星期一早上 {MORNING.hour} 点，没有新的就不发",
        }[self.value]


def next_look(frequency: Frequency, *, after: datetime, told: bool = False) -> datetime:
    """Return when to look again after a look at ``after``; ``told``: a mail was made by that look.

    Daily and weekly looks are the first such moment that lies later than ``after``, however long nobody looked.
    """
    if frequency is Frequency.AT_ONCE:
        return after + PAUSE if told else after
    here = after.astimezone(BEIJING)
    moment = datetime.combine(here.date(), MORNING, tzinfo=BEIJING)
    if frequency is Frequency.WEEKLY:
        moment += timedelta(days=(MONDAY - here.weekday()) % 7)
    while moment <= after:
        moment += timedelta(days=7 if frequency is Frequency.WEEKLY else 1)
    return moment
