"""Reading rule files and calendar files: everything that is wrong with them is told at once, with file and key.

Shipped rules live in ``data/<layer>/*.yaml`` beside this module. An office may keep a folder of its own in the same
shape and give its path; a rule there stands in place of the shipped one of the same layer, but never in place of law:
what is ``statutory`` in the nation's layer cannot be replaced, and no lower layer can loosen what stands above it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

import yaml

from gongkai.domain.calendars import Calendar, Holiday, YearCalendar
from gongkai.domain.issues import Issue
from gongkai.rulebook.checks import check_rules
from gongkai.rulebook.parsing import FileReader
from gongkai.rulebook.schema import LAYER_PATTERN, NATION, Kind, Rule

Rules = dict[tuple[str, str], Rule]
NOT_RULES = frozenset({"content"})
"""Folders of an office's own that hold other data than rules: the lexicons of the content check."""
_Loader: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class RulebookInvalid(ValueError):
    """Rule files that cannot be used; ``issues`` names every fault."""

    def __init__(self, issues: Sequence[Issue]) -> None:
        self.issues = tuple(issues)
        super().__init__("; ".join(f"{i.values.get('file')}: {i.code} {i.field or ''}".strip() for i in self.issues))


def load_rules(extra: Sequence[Path] = ()) -> Rules:
    """Read the shipped rules and then each extra folder; return them by (layer, id).

    Raises RulebookInvalid with every fault of every file.
    """
    issues: list[Issue] = []
    rules: Rules = dict(_shipped_rules()) if extra else {}
    if not extra:
        _read_folder(resources.files("gongkai.rulebook") / "data", "", rules, issues)
    shipped = dict(rules)
    for folder in extra:
        if not folder.is_dir():
            issues.append(Issue("rulebook.folder.missing", None, {"file": str(folder)}))
            continue
        own: Rules = {}
        _read_folder(folder, folder.name + "/", own, issues)
        for key, rule in own.items():
            old = shipped.get(key)
            if rule.layer == NATION and old is not None and old.kind is Kind.STATUTORY:
                issues.append(Issue("rulebook.rule.protected", rule.id, {"file": rule.source, "id": rule.id}))
            else:
                rules[key] = rule
    issues.extend(check_rules(rules))
    if issues:
        raise RulebookInvalid(issues)
    return rules


@cache
def _shipped_rules() -> Rules:
    return load_rules()


def _read_folder(root: Traversable, prefix: str, rules: Rules, issues: list[Issue]) -> None:
    """Read every layer folder below ``root``."""
    for folder in sorted(root.iterdir(), key=lambda entry: entry.name):
        if not folder.is_dir() or folder.name.startswith(("_", ".")):
            continue
        name = f"{prefix}{folder.name}"
        if not LAYER_PATTERN.fullmatch(folder.name):
            if not prefix or folder.name in NOT_RULES:
                continue  # the shipped folder also holds data that are no rules
            issues.append(Issue("rulebook.layer.name", folder.name, {"file": name, "layer": folder.name}))
            continue
        for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
            if entry.name.endswith((".yaml", ".yml")):
                _read_file(entry, f"{name}/{entry.name}", folder.name, rules, issues)


def _read_file(entry: Traversable, source: str, layer: str, rules: Rules, issues: list[Issue]) -> None:
    try:
        content = yaml.load(entry.read_text(encoding="utf-8"), Loader=_Loader)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f"第{mark.line + 1}行" if mark is not None else "文件"
        issues.append(Issue("rulebook.file.unreadable", None, {"file": source, "where": where}))
        return
    reader = FileReader(source, layer)
    for rule in reader.read(content):
        key = (rule.layer, rule.id)
        if key in rules:
            values = {"file": source, "id": rule.id, "other": rules[key].source}
            issues.append(Issue("rulebook.rule.twice", rule.id, values))
        else:
            rules[key] = rule
    issues.extend(reader.issues)


@cache
def calendar_shipped() -> Calendar:
    """Return the calendar of the years whose notices ship with the program."""
    return Calendar(tuple(_calendar_years(resources.files("gongkai.rulebook") / "calendars")))


def _calendar_years(folder: Traversable) -> Iterator[YearCalendar]:
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.name.endswith(".yaml"):
            yield year_from_data(yaml.load(entry.read_text(encoding="utf-8"), Loader=_Loader))


def year_from_data(data: dict[str, object]) -> YearCalendar:
    """Build a year from the form of ``calendars/YYYY.yaml``; also how an imported year is stored as JSON.

    Raises KeyError, TypeError or ValueError when the form is not kept.
    """
    items = data["holidays"]
    if not isinstance(items, list):
        raise TypeError("holidays must be a list")
    holidays = []
    for item in items:
        if "days" in item:
            off = tuple(_day(day) for day in item["days"])
        else:
            first, last = _day(item["from"]), _day(item["to"])
            off = tuple(first + timedelta(days=offset) for offset in range((last - first).days + 1))
        holidays.append(Holiday(str(item["name"]), off, tuple(_day(day) for day in item.get("make_up", ()))))
    issued = data.get("notice_date")
    amended = data.get("amended_by") or ()
    return YearCalendar(
        year=int(str(data["year"])),
        notice_no=str(data.get("notice_no") or ""),
        notice_date=None if issued is None else _day(issued),
        holidays=tuple(holidays),
        amended_by=tuple(str(number) for number in amended) if isinstance(amended, list | tuple) else (),
    )


def year_to_data(year: YearCalendar) -> dict[str, object]:
    """Return a year in the form that ``year_from_data`` reads, with dates as ISO text (ready for JSON)."""
    return {
        "year": year.year,
        "notice_no": year.notice_no,
        "notice_date": None if year.notice_date is None else year.notice_date.isoformat(),
        "amended_by": list(year.amended_by),
        "holidays": [
            {
                "name": holiday.name,
                "days": [day.isoformat() for day in holiday.off_days],
                "make_up": [day.isoformat() for day in holiday.make_up_days],
            }
            for holiday in year.holidays
        ],
    }


def _day(value: object) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value))
