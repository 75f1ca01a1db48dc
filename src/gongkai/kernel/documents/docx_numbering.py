"""The automatic numbers that Word shows in front of list paragraphs, computed as Word does."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from gongkai.kernel.documents.names import qn
from gongkai.kernel.documents.numerals import ordinal

_LEVEL = re.compile(r"%([1-9])")
_PRIVATE = re.compile(r"[\ue000-\uf8ff]")


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list definition: number format, text with ``%1`` places, first number, what restarts it."""

    form: str
    text: str
    start: int = 1
    restart: int | None = None
    legal: bool = False
    width: int = 0
    style: str | None = None


@dataclass
class Numbering:
    """The list definitions of a document and the counters while it is read from top to bottom."""

    lists: dict[str, dict[int, Level]] = field(default_factory=dict)
    """Levels by abstract list."""
    abstract_of: dict[str, str] = field(default_factory=dict)
    """Abstract list by list number (``w:numId``)."""
    overrides: dict[str, dict[int, Level]] = field(default_factory=dict)
    starts: dict[str, dict[int, int]] = field(default_factory=dict)
    counters: dict[str, list[int | None]] = field(default_factory=dict)
    begun: set[str] = field(default_factory=set)

    @classmethod
    def read(cls, root: Any, style_lists: dict[str, str]) -> Numbering:
        """Read the numbering part's root element; ``style_lists`` maps numbering styles to list numbers."""
        numbering = cls()
        if root is None:
            return numbering
        links: dict[str, str] = {}
        for abstract in root.iterchildren(qn("w:abstractNum")):
            key = abstract.get(qn("w:abstractNumId"), "")
            levels = (_level(e) for e in abstract.iterchildren(qn("w:lvl")))
            numbering.lists[key] = {index: level for index, level in levels if index is not None}
            link = abstract.find(qn("w:numStyleLink"))
            if link is not None:
                links[key] = link.get(qn("w:val"), "")
        for num in root.iterchildren(qn("w:num")):
            number = num.get(qn("w:numId"), "")
            reference = num.find(qn("w:abstractNumId"))
            numbering.abstract_of[number] = reference.get(qn("w:val"), "") if reference is not None else ""
            numbering._read_overrides(num, number)
        for number, key in list(numbering.abstract_of.items()):
            target = style_lists.get(links.get(key, ""))
            if target in numbering.abstract_of and target != number:
                numbering.abstract_of[number] = numbering.abstract_of[target]
        return numbering

    def _read_overrides(self, num: Any, number: str) -> None:
        for override in num.iterchildren(qn("w:lvlOverride")):
            at = _integer(override.get(qn("w:ilvl")))
            start = override.find(qn("w:startOverride"))
            if at is None:
                continue
            if start is not None and (value := _integer(start.get(qn("w:val")))) is not None:
                self.starts.setdefault(number, {})[at] = value
            whole = override.find(qn("w:lvl"))
            if whole is not None:
                self.overrides.setdefault(number, {})[at] = _level(whole)[1]

    def level_of_style(self, number: str, style: str) -> int | None:
        """Return the level of a list that is tied to a paragraph style."""
        levels = self.lists.get(self.abstract_of.get(number, ""), {})
        return next((index for index, level in levels.items() if level.style == style), None)

    def label(self, number: str, at: int) -> str:
        """Count one paragraph of list ``number`` at level ``at`` (from 0) and return what Word shows before it."""
        key = self.abstract_of.get(number)
        if key is None or not 0 <= at <= 8:
            return ""
        counts = self.counters.setdefault(key, [None] * 9)
        if number not in self.begun:
            self.begun.add(number)
            for index in self.starts.get(number, {}):
                counts[index] = None
        current = counts[at]
        counts[at] = self._start(number, key, at) if current is None else current + 1
        for deeper in range(at + 1, 9):
            level = self._level(number, key, deeper)
            restart = level.restart if level else None
            if restart is None or (restart > 0 and at < restart):
                counts[deeper] = None
        shown = self._level(number, key, at)
        return self._write(number, key, shown, counts) if shown else ""

    def _write(self, number: str, key: str, shown: Level, counts: list[int | None]) -> str:
        if shown.form == "bullet":
            return _PRIVATE.sub("•", shown.text).strip()

        def one(match: re.Match[str]) -> str:
            index = int(match.group(1)) - 1
            level = self._level(number, key, index)
            value = counts[index]
            value = self._start(number, key, index) if value is None else value
            form = level.form if level else "decimal"
            if shown.legal and form != "none":
                form = "decimal"
            return ordinal(value, form).zfill(level.width if level and form == "decimal" else 0)

        return _LEVEL.sub(one, shown.text).strip()

    def _level(self, number: str, key: str, at: int) -> Level | None:
        return self.overrides.get(number, {}).get(at) or self.lists.get(key, {}).get(at)

    def _start(self, number: str, key: str, at: int) -> int:
        level = self._level(number, key, at)
        return self.starts.get(number, {}).get(at, level.start if level else 1)


def _level(element: Any) -> tuple[int | None, Level]:
    def value(tag: str) -> str | None:
        found = next(element.iter(qn(tag)), None)
        return found.get(qn("w:val")) if found is not None else None

    form, width = value("w:numFmt") or "decimal", 0
    if form == "custom":
        # Word writes "001, 002, 003, ..." here; the length of the first number is the width.
        found = next(element.iter(qn("w:numFmt")))
        first = (found.get(qn("w:format")) or "").split(",")[0].strip()
        form, width = "decimal", len(first) if first.isdecimal() and len(first) < 12 else 0
    legal = element.find(qn("w:isLgl"))
    start = _integer(value("w:start"))
    return _integer(element.get(qn("w:ilvl"))), Level(
        form=form,
        text=value("w:lvlText") or "",
        start=0 if start is None else start,
        restart=_integer(value("w:lvlRestart")),
        legal=legal is not None and legal.get(qn("w:val"), "1") not in {"0", "false", "off"},
        width=width,
        style=value("w:pStyle"),
    )


def _integer(text: str | None) -> int | None:
    if text is None or not text.isascii() or not text.isdecimal() or len(text) > 9:
        return None
    return int(text)
