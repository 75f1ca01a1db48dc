"""Gathering what the gate has to know of an item: its text, its files, its round of approval, what it cites and links."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q
from django.urls import Resolver404, resolve

from gongkai.domain.gate import (
    AttachmentFacts,
    CitedState,
    Found,
    GateRules,
    LinkFacts,
    LinkKind,
    ReleaseFacts,
    RequiredField,
    RouteFacts,
    find_citations,
    find_links,
    link_kind,
)
from gongkai.domain.items import AttachmentRef, ItemContent
from gongkai.domain.items.content import block_lines
from gongkai.domain.publishing import ApprovalStanding
from gongkai.domain.wording import Finding
from gongkai.features.disclosure.models import Item, LinkCheck, Publication, Revision
from gongkai.features.disclosure.selectors.file_checks import (
    FileFacts,
    attachment_facts,
    checks_kept,
    file_facts,
    lost_state,
)
from gongkai.features.disclosure.selectors.gate import TAKEN_DOWN
from gongkai.features.disclosure.selectors.publications import approval_for, public_publications
from gongkai.kernel.approvals.models import ApprovalStep, Verdict
from gongkai.kernel.clocks.selectors import rulebook
from gongkai.kernel.content import ContentRules, Field, check_fields, safe_context
from gongkai.kernel.wordlists.selectors import content_rules
from gongkai.rulebook.disclosure import disclosure_rules
from gongkai.rulebook.gate import gate_rules

BEIJING = ZoneInfo("Asia/Shanghai")
LABELS = {
    "issuer": "发布机构",
    "doc_no": "文号",
    "written_on": "成文日期",
    "issued_on": "印发日期",
    "effective_on": "施行日期",
    "expires_on": "有效期至",
    "subject": "主题分类",
    "summary": "内容概述",
    "keywords": "关键词",
    "columns": "栏目",
}
NOT_UNDER_WAY = (ApprovalStanding.MISSING, ApprovalStanding.ENDED, ApprovalStanding.USED)
Checks = Mapping[tuple[str, str], FileFacts]


def rules_of_gate(*, on: date) -> GateRules:
    """Return the gate's rules of this installation on a day."""
    return gate_rules(on=on, layer=settings.LAYER, rulebook=rulebook(), own_hosts=own_hosts())


def own_hosts() -> frozenset[str]:
    """Return the hosts of the own site, whose addresses are no links to the web."""
    host = urlsplit(settings.BASE_URL).hostname or ""
    return frozenset({host.lower()} - {""})


def rules_of_content(*, item: Item, content: ItemContent, on: date) -> ContentRules:
    """Return the rules of the content check that hold for an item's unit, with titles as of the document's date."""
    day = content.issued_on or content.written_on or on
    return content_rules(on=on, unit_id=item.unit_id).on_day(day)


def release_facts(*, item: Item, revision: Revision, now: datetime, checks: Checks | None = None) -> ReleaseFacts:
    """Gather the facts of one revision at a moment.

    ``checks`` are results about files that were just made; those on file are read, and what is in neither is looked
    through now (nothing is written). Every file's bytes are compared with their digest.
    """
    today = now.astimezone(BEIJING).date()
    content = ItemContent.from_data(revision.content)
    rules = rules_of_content(item=item, content=content, on=today)
    pictures = dict(picture_refs(content))
    every = [*content.attachments, *pictures.values()]
    known: dict[tuple[str, str], FileFacts] = {**checks_kept(refs=every, rules=rules), **(checks or {})}
    known_rules = disclosure_rules()
    kind = known_rules.kinds.get(content.kind)
    required = [RequiredField(name, LABELS.get(name, name)) for name in (kind.required if kind else ())]
    return ReleaseFacts(
        content=content,
        digest=revision.digest,
        today=today,
        route=_route(item, revision),
        required=tuple(required),
        found=tuple(_found(content, rules)),
        attachments=tuple(
            _file(ref, known, rules, f"attachment:{ref.file_id}", f"附件《{ref.title or ref.name}》")
            for ref in content.attachments
        ),
        pictures={block: _file(ref, known, rules, f"body:{block}", "正文的图片") for block, ref in pictures.items()},
        links=_links(content, item=item, now=now),
        cited=_cited(content, item=item, now=now),
        same_number=_same_number(content, item=item, now=now),
        known_grounds=frozenset(known_rules.grounds),
    )


def picture_refs(content: ItemContent) -> Iterator[tuple[str, AttachmentRef]]:
    """Yield the pictures of the body by block id, as references to stored files."""
    for number, block in enumerate(content.body, 1):
        value = block.get("value")
        if block.get("type") == "image" and isinstance(value, Mapping) and value.get("sha256"):
            name = str(value.get("name") or value.get("caption") or "图片")
            media_type = str(value.get("media_type") or "image/*")
            file_id = value.get("file_id")
            ref = AttachmentRef(
                file_id if isinstance(file_id, int) else 0, str(value["sha256"]), name, 0, media_type,
                alt=str(value.get("alt") or ""),
            )  # fmt: skip
            yield str(block.get("id", number)), ref


