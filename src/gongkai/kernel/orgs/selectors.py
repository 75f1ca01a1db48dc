"""Reading the organization tree: units, what a phrase names on a date, and who belongs to a group on a date."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import F, Q, QuerySet

from gongkai.domain.organizations import groups as domain_groups
from gongkai.domain.organizations.groups import GroupRule
from gongkai.domain.organizations.kinds import UnitKind
from gongkai.domain.organizations.names import name_key
from gongkai.domain.organizations.resolve import DatedName, Directory, Found, Match, NamedUnit, Resolved
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.models import Post
from gongkai.kernel.errors import NotPermitted
from gongkai.kernel.orgs import permissions
from gongkai.kernel.orgs.models import (
    Unit,
    UnitAlias,
    UnitGroup,
    UnitGroupMember,
    UnitGroupPhrase,
    UnitLineage,
    UnitName,
)
from gongkai.kernel.orgs.standards import group_grammar, name_table


def unit_get(*, actor: Actor, unit_id: int) -> Unit:
    """Return one unit; raises NotPermitted, or Unit.DoesNotExist."""
    if not permissions.can_view_units(actor):
        raise NotPermitted(ability="查看单位")
    return Unit.objects.select_related("parent").get(pk=unit_id)


def unit_list(
    *,
    actor: Actor,
    on: date,
    search: str = "",
    kinds: Iterable[str] = (),
    parent_id: int | None = None,
) -> QuerySet[Unit]:
    """Return the units that exist on the day, in directory order; ``search`` looks at names, short names, aliases."""
    if not permissions.can_view_units(actor):
        raise NotPermitted(ability="查看单位")
    units = Unit.objects.existing(on).select_related("parent")
    if wanted := tuple(kinds):
        units = units.filter(kind__in=wanted)
    if parent_id is not None:
        units = units.filter(parent_id=parent_id)
    if search:
        named = Q(name__icontains=search) | Q(short_name__icontains=search) | Q(division_code__startswith=search)
        alias = UnitAlias.objects.filter(text__icontains=search).values("unit_id")
        former = UnitName.objects.filter(name__icontains=search).values("unit_id")
        units = units.filter(named | Q(pk__in=alias) | Q(pk__in=former))
    return units


def unit_descendant_ids(*, unit_id: int, include_self: bool = True) -> frozenset[int]:
    """Return the ids of all units below a unit (one recursive query)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH RECURSIVE below(id) AS (SELECT %s::bigint UNION SELECT u.id FROM orgs_unit u "
            "JOIN below b ON u.parent_id = b.id) SELECT id FROM below",
            [unit_id],
        )
        found = frozenset(row[0] for row in cursor.fetchall())
    return found if include_self else found - {unit_id}


