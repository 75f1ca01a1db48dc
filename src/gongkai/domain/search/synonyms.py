"""Words that mean the same: 公积金 and 住房公积金. A group works both ways."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from gongkai.domain.issues import Issue, Where
from gongkai.domain.search.cutting import fold

SHORTEST, LONGEST, MOST_IN_GROUP = 2, 30, 12
_SPLIT = re.compile(r"[=＝,，、;；\t|]+")


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a query: one text, or several that mean the same (what was typed comes first)."""

    texts: tuple[str, ...]

    @property
    def plain(self) -> bool:
        """Tell whether nothing else means the same."""
        return len(self.texts) == 1


class SynonymBook:
    """Groups of words that mean the same; a word that stands in several groups belongs to all of them together."""

    def __init__(self, groups: Iterable[Sequence[str]]) -> None:
        """Take the groups; words shorter than two characters are left out."""
        known: dict[str, dict[str, None]] = {}
        for group in groups:
            words = [word for word in dict.fromkeys(fold(one).strip() for one in group) if len(word) >= SHORTEST]
            for word in words:
                known.setdefault(word, {}).update(dict.fromkeys(words))
        self._others = {word: tuple(other for other in group if other != word) for word, group in known.items()}
        longest_first = sorted(self._others, key=lambda word: (-len(word), word))
        self._found = re.compile("|".join(map(re.escape, longest_first))) if longest_first else None

    def __len__(self) -> int:
        """Count the words that have another."""
        return len(self._others)

    def others(self, word: str) -> tuple[str, ...]:
        """Return the words that mean the same as ``word``, without itself."""
        return self._others.get(fold(word), ())

    def segments(self, word: str) -> Iterator[Segment]:
        """Yield the pieces of a word of a query in order: what has synonyms, and what stands between."""
        text = fold(word)
        if self._found is None:
            yield Segment((text,))
            return
        at = 0
        for match in self._found.finditer(text):
            if match.start() > at:
                yield Segment((text[at : match.start()],))
            yield Segment((match.group(), *self._others[match.group()]))
            at = match.end()
        if at < len(text):
            yield Segment((text[at:],))


def read_groups(rows: Iterable[tuple[int, Sequence[str]]]) -> tuple[list[tuple[str, ...]], list[Issue]]:
    """Read a list of groups, a group a row, its words in cells or parted by 、, ；, = or a tab.

    ``rows`` are (number of the row, cells). Returns the groups that can be used, and what is wrong with the others.
    """
    groups: list[tuple[str, ...]] = []
    issues: list[Issue] = []
    for number, cells in rows:
        words = [word.strip() for cell in cells for word in _SPLIT.split(cell) if word.strip()]
        if not words or words[0].startswith("#"):
            continue
        found = group_issues(words, line=number)
        if found:
            issues += found
        else:
            groups.append(tuple(dict.fromkeys(words)))
    return groups, issues


def group_issues(words: Sequence[str], *, line: int | None = None) -> list[Issue]:
    """Return everything that is wrong with one group of words."""
    where = Where(line, line) if line is not None else None
    found = []
    if len({fold(word) for word in words}) < 2:
        found.append(Issue("search.synonyms.too_few", "words", where=where))
    if len(words) > MOST_IN_GROUP:
        found.append(Issue("search.synonyms.too_many", "words", {"most": MOST_IN_GROUP}, where=where))
    for word in words:
        if not SHORTEST <= len(word) <= LONGEST:
            values = {"word": word[:LONGEST], "shortest": SHORTEST, "longest": LONGEST}
            found.append(Issue("search.synonyms.length", "words", values, where=where))
    return found
