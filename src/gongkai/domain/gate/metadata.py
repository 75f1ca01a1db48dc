"""What is written above and below the text: required fields, dates in their order, the document number."""

from __future__ import annotations

from gongkai.domain.gate.facts import ReleaseFacts
from gongkai.domain.gate.issues import Collector
from gongkai.domain.identifiers import parse_doc_no
from gongkai.domain.items.content import block_lines


def check_metadata(facts: ReleaseFacts, collector: Collector) -> None:
    """Check required fields, dates and the document number."""
    _fields(facts, collector)
    _dates(facts, collector)
    _number(facts, collector)


def _fields(facts: ReleaseFacts, collector: Collector) -> None:
    content = facts.content
    if not content.title.strip():
        collector.note("gate.title.missing", "title")
    if content.issuer is None:
        collector.note("gate.issuer.missing", "issuer")
    lines = (line for block in content.body for line in block_lines(block))
    pictured = any(block.get("type") == "image" for block in content.body)
    if not content.attachments and not pictured and not any(line.strip() for line in lines):
        collector.note("gate.body.missing", "body")
    checked = {"title", "issuer", "body"}
    for required in facts.required:
        if required.name in checked:
            continue
        value = getattr(content, required.name, None)
        if value is None or (isinstance(value, str) and not value.strip()) or value == ():
            collector.note("gate.field.missing", required.name, label=required.label)


def _dates(facts: ReleaseFacts, collector: Collector) -> None:
    content, today = facts.content, facts.today
    written, issued = content.written_on, content.issued_on
    effective, expires = content.effective_on, content.expires_on
    if written and written > today:
        collector.note("gate.date.written_in_future", "written_on", written=written.isoformat())
    if issued and issued > today:
        collector.note("gate.date.issued_in_future", "issued_on", issued=issued.isoformat())
    if written and issued and written > issued:
        told, later = written.isoformat(), issued.isoformat()
        collector.note("gate.date.written_after_issued", "written_on", written=told, issued=later)
    if effective and expires and expires < effective:
        told, later = effective.isoformat(), expires.isoformat()
        collector.note("gate.date.expires_before_effective", "expires_on", effective=told, expires=later)
    if effective and written and effective < written:
        told, later = effective.isoformat(), written.isoformat()
        collector.note("gate.date.effective_before_written", "effective_on", effective=told, written=later)
    if expires and expires < today:
        collector.note("gate.date.expired", "expires_on", expires=expires.isoformat())


def _number(facts: ReleaseFacts, collector: Collector) -> None:
    written = facts.content.doc_no.strip()
    if not written:
        return
    number = parse_doc_no(written)
    if number is None:
        collector.note("gate.doc_no.form", "doc_no", doc_no=written)
        return
    if str(number) != written:
        collector.note("gate.doc_no.spelling", "doc_no", doc_no=written, replacement=str(number))
    day = facts.content.issued_on or facts.content.written_on
    if day and number.year != day.year:
        collector.note("gate.doc_no.year", "doc_no", doc_no=written, year=day.year)
    for title in facts.same_number:
        collector.note("gate.doc_no.taken", "doc_no", marks=(title,), doc_no=written, title=title)
