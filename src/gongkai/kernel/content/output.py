"""A report in words and as JSON. Personal data are masked in both."""

from __future__ import annotations

import re
from typing import Any

from gongkai.domain.wording import Finding, Place, PlaceKind
from gongkai.kernel.content.check import Report
from gongkai.rulebook.messages import describe, text

_LONG_NUMBER = re.compile("[0-9０-９]{5,}[Xx]?")


def safe_context(finding: Finding) -> str:
    """Return the words around a finding with every long number masked, its neighbours' too."""
    return _LONG_NUMBER.sub(lambda match: "*" * len(match.group()), finding.context)


def sentence(finding: Finding) -> str:
    """Return what was found and what to do about it, in Chinese."""
    code = finding.code
    if code == "content.wording" and not finding.replacement:
        code = "content.wording_by_hand"
    told = text(code, shown=finding.shown, replacement=finding.replacement, remark=finding.remark)
    if code.startswith("content.leader."):
        return told
    return told + (text("content.remark", remark=finding.remark) if finding.remark else "")


def place_text(place: Place | None) -> str:
    """Return in Chinese where something stands."""
    if place is None:
        return ""
    head = text(f"content.place.{place.kind.value}") if place.kind is not PlaceKind.BODY else ""
    if place.part:
        head += f"（{place.part}）"
    position = []
    if place.sheet:
        position.append(f"“{place.sheet}”" if place.kind is PlaceKind.HIDDEN_SHEET else f"工作表“{place.sheet}”")
    if place.page is not None:
        position.append(f"第 {place.page} 页")
    if place.row is not None:
        position.append(f"第 {place.row} 行")
    if place.line is not None:
        position.append(f"第 {place.line} 行（段）")
    if place.column is not None:
        position.append(f"{place.column} 列")
    return "，".join(part for part in (head, " ".join(position)) if part) or text("content.place.body")


def report_as_dict(report: Report) -> dict[str, Any]:
    """Return the report as plain values for JSON; the form is written down in ``docs/domain/content-check.md``."""
    return {
        "name": report.name,
        "format": report.format,
        "stops": report.stops,
        "grading": "unverified",
        "counts": report.counts(),
        "findings": [_finding(finding) for finding in report.findings],
        "issues": [{"code": i.code, "severity": i.severity.value, "message": describe(i)} for i in report.issues],
    }


def _finding(finding: Finding) -> dict[str, Any]:
    place = finding.place or Place()
    return {
        "code": finding.code,
        "grade": finding.grade.value,
        "rule": finding.rule,
        "category": finding.category,
        "text": finding.shown,
        "replacement": finding.replacement,
        "context": safe_context(finding),
        "message": sentence(finding),
        "place": {
            "kind": place.kind.value,
            "text": place_text(finding.place),
            "part": place.part,
            "page": place.page,
            "sheet": place.sheet,
            "row": place.row,
            "column": place.column,
            "line": place.line,
        },
    }
