"""Clocks: a rule and dated facts go in, a reading with its whole explanation comes out.

``read_clock`` implements the counting of 政府信息公开条例 arts. 30, 32-34 and 民法典 arts. 201-203: the day of receipt
does not count, a supplement starts the period anew, consultations stand still, an extension adds, and nothing is ever
subtracted in place. What each fact does (start, restart, pause, resume, extend, stop) is declared in the rule, not here.
"""

from gongkai.domain.deadlines.model import (
    ClockDay,
    ClockRule,
    Direction,
    Effect,
    Fact,
    FactRule,
    PauseLimit,
    State,
    Step,
    Unit,
)
from gongkai.domain.deadlines.reading import Reading, read_clock

__all__ = [
    "ClockDay",
    "ClockRule",
    "Direction",
    "Effect",
    "Fact",
    "FactRule",
    "PauseLimit",
    "Reading",
    "State",
    "Step",
    "Unit",
    "read_clock",
]
