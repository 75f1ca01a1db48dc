"""One row of an import: from its cells and files to a draft, with every reason why not; nothing is written here."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path, PurePosixPath
from typing import Any

from gongkai.domain.document import from_lines
from gongkai.domain.intake import Proposals, body_of
from gongkai.domain.issues import Issue
from gongkai.domain.items import ItemContent, UnitRef
from gongkai.domain.organizations.resolve import Directory, Found
from gongkai.features.disclosure.import_files import FileRead, FileTask
from gongkai.features.disclosure.models import DirectoryColumn, ImportRow
from gongkai.features.disclosure.services.bulk_items import Known, NewItem, new_item_check
from gongkai.kernel.documents.bundles import Bundle
from gongkai.kernel.documents.limits import Limits
from gongkai.kernel.files.services import KeptFile
from gongkai.kernel.files.staging import StagedBytes
from gongkai.kernel.orgs.selectors import directory_load
from gongkai.rulebook.disclosure import DisclosureRules, disclosure_rules
from gongkai.rulebook.messages import describe

_ARTICLE = re.compile(r"第[一二三四五六七八九十]+条(?:第[一二三四五六七八九十]+[款项])?")
_LIST = re.compile(r"[、，,;；\n|]+")


@dataclass(slots=True)
class Prepared:
    """A row that was looked at: the draft, or ``issues`` that keep it out; ``notes`` only want a look."""

    row: ImportRow
    draft: NewItem | None = None
    digest: str = ""
    issues: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    staged: list[tuple[StagedBytes, str]] = field(default_factory=list)
    """Its files beside the store, with the names they are told by."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where the files of a batch are: an archive or a folder (``place``), and the store they go to."""

    place: Path
    zipped: bool
    limits: Limits
    store: Path


@dataclass(slots=True)
class Desk:
    """What every row of a batch needs, loaded once: names of kinds, columns, subjects and units."""

    unit: UnitRef
    kind: str
    known: Known
    rules: DisclosureRules
    columns: Mapping[str, str]
    directory: Directory
    units: dict[str, UnitRef] = field(default_factory=dict)

    @classmethod
    def load(cls, *, unit: UnitRef, kind: str, on: date) -> Desk:
        """Return the desk of a batch for a day (a constant number of queries)."""
        columns: dict[str, str] = {}
        for code, name in DirectoryColumn.objects.filter(closed_on__isnull=True).values_list("code", "name"):
            columns[code] = code
            columns.setdefault(name, code)
        return cls(unit, kind, Known.load(), disclosure_rules(), columns, directory_load(on=on))

    def unit_named(self, name: str) -> UnitRef:
        """Return the unit that a name means; one that is not on file, or not clearly, keeps its name alone."""
        if name not in self.units:
            found = self.directory.resolve(name, home_id=self.directory.root_id())
            self.units[name] = UnitRef(found.unit_id if found.found is Found.UNIT else None, name)
        return self.units[name]


def row_tasks(row: ImportRow, *, bundle: Bundle | None, source: Source) -> list[FileTask | Issue]:
    """Return what is to be read for a row, in the order of its paths; an issue stands for a file that is not there."""
    tasks: list[FileTask | Issue] = []
    for position, path in enumerate(_paths(row)):
        if bundle is None:
            tasks.append(Issue("intake.row.no_files", field="path", values={"name": path}))
        elif path not in bundle:
            tasks.append(Issue("intake.row.file_missing", field="path", values={"name": path}))
        else:
            tasks.append(FileTask(source.place, source.zipped, path, position == 0, source.limits, source.store))
    return tasks


def row_prepare(row: ImportRow, *, files: Sequence[FileRead], desk: Desk) -> Prepared:
    """Check the draft of a row whose files were read, with what they propose where its cells are silent; every reason
    at once. ``files`` stand in the order of ``row_tasks``."""
    prepared = Prepared(row)
    values: Mapping[str, Any] = row.values
    paths = _paths(row)
    proposals = files[0].proposals if files else Proposals()
    body = files[0].body if files else ()
    kept: list[tuple[KeptFile, str]] = []
    for position, (path, read) in enumerate(zip(paths, files, strict=True)):
        name = PurePosixPath(path).name
        prepared.issues += read.issues
        prepared.notes += read.notes
        if read.scan:
            prepared.notes.append(describe(Issue("intake.row.scan", values={"name": name})))
        if read.staged is not None:
            one = read.staged
            prepared.staged.append((one, name))
            kept.append((KeptFile(one.sha256, one.size, one.head, name, None, "", ""), PurePosixPath(name).stem))
            if position == 0:
                prepared.digest = one.sha256
    if not paths:
        prepared.digest = hashlib.sha256(
            json.dumps(values, sort_keys=True, ensure_ascii=False).encode("utf-8", "replace")
        ).hexdigest()
    if values.get("text"):
        body = _paragraphs(str(values["text"]))
    content, faults = _content(values, proposals, body, desk, name=row.path)
    grounds, ground_faults = _grounds(values, desk.rules)
    if values.get("attribute") and not grounds and not ground_faults:
        prepared.notes.append(describe(Issue("intake.row.no_ground", values={"row": row.number})))
    draft = NewItem(
        content,
        tuple(kept),
        attribute=str(values.get("attribute") or "") if grounds else "",
        grounds=grounds,
        ground_note=str(values.get("ground_note") or ""),
        note=f"批量导入{row.batch_id}第{row.number}行",
    )
    draft, issues = new_item_check(draft, known=desk.known)
    prepared.issues += [describe(issue) for issue in (*faults, *ground_faults, *issues)]
    prepared.draft = draft
    return prepared


