"""Names of leading officials in a text: misspelt, with a title of another day, or in the wrong order.

The table of names is the office's own; none ships. Nothing here is certain: a finding asks a person to look.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from gongkai.domain.wording.finding import Finding, Grade, around, without_overlaps

_FORMER = re.compile("(?:原|前|时任|历任|曾任|拟任|拟提名为?|免去.{0,12}的?|任命.{0,12}为)$")
_BETWEEN = re.compile("[^。；;！？!?\n]{0,40}")
_AFTER_SHORT = re.compile(
    "(?:[，,、。；;：:！!？?（）()《》〈〉“”\\s]|$|主持|出席|指出|强调|讲话|表示|率|带|在|到|听|参加|作|代表|宣布|"
    "要求|会见|调研|同志|和|与|及|为|对|任|一行|陪同|深入|前往|主任|等)"
)
_HAN = re.compile("[\u4e00-\u9fff]+")


@dataclass(frozen=True, slots=True)
class Leader:
    """One person in one post: ``order`` counts from 1, the first comes first; dates inclusive, None without end.

    ``misspellings`` are names that are always wrong. Raises ValueError when name or title are missing.
    """

    name: str
    title: str
    order: int = 0
    from_on: date | None = None
    until_on: date | None = None
    misspellings: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if len(self.name.strip()) < 2 or not self.title.strip():
            raise ValueError("a leader has a name of two characters or more, and a title")

    def holds_on(self, day: date) -> bool:
        """Tell whether the person holds the post on a day."""
        return (self.from_on is None or self.from_on <= day) and (self.until_on is None or day <= self.until_on)


class LeaderTable:
    """The table, ready to be searched for; ``day`` is the date of the text, by whose posts titles are judged."""

    def __init__(self, leaders: Iterable[Leader], *, day: date) -> None:
        self.leaders = tuple(leaders)
        self.day = day
        self._names = frozenset(leader.name for leader in self.leaders)
        self._wrong = {wrong: leader.name for leader in self.leaders for wrong in leader.misspellings if wrong}
        self._holders: dict[str, frozenset[str]] = {}
        for leader in self.leaders:
            self._holders[leader.title] = self._holders.get(leader.title, frozenset()) | {leader.name}
        held = [leader for leader in self.leaders if leader.holds_on(day)]
        self._titles = {n: tuple(le.title for le in held if le.name == n) for n in self._names}
        self._order = {n: min((le.order for le in held if le.name == n and le.order), default=0) for n in self._names}
        self._any_name = _any_of({*self._names, *self._wrong})
        self._any_title = _any_of(self._holders)

    def on_day(self, day: date) -> LeaderTable:
        """Return the same table for a text of another date."""
        return self if day == self.day else LeaderTable(self.leaders, day=day)

    def find(self, text: str) -> list[Finding]:
        """Return what wants a look, sorted by position, none overlapping another."""
        if not self.leaders:
            return []
        found = [*self._misspelt(text), *self._nearly(text), *self._wrong_titles(text), *self._disorder(text)]
        return without_overlaps(found)

    def _misspelt(self, text: str) -> Iterable[Finding]:
        for match in self._any_name.finditer(text):
            right = self._wrong.get(match.group())
            if right is not None and match.group() not in self._names:
                yield _finding("content.leader.misspelt", Grade.L1, text, match.start(), match.end(), right)

    def _nearly(self, text: str) -> Iterable[Finding]:
        """Names one character off beside the title that their bearer holds."""
        for match in self._any_title.finditer(text):
            if text[max(0, match.start() - 1) : match.start()] == "副":
                continue  # a deputy is somebody else
            for name in self._holders[match.group()]:
                size = len(name)
                for start in (match.end(), match.start() - size):
                    if start < 0 or start + size > len(text):
                        continue
                    written = text[start : start + size]
                    if written in self._names or written in self._wrong or not _HAN.fullmatch(written):
                        continue
                    if sum(a != b for a, b in zip(written, name, strict=True)) != 1:
                        continue
                    # Two characters meet by chance (市长张贴…): the surname and what follows have to be those of a name.
                    if size == 2 and (written[0] != name[0] or not _AFTER_SHORT.match(text, start + size)):
                        continue
                    yield _finding("content.leader.misspelt", Grade.L1, text, start, start + size, name)

    def _wrong_titles(self, text: str) -> Iterable[Finding]:
        for match in self._any_name.finditer(text):
            name = match.group()
            if name not in self._names:
                continue
            start, title = self._title_before(text, match.start())
            end = match.end()
            if title is None:
                behind = self._any_title.match(text, match.end())
                if behind is None or len(name) + len(behind.group()) > 30:
                    continue
                start, end, title = match.start(), behind.end(), behind.group()
            if _FORMER.search(text[max(0, start - 14) : start]) or title in self._titles[name]:
                continue
            right = "、".join(self._titles[name])
            yield _finding(
                "content.leader.title", Grade.L2, text, start, end, f"{right}{name}" if right else "", remark=name
            )

    def _title_before(self, text: str, at: int) -> tuple[int, str | None]:
        """Return where the title right before a name begins, and the title; the longest that ends there."""
        before = text[max(0, at - 30) : at]
        best = max((t for t in self._holders if before.endswith(t)), key=len, default=None)
        if best is None or before.endswith("副" + best):
            return at, None
        return at - len(best), best

    def _disorder(self, text: str) -> Iterable[Finding]:
        """Leaders named one after another in one sentence, a later one before an earlier one."""
        last: re.Match[str] | None = None
        for match in self._any_name.finditer(text):
            if not self._order.get(match.group()):
                continue
            if last is not None and match.group() != last.group():
                between = text[last.end() : match.start()]
                listed = "、" in between or "和" in between
                if listed and _BETWEEN.fullmatch(between) and self._order[match.group()] < self._order[last.group()]:
                    yield _finding(
                        "content.leader.order", Grade.L3, text, match.start(), match.end(), "", remark=last.group()
                    )
            last = match


def _finding(code: str, grade: Grade, text: str, start: int, end: int, right: str, *, remark: str = "") -> Finding:
    wrong = text[start:end]
    return Finding(
        code=code,
        grade=grade,
        start=start,
        end=end,
        text=wrong,
        shown=wrong,
        rule=f"leader:{right or remark}",
        replacement=right,
        context=around(text, start, end),
        remark=remark,
        category="职务称谓",
    )


def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    """Return a pattern that finds the longest of the words at each place; one that finds nothing when there is none."""
    ranked = sorted({word for word in words if word}, key=lambda word: (-len(word), word))
    return re.compile("|".join(map(re.escape, ranked)) if ranked else r"(?!)")
