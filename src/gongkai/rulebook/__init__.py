"""Law as data: dated provisions with their citation, working-day calendars, and the texts of messages.

``value("foi.reply", on=…, layer=…)`` says which value held on a day in a place, and on what basis;
``clock_rule(…)`` gives the same rule as a clock for ``gongkai.domain.deadlines.read_clock``.
"""

from gongkai.rulebook.holidays import statutory_days
from gongkai.rulebook.loader import RulebookInvalid, calendar_shipped
from gongkai.rulebook.lookup import NotInForce, Rulebook, UnknownRule, Value, clock_rule, shipped, value

__all__ = [
    "NotInForce",
    "Rulebook",
    "RulebookInvalid",
    "UnknownRule",
    "Value",
    "calendar_shipped",
    "clock_rule",
    "shipped",
    "statutory_days",
    "value",
]
