"""What hinders readers (``gongkai.domain.monitoring``) as screens show it: in the editor while it is typed, and on pages.

What is typed is taken out of the form as it stands, without asking whether it may be saved; nothing is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.http import QueryDict

from gongkai.domain.gate.body import OWN, WITH_LINKS
from gongkai.domain.issues import Issue, Severity
from gongkai.domain.items import ItemContent
from gongkai.domain.monitoring import Topic, read_over
from gongkai.features.disclosure.selectors.release_facts import rules_of_gate
from gongkai.features.disclosure.staff.blocks import blocks_of
from gongkai.features.disclosure.staff.body_field import BodyField
from gongkai.features.disclosure.staff.plain_text import stream_of_plain
from gongkai.rulebook.messages import describe, text

TOPIC_NAMES = {Topic.SEE: "看得见", Topic.READ: "读得懂"}
TOLD_BY_GATE = frozenset({*OWN.values(), "gate.link.vague_text"})
"""Codes under which the gate tells the same."""
MOST_TOLD = 200
SHOWN = 80
"""Characters of the words in question that a screen needs to find them."""


@dataclass(frozen=True)
class Hindrance:
    """One hindrance in words. ``part`` is the number of the editor's block from 0, None for an attachment."""

    code: str
    field: str
    topic: str
    warning: bool
    place: str
    message: str
    why: str
    mend: str
    shown: str
    part: int | None = None


@dataclass(frozen=True)
class Reading:
    """What hinders the readers of a text: all of it in reading order, and how much of each topic."""

    findings: Sequence[Hindrance]
    counts: Mapping[str, int]
    basis: Sequence[str]
    more: int = 0

    @property
    def count_words(self) -> list[tuple[str, int]]:
        """Return name and number of each topic."""
        return [(name, self.counts[topic.value]) for topic, name in TOPIC_NAMES.items()]

    def as_data(self) -> dict[str, Any]:
        """Return what the editor's script reads."""
        return {
            "findings": [asdict(one) for one in self.findings],
            "counts": [{"topic": topic.value, "name": name, "count": self.counts[topic.value]} for topic, name in TOPIC_NAMES.items()],
            "basis": list(self.basis),
            "more": self.more,
        }  # fmt: skip


def reading_of(content: ItemContent, *, on: date) -> Reading:
    """Return what hinders the readers of a content, by the rules of a day."""
    rules = rules_of_gate(on=on).reading
    found = read_over(content.body, title=content.title, attachments=content.attachments, rules=rules)
    return told(found, rules.checks)


def reading_of_form(
    data: QueryDict, *, content: ItemContent, pictures: Sequence[tuple[int, str, str]], on: date
) -> Reading | None:
    """Return what hinders the readers of what an editor's form holds; None where it holds no body yet.

    ``content`` tells the attachments, ``pictures`` are (file id, name, digest) of what a picture block may show.
    """
    try:
        if data.get("plain") == "1":
            stream = stream_of_plain(data.get("body", ""))
        else:
            field = BodyField(pictures=[(pk, name) for pk, name, _ in pictures])
            stream = BodyField.stream_of(field.widget.value_from_datadict(data, {}, "body"))
        parts, blocks = [], []
        for number, one in enumerate(stream):
            made = blocks_of([one], pictures={pk: sha256 for pk, _, sha256 in pictures})
            parts += [number] * len(made)
            blocks += made
    except (KeyError, TypeError, ValueError):  # not mounted yet, or not what the editor sends
        return None
    rules = rules_of_gate(on=on).reading
    found = read_over(blocks, title=data.get("title", ""), attachments=content.attachments, rules=rules)
    return told(found, rules.checks, parts=parts)


def told(issues: Iterable[Issue], checks: Mapping[str, Any], *, parts: Sequence[int] = ()) -> Reading:
    """Put issues into words; ``parts`` leads from the number of a block to that of the editor's block."""
    rows, counts, bases = [], dict.fromkeys((topic.value for topic in Topic), 0), {}
    for issue in issues:
        topic = checks[issue.code].topic
        counts[topic.value] += 1
        for basis in issue.basis:
            bases[f"{basis.citation}（待核）" if basis.status != "verified" else basis.citation] = True
        at = issue.where.line_from if issue.where else 0
        rows.append(
            Hindrance(
                code=issue.code,
                field=issue.field or "",
                topic=topic.value,
                warning=issue.severity is Severity.WARNING,
                place=f"正文第 {at} 段" if at else "附件",
                message=describe(issue),
                why=text(f"{issue.code}.why", **issue.values),
                mend=text(f"{issue.code}.mend", **issue.values),
                shown=str(issue.values.get("shown") or "")[:SHOWN],
                part=parts[at - 1] if at and parts else None,
            )
        )
    return Reading(rows[:MOST_TOLD], counts, list(bases), max(len(rows) - MOST_TOLD, 0))


def told_by_gate(code: str) -> bool:
    """Tell whether an issue of the gate is a hindrance to readers, which a page that shows these need not repeat."""
    return code in TOLD_BY_GATE or code.startswith(("accessibility.", "readability.")) or code == WITH_LINKS
