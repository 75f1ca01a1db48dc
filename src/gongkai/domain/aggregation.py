"""Aggregation risk (汇聚风险): items that are harmless one by one and tell too much about a person together.

Persons are found where they stand as private persons: in table columns headed with 姓名 or 户主, and after labels such
as 当事人. Officials named in running text are not looked for. Names that are masked already (张**) tell nobody apart and
are left out, and so are two persons of one name not told apart: the report asks a person to look.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

_BLANKS = re.compile(r"[\s（）()：:·•]+")
_TAIL = 60
"""Characters after a labelled name in which its data are looked for; a sentence of a decision is about that long."""


@dataclass(frozen=True, slots=True)
class Category:
    """A kind of data about a person. ``words`` head its columns and label it in text; ``grave`` ones weigh more."""

    code: str
    label: str
    words: tuple[str, ...]
    grave: bool = False


@dataclass(frozen=True)
class AggregationRules:
    """What is looked for, and from when on a person is reported; see ``rulebook/data/content/aggregation.yaml``."""

    name_headers: tuple[str, ...]
    name_labels: tuple[str, ...]
    categories: tuple[Category, ...]
    surnames: frozenset[str]
    compound: tuple[str, ...]
    least_items: int
    least_categories: int
    least_mentions: int


@dataclass(frozen=True, slots=True)
class Mention:
    """A person named in one text or table: the kinds of data that stand beside the name, and where."""

    name: str
    categories: frozenset[str]
    place: str


@dataclass(frozen=True, slots=True)
class Risk:
    """A person whom several public items name. ``by_item`` holds the kinds of data that each item tells.

    ``together`` are all kinds; ``added`` those that the richest single item does not tell: what only the heap tells.
    """

    name: str
    by_item: Mapping[int, frozenset[str]]
    together: frozenset[str]
    added: frozenset[str]
    grave: bool


def looks_like_name(text: str, rules: AggregationRules) -> bool:
    """Tell whether ``text`` is a Chinese personal name, unmasked: a surname and one or two more characters."""
    if not re.fullmatch(r"[\u4e00-\u9fff]{2,4}", text) or text.endswith("某"):
        return False
    if text[1:] in {"某某", "某甲", "某乙"}:
        return False
    if text.startswith(rules.compound):
        return len(text) >= 3
    return text[0] in rules.surnames and len(text) <= 3


def mentions_in_table(rows: Sequence[Sequence[str]], rules: AggregationRules, *, place: str) -> list[Mention]:
    """Return the persons of a table. Its head is the first row with a column of names; what stands above is caption."""
    for at, row in enumerate(rows):
        plain = [_BLANKS.sub("", cell) for cell in row]
        column = next((n for n, cell in enumerate(plain) if cell in rules.name_headers), None)
        if column is None:
            continue
        headed = {n: code for n, cell in enumerate(plain) if n != column and (code := _category(cell, rules))}
        return [
            Mention(name, frozenset(code for n, code in headed.items() if _filled(line, n)), place)
            for line in rows[at + 1 :]
            if column < len(line) and looks_like_name(name := _BLANKS.sub("", line[column]), rules)
        ]
    return []


def mentions_in_text(text: str, rules: AggregationRules, *, place: str) -> list[Mention]:
    """Return the persons named after a label (当事人：张三), with the kinds of data labelled soon after."""
    labels = "|".join(sorted(map(re.escape, rules.name_labels), key=len, reverse=True))
    found = []
    for match in re.finditer(rf"(?:{labels})[:：\s]*([\u4e00-\u9fff]{{2,4}})", text):
        name = next((match[1][:n] for n in (4, 3, 2) if _stands_alone(text, match, n, rules)), "")
        if not name:
            continue
        after = text[match.end() : match.end() + _TAIL].split("\n\n", 1)[0]
        codes = frozenset(c.code for c in rules.categories if any(word in after for word in c.words))
        found.append(Mention(name, codes, place))
    return found


def merged(mentions: Iterable[Mention]) -> dict[str, tuple[frozenset[str], tuple[str, ...]]]:
    """Return by name the kinds of data that one item tells of a person, and the places, each once in order."""
    kinds: dict[str, set[str]] = defaultdict(set)
    places: dict[str, dict[str, None]] = defaultdict(dict)
    for mention in mentions:
        kinds[mention.name] |= mention.categories
        places[mention.name][mention.place] = None
    return {name: (frozenset(kinds[name]), tuple(places[name])) for name in kinds}


def find_risks(told: Mapping[str, Mapping[int, frozenset[str]]], rules: AggregationRules) -> list[Risk]:
    """Return who is reported, gravest first. ``told`` has by name and item the kinds of data that the item tells.

    A person is reported when at least ``least_items`` items name them and together tell ``least_categories`` kinds of
    which one is not in the richest item, or when ``least_mentions`` items name them at all.
    """
    grave = {category.code for category in rules.categories if category.grave}
    risks = []
    for name, by_item in told.items():
        if len(by_item) < rules.least_items:
            continue
        together = frozenset().union(*by_item.values())
        richest = max(by_item.values(), key=len)
        added = together - richest
        heaped = len(together) >= rules.least_categories and bool(added)
        if heaped or len(by_item) >= rules.least_mentions:
            risks.append(Risk(name, dict(by_item), together, added, bool(together & grave) and bool(added)))
    return sorted(risks, key=lambda r: (not r.grave, -len(r.added), -len(r.by_item), r.name))


def _category(header: str, rules: AggregationRules) -> str:
    return next((c.code for c in rules.categories if any(word in header for word in c.words)), "")


def _filled(line: Sequence[str], column: int) -> bool:
    return column < len(line) and bool(line[column].strip(" -—/无"))


def _stands_alone(text: str, match: re.Match[str], length: int, rules: AggregationRules) -> bool:
    """Tell whether the first ``length`` characters are a name that ends there: a word of three may be cut from a longer."""
    if length > len(match[1]) or not looks_like_name(match[1][:length], rules):
        return False
    end = match.start(1) + length
    return end >= len(text) or not "\u4e00" <= text[end] <= "\u9fff"
