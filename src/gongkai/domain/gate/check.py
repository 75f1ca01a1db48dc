"""The gate itself: every check runs, nothing ends the list early."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from zoneinfo import ZoneInfo

from gongkai.domain.gate.attachments import check_attachments
from gongkai.domain.gate.body import check_body
from gongkai.domain.gate.citations import find_citations
from gongkai.domain.gate.facts import CitedState, LinkFacts, ReleaseFacts
from gongkai.domain.gate.issues import Collector
from gongkai.domain.gate.links import INSIDE, PROBLEMS, LinkKind, find_links, link_kind
from gongkai.domain.gate.metadata import check_metadata
from gongkai.domain.gate.rules import GateRules
from gongkai.domain.issues import Issue, Severity

PROACTIVE = "proactive"
BEIJING = ZoneInfo("Asia/Shanghai")


def check_release(facts: ReleaseFacts, rules: GateRules) -> tuple[Issue, ...]:
    """Return every reason why the item may not go out as it is, and every hint, gravest first.

    Each issue's values hold ``key``, ``grade``, ``check``, ``place``, ``stops`` and ``overridable`` beside what its
    sentence needs. Those that stop have the severity ERROR. Articles 5, 13 to 17 and 19 to 21 of the Regulations stand
    behind the checks of attribute and ground; each issue cites its own basis.
    """
    collector = Collector.start(rules)
    _attribute(facts, collector)
    _route(facts, collector)
    check_metadata(facts, collector)
    check_body(facts, collector)
    _links(facts, collector)
    for found in facts.found:
        collector.note_found(found)
    check_attachments(facts, collector)
    _citations(facts, collector)
    return tuple(sorted(collector.issues, key=lambda issue: (not issue.values["stops"], str(issue.values["grade"]))))


def stopping(issues: Iterable[Issue], *, overridden: frozenset[str] = frozenset()) -> tuple[Issue, ...]:
    """Return the issues that keep the item in the house: those that stop and were not (or may not be) overridden.

    ``overridden`` holds keys of overrides that two persons agreed on for this very digest.
    """
    return tuple(
        issue
        for issue in issues
        if issue.severity is Severity.ERROR
        and not (issue.values.get("overridable") and issue.values.get("key") in overridden)
    )


def _attribute(facts: ReleaseFacts, collector: Collector) -> None:
    content = facts.content
    if not content.attribute:
        collector.note("gate.attribute.missing", "attribute")
    elif content.attribute != PROACTIVE:
        collector.note("gate.attribute.not_proactive", "attribute")
    if not content.grounds:
        collector.note("gate.ground.missing", "grounds")
    elif facts.known_grounds is not None:
        for ground in content.grounds:
            if ground not in facts.known_grounds:
                collector.note("gate.ground.unknown", "grounds", marks=(ground,), ground=ground)


def _route(facts: ReleaseFacts, collector: Collector) -> None:
    route = facts.route
    if not route.opened:
        collector.note("gate.route.not_opened", "route")
    elif route.digest != facts.digest:
        collector.note("gate.route.other_digest", "route")
    elif not route.complete:
        missing = "、".join(route.missing) or "未完成的环节"
        collector.note("gate.route.incomplete", "route", missing=missing)


def _links(facts: ReleaseFacts, collector: Collector) -> None:
    for link in find_links(facts.content.body):
        field, marks = f"body:{link.block}", (link.url, link.text)
        shown = link.text or "（没有文字）"
        if not link.text or link.text.strip("。，,. 　>》→…") in collector.rules.reading.vague_link_texts:
            collector.note("gate.link.vague_text", field, place="正文", marks=marks, text=shown, url=link.url)
        kind = link_kind(link.url, own_hosts=collector.rules.own_hosts)
        known = facts.links.get(link.url)
        values = {"text": shown, "url": link.url}
        if kind is LinkKind.MALFORMED:
            collector.note("gate.link.form", field, place="正文", marks=marks, **values)
        elif kind is LinkKind.PRIVATE:
            collector.note("gate.link.private_host", field, place="正文", marks=marks, **values)
        elif kind is LinkKind.INTERNAL and known is not None and known.resolves is False:
            collector.note("gate.link.leads_nowhere", field, place="正文", marks=marks, **values)
        elif kind is LinkKind.EXTERNAL:
            _outside(known or LinkFacts(), collector, field, marks, values)


def _outside(
    known: LinkFacts, collector: Collector, field: str, marks: tuple[str, ...], values: Mapping[str, str]
) -> None:
    """Tell what is known of an address on the web: nothing yet, that it does not open, or that a person has to look."""
    if known.checked_at is None and known.reachable is None:
        collector.note("gate.link.not_asked", field, place="正文", marks=marks, **values)
        return
    day = known.checked_at.astimezone(BEIJING).date().isoformat() if known.checked_at else "上次"
    if known.problem == INSIDE:
        collector.note("gate.link.private_host", field, place="正文", marks=marks, **values)
    elif known.reachable is None:
        collector.note(
            "gate.link.unsure", field, place="正文", marks=marks, day=day, status=known.status or "—", **values
        )
    elif not known.reachable:
        why = PROBLEMS.get(known.problem, f"状态 {known.status or '—'}")
        collector.note("gate.link.unreachable", field, place="正文", marks=marks, day=day, why=why, **values)


def _citations(facts: ReleaseFacts, collector: Collector) -> None:
    for citation in find_citations(facts.content.plain_text(), own_number=facts.content.doc_no):
        state = facts.cited.get(citation.ref, CitedState.NOT_PUBLIC)
        values = {"ref": citation.ref}
        if state is CitedState.WITHDRAWN:
            collector.note("gate.citation.withdrawn", "body", place="正文", marks=(citation.ref,), **values)
        elif state is CitedState.NOT_PUBLIC:
            code = "gate.citation.forwarded_not_public" if citation.forwards else "gate.citation.not_public"
            collector.note(code, "body", place="正文", marks=(citation.ref,), **values)
