"""The facets beside the results: by what they can be narrowed, with how many each would leave."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

import tantivy

from gongkai.domain.items.validity import Validity
from gongkai.features.disclosure.selectors.directory import ColumnView, column_get, column_tree
from gongkai.features.disclosure.selectors.search_feed import unit_names
from gongkai.portal.search.asking import Filters, narrowed
from gongkai.portal.search.schema import FACETS, NO_VALIDITY
from gongkai.rulebook.disclosure import disclosure_rules

LABELS = {
    "kind": "信息种类",
    "unit": "发布单位",
    "column": "栏目",
    "subject": "主题分类",
    "year": "年份",
    "validity": "有效性",
}
MOST = 200
TOTAL = "found"
FEW = 8
"""Values shown at once; the others are behind a fold."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A value by which results can be narrowed; ``depth`` is how far it lies below the first level."""

    code: str
    label: str
    count: int
    chosen: bool = False
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Facet:
    """One facet with its values; ``more`` are those that are seldom."""

    name: str
    label: str
    choices: tuple[Choice, ...]
    more: tuple[Choice, ...] = ()

    @property
    def chosen(self) -> Choice | None:
        """Return the value by which results are narrowed, if there is one."""
        return next((one for one in (*self.choices, *self.more) if one.chosen), None)


@dataclass(frozen=True, slots=True)
class Tally:
    """How many are found, and the facets with their counts; both come from one pass over what is found."""

    total: int
    facets: tuple[Facet, ...]


def tally_of(
    searcher: tantivy.Searcher, schema: tantivy.Schema, found: tantivy.Query, filters: Filters, hidden: Collection[int]
) -> Tally:
    """Return what is found, counted. The values of a facet are counted as if it was not chosen, to change over."""
    total, counted = _counts(searcher, narrowed(schema, found, filters, hidden), FACETS)
    for name in filters.active:
        counted |= _counts(searcher, narrowed(schema, found, filters.without(name), hidden), (name,))[1]
    made = []
    for name in FACETS:
        choices = _CHOICES[name](counted[name], filters.chosen.get(name, ""))
        if len(choices) > 1 or any(one.chosen for one in choices):
            most = FEW if not any(one.chosen for one in choices[FEW:]) else len(choices)
            made.append(Facet(name, LABELS[name], tuple(choices[:most]), tuple(choices[most:])))
    return Tally(total, tuple(made))


def filter_words(filters: Filters) -> tuple[str, ...]:
    """Return in words what a search is narrowed by (栏目：财政预算); a code that has no name any more stands for itself."""
    return tuple(f"{LABELS[name]}：{_name_of(name, filters.chosen[name])}" for name in filters.active)


def _name_of(name: str, code: str) -> str:
    if name == "column":
        column = column_get(code=code)
        return column.name if column is not None else code
    if name == "validity" and code == NO_VALIDITY:
        return "不涉及"
    return next((one.label for one in _CHOICES[name]({}, code) if one.code == code), code)


def _counts(
    searcher: tantivy.Searcher, query: tantivy.Query, names: Collection[str]
) -> tuple[int, dict[str, Mapping[str, int]]]:
    asked: dict[str, Any] = {name: {"terms": {"field": name, "size": MOST}} for name in names}
    answered = searcher.aggregate(query, {TOTAL: {"value_count": {"field": "publication_id"}}, **asked})
    counted = {name: {one["key"]: one["doc_count"] for one in answered[name]["buckets"]} for name in names}
    return int(answered[TOTAL]["value"]), counted


def _named(counts: Mapping[str, int], chosen: str, names: Mapping[str, str]) -> list[Choice]:
    """The values that have a name, the most frequent first; a chosen one is there with none, too."""
    codes = [code for code in counts if code in names]
    codes += [chosen] if chosen in names and chosen not in counts else []
    made = [Choice(code, names[code], counts.get(code, 0), code == chosen) for code in codes]
    return sorted(made, key=lambda one: (-one.count, one.label))


def _kinds(counts: Mapping[str, int], chosen: str) -> list[Choice]:
    return _named(counts, chosen, {code: kind.name for code, kind in disclosure_rules().kinds.items()})


def _units(counts: Mapping[str, int], chosen: str) -> list[Choice]:
    return _named(counts, chosen, unit_names(unit_ids={int(code) for code in (*counts, chosen) if code.isdecimal()}))


def _subjects(counts: Mapping[str, int], chosen: str) -> list[Choice]:
    subjects = disclosure_rules().subjects
    return _named(
        counts, chosen, {code: one.name for code, one in subjects.items() if not one.parent or code == chosen}
    )


def _years(counts: Mapping[str, int], chosen: str) -> list[Choice]:
    years = {*counts, *([chosen] if chosen.isascii() and chosen.isdigit() and len(chosen) == 4 else [])}
    return [Choice(year, f"{year}年", counts.get(year, 0), year == chosen) for year in sorted(years, reverse=True)]


def _validities(counts: Mapping[str, int], chosen: str) -> list[Choice]:
    names = {one.value: one.label for one in Validity}
    found = _named(counts, chosen, names)
    if not found:
        return []
    return [*found, *_named(counts, chosen, {NO_VALIDITY: "不涉及"})]


def _columns(counts: Mapping[str, int], chosen: str) -> list[Choice]:
    """The columns on the first level, and below the chosen one those on its way and its children."""
    made: list[Choice] = []

    def walk(columns: tuple[ColumnView, ...], depth: int) -> None:
        for column in columns:
            if counts.get(column.code) or column.code == chosen:
                made.append(Choice(column.code, column.name, counts.get(column.code, 0), column.code == chosen, depth))
                if _leads_to(column, chosen):
                    walk(column.children, depth + 1)

    walk(column_tree(), 0)
    return made


def _leads_to(column: ColumnView, code: str) -> bool:
    return column.code == code or any(_leads_to(child, code) for child in column.children)


_CHOICES: dict[str, Callable[[Mapping[str, int], str], list[Choice]]] = {
    "kind": _kinds,
    "unit": _units,
    "column": _columns,
    "subject": _subjects,
    "year": _years,
    "validity": _validities,
}
