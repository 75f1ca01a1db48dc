"""What must hold in an organization tree: no cycles, no double names on a date, codes of the right place.

``check_unit`` looks at one unit as it is meant to be, against all others, and tells everything that is wrong at once.
It serves the staff screens and the import of a sheet alike.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

from gongkai.domain.issues import Issue
from gongkai.domain.organizations.divisions import is_division_code, is_within
from gongkai.domain.organizations.kinds import LABELS, TERRITORIAL, UnitKind, may_stand_under
from gongkai.domain.organizations.names import name_key
from gongkai.domain.organizations.resolve import DatedName, NamedUnit

_LONGEST = 120
Units = Mapping[int, NamedUnit]


class Tree:
    """All units with the indexes that the checks need; made once for any number of checks."""

    def __init__(self, units: Units) -> None:
        self.units = units
        self.codes: dict[str, list[NamedUnit]] = defaultdict(list)
        self.under: dict[tuple[int | None, str], list[tuple[NamedUnit, DatedName]]] = defaultdict(list)
        self.at_home: dict[tuple[int | None, str], list[tuple[NamedUnit, DatedName]]] = defaultdict(list)
        for unit in units.values():
            if unit.division_code and unit.kind in TERRITORIAL and unit.dissolved_on is None:
                self.codes[unit.division_code].append(unit)
            for name in _names_in_life(unit, unit.names):
                self.under[unit.parent_id, name_key(name.text)].append((unit, name))
            if unit.kind != UnitKind.INTERNAL_OFFICE:
                home = self.home_of(unit.id)
                for name in _names_in_life(unit, (*unit.names, *unit.aliases)):
                    self.at_home[home, name_key(name.text)].append((unit, name))

    def superiors(self, unit_id: int) -> tuple[list[NamedUnit], bool]:
        """Return the units above a unit, nearest first, and whether the chain runs in a circle."""
        found: list[NamedUnit] = []
        seen = {unit_id}
        parent = self.units[unit_id].parent_id
        while parent is not None and parent in self.units:
            if parent in seen:
                return found, True
            seen.add(parent)
            found.append(self.units[parent])
            parent = self.units[parent].parent_id
        return found, False

    def home_of(self, unit_id: int) -> int | None:
        """Return the nearest government at or above a unit."""
        chain = [self.units[unit_id], *self.superiors(unit_id)[0]]
        return next((unit.id for unit in chain if unit.kind == UnitKind.GOVERNMENT), None)


def check_unit(unit: NamedUnit, tree: Tree) -> list[Issue]:
    """Return every reason why ``unit`` cannot stand as it is in ``tree`` (which already holds it so)."""
    issues: list[Issue] = []
    issues += _check_names(unit)
    issues += _check_dates(unit)
    issues += _check_place(unit, tree)
    issues += _check_code(unit, tree)
    if not any(issue.code == "orgs.parent.cycle" for issue in issues):
        issues += _check_double_names(unit, tree)
        issues += _check_aliases(unit, tree)
    return issues


def check_tree(units: Units) -> list[Issue]:
    """Return what is wrong anywhere; the issue's ``values`` name the unit."""
    tree = Tree(units)
    return [issue for unit in units.values() for issue in check_unit(unit, tree)]


def _latest(unit: NamedUnit) -> str:
    return unit.names[-1].text if unit.names else ""


def _check_names(unit: NamedUnit) -> list[Issue]:
    name = _latest(unit)
    if not name:
        return [Issue("orgs.name.missing", "name")]
    if len(name) > _LONGEST:
        return [Issue("orgs.name.too_long", "name", {"name": name[:20], "limit": _LONGEST})]
    if unit.kind not in set(UnitKind):
        return [Issue("orgs.kind.unknown", "kind", {"kind": unit.kind, "expected": "、".join(LABELS.values())})]
    return []


def _check_dates(unit: NamedUnit) -> list[Issue]:
    issues = []
    if unit.founded_on and unit.dissolved_on and unit.dissolved_on <= unit.founded_on:
        values = {"name": _latest(unit), "founded": unit.founded_on, "dissolved": unit.dissolved_on}
        issues.append(Issue("orgs.dates.order", "dissolved_on", values))
    dated = sorted(unit.names, key=lambda n: n.from_on or date.min)
    for before, after in zip(dated, dated[1:], strict=False):
        if before.until_on is None or (after.from_on is not None and before.until_on >= after.from_on):
            issues.append(
                Issue("orgs.name.overlap", "name", {"name": _latest(unit), "first": before.text, "second": after.text})
            )
    return issues


