"""How a unit's index numbers are written."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from gongkai.domain.issues import Issue
from gongkai.domain.items.index_numbers import code_issues, tidy_code
from gongkai.features.disclosure import permissions
from gongkai.features.disclosure.models import IndexScheme
from gongkai.features.disclosure.services.writing import refuse_if, require
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.audit.services import record
from gongkai.kernel.orgs.models import Unit


def index_scheme_set(*, actor: Actor, unit_id: int, scheme: str, code: str, now: datetime) -> IndexScheme:
    """Say by which scheme and code a unit numbers its items from now on; numbers that were given stay.

    Raises NotPermitted, and Refused when the code does not fit, its check digit is wrong or another unit has it.
    """
    require(permissions.can_set_index_scheme(actor, unit_id), "设定索引号规则")
    tidy = tidy_code(code)
    with transaction.atomic():
        unit = Unit.objects.select_for_update(no_key=True).filter(pk=unit_id).first()
        issues = code_issues(scheme, tidy)
        if unit is None:
            issues.append(Issue("disclosure.unit.unknown", field="unit", values={"unit": unit_id}))
        taken = IndexScheme.objects.select_related("unit").filter(scheme=scheme, code=tidy).exclude(unit_id=unit_id)
        if other := taken.first():
            values = {"code": tidy, "unit": other.unit.name}
            issues.append(Issue("disclosure.index.code_taken", field="code", values=values))
        refuse_if(issues)
        row, _ = IndexScheme.objects.update_or_create(
            unit_id=unit_id,
            defaults={"scheme": scheme, "code": tidy, "set_by_id": actor.user_id, "set_at": now},
        )
        record(
            actor=actor,
            action="disclosure.index_scheme.set",
            target_type="disclosure.index_scheme",
            target_id=unit_id,
            summary=f"设定“{unit.name if unit else unit_id}”的索引号规则：{tidy}",
            unit_id=unit_id,
            details={"scheme": scheme, "code": tidy},
            now=now,
        )
    return row