def text_fields(content: ItemContent) -> list[tuple[Field, str]]:
    """Return every text of an item with where it stands in Chinese; cells of tables know the headers of their table."""
    fields = [
        (Field("title", content.title), "标题"),
        (Field("summary", content.summary), "内容概述"),
        (Field("keywords", "，".join(content.keywords)), "关键词"),
    ]
    for number, block in enumerate(content.body, 1):
        key, place = f"body:{block.get('id', number)}", f"正文第 {number} 段"
        value = block.get("value")
        if block.get("type") == "table" and isinstance(value, Mapping):
            fields += _table_fields(value, key, place)
        else:
            fields.append((Field(key, "\n".join(block_lines(block))), place))
    for ref in content.attachments:
        key, place = f"attachment:{ref.file_id}", f"附件《{ref.title or ref.name}》的名称"
        fields.append((Field(key, "\n".join(part for part in (ref.title, ref.alt) if part)), place))
    return fields


def _table_fields(value: Mapping[str, Any], key: str, place: str) -> Iterator[tuple[Field, str]]:
    head = tuple(str(cell) for cell in value.get("head") or ())
    yield Field(key, str(value.get("caption", ""))), f"{place}表格的标题"
    yield Field(key, "\t".join(head)), f"{place}表格的表头"
    for row, cells in enumerate(value.get("rows") or (), 1):
        for column, cell in enumerate(cells):
            label = head[column] if column < len(head) else ""
            where = f"{place}表格第 {row} 行第 {column + 1} 列"
            yield Field(key, str(cell), label=label, headers=head), where


def _found(content: ItemContent, rules: ContentRules) -> Iterator[Found]:
    fields = text_fields(content)
    for hit in check_fields((field for field, _ in fields), rules=rules):
        yield Found(_masked(hit.finding), hit.key, fields[hit.number][1])


def _masked(finding: Finding) -> Finding:
    """Leave out of a finding what must not be stored: the number itself, and those beside it."""
    return replace(finding, text=finding.shown, context=safe_context(finding))


def _file(
    ref: AttachmentRef, known: Mapping[tuple[str, str], FileFacts], rules: ContentRules, field_name: str, place: str
) -> AttachmentFacts:
    facts = known.get((ref.sha256, ref.name))
    lost = lost_state(ref.sha256) if facts is not None else None
    if lost is not None:
        return AttachmentFacts(ref, lost)
    facts = facts or file_facts(ref=ref, rules=rules)
    return attachment_facts(facts, ref, field_name=field_name, place=place)


def _route(item: Item, revision: Revision) -> RouteFacts:
    standing, approval = approval_for(item)
    if approval is None or standing in NOT_UNDER_WAY:
        return RouteFacts()
    unsigned = ApprovalStep.objects.filter(approval_id=approval.pk).exclude(signature__verdict=Verdict.SIGN)
    missing = tuple(unsigned.order_by("order", "position").values_list("name", flat=True))
    complete = standing is ApprovalStanding.COMPLETE and approval.digest == revision.digest
    return RouteFacts(True, complete, approval.digest, missing)


def _links(content: ItemContent, *, item: Item, now: datetime) -> dict[str, LinkFacts]:
    urls = {link.url for link in find_links(content.body)}
    hosts = own_hosts()
    kinds = {url: link_kind(url, own_hosts=hosts) for url in urls}
    outward = [url for url, kind in kinds.items() if kind is LinkKind.EXTERNAL]
    found = {
        row.url: LinkFacts(reachable=row.reachable, status=row.status, checked_at=row.checked_at, problem=row.problem)
        for row in LinkCheck.objects.filter(url__in=outward)
    }
    inward = (url for url, kind in kinds.items() if kind is LinkKind.INTERNAL)
    return {**found, **{url: LinkFacts(resolves=_resolves(url, item, now)) for url in inward}}


def _resolves(url: str, item: Item, now: datetime) -> bool:
    """Tell whether an internal address leads to a page of ours; of items only those that are public, or this one."""
    path = urlsplit(url).path
    if path.startswith("/admin"):
        return False
    try:
        match = resolve(path)
    except Resolver404:
        return False
    uid = match.kwargs.get("uid")
    if uid is None:
        return True
    try:
        wanted = uid if isinstance(uid, UUID) else UUID(str(uid))
    except ValueError:
        return False
    return wanted == item.uid or public_publications(at=now).filter(item__uid=wanted).exists()


def _cited(content: ItemContent, *, item: Item, now: datetime) -> dict[str, CitedState]:
    refs = {citation.ref for citation in find_citations(content.plain_text(), own_number=content.doc_no)}
    return cited_states(refs=refs, now=now, besides=item.pk)


def cited_states(*, refs: Iterable[str], now: datetime, besides: int | None = None) -> dict[str, CitedState]:
    """Return what is known of cited documents: public now, withdrawn since, or (left out) never published here."""
    wanted = list(refs)
    if not wanted:
        return {}
    titles = {ref.strip("《》"): ref for ref in wanted if ref.startswith("《")}
    named = Q(doc_no__in=wanted) | Q(title__in=titles)
    others = Publication.objects.filter(named).exclude(item_id=besides)
    states: dict[str, CitedState] = {}
    ended = others.filter(end__ended_at__lte=now, end__kind__in=TAKEN_DOWN)
    for rows, state in ((ended, CitedState.WITHDRAWN), (others & public_publications(at=now), CitedState.PUBLIC)):
        for doc_no, title in rows.values_list("doc_no", "title"):
            for ref in (doc_no, titles.get(title, "")):
                if ref in wanted:
                    states[ref] = state
    return states


def _same_number(content: ItemContent, *, item: Item, now: datetime) -> tuple[str, ...]:
    if not content.doc_no:
        return ()
    others = public_publications(at=now).filter(doc_no=content.doc_no).exclude(item_id=item.pk)
    return tuple(others.order_by("title").values_list("title", flat=True)[:5])
