"""Import and export of the organization tree as an XLSX sheet with Chinese columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from gongkai.domain.document import Document
from gongkai.domain.issues import Issue, Where
from gongkai.domain.organizations.kinds import LABELS, UnitKind
from gongkai.domain.organizations.sheet import (
    COLUMNS,
    DIRECTORY,
    REQUIRED,
    Change,
    Plan,
    Row,
    plan_import,
    read_header,
    read_row,
)
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.audit.services import record
from gongkai.kernel.documents import DocumentRefused, read_document, write_table_xlsx
from gongkai.kernel.errors import NotPermitted
from gongkai.kernel.orgs import permissions
from gongkai.kernel.orgs.models import Unit, UnitAlias, UnitName
from gongkai.kernel.orgs.selectors import named_units
from gongkai.kernel.orgs.services.tree import lock_tree
from gongkai.kernel.orgs.services.units import NewUnit, write_aliases, write_fields, write_unit

WIDTHS = (30, 14, 12, 26, 16, 26, 40, 28, 26, 18, 12, 13, 13)


@dataclass(frozen=True, slots=True)
class RowChange:
    """One line of what an import changes: ``what`` is 新增 or 修改, ``fields`` are the columns concerned."""

    number: int
    name: str
    what: str
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did or would do.

    ``rows`` were read, ``rows_ok`` of them have no error; ``issues`` carry row and column in ``where``. Nothing is
    written while any row has an error (``refused``).
    """

    rows: int
    rows_ok: int
    created: int
    updated: int
    unchanged: int
    issues: tuple[Issue, ...] = ()
    changes: tuple[RowChange, ...] = ()
    written: bool = False
    refused: bool = field(default=False)


def units_import_preview(*, actor: Actor, file: Path | bytes, name: str = "") -> ImportReport:
    """Return what importing the sheet would change, without writing; raises NotPermitted."""
    if not permissions.can_edit_units(actor):
        raise NotPermitted(ability="导入机构名录")
    return _report(*_plan(file, name), written=False)


def units_import(*, actor: Actor, file: Path | bytes, now: datetime, name: str = "") -> ImportReport:
    """Import a sheet of units: all rows or, when any of them has an error, none. Raises NotPermitted.

    A file that cannot be read is told as an issue of the report like everything else.
    """
    with transaction.atomic():
        lock_tree()
        if not permissions.can_edit_units(actor):
            raise NotPermitted(ability="导入机构名录")
        plan, issues = _plan(file, name)
        if plan is None or plan.refused:
            return _report(plan, issues, written=False)
        written: dict[int, Unit] = {}
        for change in plan.changes:
            if not change.is_empty:
                written[-change.row.number] = _write(change, written, now)
        report = _report(plan, issues, written=True)
        record(
            actor=actor,
            action="orgs.unit.import",
            target_type="orgs.sheet",
            target_id=name or "sheet",
            summary=f"导入机构名录：新增 {report.created} 个，修改 {report.updated} 个，无变化 {report.unchanged} 个",
            details={
                "created": [c.name for c in report.changes if c.what == "新增"],
                "updated": {c.name: list(c.fields) for c in report.changes if c.what == "修改"},
            },
            now=now,
        )
    return report


def units_export(*, actor: Actor) -> bytes:
    """Return every unit as an XLSX sheet that ``units_import`` reads back without a change; raises NotPermitted."""
    if not permissions.can_view_units(actor):
        raise NotPermitted(ability="导出机构名录")
    units = Unit.objects.in_bulk()
    names = [unit.name for unit in units.values()]
    twice = {name for name in names if names.count(name) > 1} if len(set(names)) < len(names) else set()
    others: dict[int, list[str]] = {}
    former = UnitName.objects.filter(until_on__isnull=False).order_by("unit_id", "until_on")
    for unit_id, text in UnitAlias.objects.filter(until_on__isnull=True).order_by("pk").values_list("unit_id", "text"):
        others.setdefault(unit_id, []).append(text)
    for unit_id, text in former.values_list("unit_id", "name"):
        others.setdefault(unit_id, []).append(text)
    rows = [_cells(unit, units, twice, others.get(unit.pk, [])) for unit in _in_tree_order(units)]
    return write_table_xlsx(list(COLUMNS.values()), rows, widths=WIDTHS, sheet="机构名录")


def _in_tree_order(units: dict[int, Unit]) -> list[Unit]:
    below: dict[int | None, list[Unit]] = {}
    for unit in sorted(units.values(), key=lambda u: (u.position, u.sort_key, u.pk)):
        below.setdefault(unit.parent_id, []).append(unit)
    ordered: list[Unit] = []
    waiting = list(reversed(below.get(None, [])))
    while waiting:
        unit = waiting.pop()
        ordered.append(unit)
        waiting += reversed(below.get(unit.pk, []))
    return ordered