def _check_place(unit: NamedUnit, tree: Tree) -> list[Issue]:
    name = _latest(unit)
    if unit.kind not in set(UnitKind):
        return []
    kind = UnitKind(unit.kind)
    if unit.parent_id is None:
        if may_stand_under(kind, None):
            return []
        return [Issue("orgs.parent.missing", "parent", {"name": name, "kind": LABELS[kind]})]
    parent = tree.units.get(unit.parent_id)
    if parent is None:
        return [Issue("orgs.parent.unknown", "parent", {"parent": unit.parent_id})]
    issues = []
    if tree.superiors(unit.id)[1]:
        issues.append(Issue("orgs.parent.cycle", "parent", {"name": name, "parent": _latest(parent)}))
    if parent.kind in set(UnitKind) and not may_stand_under(kind, UnitKind(parent.kind)):
        values = {
            "name": name,
            "kind": LABELS[kind],
            "parent": _latest(parent),
            "parent_kind": LABELS[UnitKind(parent.kind)],
        }
        issues.append(Issue("orgs.parent.kind", "parent", values))
    if parent.dissolved_on is not None and (unit.dissolved_on is None or unit.dissolved_on > parent.dissolved_on):
        gone: dict[str, object] = {"name": name, "parent": _latest(parent), "dissolved": parent.dissolved_on}
        issues.append(Issue("orgs.parent.gone", "parent", gone))
    return issues


def _check_code(unit: NamedUnit, tree: Tree) -> list[Issue]:
    code = unit.division_code
    if not code:
        return []
    name = _latest(unit)
    if not is_division_code(code):
        return [Issue("orgs.code.shape", "division_code", {"code": code})]
    issues = []
    if unit.kind in TERRITORIAL and unit.dissolved_on is None:
        issues += [
            Issue("orgs.code.taken", "division_code", {"code": code, "other": _latest(other)})
            for other in tree.codes[code]
            if other.id != unit.id
        ]
    for above in tree.superiors(unit.id)[0]:
        if above.division_code and is_division_code(above.division_code):
            if not is_within(code, above.division_code):
                values = {"name": name, "code": code, "parent": _latest(above), "parent_code": above.division_code}
                issues.append(Issue("orgs.code.outside", "division_code", values))
            break
    return issues


def _overlap(a: DatedName, b: DatedName) -> bool:
    starts_before = a.from_on is None or b.until_on is None or a.from_on <= b.until_on
    return starts_before and (b.from_on is None or a.until_on is None or b.from_on <= a.until_on)


def _names_in_life(unit: NamedUnit, names: Iterable[DatedName]) -> list[DatedName]:
    """Return names cut to the days on which the unit exists; ``until_on`` becomes the day before it is dissolved."""
    last = date.fromordinal(unit.dissolved_on.toordinal() - 1) if unit.dissolved_on else None
    lived = []
    for name in names:
        starts = [day for day in (name.from_on, unit.founded_on) if day is not None]
        ends = [day for day in (name.until_on, last) if day is not None]
        lived.append(DatedName(name.text, max(starts, default=None), min(ends, default=None)))
    return lived


def _check_double_names(unit: NamedUnit, tree: Tree) -> list[Issue]:
    issues = []
    told: set[int] = set()
    for own in _names_in_life(unit, unit.names):
        for other, theirs in tree.under[unit.parent_id, name_key(own.text)]:
            if other.id not in told and other.id != unit.id and _overlap(own, theirs):
                told.add(other.id)
                issues.append(Issue("orgs.name.taken", "name", {"name": theirs.text, "other": _latest(other)}))
    return issues


def _check_aliases(unit: NamedUnit, tree: Tree) -> list[Issue]:
    if unit.kind == UnitKind.INTERNAL_OFFICE:
        return []
    home = tree.home_of(unit.id)
    issues = []
    told: set[tuple[int, str]] = set()
    for own in _names_in_life(unit, unit.aliases):
        for other, theirs in tree.at_home[home, name_key(own.text)]:
            if other.id != unit.id and (other.id, own.text) not in told and _overlap(own, theirs):
                told.add((other.id, own.text))
                issues.append(Issue("orgs.alias.taken", "aliases", {"alias": own.text, "other": _latest(other)}))
    return issues
