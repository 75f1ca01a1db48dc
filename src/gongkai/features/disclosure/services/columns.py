"""The columns of the directory: those of the rulebook are put there by the program, others by the disclosure authority."""

from __future__ import annotations

import re
from datetime import date, datetime

from django.db import transaction

from gongkai.domain.issues import Issue
from gongkai.features.disclosure import permissions
from gongkai.features.disclosure.models import DirectoryColumn
from gongkai.features.disclosure.services.contents import clean_text
from gongkai.features.disclosure.services.writing import day_of, refuse_if, require
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.audit.services import record
from gongkai.rulebook.disclosure import disclosure_rules

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,39}")


def directory_ensure(*, actor: Actor, now: datetime) -> int:
    """Put the rulebook's columns into the directory that are not there yet; returns how many. Safe to run again.

    A column that is there keeps the name, the order and the unit that the place gave it.
    """
    columns = disclosure_rules().columns
    with transaction.atomic():
        known = {row.code: row for row in DirectoryColumn.objects.filter(code__in=columns)}
        added = 0
        for column in columns.values():
            if column.code in known:
                continue
            known[column.code] = DirectoryColumn.objects.create(
                code=column.code,
                name=column.name,
                parent=known.get(column.parent),
                statutory=column.statutory,
                description=column.words,
                order=column.order * 10,
            )
            added += 1
        if added:
            record(
                actor=actor,
                action="disclosure.column.ensure",
                target_type="disclosure.column",
                target_id="all",
                summary=f"补齐公开栏目{added}个",
                now=now,
            )
    return added


def column_save(
    *,
    actor: Actor,
    code: str,
    name: str,
    parent: str = "",
    description: str = "",
    unit_id: int | None = None,
    update_days: int | None = None,
    order: int | None = None,
    new: bool = False,
    now: datetime,
) -> DirectoryColumn:
    """Add a column (``new``) or change one; a column's code never changes. Raises NotPermitted, Refused."""
    require(permissions.can_manage_columns(actor), "维护公开栏目")
    name, code = clean_text(name, lines=False)[:100], clean_text(code, lines=False)
    with transaction.atomic():
        rows = {row.code: row for row in DirectoryColumn.objects.select_for_update(no_key=True, of=("self",))}
        column, above = rows.get(code), rows.get(parent)
        issues: list[Issue] = []
        if not name:
            issues.append(Issue("disclosure.column.name_missing", field="name"))
        if new and column is not None:
            issues.append(Issue("disclosure.column.taken", field="code", values={"code": code}))
        elif new and not _CODE.fullmatch(code):
            issues.append(Issue("disclosure.column.code_form", field="code", values={"code": code}))
        elif not new and column is None:
            issues.append(Issue("disclosure.column.unknown", field="code", values={"column": code}))
        if parent and above is None:
            issues.append(Issue("disclosure.column.unknown", field="parent", values={"column": parent}))
        if column is not None and above is not None and _is_below(above, column):
            issues.append(Issue("disclosure.column.own_parent", field="parent"))
        refuse_if(issues)
        column = column or DirectoryColumn(code=code, order=max((row.order for row in rows.values()), default=0) + 10)
        column.name, column.parent, column.description = name, above, clean_text(description)
        column.unit_id, column.update_days = unit_id, update_days
        column.order = column.order if order is None else order
        column.save()
        _record(actor, "save", column, f"维护公开栏目“{name}”（{code}）", now)
    return column


def _is_below(column: DirectoryColumn, other: DirectoryColumn) -> bool:
    """Tell whether a column is the other one or stands under it."""
    above: DirectoryColumn | None = column
    while above is not None:
        if above.pk == other.pk:
            return True
        above = above.parent
    return False


def column_close(*, actor: Actor, code: str, on: date | None = None, now: datetime) -> DirectoryColumn:
    """Close a column that is not one of the law's; what stands in it stays. Raises NotPermitted, Refused."""
    require(permissions.can_manage_columns(actor), "停用公开栏目")
    with transaction.atomic():
        column = DirectoryColumn.objects.select_for_update(no_key=True, of=("self",)).filter(code=code).first()
        if column is None:
            refuse_if([Issue("disclosure.column.unknown", field="code", values={"column": code})])
        assert column is not None
        issues: list[Issue] = []
        values = {"column": column.name}
        known = disclosure_rules().columns.get(code)
        if known is not None and "-" not in code and not known.level:
            issues.append(Issue("disclosure.column.statutory_closed", values=values))
        if column.children.filter(closed_on__isnull=True).exists():
            issues.append(Issue("disclosure.column.has_children", values=values))
        refuse_if(issues)
        if column.closed_on is None:
            column.closed_on = on or day_of(now)
            column.save(update_fields=["closed_on"])
            _record(actor, "close", column, f"停用公开栏目“{column.name}”（{code}）", now)
    return column


def _record(actor: Actor, verb: str, column: DirectoryColumn, summary: str, now: datetime) -> None:
    record(
        actor=actor,
        action=f"disclosure.column.{verb}",
        target_type="disclosure.column",
        target_id=column.code,
        summary=summary,
        unit_id=column.unit_id,
        now=now,
    )
