"""From the text of a notice to a year, or to a change of one."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from gongkai.domain.calendars import Holiday, YearCalendar
from gongkai.domain.holiday_notice.checks import check_year, festivals_of
from gongkai.domain.holiday_notice.items import ItemDays, ItemReader
from gongkai.domain.holiday_notice.model import Amendment, Change, NoticeKind, NoticeReading, StatutoryDays, Understood
from gongkai.domain.holiday_notice.source import Source, clean
from gongkai.domain.issues import Issue, Severity, Where, has_errors

FESTIVALS = ("元旦", "新年", "春节", "清明节", "劳动节", "端午节", "中秋节", "国庆节")
_TITLE = re.compile(r"国务院办公厅关于(\d{4})年部分节假日安排的通知")
_LOOSE_TITLE = re.compile(r"关于(\d{4})年(?:部分)?节假日(?:放假)?安排")
_AMENDING_TITLE = re.compile(r"关于(?:(?!通知)[^。:]){0,40}?(?:调整|延长|调休放假)(?:(?!通知)[^。:]){0,30}?通知")
_DOC_NO = re.compile(r"国办发(?:明电)?[〔(](\d{4})[〕)](?:第)?(\d{1,3})号")
_NUMBER = r"(?:[一二三四五六七八九十]{1,3}、|\d{1,2}[.、]|[(][一二三四五六七八九十]{1,3}[)])"
_NAMES = rf"(?:国际)?(?:{'|'.join(FESTIVALS)})"
_HEAD = re.compile(rf"(?:{_NUMBER}([^:。,()\d]{{2,20}})|((?:{_NAMES}、)*{_NAMES})):")
_CLOSING = re.compile(r"节假日期间|国务院办公厅(?:\d{4}年\d{1,2}月\d{1,2}日)|请各地区|各地区、各部门要")
_SIGNED = re.compile(r"国务院办公厅(\d{4})年(\d{1,2})月(\d{1,2})日")
_HEAD_DATE = re.compile(r"[(](\d{4})年(\d{1,2})月(\d{1,2})日[)]")
_FESTIVAL = re.compile("|".join((*FESTIVALS, r"[^。,、:()\d]{2,24}?纪念日")))
_YEAR = re.compile(r"(\d{4})年")


@dataclass(slots=True)
class _Found:
    """What is collected on the way."""

    source: Source
    understood: list[Understood] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)

    def note(self, kind: str, start: int, end: int, item: ItemDays | None = None) -> None:
        where = self.source.where(start, end)
        text = self.source.text[start:end]
        if item is None:
            self.understood.append(Understood(where.line_from, where.line_to, text, kind))
            return
        days = (tuple(sorted(item.off_days)), tuple(sorted(item.make_up_days)), item.resumed_on)
        self.understood.append(Understood(where.line_from, where.line_to, text, kind, item.name, *days))


def read_item(text: str, *, name: str, year: int) -> ItemDays:
    """Read the body of one item by itself, for the notice of ``year``."""
    source = clean(text)
    return ItemReader(source, name, year).read(0, len(source.text))


def read_notice(raw: str, *, statutory_days: Callable[[int], StatutoryDays | None]) -> NoticeReading:
    """Read a notice. ``statutory_days`` gives the festivals of a year and their days.

    Never raises for the text: what is wrong stands in ``issues``, all at once, with its lines; the year is given only
    when no issue is an error.
    """
    source = clean(raw)
    found = _Found(source)
    text = source.text
    amending = _AMENDING_TITLE.search(text)
    title = _TITLE.search(text) or _LOOSE_TITLE.search(text)
    doc_no = _DOC_NO.search(text)
    notice_no = (
        f"国办发明电〔{doc_no[1]}〕{doc_no[2]}号" if doc_no and "明电" in doc_no[0] else doc_no[0] if doc_no else ""
    )
    issued = _issued_on(text)
    if doc_no is not None:
        found.note("doc_no", doc_no.start(), doc_no.end())
    if amending is not None and (title is None or amending.start() <= title.start()):
        found.note("title", amending.start(), amending.end())
        return _read_amending(found, amending, notice_no, issued)
    if title is None:
        if "假期" in text and "延长" in text and _YEAR.search(text):
            return _read_amending(found, None, notice_no, issued)
        issue = Issue("calendar.notice.no_title", None, {}, where=source.where(0, len(text)))
        return NoticeReading(NoticeKind.UNKNOWN, None, notice_no, issued, None, None, (), (issue,))
    found.note("title", title.start(), title.end())
    year = int(title[1])
    items = _read_items(found, title.end(), year)
    _check_frame(found, doc_no, issued, year)
    if not items:
        found.issues.append(Issue("calendar.notice.no_items", None, {"year": year}))
    else:
        found.issues.extend(check_year(items, statutory_days(year), year))
    calendar = None
    if not has_errors(found.issues):
        holidays = tuple(_holiday(item) for item, _ in items)
        calendar = YearCalendar(year, notice_no, issued, holidays)
    return _result(found, NoticeKind.ANNUAL, year, notice_no, issued, calendar=calendar)


def _result(
    found: _Found,
    kind: NoticeKind,
    year: int | None,
    notice_no: str,
    issued: date | None,
    *,
    calendar: YearCalendar | None = None,
    amendment: Amendment | None = None,
) -> NoticeReading:
    understood = tuple(sorted(found.understood, key=lambda line: line.line_from))
    return NoticeReading(kind, year, notice_no, issued, calendar, amendment, understood, tuple(found.issues))


def _holiday(item: ItemDays) -> Holiday:
    return Holiday(item.name, tuple(sorted(item.off_days)), tuple(sorted(item.make_up_days)))


def _issued_on(text: str) -> date | None:
    """The day under the signature, or the bracketed one under the title."""
    for pattern in (_SIGNED, _HEAD_DATE):
        for match in reversed(list(pattern.finditer(text))):
            try:
                return date(int(match[1]), int(match[2]), int(match[3]))
            except ValueError:
                continue
    return None


def _check_frame(found: _Found, doc_no: re.Match[str] | None, issued: date | None, year: int) -> None:
    """Number and date of the notice: their absence is a warning, not a refusal."""
    if doc_no is None:
        found.issues.append(Issue("calendar.notice.no_number", None, {"year": year}, Severity.WARNING))
    elif int(doc_no[1]) not in (year - 1, year):
        where = found.source.where(doc_no.start(), doc_no.end())
        values = {"number": doc_no[0], "year": year, "expected": year - 1}
        found.issues.append(Issue("calendar.notice.number_year", None, values, Severity.WARNING, where))
    if issued is None:
        found.issues.append(Issue("calendar.notice.no_date", None, {"year": year}, Severity.WARNING))


def _read_items(found: _Found, start: int, year: int) -> list[tuple[ItemDays, Where]]:
    """Read every numbered item after the title, up to the closing paragraph."""
    text, source = found.source.text, found.source
    heads = list(_HEAD.finditer(text, start))
    if not heads:
        return []
    closing = _CLOSING.search(text, heads[-1].end())
    end_of_items = closing.start() if closing else len(text)
    if heads[0].start() > start:
        found.note("ignored", start, heads[0].start())
    items = []
    for index, head in enumerate(heads):
        end = heads[index + 1].start() if index + 1 < len(heads) else end_of_items
        item = ItemReader(source, head[1] or head[2], year).read(head.end(), end)
        found.issues.extend(item.issues)
        found.note("item", head.start(), end, item)
        for low, high in item.ignored:
            found.note("ignored", low, high)
        items.append((item, source.where(head.start(), end)))
    if end_of_items < len(text):
        found.note("ignored", end_of_items, len(text))
    return items


def _read_amending(found: _Found, title: re.Match[str] | None, notice_no: str, issued: date | None) -> NoticeReading:
    """Read a notice that moves or extends a holiday already announced."""
    text, source = found.source.text, found.source
    start = title.end() if title else 0
    body_start = text.find(":", start) + 1 or start  # behind the addressees
    years = [int(match[1]) for match in _YEAR.finditer(text, title.start() if title else 0)]
    signed = _SIGNED.search(text, start)
    closing = _CLOSING.search(text, body_start)
    end = min([m.start() for m in (signed, closing) if m] or [len(text)])
    year = next(iter(years), None) or (issued.year if issued else None)
    if year is None:
        found.issues.append(Issue("calendar.notice.no_year", None, {}))
        return _result(found, NoticeKind.AMENDING, None, notice_no, issued)
    changes: list[Change] = []
    heads = list(_HEAD.finditer(text, body_start, end))
    if heads:
        spans = [
            (head[1] or head[2], head.end(), heads[i + 1].start() if i + 1 < len(heads) else end)
            for i, head in enumerate(heads)
        ]
    else:
        named = _FESTIVAL.search(text, title.start() if title else 0)
        spans = [(named[0] if named else "", body_start, end)]
    for name, low, high in spans:
        item = ItemReader(source, _plain_name(name), year).read(low, high)
        found.issues.extend(item.issues)
        found.note("item", low, high, item)
        if not name:
            where = source.where(low, high)
            found.issues.append(
                Issue("calendar.notice.no_festival", None, {"known": "、".join(FESTIVALS)}, where=where)
            )
        off, made_up = tuple(sorted(item.off_days)), tuple(sorted(item.make_up_days))
        mode = "extend" if item.extends else "replace"
        changes.append(Change(_plain_name(name), mode, off, made_up, item.resumed_on))
    amendment = None
    if not has_errors(found.issues):
        amendment = Amendment(year, notice_no, issued, tuple(changes))
    return _result(found, NoticeKind.AMENDING, year, notice_no, issued, amendment=amendment)


def _plain_name(name: str) -> str:
    return _YEAR.sub("", name).removesuffix("假期")


def amend_year(
    year: YearCalendar, amendment: Amendment, *, statutory: StatutoryDays | None = None
) -> tuple[YearCalendar | None, tuple[Issue, ...]]:
    """Apply an amending notice to a year; the result remembers its number.

    An extension takes off every day from the end of the festival to the new end and cancels make-up days inside it;
    a replacement puts new days in place of the festival's; an unknown festival is added (a day of remembrance granted
    for one year). Days that no longer balance give a warning only: an extension is a grant beyond the law's days.
    """
    if amendment.year != year.year:
        values = {"year": amendment.year, "other": year.year}
        return None, (Issue("calendar.notice.amends_other_year", None, values),)
    holidays = list(year.holidays)
    issues: list[Issue] = []
    for change in amendment.changes:
        index = next((i for i, h in enumerate(holidays) if change.name in festivals_of(h.name)), None)
        if change.mode == "extend":
            if index is None:
                issues.append(Issue("calendar.notice.extends_unknown", change.name, {"name": change.name}))
                continue
            holidays[index] = _extended(holidays[index], change)
        elif index is None:
            holidays.append(Holiday(change.name, change.off_days, change.make_up_days))
        else:
            holidays[index] = Holiday(holidays[index].name, change.off_days, change.make_up_days)
    if issues:
        return None, tuple(issues)
    off = {day for holiday in holidays for day in holiday.off_days}
    holidays = [Holiday(h.name, h.off_days, tuple(d for d in h.make_up_days if d not in off)) for h in holidays]
    changed = YearCalendar(
        year.year, year.notice_no, year.notice_date, tuple(holidays), (*year.amended_by, amendment.notice_no)
    )
    return changed, tuple(_balance_warning(changed, statutory))


def _extended(holiday: Holiday, change: Change) -> Holiday:
    last = max(change.off_days)
    day = max(holiday.off_days) + timedelta(days=1)
    added = []
    while day <= last:
        added.append(day)
        day += timedelta(days=1)
    return Holiday(holiday.name, (*holiday.off_days, *added), (*holiday.make_up_days, *change.make_up_days))


def _balance_warning(year: YearCalendar, statutory: StatutoryDays | None) -> Sequence[Issue]:
    if statutory is None:
        return ()
    off = sum(day.weekday() < 5 for day in year.off_days)
    made_up = len(year.make_up_days)
    if off - made_up == statutory.total:
        return ()
    values = {"off": off, "made_up": made_up, "net": off - made_up, "expected": statutory.total}
    return (Issue("calendar.notice.balance_amended", None, values, Severity.WARNING, basis=statutory.basis),)
