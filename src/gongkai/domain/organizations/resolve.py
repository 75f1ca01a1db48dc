"""Finding the unit that a phrase names on a date: exact, alias, former name, abbreviation; else candidates to choose from.

Nothing is guessed: only one clear match in the speaking government's own house resolves; the rest is offered.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from gongkai.domain.organizations.groups import GroupGrammar, GroupRule, read_group
from gongkai.domain.organizations.kinds import TERRITORIAL, UnitKind
from gongkai.domain.organizations.names import LEVELS, NameTable, cores_of, loosen, name_key, place_forms, place_of


@dataclass(frozen=True, slots=True)
class DatedName:
    """A name and the days on which it held, both inclusive; None is open."""

    text: str
    from_on: date | None = None
    until_on: date | None = None

    def holds(self, on: date) -> bool:
        """Tell whether the name held on the day."""
        return (self.from_on is None or self.from_on <= on) and (self.until_on is None or on <= self.until_on)

    def past(self, on: date) -> bool:
        """Tell whether the name was given up before the day."""
        return self.until_on is not None and self.until_on < on


@dataclass(frozen=True, slots=True)
class NamedUnit:
    """A unit as the directory knows it. ``dissolved_on`` is the first day on which it no longer exists.

    ``successors`` are the units that took over when it was merged or split.
    """

    id: int
    kind: str
    parent_id: int | None
    names: tuple[DatedName, ...]
    aliases: tuple[DatedName, ...] = ()
    founded_on: date | None = None
    dissolved_on: date | None = None
    successors: tuple[int, ...] = ()
    division_code: str = ""

    def exists(self, on: date) -> bool:
        """Tell whether the unit exists on the day."""
        return (self.founded_on is None or self.founded_on <= on) and (
            self.dissolved_on is None or on < self.dissolved_on
        )

    def name(self, on: date) -> str:
        """Return the official name on the day, or the nearest one known."""
        for name in self.names:
            if name.holds(on):
                return name.text
        return self.names[-1].text


class Match(StrEnum):
    """How a phrase matched, best first."""

    EXACT = "exact"
    ALIAS = "alias"
    HISTORIC = "historic"
    ABBREVIATION = "abbreviation"
    SIMILAR = "similar"


SCORES: dict[Match, float] = {
    Match.EXACT: 1.0,
    Match.ALIAS: 0.95,
    Match.HISTORIC: 0.85,
    Match.ABBREVIATION: 0.8,
    Match.SIMILAR: 0.7,
}
# Below this likeness (shared pairs of characters) a unit is not worth offering.
_LEAST_LIKENESS = 0.34
_OFFERED = 6


@dataclass(frozen=True, slots=True)
class Candidate:
    """A unit that may be meant; ``score`` runs from 0 to 1."""

    unit_id: int
    score: float
    match: Match


class Found(StrEnum):
    """What a phrase turned out to be."""

    UNIT = "unit"
    GROUP = "group"
    AMBIGUOUS = "ambiguous"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Resolved:
    """The answer for one phrase. ``rule`` and ``home_id`` (the speaking government) are set for a group."""

    phrase: str
    found: Found
    unit_id: int | None = None
    match: Match | None = None
    candidates: tuple[Candidate, ...] = ()
    rule: GroupRule | None = None
    home_id: int | None = None


@dataclass(frozen=True, slots=True)
class _Entry:
    unit_id: int
    match: Match
    home_id: int | None
    # 市发改委 as an alias is said inside its own government only.
    relative: bool = False


@dataclass(slots=True)
class Directory:
    """All names of all units as of one date, indexed at the first ``resolve``, which then costs a few look-ups."""

    units: Iterable[NamedUnit]
    table: NameTable
    grammar: GroupGrammar
    on: date
    by_id: dict[int, NamedUnit] = field(init=False, default_factory=dict)
    _whole: dict[str, list[_Entry]] = field(init=False, default_factory=dict)
    _parts: dict[str, list[_Entry]] = field(init=False, default_factory=dict)
    _places: dict[str, set[int]] = field(init=False, default_factory=dict)
    _pairs: list[tuple[_Entry, frozenset[str]]] = field(init=False, default_factory=list)
    _indexed: bool = field(init=False, default=False)

    def __post_init__(self) -> None:
        self.by_id = {unit.id: unit for unit in self.units}

    def _ensure_index(self) -> None:
        """Index the names at the first question about one: who belongs to a group is told without."""
        if self._indexed:
            return
        self._indexed = True
        for unit in self.by_id.values():
            if unit.kind == UnitKind.GOVERNMENT:
                for form in self._own_places(unit):
                    self._places.setdefault(form, set()).add(unit.id)
        for unit in self.by_id.values():
            self._index(unit)

    def governments(self, unit_id: int) -> tuple[int, ...]:
        """Return the governments at and above a unit, nearest first."""
        found: list[int] = []
        seen: set[int] = set()
        unit = self.by_id.get(unit_id)
        while unit is not None and unit.id not in seen:
            seen.add(unit.id)
            if unit.kind == UnitKind.GOVERNMENT:
                found.append(unit.id)
            unit = self.by_id.get(unit.parent_id) if unit.parent_id is not None else None
        return tuple(found)

    def root_id(self) -> int | None:
        """Return the government at the top, or None when there is not exactly one."""
        roots = [u.id for u in self.by_id.values() if u.parent_id is None and u.kind == UnitKind.GOVERNMENT]
        alive = [root for root in roots if self.by_id[root].exists(self.on)]
        return alive[0] if len(alive) == 1 else roots[0] if len(roots) == 1 else None

    def level(self, home_id: int | None) -> str:
        """Return the character that stands for the government (市 for 龙南市人民政府), or an empty string."""
        if home_id is None or home_id not in self.by_id:
            return ""
        last = place_of(self.by_id[home_id].name(self.on))[-1:]
        return last if last in LEVELS else ""

    def _own_places(self, unit: NamedUnit) -> set[str]:
        return {form for name in unit.names for form in place_forms(place_of(name.text)) if len(form) >= 2}

    def _index(self, unit: NamedUnit) -> None:
        governments = self.governments(unit.id)
        home = governments[0] if governments else None
        places = {form for gov in governments for form in self._own_places(self.by_id[gov])}
        level = self.level(home)
        named = [(n, Match.EXACT if n.holds(self.on) else Match.HISTORIC) for n in unit.names]
        named += [(n, Match.ALIAS if n.holds(self.on) else Match.HISTORIC) for n in unit.aliases]
        if unit.kind == UnitKind.GOVERNMENT:
            named += [(DatedName(place_of(n.text), n.from_on, n.until_on), m) for n, m in tuple(named)]
        pairs: set[str] = set()
        for name, match in named:
            if match is Match.HISTORIC and not name.past(self.on):
                continue  # a name still to come says nothing yet
            relative = match is Match.ALIAS and bool(level) and name_key(name.text)[:1] == level
            self._add(self._whole, name_key(name.text), _Entry(unit.id, match, home, relative))
            weak = Match.HISTORIC if match is Match.HISTORIC else Match.ABBREVIATION
            for core in cores_of(name.text, places):
                for meaning in self.table.meanings(core):
                    self._add(self._parts, meaning, _Entry(unit.id, weak, home))
                    pairs |= _pairs_of(meaning)
        self._pairs.append((_Entry(unit.id, Match.SIMILAR, home), frozenset(pairs)))

    @staticmethod
    def _add(index: dict[str, list[_Entry]], key: str, entry: _Entry) -> None:
        entries = index.setdefault(key, [])
        if entry not in entries:
            entries.append(entry)

    def resolve(self, phrase: str, *, home_id: int | None = None) -> Resolved:
        """Find what ``phrase`` names, spoken by the government ``home_id`` (default: the one at the top)."""
        self._ensure_index()
        home = home_id if home_id is not None else self.root_id()
        key = name_key(phrase)
        if not key:
            return Resolved(phrase, Found.UNKNOWN)
        sure, offered = self._matches(key, home)
        if not sure and (main := key.partition("(")) and main[1] and main[2].endswith(")"):
            # 市委宣传部（市委网信办）: one office, two nameplates; both must not point at different units.
            first, more = self._matches(main[0], home)
            second, _ = self._matches(main[2][:-1], home)
            sure, offered = first | second, offered | more
            sure = {u: Match.ABBREVIATION if m is Match.EXACT else m for u, m in sure.items()}
        if sure:
            best = min(sure.values(), key=list(Match).index)
            at_best = sorted(u for u, m in sure.items() if m is best)
            if len(at_best) == 1:
                return Resolved(phrase, Found.UNIT, at_best[0], best, self._rank(sure))
            return Resolved(phrase, Found.AMBIGUOUS, candidates=self._rank(sure))
        if group := self._group(phrase, home):
            return group
        offered = {u: m for u, m in offered.items() if u not in sure}
        return Resolved(phrase, Found.UNKNOWN, candidates=self._rank(offered, self._similar(key)))

    def _matches(self, key: str, home: int | None) -> tuple[dict[int, Match], dict[int, Match]]:
        """Return the units that may be taken as meant, and those that are only worth offering."""
        sure: dict[int, Match] = {}
        offered: dict[int, Match] = {}
        inside: dict[int, Match] = {}
        for entry in self._whole.get(key, ()):
            target = offered if entry.relative and entry.home_id != home else sure
            self._note(inside if entry.home_id == home else target, entry.unit_id, entry.match)
        for places, core in self._readings(key, home):
            for meaning in self.table.meanings(core):
                for entry in self._parts.get(meaning, ()):
                    if places is None:
                        # A town or village carries its own place name; a department needs the speaker's house.
                        own_name = self.by_id[entry.unit_id].kind in TERRITORIAL
                        elsewhere = sure if own_name else offered
                        self._note(inside if entry.home_id == home else elsewhere, entry.unit_id, entry.match)
                    elif entry.home_id in places:
                        self._note(inside, entry.unit_id, entry.match)
                    else:
                        self._note(offered, entry.unit_id, Match.SIMILAR)
        return self._alive(inside or sure), self._alive(offered, follow=False)

    def _readings(self, key: str, home: int | None) -> list[tuple[frozenset[int] | None, str]]:
        """Take the phrase apart in every way: (governments it speaks of, or None, core)."""
        readings: list[tuple[frozenset[int] | None, str]] = [(None, key)]
        rest = key.removeprefix("中国共产党").removeprefix("中共")
        governments: frozenset[int] | None = None
        while True:
            places = [p for p in self._places if rest.startswith(p) and len(rest) - len(p) >= 2]
            if not places:
                break
            place = max(places, key=len)
            governments = frozenset(self._places[place])
            rest = rest[len(place) :]
            readings.append((governments, rest))
        if governments is None and home is not None and rest[:1] in LEVELS and len(rest) > 2:
            spoken = frozenset({home}) if rest[0] == self.level(home) else frozenset()
            readings.append((spoken, rest[1:]))
        return readings

    def _alive(self, matches: Mapping[int, Match], *, follow: bool = True) -> dict[int, Match]:
        """Replace units that do not exist on the date by their successors (a historic match)."""
        alive: dict[int, Match] = {}
        queue = list(matches.items())
        seen: set[int] = set()
        while queue:
            unit_id, match = queue.pop()
            unit = self.by_id[unit_id]
            if unit.exists(self.on):
                self._note(alive, unit_id, match)
            elif follow and unit_id not in seen and unit.dissolved_on is not None and unit.dissolved_on <= self.on:
                seen.add(unit_id)
                queue += [(s, Match.HISTORIC) for s in unit.successors if s in self.by_id]
        return alive

    def _group(self, phrase: str, home: int | None) -> Resolved | None:
        key = name_key(phrase)
        for place in sorted(self._places, key=len, reverse=True):
            if key.startswith(place) and len(self._places[place]) == 1:
                rule = read_group(key[len(place) :], self.grammar)
                if rule is not None and not rule.level:
                    (home,) = self._places[place]
                    return Resolved(phrase, Found.GROUP, rule=rule, home_id=home)
        rule = read_group(key, self.grammar)
        if rule is None:
            return None
        if rule.level and rule.level != self.level(home):
            return Resolved(phrase, Found.UNKNOWN, rule=rule)
        return Resolved(phrase, Found.GROUP, rule=rule, home_id=home)

    def _similar(self, key: str) -> dict[int, float]:
        """Score every living unit by the pairs of characters it shares with the phrase."""
        wanted = _pairs_of(loosen(key))
        scores: dict[int, float] = {}
        for entry, pairs in self._pairs:
            shared = len(wanted & pairs)
            if shared and self.by_id[entry.unit_id].exists(self.on):
                likeness = shared / len(wanted)
                if likeness >= _LEAST_LIKENESS:
                    scores[entry.unit_id] = round(min(likeness, 1.0) * SCORES[Match.SIMILAR], 3)
        return scores

    @staticmethod
    def _note(matches: dict[int, Match], unit_id: int, match: Match) -> None:
        if unit_id not in matches or SCORES[match] > SCORES[matches[unit_id]]:
            matches[unit_id] = match

    @staticmethod
    def _rank(matches: Mapping[int, Match], similar: Mapping[int, float] | None = None) -> tuple[Candidate, ...]:
        found = {u: Candidate(u, score, Match.SIMILAR) for u, score in (similar or {}).items()}
        found |= {u: Candidate(u, SCORES[m], m) for u, m in matches.items()}
        ranked = sorted(found.values(), key=lambda c: (-c.score, c.unit_id))
        return tuple(ranked[:_OFFERED])


def _pairs_of(text: str) -> frozenset[str]:
    return frozenset(text[i : i + 2] for i in range(len(text) - 1)) or frozenset({text})
