"""What an office has set up for its letters, what it may leave to the rules, and what is still missing."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db.models import Q

from gongkai.domain.foi.office import NAMED, OfficeEntry
from gongkai.domain.foi.remedies import ROLE_NAMES, IssuerKind, Role, issuer_kind_of, needed_roles
from gongkai.domain.organizations.kinds import UnitKind
from gongkai.features.foi import permissions
from gongkai.features.foi.models import OfficeFacts
from gongkai.features.foi.selectors.access import NotFound
from gongkai.features.foi.selectors.units import ASKED
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.clocks.selectors import rulebook
from gongkai.kernel.orgs.models import Unit
from gongkai.kernel.orgs.selectors import unit_ancestor_ids
from gongkai.rulebook.foi_remedies import remedy_rules

FIELD_NAMES = {
    "issuer_kind": "发文机关类别",
    "signs_as": "文书署名",
    "other_names": "其他名称",
    "doc_code": "机关代字",
    "doc_pattern": "文号格式",
    "seal_name": "印章名称",
    "contact": "联系科室",
    "phone": "联系电话",
    "address": "通信地址",
    "office_hours": "办公时间",
}


@dataclass(frozen=True)
class Office:
    """An office as its letters need it on a day. ``entry`` is what it has set itself, ``version`` its number (0: nothing).

    ``kind`` is None where the unit cannot decide in its own name. ``above`` are the governments above it, where they have
    been looked up already.
    """

    unit: Unit
    entry: OfficeEntry
    kind: IssuerKind | None
    version: int = 0
    above: Mapping[Role, str] | None = None

    @property
    def issuer_names(self) -> tuple[str, ...]:
        """Return the names it may sign under, the usual one first."""
        return tuple(dict.fromkeys([self.entry.signs_as or self.unit.name, *self.entry.other_names]))

    @property
    def contact_words(self) -> str:
        """Say whom to ask, in one line."""
        unit = self.unit
        return self.entry.contact_words(phone=unit.phone, address=unit.address, hours=unit.office_hours)

    def doc_no(self, *, year: int, number: int) -> str:
        """Write a document number of the office."""
        return self.entry.doc_no(year=year, number=number, code=self.unit.display_name)


@dataclass(frozen=True, slots=True)
class NamedRole:
    """A name that letters tell: the office's own, what otherwise holds and where that comes from, and whether it is needed."""

    role: Role
    own: str
    other: str
    source: str
    needed: bool

    @property
    def label(self) -> str:
        """Return what it is to the office."""
        return ROLE_NAMES[self.role]

    @property
    def missing(self) -> bool:
        """Tell whether letters cannot be written for want of it."""
        return self.needed and not (self.own or self.other)


@dataclass(frozen=True, slots=True)
class OfficeVersion:
    """One version as the history shows it, with what it changed."""

    facts: OfficeFacts
    changed: tuple[str, ...]


def facts_on(*, unit_id: int, on: date) -> OfficeFacts | None:
    """Return the version in use on a day: of those begun by then the latest, by day and then by number."""
    return OfficeFacts.objects.filter(unit_id=unit_id, from_on__lte=on).order_by("-from_on", "-number").first()


def office_on(*, unit: Unit, on: date) -> Office:
    """Return an office as its letters need it on a day."""
    facts = facts_on(unit_id=unit.pk, on=on)
    entry = entry_of(facts) if facts is not None else OfficeEntry()
    kind = entry.issuer_kind
    if kind is None:
        division = unit.division_code or _division(unit)
        kind = issuer_kind_of(UnitKind(unit.kind), division=division[:6])
    return Office(unit, entry, kind, facts.number if facts is not None else 0)


def entry_of(facts: OfficeFacts) -> OfficeEntry:
    """Return what a version holds, as pure code takes it."""
    return OfficeEntry(
        issuer_kind=IssuerKind(facts.issuer_kind) if facts.issuer_kind else None,
        names={Role(role): name for role, name in facts.names.items()},
        other_names=tuple(facts.other_names.splitlines()),
        **{
            name: getattr(facts, name)
            for name in ("signs_as", "doc_code", "doc_pattern", "seal_name", "contact", "phone", "address")
        },
        office_hours=facts.office_hours,
    )