def unit_ancestor_ids(*, unit_id: int) -> tuple[int, ...]:
    """Return the ids of the units above a unit, nearest first (one recursive query)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH RECURSIVE above(id, parent_id, depth) AS (SELECT id, parent_id, 0 FROM orgs_unit WHERE id = %s "
            "UNION SELECT u.id, u.parent_id, a.depth + 1 FROM orgs_unit u JOIN above a ON u.id = a.parent_id "
            "WHERE a.depth < 50) SELECT id FROM above WHERE depth > 0 ORDER BY depth",
            [unit_id],
        )
        return tuple(row[0] for row in cursor.fetchall())


def authority_unit_ids(*, on: date) -> frozenset[int]:
    """Return the units whose disclosure office is the disclosure authority of the whole installation.

    They are the government without superior and the units directly under it marked as its disclosure authority.
    """
    top = Q(parent__isnull=True, kind=UnitKind.GOVERNMENT)
    office = Q(is_disclosure_authority=True, parent__parent__isnull=True, parent__kind=UnitKind.GOVERNMENT)
    return frozenset(Unit.objects.existing(on).filter(top | office).order_by().values_list("pk", flat=True))


def root_unit(*, on: date) -> Unit | None:
    """Return the government at the top, or None when there is not exactly one."""
    roots = list(Unit.objects.existing(on).filter(parent__isnull=True, kind=UnitKind.GOVERNMENT)[:2])
    return roots[0] if len(roots) == 1 else None


@dataclass(frozen=True, slots=True)
class Resolution:
    """What a phrase names on a date.

    ``found`` is unit, group, ambiguous or unknown (``kind`` is the same word). ``candidates`` are (unit, score) pairs
    to offer, best first. A group known by its words only has ``rule`` and ``home`` but no ``group`` yet: the service
    ``group_ensure`` puts it on file when a person confirms. ``match`` tells how a unit was found.
    """

    phrase: str
    found: Found
    unit: Unit | None = None
    group: UnitGroup | None = None
    candidates: tuple[tuple[Unit, float], ...] = ()
    match: Match | None = None
    rule: GroupRule | None = None
    home: Unit | None = None

    @property
    def kind(self) -> str:
        """Return unit, group, ambiguous or unknown."""
        return self.found.value


def named_units(*, on: date | None = None) -> dict[int, NamedUnit]:
    """Load every unit with every name it bore (four queries), in directory order; short names count as aliases.

    ``successors`` are those known on the day, or all where no day is given; ``kind`` is the one of the day (a 乡 may
    have become a 街道 since), or the latest.
    """
    names: dict[int, list[DatedName]] = defaultdict(list)
    aliases: dict[int, list[DatedName]] = defaultdict(list)
    successors: dict[int, list[int]] = defaultdict(list)
    kinds: dict[int, str] = {}
    for unit_id, name, short, kind, from_on, until_on in UnitName.objects.order_by(
        "unit_id", F("from_on").asc(nulls_first=True)
    ).values_list("unit_id", "name", "short_name", "kind", "from_on", "until_on"):
        names[unit_id].append(DatedName(name, from_on, until_on))
        if on is not None and names[unit_id][-1].holds(on):
            kinds[unit_id] = kind
        if short and short != name:
            aliases[unit_id].append(DatedName(short, from_on, until_on))
    for unit_id, text, from_on, until_on in UnitAlias.objects.values_list("unit_id", "text", "from_on", "until_on"):
        aliases[unit_id].append(DatedName(text, from_on, until_on))
    taken_over = UnitLineage.objects.filter(target__isnull=False).exclude(source=F("target"))
    if on is not None:
        taken_over = taken_over.filter(on__lte=on)
    for source_id, target_id in taken_over.values_list("source_id", "target_id"):
        successors[source_id].append(target_id)
    rows = Unit.objects.order_by("position", "sort_key", "pk").values_list(
        "pk", "kind", "parent_id", "name", "founded_on", "dissolved_on", "division_code"
    )
    return {
        unit_id: NamedUnit(
            id=unit_id,
            kind=kinds.get(unit_id, kind),
            parent_id=parent_id,
            names=tuple(names[unit_id]) or (DatedName(name),),
            aliases=tuple(aliases[unit_id]),
            founded_on=founded_on,
            dissolved_on=dissolved_on,
            successors=tuple(successors[unit_id]),
            division_code=code,
        )
        for unit_id, kind, parent_id, name, founded_on, dissolved_on, code in rows
    }


def directory_load(*, on: date) -> Directory:
    """Load every name of every unit once as a directory of the day; ``resolve`` on it asks no database."""
    return Directory(units=named_units(on=on).values(), table=name_table(), grammar=group_grammar(), on=on)


def unit_resolve(*, phrase: str, on: date, home_id: int | None = None) -> Resolution:
    """Find what a phrase names on the day, spoken by the government ``home_id`` (default: the one at the top)."""
    return unit_resolve_many(phrases=[phrase], on=on, home_id=home_id)[phrase]


def unit_resolve_many(*, phrases: Iterable[str], on: date, home_id: int | None = None) -> dict[str, Resolution]:
    """Find what each phrase names on the day; the names are loaded once, the number of queries is constant."""
    directory = directory_load(on=on)
    home = home_id if home_id is not None else directory.root_id()
    if home is not None and home in directory.by_id:
        home = next(iter(directory.governments(home)), home)
    stored = _stored_phrases(home)
    answers: dict[str, Resolved] = {}
    by_phrase: dict[str, UnitGroup] = {}
    for phrase in dict.fromkeys(phrases):
        answers[phrase] = directory.resolve(phrase, home_id=home)
        group = stored.get(name_key(phrase))
        if group is not None and answers[phrase].found is not Found.UNIT:
            by_phrase[phrase] = group
    wanted = {c.unit_id for a in answers.values() for c in a.candidates}
    wanted |= {i for a in answers.values() for i in (a.unit_id, a.home_id) if i is not None}
    units = Unit.objects.select_related("parent").in_bulk(wanted)
    by_rule = _stored_rules({a.home_id for a in answers.values() if a.found is Found.GROUP})
    result = {}
    for phrase, answer in answers.items():
        group = by_phrase.get(phrase)
        rule = group.group_rule if group else answer.rule
        if group is None and answer.found is Found.GROUP and answer.rule is not None:
            group = by_rule.get((answer.home_id, answer.rule))
        result[phrase] = Resolution(
            phrase=phrase,
            found=Found.GROUP if phrase in by_phrase else answer.found,
            unit=units.get(answer.unit_id) if answer.unit_id is not None and phrase not in by_phrase else None,
            group=group,
            candidates=tuple((units[c.unit_id], c.score) for c in answer.candidates if c.unit_id in units),
            match=answer.match,
            rule=rule,
            home=units.get(answer.home_id) if answer.home_id is not None else (group.home if group else None),
        )
    return result


def _stored_phrases(home_id: int | None) -> dict[str, UnitGroup]:
    phrases = UnitGroupPhrase.objects.select_related("group", "group__home").filter(
        Q(group__home_id=home_id) | Q(group__home__isnull=True)
    )
    return {phrase.key: phrase.group for phrase in phrases}


def _stored_rules(homes: Iterable[int | None]) -> dict[tuple[int | None, GroupRule], UnitGroup]:
    wanted = [home for home in homes if home is not None]
    groups = UnitGroup.objects.select_related("home").filter(home_id__in=wanted) if wanted else []
    # An open rule says nothing by itself, so such groups are told apart by their words only.
    return {(g.home_id, g.group_rule): g for g in groups if not g.group_rule.open}


def group_get(*, actor: Actor, group_id: int) -> UnitGroup:
    """Return one group with its phrases; raises NotPermitted, or UnitGroup.DoesNotExist."""
    if not permissions.can_view_units(actor):
        raise NotPermitted(ability="查看单位分组")
    return UnitGroup.objects.select_related("home").prefetch_related("phrases", "members__unit").get(pk=group_id)


def group_list(*, actor: Actor) -> QuerySet[UnitGroup]:
    """Return every group on file."""
    if not permissions.can_view_units(actor):
        raise NotPermitted(ability="查看单位分组")
    return UnitGroup.objects.select_related("home").prefetch_related("phrases").order_by("home__sort_key", "name")


def group_members(*, group: UnitGroup, on: date, without: Iterable[int] = ()) -> list[Unit]:
    """Return the units that belong to the group on the day, in directory order.

    ``without`` are unit ids named in the same clause; they are left out when the phrase says 其余.
    """
    return groups_members(groups=[group], on=on, without=without)[group.pk]


def groups_members(*, groups: Sequence[UnitGroup], on: date, without: Iterable[int] = ()) -> dict[int, list[Unit]]:
    """Return the members of several groups on the day (group id → units), in a constant number of queries."""
    if not groups:
        return {}
    directory = directory_load(on=on)
    pool = _pool(directory)
    left_out = tuple(without)
    listed: dict[int, list[tuple[int, bool]]] = defaultdict(list)
    rows = UnitGroupMember.objects.filter(
        Q(from_on__isnull=True) | Q(from_on__lte=on),
        Q(until_on__isnull=True) | Q(until_on__gte=on),
        group_id__in=[g.pk for g in groups],
    )
    for group_id, unit_id, excluded in rows.values_list("group_id", "unit_id", "excluded"):
        listed[group_id].append((unit_id, excluded))
    ids: dict[int, set[int]] = {}
    for group in groups:
        home = group.home_id if group.home_id is not None else directory.root_id()
        found = set()
        if home is not None and not group.group_rule.open:
            found = set(domain_groups.members(group.group_rule, pool, home_id=home, without=left_out))
        found |= {u for u, excluded in listed[group.pk] if not excluded}
        ids[group.pk] = found - {u for u, excluded in listed[group.pk] if excluded}
    every = {u for found in ids.values() for u in found}
    units = list(Unit.objects.existing(on).select_related("parent").filter(pk__in=every))
    return {group_id: [unit for unit in units if unit.pk in found] for group_id, found in ids.items()}


def rule_members(*, rule: GroupRule, home_id: int, on: date, without: Iterable[int] = ()) -> list[Unit]:
    """Return the units that a rule means on the day, for a group that is not on file yet (a preview)."""
    ids = domain_groups.members(rule, _pool(directory_load(on=on)), home_id=home_id, without=tuple(without))
    return list(Unit.objects.existing(on).select_related("parent").filter(pk__in=ids))


def _pool(directory: Directory) -> list[domain_groups.Member]:
    """Return the units that exist on the directory's day, with their governments."""
    pool = []
    for unit in directory.by_id.values():
        if not unit.exists(directory.on):
            continue
        above = tuple(g for g in directory.governments(unit.id) if g != unit.id)
        pool.append(
            domain_groups.Member(
                id=unit.id,
                kind=unit.kind,
                name=unit.name(directory.on),
                home_id=above[0] if above else None,
                governments=frozenset(above),
            )
        )
    return pool