def _paths(row: ImportRow) -> Sequence[str]:
    return row.values.get("paths") or ([row.path] if row.path else [])


def _content(
    values: Mapping[str, Any],
    proposals: Proposals,
    body: tuple[Mapping[str, Any], ...],
    desk: Desk,
    *,
    name: str,
) -> tuple[ItemContent, list[Issue]]:
    """Return the content of a row: what its cells say, else what the document says."""
    issues: list[Issue] = []
    kind = desk.kind
    if told := str(values.get("kind") or ""):
        known = {k.name: code for code, k in desk.rules.kinds.items()} | {code: code for code in desk.rules.kinds}
        kind = known.get(told, "")
        if not kind:
            names = "、".join(k.name for k in desk.rules.kinds.values())
            issues.append(Issue("intake.row.kind", field="kind", values={"value": told, "known": names}))
            kind = desk.kind
    subject = str(values.get("subject") or "")
    if subject and subject not in desk.rules.subjects:
        codes = [code for code, one in desk.rules.subjects.items() if subject in (one.name, one.local)]
        if len(codes) != 1:
            issues.append(Issue("intake.row.subject", field="subject", values={"value": subject}))
        subject = codes[0] if codes else ""
    columns = []
    for one in _words(values.get("column")):
        if one in desk.columns:
            columns.append(desk.columns[one])
        else:
            issues.append(Issue("intake.row.column", field="columns", values={"value": one}))
    issuers = _words(values.get("issuer")) or tuple(_text(proposals, "issuers"))
    units = [desk.unit_named(one) for one in issuers]
    stem = PurePosixPath(name).stem
    content = ItemContent(
        kind=kind,
        title=str(values.get("title") or "") or next(iter(_text(proposals, "title")), stem),
        body=body,
        summary=str(values.get("summary") or ""),
        issuer=units[0] if units else desk.unit,
        joint=tuple(units[1:]),
        doc_no=str(values.get("doc_no") or "") or next(iter(_text(proposals, "doc_no")), ""),
        written_on=_day(values, proposals, "written_on"),
        issued_on=_day(values, proposals, "issued_on"),
        effective_on=_day(values, proposals, "effective_on"),
        expires_on=_day(values, proposals, "expires_on"),
        subject=subject,
        keywords=_words(values.get("keywords")) or tuple(_text(proposals, "keywords")),
        columns=tuple(dict.fromkeys(columns)),
    )
    return _plausible(content, values), issues


def _plausible(content: ItemContent, values: Mapping[str, Any]) -> ItemContent:
    """Leave out dates that were only found in the text and contradict each other; what a cell says stays and is told."""
    if (
        content.written_on
        and content.issued_on
        and content.issued_on < content.written_on
        and not values.get("issued_on")
    ):
        content = replace(content, issued_on=None)
    if content.effective_on and content.expires_on and content.expires_on < content.effective_on:
        content = replace(content, effective_on=None, expires_on=None)
    return content


def _grounds(values: Mapping[str, Any], rules: DisclosureRules) -> tuple[tuple[str, ...], list[Issue]]:
    """Return the codes of the grounds that a cell names by code, article or words."""
    text, attribute = str(values.get("ground") or ""), str(values.get("attribute") or "")
    codes: list[str] = []
    issues: list[Issue] = []
    for part in _words(text):
        if part in rules.grounds:
            codes.append(part)
            continue
        article = _ARTICLE.search(part)
        fitting = [g for g in rules.grounds.values() if not attribute or attribute in g.attributes]
        found = [g for g in fitting if article is not None and g.article == article.group()]
        if len(found) != 1:
            found = [g for g in found or fitting if part in g.words or g.words in part]
        if len(found) == 1:
            codes.append(found[0].code)
        else:
            issues.append(Issue("intake.row.ground", field="grounds", values={"value": part}))
    return tuple(dict.fromkeys(codes)), issues


def _paragraphs(text: str) -> tuple[Mapping[str, Any], ...]:
    """Return the body of a text that stands in a cell: proposals find nothing here, every line is a paragraph."""
    return body_of(from_lines(text), Proposals()).blocks


def _words(value: object) -> tuple[str, ...]:
    return tuple(word.strip() for word in _LIST.split(str(value or "")) if word.strip())


def _text(proposals: Proposals, name: str) -> list[str]:
    best = proposals.best(name)
    if best is None:
        return []
    return (
        [best.value]
        if isinstance(best.value, str)
        else [str(v) for v in best.value]
        if isinstance(best.value, tuple)
        else []
    )


def _day(values: Mapping[str, Any], proposals: Proposals, name: str) -> date | None:
    if values.get(name):
        return date.fromisoformat(str(values[name]))
    best = proposals.best(name)
    return best.value if best is not None and isinstance(best.value, date) else None
