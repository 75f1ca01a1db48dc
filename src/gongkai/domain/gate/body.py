"""How the body is built and can be read: the gate tells what ``gongkai.domain.monitoring`` finds, graded by its own rules."""

from __future__ import annotations

from gongkai.domain.gate.facts import ReleaseFacts
from gongkai.domain.gate.issues import Collector
from gongkai.domain.monitoring import read_over

OWN = {
    "accessibility.heading.empty": "gate.heading.empty",
    "accessibility.heading.skipped": "gate.heading.skipped",
    "accessibility.table.no_header": "gate.table.no_header",
    "accessibility.table.empty_header": "gate.table.empty_header",
    "accessibility.image.no_alt": "gate.image.no_alt",
    "accessibility.image.poor_alt": "gate.image.poor_alt",
    "readability.sentence.long": "gate.sentence.long",
}
"""Hindrances that the gate grades one by one; all others are hints under the check ``gate.reading``."""
WITH_LINKS = "accessibility.link.vague"
"""Told with the other faults of links, where links without any words are known too."""


def check_body(facts: ReleaseFacts, collector: Collector) -> None:
    """Note what hinders readers of the body and of the files beside it, in reading order."""
    content = facts.content
    found = read_over(content.body, title=content.title, attachments=content.attachments, rules=collector.rules.reading)
    for issue in found:
        if issue.code != WITH_LINKS:
            code = OWN.get(issue.code, issue.code)
            place = f"正文第 {issue.where.line_from} 段" if issue.where else "附件"
            collector.note_reading(issue, code, code if code in collector.rules.checks else "gate.reading", place)
