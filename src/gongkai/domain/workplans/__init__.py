"""Reading a yearly plan as issued: its tasks, who leads, who does them, and by when.

``read_plan(document)`` is pure: a ``gongkai.domain.document.Document`` in, a frozen ``Plan`` out. Whatever could not be
understood is an issue with its line; nothing is dropped in silence. See ``docs/domain/plan-reading.md``.
"""

from gongkai.domain.workplans.as_dict import plan_as_dict
from gongkai.domain.workplans.model import Due, FramePart, Kind, Period, Periodic, Plan, ScheduleEntry, Task
from gongkai.domain.workplans.plan import read_plan

__all__ = [
    "Due",
    "FramePart",
    "Kind",
    "Period",
    "Periodic",
    "Plan",
    "ScheduleEntry",
    "Task",
    "plan_as_dict",
    "read_plan",
]
