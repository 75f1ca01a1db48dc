"""What the content check finds in a stored file, as plain values that can be kept beside the file's digest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings

from gongkai.domain.gate import AttachmentFacts, AttachmentState, Found
from gongkai.domain.issues import Issue, Severity
from gongkai.domain.items import AttachmentRef
from gongkai.domain.wording import Finding, Grade
from gongkai.features.disclosure.models import FileCheck
from gongkai.kernel.content import ContentRules, check_file, place_text, safe_context
from gongkai.kernel.documents import DocumentRefused
from gongkai.kernel.files import storage

MOST_FOUND = 200
"""Findings kept of one file, gravest first; a file with more has to be mended before the rest is told."""
_STATES = {
    "document.encrypted": AttachmentState.ENCRYPTED,
    "document.macros": AttachmentState.MACROS,
    "document.damaged": AttachmentState.DAMAGED,
    "document.empty": AttachmentState.DAMAGED,
    "document.txt.encoding_unknown": AttachmentState.DAMAGED,
    "document.entities": AttachmentState.DAMAGED,
    "document.unreadable": AttachmentState.GONE,
    "document.bomb": AttachmentState.BOMB,
    "document.too_large": AttachmentState.TOO_LARGE,
    "document.part_too_large": AttachmentState.TOO_LARGE,
    "document.too_many_members": AttachmentState.TOO_LARGE,
    "document.too_many_pages": AttachmentState.TOO_LARGE,
    "document.too_many_rows": AttachmentState.TOO_LARGE,
    "document.too_many_cells": AttachmentState.TOO_LARGE,
    "document.too_many_paragraphs": AttachmentState.TOO_LARGE,
    "document.too_deep": AttachmentState.TOO_LARGE,
    "document.too_complex": AttachmentState.TOO_LARGE,
    "document.no_text": AttachmentState.SCANNED,
    "document.pdf.no_text": AttachmentState.SCANNED,
    "document.ofd.no_text": AttachmentState.SCANNED,
    "document.docx.only_pictures": AttachmentState.SCANNED,
}
LOST = frozenset({AttachmentState.GONE, AttachmentState.CHANGED})
"""States of the disk and not of the bytes: never kept."""
_GRAVEST = (
    AttachmentState.BOMB,
    AttachmentState.MACROS,
    AttachmentState.PROGRAM,
    AttachmentState.ENCRYPTED,
    AttachmentState.GONE,
    AttachmentState.DAMAGED,
    AttachmentState.TOO_LARGE,
    AttachmentState.SCANNED,
    AttachmentState.NOT_READ,
)


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What is known of a file's bytes under certain rules; ``result`` is JSON, personal data masked."""

    sha256: str
    name: str
    state: AttachmentState
    result: Mapping[str, Any] = field(default_factory=dict)


def rules_version(rules: ContentRules) -> str:
    """Return the name under which results are kept: the rules, and the day by which titles of leaders are judged."""
    day = f".{rules.leaders.day:%Y%m%d}" if rules.leaders is not None else ""
    return f"{rules.version}{day}"


def checks_kept(*, refs: Iterable[AttachmentRef], rules: ContentRules) -> dict[tuple[str, str], FileFacts]:
    """Return the results on file under these rules, by digest and name (one query)."""
    digests = {ref.sha256 for ref in refs}
    rows = FileCheck.objects.filter(sha256__in=digests, rules_version=rules_version(rules))
    return {
        (row.sha256, row.name): FileFacts(row.sha256, row.name, AttachmentState(row.state), row.result) for row in rows
    }


