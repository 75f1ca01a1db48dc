"""Opening a sealed value for a person, and sealing everything anew under the newest key."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models, transaction
from django.views.decorators.debug import sensitive_variables

from gongkai.domain.issues import Issue
from gongkai.kernel.audit.actions import register_actions, register_targets
from gongkai.kernel.audit.services import record
from gongkai.kernel.errors import NotPermitted, Refused
from gongkai.kernel.sealed.columns import digest_fields, opening_of, sealed_fields, sealed_models
from gongkai.kernel.sealed.keys import key_file, key_ring, new_line, replace_lines
from gongkai.kernel.sealed.sealing import key_name
from gongkai.kernel.sealed.selectors import keys_in_use
from gongkai.kernel.sealed.values import Masked, SealMisuse, Token

if TYPE_CHECKING:
    from gongkai.kernel.accounts.actor import Actor

register_targets({"sealed.keys": "个人信息的加密密钥"})
register_actions({"sealed.value.unmask": "查看加密的个人信息", "sealed.key.change": "更换个人信息的加密密钥"})
SHORTEST_REASON = 2
LONGEST_REASON = 200
BATCH = 200


@sensitive_variables()
def unmask(*, actor: Actor, row: models.Model, field: str, reason: str, now: datetime) -> Any:
    """Return the plain value of one sealed field (None where there is none); see ``unmask_all``."""
    return unmask_all(actor=actor, row=row, fields=[field], reason=reason, now=now)[field]


@sensitive_variables()
def unmask_all(*, actor: Actor, row: models.Model, fields: Sequence[str], reason: str, now: datetime) -> dict[str, Any]:
    """Return the plain values of sealed fields of one row, after writing down who looked, at what and why.

    Asks the permission that the feature has registered (``columns.register_opening``). Raises NotPermitted, Refused for a
    reason that is missing or too long, SealBroken for a value that cannot be opened; then nothing is written.
    """
    opening = opening_of(row)
    if opening is None or not opening.may(actor, row):
        raise NotPermitted(ability="查看加密的个人信息")
    written = " ".join(reason.split())
    if not SHORTEST_REASON <= len(written) <= LONGEST_REASON:
        values = {"least": SHORTEST_REASON, "most": LONGEST_REASON}
        raise Refused(Issue("sealed.reason", field="reason", values=values))
    by_name = {one.name: one for one in sealed_fields(type(row))}
    if unknown := [name for name in fields if name not in by_name]:
        raise SealMisuse(f"{row._meta.label} has no sealed {unknown}")
    held: dict[str, Masked | None] = {name: getattr(row, name) for name in fields}
    opened = {name: None if masked is None else masked.for_machine() for name, masked in held.items()}
    labels = "、".join(str(by_name[name].verbose_name) for name in fields)
    with transaction.atomic():
        record(
            actor=actor,
            action="sealed.value.unmask",
            target_type=opening.target_type,
            target_id=row.pk,
            unit_id=opening.unit_id(row),
            summary=f"查看{labels}，理由：{written}",
            details={"fields": list(fields), "reason": written},
            now=now,
        )
    return opened


def renew_seals(*, tables: Sequence[type[models.Model]] | None = None) -> int:
    """Seal every value anew that was not sealed with the newest key, digests too; returns how many rows.

    Row by row in small transactions: it may be stopped and begun again, and others go on working. Raises SealBroken at
    the first value that cannot be opened; what was renewed before stays so.
    """
    newest = key_ring().newest.name
    count = 0
    for model in sealed_models() if tables is None else tables:
        fields = sealed_fields(model)
        names = [one.name for one in [*fields, *digest_fields(model)]]
        last: Any = None
        while True:
            rows = model._default_manager.order_by("pk").select_for_update(no_key=True, of=("self",))
            with transaction.atomic():
                batch = list((rows if last is None else rows.filter(pk__gt=last))[:BATCH])
                for row in batch:
                    if _renew(row, fields, newest):
                        row.save(update_fields=names)
                        count += 1
            if not batch:
                break
            last = batch[-1].pk
    return count


@sensitive_variables()
def _renew(row: models.Model, fields: Sequence[Any], newest: str) -> bool:
    old = False
    for field in fields:
        kept = row.__dict__.get(field.attname)
        old |= isinstance(kept, Token) and key_name(kept.sealed) != newest
    if old:
        for field in fields:  # all of them: the digests are made anew from what was set
            masked: Masked | None = getattr(row, field.attname)
            setattr(row, field.attname, None if masked is None else masked.for_machine())
    return old


def key_add(*, actor: Actor, now: datetime) -> str:
    """Put a new key at the head of the file and return its name; it seals from now on, the others still open.

    Raises Refused where the keys stand in the setting, which only the operator changes.
    """
    _require_file()
    key_ring()
    line = new_line()
    path = key_file()
    with transaction.atomic():
        _record(actor, f"增加密钥 {line.partition(':')[0]}", now)
        replace_lines(path, [line, *path.read_text(encoding="ascii").split()])
    return line.partition(":")[0]


def key_drop(*, actor: Actor, name: str, now: datetime) -> None:
    """Take a key out of the file that seals nothing any more. Raises Refused with all reasons why not."""
    _require_file()
    ring = key_ring()
    faults: list[Issue] = []
    if ring.get(name) is None:
        faults.append(Issue("sealed.key_not_there", values={"key": name}))
    elif ring.newest.name == name:
        faults.append(Issue("sealed.key_newest", values={"key": name}))
    if count := keys_in_use()[name]:
        faults.append(Issue("sealed.key_in_use", values={"key": name, "count": count}))
    if faults:
        raise Refused(faults)
    path = key_file()
    left = [line for line in path.read_text(encoding="ascii").split() if line.partition(":")[0] != name]
    with transaction.atomic():
        _record(actor, f"删除密钥 {name}", now)
        replace_lines(path, left)


def _require_file() -> None:
    from django.conf import settings

    if settings.SEALED_KEYS:
        raise Refused(Issue("sealed.keys_in_setting"))


def _record(actor: Actor, summary: str, now: datetime) -> None:
    record(actor=actor, action="sealed.key.change", target_type="sealed.keys", target_id="", summary=summary, now=now)