def tree_names(unit: Unit) -> dict[Role, str]:
    """Return the governments above a unit by what they are to it."""
    order = {pk: place for place, pk in enumerate(unit_ancestor_ids(unit_id=unit.pk))}
    above = Unit.objects.filter(pk__in=order, kind=UnitKind.GOVERNMENT.value)
    governments = sorted(above, key=lambda one: order[one.pk])
    if not governments:
        return {}
    if unit.kind in (UnitKind.TOWN.value, UnitKind.GOVERNMENT.value):
        return {Role.UPPER_GOVERNMENT: governments[0].name, Role.OWN_GOVERNMENT: governments[0].name}
    names = {Role.OWN_GOVERNMENT: governments[0].name}
    return names | ({Role.UPPER_GOVERNMENT: governments[1].name} if len(governments) > 1 else {})


def role_names(*, office: Office, on: date) -> list[NamedRole]:
    """Return every name that letters may tell, with what the tree of units or the office's rules say of it."""
    rules = remedy_rules(rulebook(), on=on, layer=settings.LAYER)
    needed: Collection[Role] = ()
    known: Mapping[Role, str] = {}
    if rules is not None:
        known = rules.names
        needed = needed_roles(rules.issuers[office.kind]) if office.kind is not None else ()
    tree = tree_names(office.unit)
    return [
        NamedRole(
            role=role,
            own=office.entry.names.get(role, ""),
            other=tree.get(role) or known.get(role, ""),
            source="单位的上下级关系" if role in tree else "本地规则" if known.get(role) else "",
            needed=role in needed,
        )
        for role in NAMED
    ]


def office_get(*, actor: Actor, unit_id: int, on: date) -> Office:
    """Return the office of a unit whose cases the actor may see; raises NotFound."""
    unit = Unit.objects.filter(pk=unit_id, kind__in=[kind.value for kind in ASKED]).first()
    if unit is None or not permissions.can_see_case(actor, unit_id):
        raise NotFound("单位设置")
    return office_on(unit=unit, on=on)


def offices_seen(*, actor: Actor, on: date) -> list[Unit]:
    """Return the units that take applications and whose cases the actor may see, in directory order."""
    rows = Unit.objects.existing(on).filter(
        pk__in=permissions.units_seen(actor), kind__in=[kind.value for kind in ASKED]
    )
    return list(rows.order_by("position", "sort_key", "id"))


def units_unset(*, actor: Actor, on: date) -> list[Unit]:
    """Return the units the actor handles applications of and for which nothing has been set up (one query)."""
    handled = permissions.units_handled(actor)
    if not handled:
        return []
    rows = Unit.objects.existing(on).filter(pk__in=handled, kind__in=[kind.value for kind in ASKED])
    return list(rows.filter(~Q(pk__in=OfficeFacts.objects.filter(unit_id__in=handled).values("unit_id"))))


def office_history(*, office: Office) -> list[OfficeVersion]:
    """Return all versions of an office, the newest first, each with what it changed."""
    rows = list(OfficeFacts.objects.filter(unit_id=office.unit.pk).order_by("number"))
    told = []
    before = OfficeEntry()
    for facts in rows:
        entry = entry_of(facts)
        told.append(OfficeVersion(facts, changed_fields(before, entry)))
        before = entry
    return told[::-1]


def changed_fields(before: OfficeEntry, after: OfficeEntry) -> tuple[str, ...]:
    """Return the labels of what differs between two entries."""
    names = [label for name, label in FIELD_NAMES.items() if getattr(before, name) != getattr(after, name)]
    roles = [ROLE_NAMES[role] for role in NAMED if before.names.get(role, "") != after.names.get(role, "")]
    return (*names, *roles)


def _division(unit: Unit) -> str:
    codes = Unit.objects.filter(pk__in=unit_ancestor_ids(unit_id=unit.pk)).exclude(division_code="")
    return codes.values_list("division_code", flat=True).first() or ""
