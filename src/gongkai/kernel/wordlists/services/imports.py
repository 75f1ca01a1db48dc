"""Taking in a list of words from a sheet or a text file: good rows are taken, every other row is told."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from gongkai.domain.document import Document
from gongkai.domain.issues import Issue, Severity
from gongkai.domain.wording.word_rows import WordRow, lines_to_cells, read_word_rows, with_own_exceptions
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.audit import services as audit
from gongkai.kernel.documents import DocumentRefused, read_document
from gongkai.kernel.errors import NotPermitted, Refused
from gongkai.kernel.wordlists import permissions
from gongkai.kernel.wordlists.models import LexiconEntry
from gongkai.kernel.wordlists.services.version import lists_touch, require_room

CHUNK = 2_000
FORMATS = frozenset({"xlsx", "txt"})


@dataclass(frozen=True, slots=True)
class WordImportReport:
    """What came of a list: words added, changed (the old entry was ended), found to be there, and rows not taken."""

    rows: int
    added: int
    changed: int
    unchanged: int
    issues: tuple[Issue, ...] = ()

    @property
    def refused_rows(self) -> int:
        """Count the rows that could not be taken."""
        lines = {i.where.line_from for i in self.issues if i.where and i.severity is Severity.ERROR}
        return len(lines)


def words_import(
    *, actor: Actor, data: bytes, name: str, now: datetime, unit_id: int | None = None
) -> WordImportReport:
    """Take in an XLSX, CSV or TXT list of words for one unit or (None) all.

    Rows that cannot be used are told with their number and left out; the others are taken. Raises NotPermitted, and
    Refused when the file cannot be read, holds no word, or the lexicon would become too large.
    """
    if not permissions.can_keep_words(actor, unit_id):
        raise NotPermitted(ability="导入错敏词")
    rows, issues = read_word_rows(_cells(data, name))
    if not rows and not issues:
        raise Refused(Issue("wordlists.import.empty", "file", {"name": name}))
    with transaction.atomic():
        report = _write(rows, tuple(issues), actor=actor, unit_id=unit_id, now=now)
        if report.added or report.changed:
            audit.record(
                actor=actor,
                action="wordlists.word.import",
                target_type="wordlists.word",
                target_id=name[:100] or "list",
                summary=f"导入错敏词《{name}》：新增 {report.added} 个，修改 {report.changed} 个",
                unit_id=unit_id,
                details={"rows": report.rows, "refused": report.refused_rows, "unchanged": report.unchanged},
                now=now,
            )
            lists_touch(now=now)
    return report


def _write(
    rows: Sequence[WordRow], issues: tuple[Issue, ...], *, actor: Actor, unit_id: int | None, now: datetime
) -> WordImportReport:
    held = LexiconEntry.objects.select_for_update(of=("self",)).filter(unit_id=unit_id, ended_at__isnull=True)
    known = {entry.wrong: entry for entry in held}
    fresh: list[LexiconEntry] = []
    ended: list[int] = []
    unchanged = 0
    for row in rows:
        entry = _entry(row, actor=actor, unit_id=unit_id, now=now)
        before = known.get(row.wrong)
        if before is not None:
            if _same(before, entry):
                unchanged += 1
                continue
            ended.append(before.pk)
        fresh.append(entry)
    require_room(len(fresh) - len(ended))
    for start in range(0, len(ended), CHUNK):
        old = LexiconEntry.objects.filter(pk__in=ended[start : start + CHUNK])
        old.update(ended_at=now, ended_by_id=actor.user_id)
    LexiconEntry.objects.bulk_create(fresh, batch_size=CHUNK)
    refused = {i.where.line_from for i in issues if i.where and i.severity is Severity.ERROR}
    return WordImportReport(
        rows=len(rows) + len(refused),
        added=len(fresh) - len(ended),
        changed=len(ended),
        unchanged=unchanged,
        issues=issues,
    )


def _entry(row: WordRow, *, actor: Actor, unit_id: int | None, now: datetime) -> LexiconEntry:
    return LexiconEntry(
        unit_id=unit_id,
        wrong=row.wrong,
        right=row.right,
        grade=row.grade.value,
        category=row.category,
        exceptions=list(with_own_exceptions(wrong=row.wrong, right=row.right, exceptions=row.exceptions)),
        from_on=row.from_on,
        until_on=row.until_on,
        note=row.note,
        created_by_id=actor.user_id,
        created_at=now,
    )


def _same(left: LexiconEntry, right: LexiconEntry) -> bool:
    names = ("right", "grade", "category", "exceptions", "from_on", "until_on", "note")
    return all(getattr(left, name) == getattr(right, name) for name in names)


def _cells(data: bytes, name: str) -> list[tuple[int, Sequence[str]]]:
    """Return the rows of the list with their numbers; raises Refused when the file cannot be read as one."""
    try:
        document = read_document(data, name=name)
    except DocumentRefused as refused:
        raise Refused(refused.issues) from refused
    if document.format not in FORMATS:
        raise Refused(Issue("wordlists.import.format", "file", {"name": name}))
    if document.format == "xlsx":
        return _sheet_rows(document)
    text = document.text()
    if name.lower().endswith(".csv"):
        reader = csv.reader(io.StringIO(text))
        return [(reader.line_num, tuple(cells)) for cells in reader]
    return list(lines_to_cells(text))


def _sheet_rows(document: Document) -> list[tuple[int, Sequence[str]]]:
    tables = document.tables()
    return [(line, row) for table in tables for row, line in zip(table.rows, table.lines, strict=True)]
