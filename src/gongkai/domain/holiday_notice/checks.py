"""Whether the items of a yearly notice agree with each other and with the law."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from gongkai.domain.calendars import SATURDAY
from gongkai.domain.holiday_notice.items import ItemDays
from gongkai.domain.holiday_notice.model import StatutoryDays
from gongkai.domain.issues import Issue, Severity, Where

_SAME = {"新年": "元旦", "国际劳动节": "劳动节"}


def festivals_of(name: str) -> tuple[str, ...]:
    """The festivals an item speaks of: 「国庆节、中秋节」 is two."""
    return tuple(_SAME.get(part, part) for part in name.split("、") if part)


def check_year(items: Sequence[tuple[ItemDays, Where]], statutory: StatutoryDays | None, year: int) -> Iterator[Issue]:
    """Yield what does not agree: festivals missing, doubled or unknown, days both off and made up, days out of balance."""
    yield from _check_overlap(items)
    if statutory is None:
        yield Issue("calendar.notice.no_statutory_days", None, {"year": year})
        return
    seen: set[str] = set()
    for item, where in items:
        for festival in festivals_of(item.name):
            if festival not in statutory.festivals:
                known = "、".join(statutory.festivals)
                yield Issue(
                    "calendar.notice.festival_unknown", item.name, {"name": festival, "known": known}, where=where
                )
            elif festival in seen:
                yield Issue("calendar.notice.festival_twice", item.name, {"name": festival}, where=where)
            else:
                yield from _check_fixed(item, where, festival, statutory, year)
            seen.add(festival)
    missing = [name for name in statutory.festivals if name not in seen]
    if missing:
        yield Issue("calendar.notice.festival_missing", None, {"missing": "、".join(missing)}, basis=statutory.basis)
    else:
        yield from _check_balance(items, statutory)


def _check_fixed(item: ItemDays, where: Where, festival: str, statutory: StatutoryDays, year: int) -> Iterator[Issue]:
    for month, day in statutory.fixed.get(festival, ()):
        if date(year, month, day) not in item.off_days:
            values = {"name": item.name, "day": date(year, month, day)}
            yield Issue("calendar.notice.fixed_day_missing", item.name, values, where=where, basis=statutory.basis)


def _check_overlap(items: Sequence[tuple[ItemDays, Where]]) -> Iterator[Issue]:
    off: dict[date, str] = {}
    for item, where in items:
        for day in item.off_days:
            if day in off:
                values = {"day": day, "name": item.name, "other": off[day]}
                yield Issue("calendar.notice.day_in_two_items", item.name, values, where=where)
            off[day] = item.name
    made_up: dict[date, str] = {}
    for item, where in items:
        for day in item.make_up_days:
            if day in off:
                values = {"day": day, "name": item.name, "other": off[day]}
                yield Issue("calendar.notice.off_and_make_up", item.name, values, where=where)
            if day in made_up:
                values = {"day": day, "name": item.name, "other": made_up[day]}
                yield Issue("calendar.notice.day_in_two_items", item.name, values, where=where)
            made_up[day] = item.name


def _net(item: ItemDays) -> tuple[int, int]:
    return sum(day.weekday() < SATURDAY for day in item.off_days), len(item.make_up_days)


def _check_balance(items: Sequence[tuple[ItemDays, Where]], statutory: StatutoryDays) -> Iterator[Issue]:
    """Weekdays off less make-up days are the days the law grants; when not, each item that is off is named too."""
    off = sum(_net(item)[0] for item, _ in items)
    made_up = sum(_net(item)[1] for item, _ in items)
    if off - made_up == statutory.total:
        return
    values = {"off": off, "made_up": made_up, "net": off - made_up, "expected": statutory.total}
    yield Issue("calendar.notice.balance", None, values, basis=statutory.basis)
    for item, where in items:
        item_off, item_made_up = _net(item)
        expected = sum(statutory.festivals[name] for name in festivals_of(item.name) if name in statutory.festivals)
        if item_off - item_made_up != expected:
            told = {
                "name": item.name,
                "off": item_off,
                "made_up": item_made_up,
                "net": item_off - item_made_up,
                "expected": expected,
            }
            yield Issue("calendar.notice.item_balance", item.name, told, Severity.NOTICE, where, statutory.basis)