def _cells(unit: Unit, units: dict[int, Unit], twice: set[str], others: Sequence[str]) -> list[object]:
    path: list[str] = []
    parent = units.get(unit.parent_id) if unit.parent_id else None
    while parent is not None:
        path.insert(0, parent.name)
        if parent.name not in twice:
            break
        parent = units.get(parent.parent_id) if parent.parent_id else None
    return [
        unit.name,
        unit.short_name,
        LABELS[UnitKind(unit.kind)],
        "/".join(path),
        unit.division_code,
        "、".join(dict.fromkeys(others)),
        *(getattr(unit, entry) for entry in DIRECTORY),
        unit.founded_on,
        unit.dissolved_on,
    ]


def _plan(file: Path | bytes, name: str) -> tuple[Plan | None, tuple[Issue, ...]]:
    """Read the sheet and plan the import; the plan is None when the file or its header cannot be read."""
    try:
        document = read_document(file, name=name)
    except DocumentRefused as refused:
        return None, tuple(refused.issues)
    if document.format != "xlsx":
        return None, (Issue("orgs.sheet.not_xlsx", "file", {"name": name or document.name}),)
    rows, issues = _rows(document)
    if not rows and not issues:
        issues = [Issue("orgs.sheet.empty", "file")]
    units = named_units()
    entries = Unit.objects.values("pk", "short_name", *DIRECTORY)
    details = {entry.pop("pk"): entry for entry in entries}
    plan = plan_import(rows, units, details)
    every = sorted((*issues, *plan.issues), key=lambda i: (i.where.line_from if i.where else 0, i.code))
    return Plan(plan.changes, tuple(every), plan.rows), ()


def _rows(document: Document) -> tuple[list[Row], list[Issue]]:
    rows: list[Row] = []
    issues: list[Issue] = []
    headed = False
    for table in document.tables():
        header: dict[str, int] | None = None
        for cells, line in zip(table.rows, table.lines, strict=True):
            if header is None:
                header = read_header(cells)
                if header is not None:
                    headed = True
                    issues += [
                        Issue("orgs.sheet.no_column", "file", {"column": COLUMNS[f]}, where=Where(line, line))
                        for f in REQUIRED
                        if f not in header
                    ]
                continue
            if any(cell.strip() for cell in cells):
                row, wrong = read_row(line, {f: cells[at] for f, at in header.items() if at < len(cells)})
                issues += wrong
                if row.name and row.kind is not None:
                    rows.append(row)
    if not headed:
        issues.append(Issue("orgs.sheet.no_header", "file"))
    return rows, issues


def _write(change: Change, written: dict[int, Unit], now: datetime) -> Unit:
    row = change.row
    parent = change.parent
    if parent is not None and parent < 0:
        parent = written[parent].pk
    if change.unit_id is None:
        new = {key: value for key, value in change.fields.items() if key not in ("name", "kind")}
        return write_unit(
            NewUnit(kind=str(row.kind), name=row.name, parent_id=parent, aliases=row.aliases, **new),
            now=now,
        )
    unit = Unit.objects.get(pk=change.unit_id)
    fields = {key: value for key, value in change.fields.items() if key != "parent"}
    if "parent" in change.fields:
        fields["parent_id"] = parent
    if any(key in DIRECTORY for key in fields):
        fields["directory_checked_on"] = timezone.localdate(now)
    if fields:
        write_fields(unit, fields)
    write_aliases(unit, change.new_aliases)
    return unit


def _report(plan: Plan | None, issues: tuple[Issue, ...], *, written: bool) -> ImportReport:
    if plan is None:
        return ImportReport(0, 0, 0, 0, 0, issues=issues, refused=True)
    bad = {issue.where.line_from for issue in plan.issues if issue.where is not None}
    changes = tuple(
        RowChange(
            c.row.number,
            c.row.name,
            "新增" if c.unit_id is None else "修改",
            tuple(COLUMNS[f] for f in c.fields) + ((COLUMNS["aliases"],) if c.new_aliases else ()),
        )
        for c in plan.changes
        if not c.is_empty
    )
    created = sum(c.unit_id is None for c in plan.changes)
    unchanged = sum(c.is_empty for c in plan.changes)
    return ImportReport(
        rows=plan.rows + len([n for n in bad if n not in {c.row.number for c in plan.changes}]),
        rows_ok=len([c for c in plan.changes if c.row.number not in bad]),
        created=created,
        updated=len(plan.changes) - created - unchanged,
        unchanged=unchanged,
        issues=plan.issues,
        changes=tuple(sorted(changes, key=lambda c: c.number)),
        written=written,
        refused=plan.refused,
    )
