"""The items of the sample city as the YAML files in ``items`` tell them; no database is touched.

A body is written in lines: ``## `` and ``### `` head a section, ``- `` is a point, ``| a | b |`` a table row (the first is
its head), ``表：`` before a table its caption, every other line a paragraph. In a series ``{name}`` stands for a fact, and
``|{rows}|`` for table rows parted by ``;`` with cells parted by ``,``. ``{-3}`` is the date three days before the load.
A day is a date, or a number of days before the load.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from html import escape
from importlib import resources
from typing import Any

import yaml

from gongkai.cli.demo.cast import OFFICE_HOURS, UnitFacts, unit_facts
from gongkai.cli.demo.flaws import PHONE, card_number

Block = dict[str, Any]
SIGNED = frozenset(
    [
        "normative",
        "policy",
        "rules",
        "notice",
        "announcement",
        "personnel",
        "plan",
        "emergency_plan",
        "land",
        "answer",
        "project",
        "licence",
        "charges",
        "procurement",
        "recruitment",
        "proposal",
        "guide",
        "warning",
    ]
)
"""Kinds of items that end with the unit's name and the day of writing."""
_NAMES = {"proactive": "此件主动公开", "on_application": "此件依申请公开", "withheld": "此件不予公开"}
_FACT = re.compile(r"\{([a-z_0-9]+)\}")
_DAY = re.compile(r"\{([+-]?\d+)\}")
_ROWS = re.compile(r"^\|\{([a-z]+)\}\|$")


@dataclass(frozen=True)
class Text:
    """One item as it is told: what it says, whose it is, and what happened to it (``story``)."""

    key: str
    unit: str
    kind: str
    title: str
    body: tuple[Block, ...]
    written: date
    issued: date
    issuer: str
    attribute: str = "proactive"
    doc_no: str = ""
    subject: str = ""
    columns: tuple[str, ...] = ()
    joint: tuple[str, ...] = ()
    effective: date | None = None
    expires: date | None = None
    attach: tuple[Mapping[str, Any], ...] = ()
    story: Mapping[str, Any] = field(default_factory=dict)
    second: tuple[Block, ...] = ()
    """The body after its correction; empty where there was none."""

    @property
    def state(self) -> str:
        """Return where the item stands today: a state of work, ``published`` or ``on_file``."""
        found = self.story.get("state")
        return str(found or ("published" if self.attribute == "proactive" else "on_file"))


def chinese(day: date) -> str:
    """Return a day as documents write it."""
    return f"{day.year}年{day.month}月{day.day}日"


def texts(*, today: date) -> list[Text]:
    """Return every item that had been written by ``today``, in the order of the days of issue."""
    units = unit_facts()
    made = [_text(entry, today, units) for entry in _entries(units)]
    return sorted((text for text in made if text.written <= today), key=lambda text: (text.issued, text.key))


def shortened(written: list[Text]) -> list[Text]:
    """Return a part of the items that still shows everything: all desks, each kind of story, every statutory column."""
    told: dict[str, int] = {}
    kept: dict[str, Text] = {}
    named = {str(text.story[name]) for text in written for name in ("amended_by",) if name in text.story}
    for text in written:
        if text.story.get("bundle", "jiuzhu") != "jiuzhu":
            continue
        ended = text.story.get("ended") or {}
        marks = [f"column {name[:3]}" for name in text.columns if name.isascii()] + [f"attribute {text.attribute}"]
        marks += [name for name in ("correction", "lag") if name in text.story]
        marks += [f"ended {ended.get('kind', '')}", f"validity {text.story.get('validity', '')}"]
        always = (
            text.state not in ("published", "on_file")
            or "emergency" in text.story
            or text.story.get("bundle") == "jiuzhu"
        )
        if always or text.key in named or any(mark not in told for mark in marks):
            kept[text.key] = text
            for mark in marks:
                told[mark] = told.get(mark, 0) + 1
    into = {str(text.story["ended"]["into"]) for text in kept.values() if "into" in text.story.get("ended", {})}
    return [text for text in written if text.key in kept or text.key in into]


def _entries(units: Mapping[str, UnitFacts]) -> Iterator[dict[str, Any]]:
    folder = resources.files("gongkai.cli.demo") / "items"
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    for file in sorted(folder.iterdir(), key=lambda one: one.name):
        if not file.name.endswith(".yaml"):
            continue
        data = yaml.load(file.read_text(encoding="utf-8"), Loader=loader)
        for entry in data.get("items") or ():
            yield {**(data.get("defaults") or {}), **entry}
        for series in data.get("series") or ():
            yield from _series(series, units)


