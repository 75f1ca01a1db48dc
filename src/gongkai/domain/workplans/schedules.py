"""Timetables: 7月下旬 becomes a span of days; stages of a plan become entries too."""

from __future__ import annotations

import re
from datetime import date

from gongkai.domain.issues import Issue, Severity, Where
from gongkai.domain.workplans.characters import chinese_number, squeeze, tidy
from gongkai.domain.workplans.due_phrases import PlanYear, month_end, points
from gongkai.domain.workplans.model import ScheduleEntry

_WEEK = re.compile(r"(?:(?P<year>20\d{2})年)?(?P<month>1[0-2]|[1-9])月第?(?P<week>[一二三四五1-5])个?(?:周|星期)")
_STAGE_SPAN = re.compile(r"[（〔](?P<when>[^（）〔〕]{2,40})[）〕]")


def read_span(text: str, plan_year: PlanYear) -> tuple[date | None, date | None]:
    """Return the first and the last day that a phrase names; None where it names none."""
    squeezed = squeeze(text)[0]
    week = _WEEK.search(squeezed)
    if week:
        year = int(week["year"]) if week["year"] else plan_year.year
        if year is None:
            return None, None
        month, number = int(week["month"]), chinese_number(week["week"]) or 1
        last = month_end(year, month)
        if number * 7 - 6 > last.day:
            return None, None
        return date(year, month, number * 7 - 6), date(year, month, min(number * 7, last.day))
    found = points(squeezed, plan_year, numeric=True)
    dated = [p for p in found if p.last is not None]
    if not dated:
        return None, None
    first = dated[0].first
    if dated[0].doubt == "strictly_before" or (len(dated) == 1 and squeezed.endswith("前")):
        first = None
    return first, dated[-1].last


def entry(
    when: str, units: tuple[str, ...], source: Where, plan_year: PlanYear, *, text: str = "", annex: str = ""
) -> tuple[ScheduleEntry, list[Issue]]:
    """Return one entry and what could not be understood of its time."""
    starts_on, ends_on = read_span(when, plan_year)
    issues = []
    if ends_on is None:
        code = "plan.due.no_year" if plan_year.year is None else "plan.schedule.unclear"
        issues.append(Issue(code, "schedule", {"phrase": tidy(when)}, Severity.WARNING, source))
    return ScheduleEntry(tidy(when), starts_on, ends_on, units, source, text, annex), issues


def stage_time(title: str, plan_year: PlanYear) -> str:
    """Return the time in brackets of a stage's heading (动员部署阶段（3月—4月）), or an empty string."""
    for found in _STAGE_SPAN.finditer(squeeze(title)[0]):
        if read_span(found["when"], plan_year)[1] is not None:
            return found["when"]
    return ""


_TIMED = re.compile(r"(?P<when>[^：，。；]{2,24})\s*：\s*(?P<text>\S.*)", re.S)


def timed_line(text: str) -> tuple[str, str] | None:
    """Return time and matter of a line such as 9月上旬：走进水厂, or None."""
    found = _TIMED.fullmatch(text.strip().replace(":", "："))
    if not found:
        return None
    squeezed = squeeze(found["when"])[0]
    dated = points(squeezed, PlanYear(2000), numeric=True)
    rest = squeezed
    for point in reversed(dated):
        rest = rest[: point.start] + rest[point.end :]
    if not dated or re.sub("[至到、和起前后份左右（）〔〕第一二三四五周-]", "", rest):
        return None
    return found["when"].strip(), found["text"].strip()


def leading_time(text: str) -> str:
    """Return the time that a sentence begins with (2024年4月至9月，…), or an empty string."""
    head = re.split("[，。：；,:]", text.strip(), maxsplit=1)[0]
    squeezed = squeeze(head)[0]
    dated = points(squeezed, PlanYear(2000), numeric=False)
    rest = squeezed
    for point in reversed(dated):
        rest = rest[: point.start] + rest[point.end :]
    return head.strip() if dated and len(rest) <= 2 else ""
