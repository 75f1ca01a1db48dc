"""A unit was merged, renamed or dissolved: its items follow whoever took over, and keep the name they were issued under."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from gongkai.domain.issues import Issue
from gongkai.features.disclosure import permissions
from gongkai.features.disclosure.models import Item
from gongkai.features.disclosure.services.actions import TARGET
from gongkai.features.disclosure.services.writing import refuse_if, require
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.audit.services import record_many
from gongkai.kernel.orgs.models import Unit, UnitLineage


def items_follow_unit(*, actor: Actor, from_unit_id: int, to_unit_id: int, reason: str, now: datetime) -> int:
    """Give every item of a unit to the unit that took over from it; returns how many. Safe to run again.

    The content, the index number and the name of the issuer stay as they were; rounds under way stay with the unit that
    opened them. Raises NotPermitted, and Refused when the one did not take over from the other.
    """
    require(permissions.can_move_items(actor), "移交公开信息")
    with transaction.atomic():
        units = {unit.pk: unit for unit in Unit.objects.filter(pk__in=(from_unit_id, to_unit_id))}
        issues = [
            Issue("disclosure.unit.unknown", field="unit", values={"unit": unit_id})
            for unit_id in (from_unit_id, to_unit_id)
            if unit_id not in units
        ]
        if from_unit_id == to_unit_id:
            issues.append(Issue("disclosure.follow.same", field="to_unit"))
        elif not issues and not _took_over(from_unit_id, to_unit_id):
            values = {"source": units[from_unit_id].name, "target": units[to_unit_id].name}
            issues.append(Issue("disclosure.follow.not_successor", field="to_unit", values=values))
        if not reason.strip():
            issues.append(Issue("disclosure.reason.missing", field="reason", values={"verb": "移交公开信息"}))
        refuse_if(issues)
        rows = Item.objects.filter(unit_id=from_unit_id).order_by("pk").select_for_update(no_key=True)
        ids = list(rows.values_list("pk", flat=True))
        Item.objects.filter(pk__in=ids).update(unit_id=to_unit_id)
        source, target = units[from_unit_id], units[to_unit_id]
        record_many(
            actor=actor,
            entries=[
                {
                    "action": "disclosure.item.move_unit",
                    "target_type": TARGET,
                    "target_id": item_id,
                    "summary": f"信息由“{source.name}”移交“{target.name}”：{reason.strip()}",
                    "unit_id": to_unit_id,
                    "details": {"from": from_unit_id, "to": to_unit_id},
                }
                for item_id in ids
            ],
            now=now,
        )
    return len(ids)


def _took_over(source_id: int, target_id: int) -> bool:
    """Tell whether a chain of mergers and splits leads from the one unit to the other."""
    waiting, seen = [source_id], set[int]()
    while waiting:
        rows = UnitLineage.objects.filter(source_id__in=waiting, target__isnull=False).exclude(kind="renamed")
        found = set(rows.values_list("target_id", flat=True)) - seen
        if target_id in found:
            return True
        seen |= found
        waiting = list(found)
    return False