def _series(series: Mapping[str, Any], units: Mapping[str, UnitFacts]) -> Iterator[dict[str, Any]]:
    shared = {name: value for name, value in series.items() if name not in ("fields", "facts", "stories")}
    for number, row in enumerate(series["facts"], 1):
        facts = dict(zip(series["fields"], row, strict=True))
        entry = {**shared, **{name: value for name, value in facts.items() if name in _ENTRY}}
        entry["key"] = f"{series['key']}-{number:02d}"
        unit = units[entry["unit"]]
        words = {
            **{name: str(value) for name, value in facts.items()},
            "unit_name": unit.name,
            "address": unit.address,
            "phone": unit.phone,
            "hours": OFFICE_HOURS,
            "head": unit.head,
        }
        entry["title"] = _filled(entry["title"], words)
        entry["body"] = "\n".join(_line(line, words) for line in series["body"].splitlines())
        yield {**entry, **(series.get("stories") or {}).get(number, {})}


_ENTRY = frozenset({"unit", "doc_no", "issued", "columns"})
"""Facts of a series that are fields of the item."""


def _filled(text: str, words: Mapping[str, str]) -> str:
    return _FACT.sub(lambda match: words[match[1]], text)


def _line(line: str, words: Mapping[str, str]) -> str:
    rows = _ROWS.match(line)
    if rows is None:
        return _filled(line, words)
    return "\n".join(f"| {' | '.join(row.split(','))} |" for row in words[rows[1]].split(";"))


def _day(value: Any, today: date) -> date:
    """Return a day; a number counts days before ``today`` back, and a weekend is left for the Friday before."""
    if isinstance(value, date):
        return value
    found = today - timedelta(days=int(value))
    return found - timedelta(days=max(found.weekday() - 4, 0)) if int(value) > 0 else found


def _later(value: Any, today: date) -> date | None:
    if value is None or isinstance(value, date):
        return value
    return today + timedelta(days=int(value))


_HEADER = frozenset(
    [
        "key",
        "unit",
        "kind",
        "title",
        "body",
        "written",
        "issued",
        "issuer",
        "attribute",
        "doc_no",
        "subject",
        "columns",
        "joint",
        "effective",
        "expires",
        "attach",
        "via",
    ]
)


def _text(entry: Mapping[str, Any], today: date, units: Mapping[str, UnitFacts]) -> Text:
    issued = _day(entry["issued"], today)
    written = _day(entry["written"], today) if "written" in entry else issued
    issuer = str(entry.get("issuer") or entry["unit"])
    attribute = str(entry.get("attribute") or "proactive")

    def dated(text: str) -> str:
        text = _DAY.sub(lambda match: chinese(today + timedelta(days=int(match[1]))), text)
        return text.replace("{phone}", PHONE).replace("{card}", card_number())

    lines = dated(str(entry["body"]))
    if entry["kind"] in SIGNED or entry.get("doc_no"):
        lines += f"\n{units[issuer].name}\n{chinese(written)}"
    if entry.get("doc_no"):
        lines += f"\n（{_NAMES[attribute]}）"
    story = {name: value for name, value in entry.items() if name not in _HEADER}
    correction = story.get("correction")
    second = ""
    if correction:
        before, after = correction["replace"]
        assert before in lines, (entry["key"], before)
        second = lines.replace(before, after)
        if "note_in_text" in correction:
            second = f"{correction['note_in_text']}\n{second}"
    return Text(
        key=entry["key"],
        unit=str(entry.get("via") or entry["unit"]),
        kind=entry["kind"],
        title=dated(entry["title"]),
        body=blocks(lines),
        written=written,
        issued=issued,
        issuer=issuer,
        attribute=attribute,
        doc_no=str(entry.get("doc_no") or ""),
        subject=str(entry.get("subject") or ""),
        columns=tuple(entry.get("columns") or ()),
        joint=tuple(entry.get("joint") or ()),
        effective=_later(entry.get("effective"), today),
        expires=_later(entry.get("expires"), today),
        attach=tuple(entry.get("attach") or ()),
        story=story,
        second=blocks(second),
    )


def blocks(source: str) -> tuple[Block, ...]:
    """Return the lines of a body as its blocks, numbered b1, b2, …"""
    made: list[Block] = []
    points: list[str] = []
    rows: list[list[str]] = []
    caption = ""

    def put(kind: str, value: Any) -> None:
        made.append({"id": f"b{len(made) + 1}", "type": kind, "value": value})

    def close() -> None:
        nonlocal caption
        if points:
            put("list", f"<ul>{''.join(f'<li>{escape(point, quote=False)}</li>' for point in points)}</ul>")
            points.clear()
        if rows:
            width = max(len(row) for row in rows)
            head, *others = [row + [""] * (width - len(row)) for row in rows]
            put("table", {"caption": caption, "head": head, "rows": others})
            rows.clear()
            caption = ""

    for raw in source.splitlines():
        line = raw.strip()
        if line.startswith("- "):
            points.append(line[2:])
        elif line.startswith("|"):
            rows.append([cell.strip() for cell in line.strip("|").split("|")])
        elif line.startswith("表："):
            close()
            caption = line.removeprefix("表：")
        elif line:
            close()
            if line.startswith("#"):
                level = len(line) - len(line.lstrip("#"))
                put("heading", {"text": line[level:].strip(), "level": level})
            else:
                put("paragraph", f"<p>{escape(line, quote=False)}</p>")
    close()
    return tuple(made)
