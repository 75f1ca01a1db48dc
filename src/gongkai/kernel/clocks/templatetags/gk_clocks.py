"""``{% gk_due_badge %}``: a deadline that explains itself, for staff pages and public ones alike."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import template
from django.template.context import Context

from gongkai.domain.calendars import Calendar
from gongkai.domain.deadlines import Reading
from gongkai.domain.issues import Basis
from gongkai.kernel.clocks.badge import NEAR_WORKING_DAYS, badge_of_day, badge_of_reading
from gongkai.kernel.clocks.selectors import calendar_current

register = template.Library()


@register.inclusion_tag("clocks/due_badge.html", takes_context=True)
def gk_due_badge(
    context: Context,
    *,
    due_on: date | None = None,
    standing: bool = False,
    done: bool = False,
    reading: Reading | None = None,
    today: date | None = None,
    near: int = NEAR_WORKING_DAYS,
    trace: Sequence[str] = (),
    basis: Sequence[Basis] = (),
) -> dict[str, Any]:
    """Show a due day, or the reading of a clock, as a light with words and an explanation that opens.

    Give ``reading`` (made with a ``today``), or ``due_on`` with ``today`` (taken from the page's context when left
    out). ``standing`` marks a duty without end, ``done`` what is finished; ``near`` is when the light turns yellow, in
    working days. ``trace`` (sentences) and ``basis`` explain a plain due day. The calendar is asked for once a page.
    """
    if reading is not None:
        return {"badge": badge_of_reading(reading, near=near), "trace": None, "basis": None}
    day = today or context.get("today")
    if not isinstance(day, date):
        raise template.TemplateSyntaxError("gk_due_badge needs today=, or a page with today in its context")
    badge = badge_of_day(due_on, today=day, calendar=_calendar(context), standing=standing, done=done, near=near)
    return {"badge": badge, "trace": trace, "basis": basis}


def _calendar(context: Context) -> Calendar:
    """Return the calendar, remembered for the rendering of this page: a list of fifty rows asks once."""
    memory = context.render_context
    for layer in reversed(memory.dicts):
        if "gk_calendar" in layer:
            return layer["gk_calendar"]
    calendar = calendar_current()
    memory.dicts[0]["gk_calendar"] = calendar
    return calendar
