"""Setting up an office for its letters: every change is a version, with who made it and when."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from gongkai.domain.foi.office import OfficeEntry, check_office
from gongkai.domain.issues import Issue
from gongkai.features.foi import permissions
from gongkai.features.foi.models import OfficeFacts
from gongkai.features.foi.selectors.access import NotFound
from gongkai.features.foi.selectors.office import changed_fields, entry_of, facts_on
from gongkai.features.foi.selectors.units import ASKED
from gongkai.features.foi.services.actions import OFFICE
from gongkai.features.foi.services.writing import day_of
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.audit.services import record
from gongkai.kernel.errors import NotPermitted, Refused
from gongkai.kernel.orgs.models import Unit


def office_lock(*, actor: Actor, unit_id: int, ability: str) -> Unit:
    """Load a unit to change what it has set up; raises NotFound, NotPermitted, Refused. Inside a transaction only."""
    unit = Unit.objects.select_for_update(no_key=True).filter(pk=unit_id).first()
    if unit is None or not permissions.can_see_case(actor, unit_id):
        raise NotFound("单位设置")
    if not permissions.can_set_up(actor, unit_id):
        raise NotPermitted(ability=ability)
    if unit.kind not in {kind.value for kind in ASKED}:
        raise Refused(Issue("foi.office.no_issuer", values={"unit": unit.name}))
    return unit


def office_save(
    *, actor: Actor, unit_id: int, entry: OfficeEntry, from_on: date, note: str = "", now: datetime
) -> OfficeFacts:
    """Save a version of what an office has set up, in use from a day on; letters that are written stay as they are.

    Raises NotFound, NotPermitted, Refused with everything that is wrong, also when nothing has changed.
    """
    with transaction.atomic():
        unit = office_lock(actor=actor, unit_id=unit_id, ability="修改依申请公开单位设置")
        issues = check_office(entry, from_on=from_on, today=day_of(now))
        if issues:
            raise Refused(issues)
        entry = _trimmed(entry)
        held = facts_on(unit_id=unit_id, on=from_on)
        changed = changed_fields(entry_of(held) if held is not None else OfficeEntry(), entry)
        if not changed and held is not None:
            raise Refused(Issue("foi.office.unchanged"))
        last = OfficeFacts.objects.filter(unit=unit).order_by("-number").values_list("number", flat=True).first() or 0
        facts = OfficeFacts.objects.create(
            unit=unit,
            number=last + 1,
            from_on=from_on,
            issuer_kind=entry.issuer_kind.value if entry.issuer_kind else "",
            names={role.value: name for role, name in entry.names.items()},
            other_names="\n".join(entry.other_names),
            signs_as=entry.signs_as,
            doc_code=entry.doc_code,
            doc_pattern=entry.doc_pattern,
            seal_name=entry.seal_name,
            contact=entry.contact,
            phone=entry.phone,
            address=entry.address,
            office_hours=entry.office_hours,
            note=note.strip()[:300],
            by_id=actor.user_id,
            by_name=actor.name[:150],
            at=now,
        )
        record(
            actor=actor,
            action="foi.office.set",
            target_type=OFFICE,
            target_id=unit.pk,
            summary=f"{unit.name}依申请公开设置第{facts.number}版，{from_on.isoformat()}启用：{'、'.join(changed) or '没有内容'}",
            unit_id=unit.pk,
            details={"number": facts.number, "from_on": from_on.isoformat(), "changed": list(changed)},
            now=now,
        )
    return facts


def _trimmed(entry: OfficeEntry) -> OfficeEntry:
    """The entry without blanks around its texts and without names that are empty."""
    return OfficeEntry(
        issuer_kind=entry.issuer_kind,
        names={role: name.strip() for role, name in entry.names.items() if name.strip()},
        other_names=tuple(dict.fromkeys(name.strip() for name in entry.other_names if name.strip())),
        signs_as=entry.signs_as.strip(),
        doc_code=entry.doc_code.strip(),
        doc_pattern=entry.doc_pattern.strip(),
        seal_name=entry.seal_name.strip(),
        contact=entry.contact.strip(),
        phone=entry.phone.strip(),
        address=entry.address.strip(),
        office_hours=entry.office_hours.strip(),
    )
