"""What becomes of units: renamed, merged, split, dissolved. History is kept; nothing is overwritten or deleted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from gongkai.domain.issues import Issue
from gongkai.domain.organizations.names import name_key, tidy_name
from gongkai.domain.organizations.resolve import DatedName
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.audit.services import record
from gongkai.kernel.errors import NotPermitted
from gongkai.kernel.events import publish
from gongkai.kernel.orgs import permissions
from gongkai.kernel.orgs.events import UnitsMerged, UnitSplit
from gongkai.kernel.orgs.models import Unit, UnitLineage, UnitName
from gongkai.kernel.orgs.selectors import named_units
from gongkai.kernel.orgs.services.tree import check_before, day_before, lock_tree, refuse_if, sort_key
from gongkai.kernel.orgs.services.units import NewUnit, write_unit


def unit_rename(
    *,
    actor: Actor,
    unit_id: int,
    name: str,
    on: date,
    now: datetime,
    short_name: str = "",
    kind: str = "",
    basis: str = "",
) -> Unit:
    """Give a unit a new name from the day ``on`` (and a new ``kind``, as when a 乡 becomes a 街道).

    The old name is kept with its last day. A change still to come is recorded when it has come. Raises NotPermitted or
    Refused.
    """
    with transaction.atomic():
        lock_tree()
        unit = Unit.objects.select_for_update(no_key=True).get(pk=unit_id)
        if not permissions.can_edit_units(actor):
            raise NotPermitted(ability="单位更名")
        name, short_name = tidy_name(name), tidy_name(short_name)
        latest = unit.names.get(until_on__isnull=True)
        issues = _gone([unit], on)
        if name_key(name) == name_key(unit.name) and (not kind or kind == unit.kind):
            issues.append(Issue("orgs.name.same", "name", {"name": unit.name}))
        since = latest.from_on or unit.founded_on
        if since is not None and on <= since:
            issues.append(Issue("orgs.change.too_early", "on", {"on": on, "name": unit.name, "since": since}))
        if on > timezone.localdate(now):
            issues.append(Issue("orgs.change.future", "on", {"on": on}))
        refuse_if(issues)
        units = named_units()
        named = units[unit_id]
        last = replace(named.names[-1], until_on=day_before(on))
        aliases = tuple(
            replace(a, until_on=day_before(on)) if a.text == unit.short_name and a.until_on is None else a
            for a in named.aliases
        )
        units[unit_id] = replace(
            named,
            kind=kind or named.kind,
            names=(*named.names[:-1], last, *((DatedName(name, on),) if name else ())),
            aliases=aliases + ((DatedName(short_name, on),) if short_name and short_name != name else ()),
        )
        if not name:
            refuse_if([Issue("orgs.name.missing", "name")])
        check_before(units, [unit_id])
        former = unit.name
        unit.names.filter(pk=latest.pk).update(until_on=day_before(on))
        UnitName.objects.create(
            unit=unit, name=name, short_name=short_name, kind=kind or unit.kind, from_on=on, basis=basis
        )
        unit.name, unit.short_name, unit.kind = name, short_name, kind or unit.kind
        unit.sort_key = sort_key(name)
        unit.save()
        UnitLineage.objects.create(kind=UnitLineage.Kind.RENAMED, source=unit, target=unit, on=on, basis=basis)
        _record(actor, "orgs.unit.rename", unit, f"“{former}”自 {on} 起更名为“{name}”", on, basis, now)
    return unit


def unit_merge(
    *,
    actor: Actor,
    source_ids: Sequence[int],
    into: int | NewUnit,
    on: date,
    now: datetime,
    basis: str = "",
) -> Unit:
    """Merge units into one that exists, or into a new one founded on the day ``on``; returns the successor.

    The merged units no longer exist from that day; what stands under them moves under the successor. Raises
    NotPermitted or Refused.
    """
    with transaction.atomic():
        lock_tree()
        sources = list(Unit.objects.select_for_update(no_key=True).filter(pk__in=source_ids).order_by("pk"))
        if not permissions.can_edit_units(actor):
            raise NotPermitted(ability="单位合并")
        issues = _gone(sources, on)
        if not sources:
            issues.append(Issue("orgs.change.no_source", "sources"))
        target_id = into if isinstance(into, int) else 0
        issues += _target_issues(into, sources, on)
        refuse_if(issues)
        units = named_units()
        if isinstance(into, NewUnit):
            units[0] = replace(into.as_named(0), founded_on=on, names=(DatedName(tidy_name(into.name), on),))
        for source in sources:
            units[source.pk] = replace(units[source.pk], dissolved_on=on)
        moved = [u.id for u in units.values() if u.parent_id in set(source_ids) and u.id not in set(source_ids)]
        for unit_id in moved:
            units[unit_id] = replace(units[unit_id], parent_id=target_id)
        check_before(units, [*(s.pk for s in sources), *moved, *([0] if target_id == 0 else [])])
        target = (
            write_unit(replace(into, founded_on=on), now=now)
            if isinstance(into, NewUnit)
            else Unit.objects.get(pk=into)
        )
        Unit.objects.filter(pk__in=moved).update(parent=target)
        for source in sources:
            _dissolve(source, on)
            UnitLineage.objects.create(kind=UnitLineage.Kind.MERGED, source=source, target=target, on=on, basis=basis)
        publish(UnitsMerged(source_ids=tuple(s.pk for s in sources), target_id=target.pk, on=on))
        names = "、".join(f"“{source.name}”" for source in sources)
        _record(actor, "orgs.unit.merge", target, f"{names}自 {on} 起并入“{target.name}”", on, basis, now)
    return target


def unit_split(
    *,
    actor: Actor,
    source_id: int,
    into: Sequence[int | NewUnit],
    on: date,
    now: datetime,
    keep: bool = False,
    basis: str = "",
) -> list[Unit]:
    """Split a unit into others, new or existing, from the day ``on``; returns them in order.

    Without ``keep`` the unit no longer exists from that day and what stands under it moves under the first successor.
    Raises NotPermitted or Refused.
    """
    with transaction.atomic():
        lock_tree()
        source = Unit.objects.select_for_update(no_key=True).get(pk=source_id)
        if not permissions.can_edit_units(actor):
            raise NotPermitted(ability="单位拆分")
        issues = _gone([source], on)
        if not into:
            issues.append(Issue("orgs.change.no_target", "into"))
        for target in into:
            issues += _target_issues(target, [source], on)
        refuse_if(issues)
        units = named_units()
        keys = []
        for number, target in enumerate(into, 1):
            keys.append(target if isinstance(target, int) else -number)
            if isinstance(target, NewUnit):
                named = target.as_named(-number)
                units[-number] = replace(named, founded_on=on, names=tuple(replace(n, from_on=on) for n in named.names))
        moved: list[int] = []
        if not keep:
            units[source_id] = replace(units[source_id], dissolved_on=on)
            moved = [u.id for u in units.values() if u.parent_id == source_id and u.exists(on)]
            for unit_id in moved:
                units[unit_id] = replace(units[unit_id], parent_id=keys[0])
        check_before(units, [source_id, *(key for key in keys if key < 0), *moved])
        successors = [
            write_unit(replace(t, founded_on=on), now=now) if isinstance(t, NewUnit) else Unit.objects.get(pk=t)
            for t in into
        ]
        if not keep:
            Unit.objects.filter(pk__in=moved).update(parent=successors[0])
            _dissolve(source, on)
        for target in successors:
            UnitLineage.objects.create(kind=UnitLineage.Kind.SPLIT, source=source, target=target, on=on, basis=basis)
        publish(UnitSplit(source_id=source.pk, target_ids=tuple(t.pk for t in successors), kept=keep, on=on))
        names = "、".join(f"“{unit.name}”" for unit in successors)
        how = "分设" if keep else "拆分为"
        _record(actor, "orgs.unit.split", source, f"“{source.name}”自 {on} 起{how}{names}", on, basis, now)
    return successors


def unit_dissolve(*, actor: Actor, unit_id: int, on: date, now: datetime, basis: str = "") -> Unit:
    """Dissolve a unit without successor: from the day ``on`` it no longer exists. Nothing may stand under it then."""
    with transaction.atomic():
        lock_tree()
        unit = Unit.objects.select_for_update(no_key=True).get(pk=unit_id)
        if not permissions.can_edit_units(actor):
            raise NotPermitted(ability="撤销单位")
        issues = _gone([unit], on)
        if unit.founded_on is not None and on <= unit.founded_on:
            values = {"name": unit.name, "founded": unit.founded_on, "dissolved": on}
            issues.append(Issue("orgs.dates.order", "on", values))
        below = list(unit.children.existing(on).order_by("sort_key"))
        if below:
            names = "、".join(child.name for child in below[:5])
            values = {"name": unit.name, "on": on, "count": len(below), "names": names}
            issues.append(Issue("orgs.change.children", "on", values))
        refuse_if(issues)
        _dissolve(unit, on)
        UnitLineage.objects.create(kind=UnitLineage.Kind.DISSOLVED, source=unit, on=on, basis=basis)
        _record(actor, "orgs.unit.dissolve", unit, f"“{unit.name}”自 {on} 起撤销", on, basis, now)
    return unit


def _dissolve(unit: Unit, on: date) -> None:
    unit.dissolved_on = on
    unit.save(update_fields=["dissolved_on"])


def _gone(units: Sequence[Unit], on: date) -> list[Issue]:
    """Return an issue for each unit that no longer exists or does not exist yet."""
    issues = []
    for unit in units:
        if unit.dissolved_on is not None:
            issues.append(Issue("orgs.change.gone", values={"name": unit.name, "dissolved": unit.dissolved_on}))
        elif not unit.exists(on):
            issues.append(Issue("orgs.change.too_early", "on", {"on": on, "name": unit.name, "since": unit.founded_on}))
    return issues


def _target_issues(target: int | NewUnit, sources: Sequence[Unit], on: date) -> list[Issue]:
    if isinstance(target, NewUnit):
        return [] if tidy_name(target.name) else [Issue("orgs.change.no_target", "into")]
    unit = Unit.objects.filter(pk=target).first()
    if unit is None:
        return [Issue("orgs.change.no_target", "into")]
    if unit in sources:
        return [Issue("orgs.change.itself", "into", {"name": unit.name})]
    if not unit.exists(on):
        return [Issue("orgs.change.target_gone", "into", {"name": unit.name, "on": on})]
    return []


def _record(actor: Actor, action: str, unit: Unit, summary: str, on: date, basis: str, now: datetime) -> None:
    record(
        actor=actor,
        action=action,
        target_type="orgs.unit",
        target_id=unit.pk,
        unit_id=unit.pk,
        summary=summary,
        details={"on": on, "basis": basis},
        now=now,
    )