def file_facts(*, ref: AttachmentRef, rules: ContentRules) -> FileFacts:
    """Look through a stored file; nothing is written. A file that cannot be read is told by its state.

    Bytes that are not those of the digest are not looked at: what they hold must not be kept under its name.
    """
    lost = lost_state(ref.sha256)
    if lost is not None:
        return FileFacts(ref.sha256, ref.name, lost)
    path = storage.place_of(Path(settings.FILES_DIR), ref.sha256)
    try:
        report = check_file(path, name=ref.name, rules=rules)
    except DocumentRefused as refused:
        state, issues = _refused(refused.issues)
        return FileFacts(ref.sha256, ref.name, state, {"issues": issues})
    mistyped = any(issue.code == "document.mistyped" for issue in report.issues)
    return FileFacts(
        ref.sha256,
        ref.name,
        AttachmentState.MISTYPED if mistyped else AttachmentState.READ,
        {
            "findings": [finding_as_data(finding) for finding in report.findings[:MOST_FOUND]],
            "more": max(len(report.findings) - MOST_FOUND, 0),
            "issues": [_issue_as_data(issue) for issue in report.issues],
        },
    )


def lost_state(sha256: str) -> AttachmentState | None:
    """Read the stored bytes again: None when they still are what their digest says, else whether gone or changed."""
    root = Path(settings.FILES_DIR)
    try:
        if not storage.place_of(root, sha256).is_file():
            return AttachmentState.GONE
    except ValueError:
        return AttachmentState.GONE
    return None if storage.is_whole(root, sha256) else AttachmentState.CHANGED


def attachment_facts(facts: FileFacts, ref: AttachmentRef, *, field_name: str, place: str) -> AttachmentFacts:
    """Return what was found as the gate takes it, placed in one attachment or picture."""
    result = facts.result
    found = [
        Found(finding_from_data(data), field_name, f"{place}，{data['place']}" if data.get("place") else place)
        for data in result.get("findings", ())
    ]
    issues = [
        Issue(data["code"], "file", data["values"], severity=Severity(data["severity"]))
        for data in result.get("issues", ())
    ]
    return AttachmentFacts(ref, facts.state, tuple(found), tuple(issues), more=int(result.get("more", 0)))


def finding_as_data(finding: Finding) -> dict[str, Any]:
    """Return a finding as JSON values, without the personal data themselves."""
    return {
        "code": finding.code,
        "grade": finding.grade.value,
        "rule": finding.rule,
        "category": finding.category,
        "shown": finding.shown,
        "replacement": finding.replacement,
        "remark": finding.remark,
        "context": safe_context(finding),
        "place": place_text(finding.place),
    }


def finding_from_data(data: Mapping[str, Any]) -> Finding:
    """Return what ``finding_as_data`` wrote; the text is what may be shown, offsets are gone."""
    return Finding(
        code=data["code"],
        grade=Grade(data["grade"]),
        start=0,
        end=0,
        text=data["shown"],
        rule=data["rule"],
        replacement=data["replacement"],
        context=data["context"],
        shown=data["shown"],
        remark=data["remark"],
        category=data["category"],
    )


def _refused(issues: Iterable[Issue]) -> tuple[AttachmentState, list[dict[str, Any]]]:
    """Return the gravest state and what is left to say; a picture in a format that is not opened is only not read."""
    told = list(issues)
    kinds = [str(issue.values.get("kind", "")) for issue in told]
    if any("图片" in kind for kind in kinds):
        name = str(told[0].values.get("name", ""))
        seen = Issue("content.picture_not_read", "file", {"name": name}, severity=Severity.NOTICE)
        return AttachmentState.READ, [_issue_as_data(seen)]
    states = {_STATES.get(issue.code, AttachmentState.NOT_READ) for issue in told}
    if any("程序" in kind for kind in kinds):
        states.add(AttachmentState.PROGRAM)
    return next(state for state in _GRAVEST if state in states), [_issue_as_data(issue) for issue in told]


def _issue_as_data(issue: Issue) -> dict[str, Any]:
    values = {key: value if isinstance(value, (str, int, float)) else str(value) for key, value in issue.values.items()}
    return {"code": issue.code, "severity": issue.severity.value, "values": values}
