"""One item of a notice: 「三、清明节：4月4日（周五）至6日（周日）放假，共3天。」 into days off and make-up days."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, timedelta

from gongkai.domain.calendars import SATURDAY, WEEKDAYS
from gongkai.domain.holiday_notice.source import Source
from gongkai.domain.issues import Issue, Severity

NEW_YEAR = ("元旦", "新年")
_DATE = r"(?:(\d{4})年)?(?:(\d{1,2})月)?(\d{1,2})日(?:\(([^()]*)\))?"
_ONE_DATE = re.compile(_DATE)
_RANGE = re.compile(rf"{_DATE}(?:至|-)+{_DATE}")
_EXTENDED = re.compile(r"假期(?:延长)?至")
_RESUMED = re.compile(rf"{_DATE}起(?:正常|照常|恢复)?上班")
_TOTAL = re.compile(r"共(\d{1,2})天")
_DAYS_OFF = re.compile(r"放假(\d{1,2})天")
_SENTENCE = re.compile(r"[^。]+。?")
_WEEKDAY = re.compile(r"(?:星期|周|礼拜)([一二三四五六日天])")
_ADVICE = ("鼓励", "提倡", "建议", "倡导")
_OFF_WORDS = ("放假", "调休", "公休", "补休", "休息")
_BETWEEN = ("、", "和", "及", "以及", "与")
_FAR_AWAY = timedelta(days=31)
_SPAN_LIMIT = timedelta(days=31)


@dataclass(slots=True)
class ItemDays:
    """What one item says; ``issues`` names what in it does not agree."""

    name: str
    off_days: list[date] = field(default_factory=list)
    make_up_days: list[date] = field(default_factory=list)
    resumed_on: date | None = None
    extends: bool = False
    ignored: list[tuple[int, int]] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)


@dataclass(slots=True)
class ItemReader:
    """Reads one item's body, ``source.text[start:end]``, for the notice of ``year``."""

    source: Source
    name: str
    year: int
    days: ItemDays = field(init=False)
    _last: date | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        """Begin with nothing read."""
        self.days = ItemDays(self.name)

    def read(self, start: int, end: int) -> ItemDays:
        """Read the item sentence by sentence."""
        for match in _SENTENCE.finditer(self.source.text, start, end):
            self._sentence(match.start(), match.end())
        if not self.days.off_days:
            self._issue("calendar.notice.item_empty", start, end, text=self.source.text[start:end])
        self._check_distance(start, end)
        return self.days

    def _issue(self, code: str, start: int, end: int, *, severity: Severity = Severity.ERROR, **values: object) -> None:
        told = {"name": self.name, **values}
        self.days.issues.append(Issue(code, self.name, told, severity, self.source.where(start, end)))

    def _sentence(self, start: int, end: int) -> None:
        text = self.source.text[start:end]
        if any(word in text for word in _ADVICE) or not _ONE_DATE.search(text):
            self.days.ignored.append((start, end))
            return
        self._last = None
        begun = len(self.days.off_days)
        joined_weekend = "周末连休" in text
        pending: list[tuple[int, int]] = []
        for low, high in _clauses(text):
            clause = text[low:high]
            at, to = start + low, start + high
            if resumed := _RESUMED.search(clause):
                self.days.resumed_on = self._date(resumed.groups(), at, to)
            elif "上班" in clause:
                for begin, stop in [*pending, (at, to)]:
                    self._make_up(begin, stop)
                pending = []
            elif clause.startswith("其中"):
                self.days.ignored.append((at, to))
            elif any(word in clause for word in _OFF_WORDS) or _EXTENDED.search(clause):
                for begin, stop in [*pending, (at, to)]:
                    self._off(begin, stop)
                pending = []
            elif _ONE_DATE.search(clause):
                pending.append((at, to))
        for begin, stop in pending:
            self._issue("calendar.notice.not_understood", begin, stop, text=self.source.text[begin:stop])
        found = self.days.off_days[begun:]
        self._check_total(text, found, start, end, joined_weekend=joined_weekend)

    def _off(self, start: int, end: int) -> None:
        clause = self.source.text[start:end]
        if extended := _EXTENDED.search(clause):
            self.days.extends = True
            if match := _ONE_DATE.search(clause, extended.end()):
                self._take(self._date(match.groups(), start, end), start, end)
            return
        position = 0
        found = False
        while match := _ONE_DATE.search(clause, position):
            if found and clause[position : match.start()] not in _BETWEEN:
                self._issue("calendar.notice.not_understood", start, end, text=clause)
                return
            found = True
            span = _RANGE.match(clause, match.start())
            first = self._date(match.groups(), start, end)
            if span is None:
                self._take(first, start, end)
                position = match.end()
                continue
            position = span.end()
            last = self._date(span.groups()[4:], start, end)
            if first is None or last is None:
                continue
            if last < first or last - first > _SPAN_LIMIT:
                self._issue("calendar.notice.range", start, end, first=first, last=last)
                continue
            for offset in range((last - first).days + 1):
                self._take(first + timedelta(days=offset), start, end)
        if not found:
            self.days.ignored.append((start, end))

    def _take(self, day: date | None, start: int, end: int) -> None:
        if day is None:
            return
        if day in self.days.off_days:
            self._issue("calendar.notice.day_twice", start, end, day=day)
        else:
            self.days.off_days.append(day)

    def _make_up(self, start: int, end: int) -> None:
        for match in _ONE_DATE.finditer(self.source.text[start:end]):
            day = self._date(match.groups(), start, end)
            if day is None:
                continue
            if day.weekday() < SATURDAY:
                self._issue("calendar.notice.make_up_weekday", start, end, day=day, weekday=WEEKDAYS[day.weekday()])
            if day in self.days.make_up_days:
                self._issue("calendar.notice.day_twice", start, end, day=day)
            else:
                self.days.make_up_days.append(day)

    def _date(self, parts: tuple[str | None, ...], start: int, end: int) -> date | None:
        """Build a date; month and year may be left out where the date before has them."""
        year_text, month_text, day_text, words = parts
        before = self._last
        month = int(month_text) if month_text else before.month if before else 0
        if year_text:
            year = int(year_text)
        elif not month_text and before is not None:
            year = before.year
        elif self.name.startswith(NEW_YEAR) and month == 12:
            year = self.year - 1
        else:
            year = self.year
        written = f"{month_text or (month or '?')}月{day_text}日"
        try:
            day = date(year, month, int(day_text or 0))
        except ValueError:
            self._issue("calendar.notice.no_such_day", start, end, written=written, year=year)
            return None
        if abs(year - self.year) > 1:
            self._issue("calendar.notice.other_year", start, end, day=day, year=self.year)
            return None
        self._last = day
        said = _WEEKDAY.search(words or "")
        if said is None and words and re.search("周|星期|礼拜", words):
            self._issue("calendar.notice.weekday_unread", start, end, day=day, words=words)
        if said is not None:
            expected = "一二三四五六日"[day.weekday()]
            if said[1].replace("天", "日") != expected:
                self._issue("calendar.notice.weekday", start, end, day=day, said=said[0], expected=f"周{expected}")
        return day

    def _check_distance(self, start: int, end: int) -> None:
        """A make-up day may lie weeks away from its holiday, but hardly more than a month."""
        if not self.days.off_days:
            return
        first, last = min(self.days.off_days), max(self.days.off_days)
        for day in self.days.make_up_days:
            if not first - _FAR_AWAY <= day <= last + _FAR_AWAY:
                self._issue("calendar.notice.make_up_far", start, end, severity=Severity.WARNING, day=day)

    def _check_total(self, text: str, found: list[date], start: int, end: int, *, joined_weekend: bool) -> None:
        """共N天 and 放假N天 must be the days read; 与周末连休 must really touch a weekend."""
        stated = _TOTAL.search(text) or _DAYS_OFF.search(text)
        if stated is not None and found:
            counts = {len(found)}
            if joined_weekend:
                counts.add(len(found) + len(_weekend_beside(found)))
            if int(stated[1]) not in counts:
                self._issue("calendar.notice.total", start, end, said=int(stated[1]), counted=len(found))
        if joined_weekend and found and not _weekend_beside(found):
            self._issue("calendar.notice.no_weekend", start, end, severity=Severity.WARNING, day=found[0])


def _weekend_beside(days: list[date]) -> set[date]:
    """The weekend days that touch a stretch of days from outside."""
    beside: set[date] = set()
    for day, step in ((min(days), -1), (max(days), 1)):
        next_day = day + timedelta(days=step)
        while next_day.weekday() >= SATURDAY:
            beside.add(next_day)
            next_day += timedelta(days=step)
    return beside


def _clauses(text: str) -> list[tuple[int, int]]:
    """Cut a sentence at commas outside of brackets."""
    cuts, depth, begun = [], 0, 0
    for index, char in enumerate(text):
        depth += (char == "(") - (char == ")")
        if char in ",。" and depth <= 0:
            cuts.append((begun, index))
            begun = index + 1
    cuts.append((begun, len(text)))
    return [(low, high) for low, high in cuts if high > low]