def unit_lineage(*, actor: Actor, unit: Unit) -> QuerySet[UnitLineage]:
    """Return what became of the unit and what it came from, oldest first."""
    if not permissions.can_view_units(actor):
        raise NotPermitted(ability="查看机构沿革")
    return UnitLineage.objects.select_related("source", "target").filter(Q(source=unit) | Q(target=unit))


@dataclass(frozen=True, slots=True)
class ChangePreview:
    """What a merger, split or dissolution touches on the day: units below, posts that lapse, groups by list."""

    children: list[Unit]
    posts: list[str]
    groups: list[str]


def change_preview(*, actor: Actor, unit_ids: Sequence[int], on: date) -> ChangePreview:
    """Return what it would touch if the units no longer existed from the day ``on``."""
    if not permissions.can_edit_units(actor):
        raise NotPermitted(ability="变更单位")
    children = Unit.objects.existing(on).filter(parent_id__in=unit_ids).exclude(pk__in=unit_ids)
    posts = Post.objects.select_related("user", "unit").filter(
        Q(until_on__isnull=True) | Q(until_on__gte=on), unit_id__in=unit_ids
    )
    listed = UnitGroupMember.objects.select_related("group", "unit").filter(
        Q(until_on__isnull=True) | Q(until_on__gte=on), unit_id__in=unit_ids
    )
    return ChangePreview(
        children=list(children),
        posts=[str(post) for post in posts],
        groups=[str(member) for member in listed],
    )


def unit_find(*, actor: Actor, unit_id: int) -> Unit | None:
    """Return one unit, or None when there is none; raises NotPermitted."""
    try:
        return unit_get(actor=actor, unit_id=unit_id)
    except Unit.DoesNotExist:
        return None


def group_find(*, actor: Actor, group_id: int) -> UnitGroup | None:
    """Return one group, or None when there is none; raises NotPermitted."""
    try:
        return group_get(actor=actor, group_id=group_id)
    except UnitGroup.DoesNotExist:
        return None


def unit_names(*, actor: Actor, unit: Unit) -> QuerySet[UnitName]:
    """Return the names the unit bore, latest first; raises NotPermitted."""
    if not permissions.can_view_units(actor):
        raise NotPermitted(ability="查看单位名称")
    return unit.names.order_by(F("from_on").desc(nulls_last=True), "-pk")


def unit_aliases(*, actor: Actor, unit: Unit) -> QuerySet[UnitAlias]:
    """Return the unit's aliases; raises NotPermitted."""
    if not permissions.can_view_units(actor):
        raise NotPermitted(ability="查看单位别名")
    return unit.aliases.order_by(F("until_on").desc(nulls_first=True), "pk")
