"""Reading a document that was handed in, into what an intake keeps; nothing is written here."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from gongkai.domain.document import Document
from gongkai.domain.intake import Proposals, body_of, propose
from gongkai.domain.intake.lines import lines_of
from gongkai.domain.issues import Issue, Severity
from gongkai.kernel.content import ContentRules, check_file
from gongkai.kernel.content.check import check_document
from gongkai.kernel.content.output import place_text, sentence
from gongkai.rulebook.messages import describe

MOST_FINDINGS = 200


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read: the document, its proposals, and the columns of ``Intake`` that hold both."""

    document: Document
    proposals: Proposals
    columns: dict[str, Any]


def reading_of(document: Document, *, doubts: Mapping[int, tuple[str, ...]] | None = None) -> Reading:
    """Return what an intake keeps of a document; ``doubts`` are pieces of a line that recognition was not sure of."""
    proposals = propose(document)
    converted = body_of(document, proposals)
    frame = dict(proposals.frame)
    unsure = doubts or {}
    source = [
        {
            "line": line.number,
            "text": " ｜ ".join(filter(None, line.cells)) if line.cells else line.text,
            "page": line.page,
        }
        | ({"part": frame[line.number]} if line.number in frame else {})
        | ({"doubt": list(unsure[line.number])} if line.number in unsure else {})
        for line in lines_of(document)
    ]
    return Reading(
        document,
        proposals,
        {
            "format": document.format,
            "source": source,
            "proposals": [_proposal(p) for p in proposals.found],
            "body": [dict(block) for block in converted.blocks],
            "left_out": [{"line": one.line, "text": one.text, "part": one.part} for one in converted.left_out],
            "notes": [_note(issue) for issue in document.issues],
            "text_digest": text_digest(document),
        },
    )


def text_digest(document: Document) -> str:
    """Return SHA-256 of the text without blanks, so that one text in two formats is known; empty for no text."""
    flat = re.sub(r"[\s\u3000\xa0]", "", document.text())
    return hashlib.sha256(flat.encode("utf-8", "replace")).hexdigest() if flat else ""


def findings_of(
    data: bytes, document: Document, *, rules: ContentRules, recognized: bool = False
) -> list[dict[str, Any]]:
    """Return what the content check finds, ready to be shown; in recognized text, or in the file with what it hides."""
    if recognized:
        found: Iterable[Any] = check_document(document, rules=rules)
    else:
        found = check_file(data, name=document.name, rules=rules).findings
    ranked = sorted(found, key=lambda finding: finding.grade.value)
    return [
        {"grade": finding.grade.value, "text": sentence(finding), "place": place_text(finding.place)}
        for finding in ranked[:MOST_FINDINGS]
    ]


def _proposal(proposal: Any) -> dict[str, Any]:
    value = proposal.value
    if isinstance(value, date):
        value = value.isoformat()
    elif isinstance(value, tuple):
        value = list(value)
    return {
        "field": proposal.field,
        "value": value,
        "shown": proposal.shown(),
        "confidence": proposal.confidence.value,
        "line": proposal.line,
        "text": proposal.text[:300],
        "source": proposal.source,
    }


def _note(issue: Issue) -> dict[str, str]:
    return {"text": describe(issue), "level": "notice" if issue.severity is Severity.NOTICE else "warning"}
