"""What is proposed for a field, how sure it is, and where it stood."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

FIELDS = (
    "title",
    "doc_no",
    "issuers",
    "written_on",
    "issued_on",
    "effective_on",
    "expires_on",
    "attribute",
    "document_kind",
    "normative",
    "keywords",
    "addressee",
    "attachments",
    "cited",
    "index_no",
    "published_on",
)
"""The fields in the order in which a screen shows them."""

FIELD_NAMES = {
    "title": "标题",
    "doc_no": "发文字号",
    "issuers": "发文机关",
    "written_on": "成文日期",
    "issued_on": "印发日期",
    "effective_on": "施行日期",
    "expires_on": "失效日期",
    "attribute": "公开属性",
    "document_kind": "公文种类",
    "normative": "行政规范性文件",
    "keywords": "主题词",
    "addressee": "主送机关",
    "attachments": "附件",
    "cited": "引用的文件",
    "index_no": "原索引号",
    "published_on": "原发布日期",
}


class Confidence(StrEnum):
    """How sure a proposal is: the document says it in the place for it, or it was concluded from something else."""

    STATED = "stated"
    INFERRED = "inferred"


CONFIDENCE_NAMES = {Confidence.STATED: "明确", Confidence.INFERRED: "推测"}

Value = str | date | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A value for a field.

    ``line`` is the source line it stands on (``Paragraph.line``), ``text`` that line as it is; ``source`` names the part
    of the document: ``masthead number title addressee body signature remark imprint label clause file_name``.
    """

    field: str
    value: Value
    confidence: Confidence
    line: int
    text: str
    source: str

    def shown(self) -> str:
        """Return the value in words: a date in Chinese, several values joined."""
        if isinstance(self.value, date):
            return f"{self.value.year}年{self.value.month}月{self.value.day}日"
        return self.value if isinstance(self.value, str) else "、".join(self.value)


@dataclass(frozen=True, slots=True)
class Proposals:
    """All proposals for one document, the best one of a field first.

    ``frame`` are the lines that hold nothing but fields (masthead, number, title, imprint …) with the part they belong
    to; they do not go into the body.
    """

    found: tuple[Proposal, ...] = ()
    frame: tuple[tuple[int, str], ...] = field(default=())

    def best(self, name: str) -> Proposal | None:
        """Return the best proposal for a field, or None."""
        return next((p for p in self.found if p.field == name), None)

    def all(self, name: str) -> tuple[Proposal, ...]:
        """Return every proposal for a field, the best first."""
        return tuple(p for p in self.found if p.field == name)

    def conflicting(self) -> tuple[str, ...]:
        """Return the fields for which the document states two values that do not say the same.

        A title or a list of units that is part of another one (without the unit's name, say) says the same.
        """
        return tuple(name for name in FIELDS if _differ([p.value for p in self._stated(name)]))

    def _stated(self, name: str) -> Iterator[Proposal]:
        return (p for p in self.all(name) if p.confidence is Confidence.STATED)


def ranked(found: Iterable[Proposal]) -> tuple[Proposal, ...]:
    """Order proposals by field, stated ones first, otherwise as they came; equal values are kept once."""
    order = {name: n for n, name in enumerate(FIELDS)}
    seen: set[tuple[str, Value]] = set()
    kept = []
    for proposal in sorted(found, key=lambda p: (order[p.field], p.confidence is not Confidence.STATED)):
        if (proposal.field, proposal.value) not in seen:
            seen.add((proposal.field, proposal.value))
            kept.append(proposal)
    return tuple(kept)


def _differ(values: list[Value]) -> bool:
    for n, left in enumerate(values):
        for right in values[n + 1 :]:
            if isinstance(left, str) and isinstance(right, str):
                same = left in right or right in left
            elif isinstance(left, tuple) and isinstance(right, tuple):
                same = set(left) <= set(right) or set(right) <= set(left)
            else:
                same = left == right
            if not same:
                return True
    return False
