"""Reading the values of a case file: days, numbers, words of closed lists; every fault with what was expected."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TypeVar

from gongkai.domain.foi.dispositions import Disposition, DispositionRules
from gongkai.domain.foi.replay.results import ROWS, bare, named_result, no_result
from gongkai.domain.foi.replay.script import Remark
from gongkai.domain.foi.replay.source import Node, problem, read_date
from gongkai.domain.foi.replay.vocabulary import FALSE_WORDS, TRUE_WORDS, close_to, find, normal
from gongkai.domain.issues import Issue

Word = TypeVar("Word", bound=StrEnum)


@dataclass(slots=True)
class Values:
    """Collects the faults of one file while its values are read."""

    results: DispositionRules
    problems: list[Issue] = field(default_factory=list)

    def fault(self, code: str, line: int, key: str = "", **values: object) -> None:
        """Record a fault."""
        self.problems.append(problem(code, line, key or None, key=key, **values))

    def day(self, node: Node, key: str) -> date | None:
        """A day."""
        found = read_date(node.text) if node.text else None
        if found is None:
            self.fault("foi.replay.date", node.line, key, text=node.shape)
        return found

    def number(self, node: Node, key: str, least: int = 1) -> int | None:
        """A whole number, with or without 个工作日 or 天 behind it."""
        text = (node.text or "").rstrip("个工作日天元")
        if not text.isdecimal() or len(text) > 9 or int(text) < least:
            self.fault("foi.replay.number", node.line, key, text=node.shape, least=least)
            return None
        return int(text)

    def words(self, node: Node, key: str) -> str:
        """A text on one line."""
        if node.text is None:
            self.fault("foi.replay.text", node.line, key, text=node.shape)
            return ""
        return node.text

    def several(self, node: Node, key: str) -> tuple[str, ...]:
        """One text or a list of texts."""
        if node.items is not None:
            return tuple(self.words(one, key) for one in node.items)
        return (self.words(node, key),) if node.text else ()

    def flag(self, node: Node, key: str) -> bool | None:
        """Yes or no."""
        word = normal(node.text or "")
        if word in TRUE_WORDS:
            return True
        if word in FALSE_WORDS:
            return False
        self.fault("foi.replay.flag", node.line, key, text=node.shape)
        return None

    def choice(self, node: Node, key: str, words: Mapping[Word, tuple[str, ...]]) -> Word | None:
        """One of a closed list, under any of its names."""
        by_name = {str(name): others for name, others in words.items()}
        found = find(by_name, node.text or "")
        if found is None:
            known = "、".join(f"{name}（{others[0]}）" for name, others in by_name.items())
            close = self.close(by_name, node.text or "")
            self.fault("foi.replay.choice", node.line, key, text=node.shape, close=close, known=known)
            return None
        return next(name for name in words if str(name) == found)

    def close(self, words: Mapping[str, tuple[str, ...]], text: str) -> str:
        """A question after what looks like a word, or nothing."""
        alike = close_to(words, text)
        return f"是不是：{'、'.join(alike)}？" if alike else ""

    def disposition(self, node: Node, key: str, remarks: list[Remark]) -> str:
        """A result by its code, its title, a part of it that is clear, or the row of the annual report."""
        text = self.words(node, key)
        if not text:
            return ""
        known = list(self.results.dispositions.values())
        wanted = {normal(text), named_result(text)}
        found = [one for one in known if one.title == text] or [one for one in known if one.code in wanted]
        if not found:
            found = self._alike(known, text)
        why = no_result(text)
        if not found and why is not None:
            self.fault("foi.replay.no_result", node.line, key, text=text, why=why)
            return ""
        if not found:
            codes: dict[str, tuple[str, ...]] = {one.code: (one.title,) for one in known}
            listed = "；".join(f"{one.code} {one.title}" for one in known)
            self.fault("foi.replay.disposition", node.line, key, text=text, close=self.close(codes, text), known=listed)
            return ""
        if len({one.annual_row for one in found}) > 1:
            listed = "；".join(f"{one.code} {one.title}" for one in found)
            self.fault("foi.replay.disposition_unclear", node.line, key, text=text, known=listed)
            return ""
        if len(found) > 1:
            values = {"text": text, "taken": f"{found[0].code} {found[0].title}"}
            remarks.append(Remark("foi.replay.disposition_taken", node.line, values))
        return found[0].code

    @staticmethod
    def _alike(known: list[Disposition], text: str) -> list[Disposition]:
        part = bare(text)
        row = ROWS.get(part, normal(text))
        found = [one for one in known if one.annual_row == row]
        return found or [one for one in known if len(part) >= 2 and part in bare(one.title)]

    def known_grounds(self, node: Node, key: str) -> tuple[str, ...]:
        """Codes of grounds of the closed list."""
        found = []
        for code in self.several(node, key):
            if code in self.results.grounds:
                found.append(code)
            else:
                names: dict[str, tuple[str, ...]] = dict.fromkeys(self.results.grounds, ())
                listed = "、".join(self.results.grounds)
                close = self.close(names, code)
                self.fault("foi.replay.choice", node.line, key, text=f"“{code}”", close=close, known=listed)
        return tuple(found)
