"""Adding and changing single units, their aliases and their directory entries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from gongkai.domain.issues import Issue
from gongkai.domain.organizations.names import name_key, tidy_name
from gongkai.domain.organizations.resolve import DatedName, NamedUnit
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.audit.services import record
from gongkai.kernel.errors import NotPermitted, Refused
from gongkai.kernel.fingerprints import require_unchanged
from gongkai.kernel.orgs import permissions
from gongkai.kernel.orgs.models import Unit, UnitAlias, UnitName
from gongkai.kernel.orgs.selectors import named_units
from gongkai.kernel.orgs.services.tree import check_before, lock_tree, sort_key

ENTRY_FIELDS = ("functions", "address", "office_hours", "phone", "head_name")
UPDATABLE = (
    "name",
    "short_name",
    "kind",
    "parent_id",
    "division_code",
    "founded_on",
    "position",
    "is_disclosure_authority",
)


@dataclass(frozen=True, slots=True)
class NewUnit:
    """What is needed to found a unit; names are tidied, dates are inclusive, ``dissolved_on`` is the first day without it."""

    kind: str
    name: str
    parent_id: int | None
    short_name: str = ""
    division_code: str = ""
    aliases: Sequence[str] = ()
    founded_on: date | None = None
    dissolved_on: date | None = None
    position: int = 0
    is_disclosure_authority: bool = False
    functions: str = ""
    address: str = ""
    office_hours: str = ""
    phone: str = ""
    head_name: str = ""

    def as_named(self, unit_id: int) -> NamedUnit:
        """Return the unit as the checks see it."""
        name, short = tidy_name(self.name), tidy_name(self.short_name)
        others = dict.fromkeys(
            t for t in ((short,) if short else ()) + tuple(map(tidy_name, self.aliases)) if t != name
        )
        return NamedUnit(
            id=unit_id,
            kind=self.kind,
            parent_id=self.parent_id,
            names=(DatedName(name),) if name else (),
            aliases=tuple(DatedName(text) for text in others),
            founded_on=self.founded_on,
            dissolved_on=self.dissolved_on,
            division_code=self.division_code,
        )


def unit_create(*, actor: Actor, new: NewUnit, now: datetime) -> Unit:
    """Found a unit; raises NotPermitted, or Refused with everything that is wrong with it."""
    with transaction.atomic():
        lock_tree()
        if not permissions.can_edit_units(actor):
            raise NotPermitted(ability="新增单位")
        check_before({**named_units(), 0: new.as_named(0)}, [0])
        unit = write_unit(new, now=now)
        record(
            actor=actor,
            action="orgs.unit.create",
            target_type="orgs.unit",
            target_id=unit.pk,
            unit_id=unit.pk,
            summary=f"新增单位“{unit.name}”（{unit.get_kind_display()}）",
            details={"name": unit.name, "kind": unit.kind, "parent": unit.parent_id},
            now=now,
        )
    return unit


def write_unit(new: NewUnit, *, now: datetime) -> Unit:
    """Write a checked unit with its name and aliases; the caller holds the lock and records."""
    name, short = tidy_name(new.name), tidy_name(new.short_name)
    entry = {field: getattr(new, field).strip() for field in ENTRY_FIELDS}
    unit = Unit.objects.create(
        kind=new.kind,
        name=name,
        short_name=short,
        parent_id=new.parent_id,
        division_code=new.division_code,
        sort_key=sort_key(name),
        position=new.position,
        founded_on=new.founded_on,
        dissolved_on=new.dissolved_on,
        is_disclosure_authority=new.is_disclosure_authority,
        directory_checked_on=timezone.localdate(now) if any(entry.values()) else None,
        **entry,
    )
    UnitName.objects.create(unit=unit, name=name, short_name=short, kind=new.kind, from_on=new.founded_on)
    write_aliases(unit, new.aliases)
    return unit


def write_aliases(unit: Unit, texts: Sequence[str]) -> list[UnitAlias]:
    """Write aliases that are neither the name nor on file yet."""
    known = {alias.key for alias in unit.aliases.all()} | {name_key(unit.name)}
    rows = []
    for text in map(tidy_name, texts):
        if text and name_key(text) not in known:
            known.add(name_key(text))
            rows.append(UnitAlias(unit=unit, text=text, key=name_key(text)))
    return UnitAlias.objects.bulk_create(rows)


def unit_update(*, actor: Actor, unit_id: int, fields: Mapping[str, Any], now: datetime, seen: str = "") -> Unit:
    """Correct a unit's own data: ``fields`` of ``UPDATABLE``. A new ``name`` corrects the latest one; see ``unit_rename``.

    ``seen``: the fingerprint of ``UPDATABLE`` when the form was opened; somebody's change since then is a refusal.
    Raises NotPermitted, Refused, Unit.DoesNotExist, or ValueError for a field that is not to be changed so.
    """
    if unknown := set(fields) - set(UPDATABLE):
        raise ValueError(f"not to be changed by unit_update: {sorted(unknown)}")
    with transaction.atomic():
        lock_tree()
        unit = Unit.objects.select_for_update(no_key=True).get(pk=unit_id)
        if not permissions.can_edit_units(actor):
            raise NotPermitted(ability="修改单位")
        require_unchanged(unit, UPDATABLE, seen)
        new = {key: tidy_name(value) if key in ("name", "short_name") else value for key, value in fields.items()}
        changed = {key: value for key, value in new.items() if getattr(unit, key) != value}
        if not changed:
            return unit
        units = named_units()
        units[unit_id] = _with_fields(units[unit_id], unit, changed)
        check_before(units, [unit_id])
        before = {key: getattr(unit, key) for key in changed}
        write_fields(unit, changed)
        record(
            actor=actor,
            action="orgs.unit.update",
            target_type="orgs.unit",
            target_id=unit.pk,
            unit_id=unit.pk,
            summary=f"修改单位“{unit.name}”：{'、'.join(_label(key) for key in changed)}",
            details={"before": before, "after": changed},
            now=now,
        )
    return unit


def _label(field: str) -> str:
    return str(Unit._meta.get_field(field.removesuffix("_id")).verbose_name)


def _with_fields(named: NamedUnit, unit: Unit, changed: Mapping[str, Any]) -> NamedUnit:
    names, aliases = named.names, named.aliases
    if "name" in changed:
        names = (*names[:-1], replace(names[-1], text=changed["name"])) if changed["name"] else ()
    if "short_name" in changed:
        aliases = tuple(alias for alias in aliases if alias.text != unit.short_name or alias.until_on)
        aliases += (DatedName(changed["short_name"]),) if changed["short_name"] else ()
    return replace(
        named,
        names=names,
        aliases=aliases,
        kind=changed.get("kind", named.kind),
        parent_id=changed.get("parent_id", named.parent_id),
        founded_on=changed.get("founded_on", named.founded_on),
        division_code=changed.get("division_code", named.division_code),
    )


def write_fields(unit: Unit, changed: Mapping[str, Any]) -> None:
    """Write checked fields, and carry name, short name and kind into the latest name row."""
    for key, value in changed.items():
        setattr(unit, key, value)
    unit.sort_key = sort_key(unit.name)
    unit.save()
    latest = {key: changed[key] for key in ("name", "short_name", "kind") if key in changed}
    if latest:
        unit.names.filter(until_on__isnull=True).update(**latest)


def unit_alias_add(
    *,
    actor: Actor,
    unit_id: int,
    text: str,
    now: datetime,
    from_on: date | None = None,
    until_on: date | None = None,
) -> UnitAlias:
    """Put another way of naming the unit on file; raises NotPermitted or Refused."""
    with transaction.atomic():
        lock_tree()
        unit = Unit.objects.select_for_update(no_key=True).get(pk=unit_id)
        if not permissions.can_edit_units(actor):
            raise NotPermitted(ability="登记单位别名")
        text = tidy_name(text)
        if not text:
            raise Refused(Issue("orgs.alias.missing", "text"))
        if name_key(text) == name_key(unit.name):
            raise Refused(Issue("orgs.alias.same", "text", {"alias": text}))
        units = named_units()
        named = units[unit_id]
        units[unit_id] = replace(named, aliases=(*named.aliases, DatedName(text, from_on, until_on)))
        check_before(units, [unit_id])
        alias, created = UnitAlias.objects.update_or_create(
            unit=unit, key=name_key(text), defaults={"text": text, "from_on": from_on, "until_on": until_on}
        )
        record(
            actor=actor,
            action="orgs.alias.add",
            target_type="orgs.unit",
            target_id=unit.pk,
            unit_id=unit.pk,
            summary=f"{'登记' if created else '更新'}单位“{unit.name}”的别名“{text}”",
            details={"alias": text},
            now=now,
        )
    return alias


def unit_alias_end(*, actor: Actor, alias_id: int, now: datetime) -> UnitAlias:
    """End an alias: from today on it no longer names the unit, documents of earlier days still find it."""
    with transaction.atomic():
        lock_tree()
        alias = UnitAlias.objects.select_for_update(no_key=True).select_related("unit").get(pk=alias_id)
        if not permissions.can_edit_units(actor):
            raise NotPermitted(ability="停用单位别名")
        last = timezone.localdate(now)
        alias.until_on = max(last, alias.from_on) if alias.from_on else last
        alias.save(update_fields=["until_on"])
        record(
            actor=actor,
            action="orgs.alias.end",
            target_type="orgs.unit",
            target_id=alias.unit_id,
            unit_id=alias.unit_id,
            summary=f"停用单位“{alias.unit.name}”的别名“{alias.text}”",
            details={"alias": alias.text},
            now=now,
        )
    return alias


def entry_update(*, actor: Actor, unit_id: int, fields: Mapping[str, str], now: datetime, seen: str = "") -> Unit:
    """Correct or confirm the unit's directory entry (``ENTRY_FIELDS``); the day of checking becomes today.

    ``seen`` as in ``unit_update``. Raises NotPermitted unless the actor keeps the tree or is the unit's own disclosure office.
    """
    if unknown := set(fields) - set(ENTRY_FIELDS):
        raise ValueError(f"not part of a directory entry: {sorted(unknown)}")
    with transaction.atomic():
        unit = Unit.objects.select_for_update(no_key=True).get(pk=unit_id)
        if not permissions.can_check_entry(actor, unit_id=unit_id):
            raise NotPermitted(Issue("orgs.entry.not_permitted", values={"unit": unit.name}))
        require_unchanged(unit, ENTRY_FIELDS, seen)
        changed = {key: value.strip() for key, value in fields.items() if getattr(unit, key) != value.strip()}
        before = {key: getattr(unit, key) for key in changed}
        for key, value in changed.items():
            setattr(unit, key, value)
        unit.directory_checked_on = timezone.localdate(now)
        unit.save()
        what = "、".join(_label(key) for key in changed) if changed else "内容无变化"
        record(
            actor=actor,
            action="orgs.entry.update",
            target_type="orgs.unit",
            target_id=unit.pk,
            unit_id=unit.pk,
            summary=f"核对“{unit.name}”的机构职能信息：{what}",
            details={"before": before, "after": changed},
            now=now,
        )
    return unit
