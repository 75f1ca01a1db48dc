"""Collecting which persons the public items name, and judging what the items tell about a person together."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import datetime

from django.db import transaction

from gongkai.domain.aggregation import Mention, mentions_in_table, mentions_in_text, merged
from gongkai.domain.issues import Issue
from gongkai.domain.items.content import ItemContent, html_lines
from gongkai.features.disclosure import permissions
from gongkai.features.disclosure.models import Item, PersonMention, RiskDecision
from gongkai.features.disclosure.selectors.aggregation import risk_items
from gongkai.features.disclosure.selectors.publications import publication_current
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.audit.actions import register_actions, register_targets
from gongkai.kernel.audit.services import record
from gongkai.kernel.content.aggregation import document_mentions, shipped_aggregation
from gongkai.kernel.documents import DocumentRefused, read_document
from gongkai.kernel.errors import NotPermitted, Refused
from gongkai.kernel.files.models import StoredFile
from gongkai.kernel.files.selectors import file_path

register_targets({"disclosure.risk": "汇聚风险"})
register_actions({"disclosure.risk.decide": "认定汇聚风险"})

logger = logging.getLogger(__name__)


def mentions_collect(*, item_id: int, now: datetime) -> int:
    """Write down which persons an item names while it is public; returns how many. Safe to run twice.

    An item that is not public any more loses its rows. An attachment that cannot be read is left out: the gate has
    said so before it was published.
    """
    current = publication_current(item_id=item_id, at=now)
    if current is None:
        PersonMention.objects.filter(item_id=item_id).delete()
        return 0
    people = merged(_mentions(ItemContent.from_data(current.revision.content)))
    with transaction.atomic():
        # Two runs for one item come one after the other.
        Item.objects.select_for_update(no_key=True).get(pk=item_id)
        PersonMention.objects.filter(item_id=item_id).delete()
        PersonMention.objects.bulk_create(
            PersonMention(
                item_id=item_id,
                digest=current.digest,
                name=name,
                categories=sorted(categories),
                places=list(places),
            )
            for name, (categories, places) in sorted(people.items())
        )
    return len(people)


def risk_decide(*, actor: Actor, name: str, outcome: str, reason: str, now: datetime) -> RiskDecision:
    """Judge what the items that are public now tell about a person together.

    The judgement holds for these items; one more that names the person asks again. Raises NotPermitted, and Refused
    when nobody of that name is reported, or without outcome or reason.
    """
    if not permissions.can_judge_risk(actor):
        raise NotPermitted(ability="认定汇聚风险")
    item_ids = risk_items(name=name)
    issues = []
    if not item_ids:
        issues.append(Issue("disclosure.risk.unknown", values={"name": name}))
    if outcome not in RiskDecision.Outcome.values:
        issues.append(Issue("disclosure.risk.outcome", field="outcome"))
    if not reason.strip():
        issues.append(Issue("disclosure.risk.reason_missing", field="reason"))
    if issues:
        raise Refused(issues)
    with transaction.atomic():
        decision = RiskDecision.objects.create(
            name=name,
            item_ids=item_ids,
            outcome=outcome,
            reason=reason.strip(),
            decided_by_id=actor.user_id,
            decided_at=now,
        )
        record(
            actor=actor,
            action="disclosure.risk.decide",
            target_type="disclosure.risk",
            target_id=decision.pk,
            # The name stays out of the audit trail, which more people read than this report.
            summary=f"认定汇聚风险：{decision.get_outcome_display()}（涉及{len(item_ids)}条信息）",
            details={"items": item_ids, "reason": decision.reason},
            now=now,
        )
    return decision


def _mentions(content: ItemContent) -> Iterator[Mention]:
    rules = shipped_aggregation()
    lines: list[str] = []
    for block in content.body:
        value = block.get("value")
        if block.get("type") == "table" and isinstance(value, dict):
            rows = [value.get("head") or [], *(value.get("rows") or [])]
            yield from mentions_in_table([[str(cell) for cell in row] for row in rows], rules, place="正文表格")
        elif isinstance(value, str):
            lines.extend(html_lines(value))
    yield from mentions_in_text("\n".join(lines), rules, place="正文")
    files = StoredFile.objects.in_bulk([attachment.file_id for attachment in content.attachments])
    for attachment in content.attachments:
        file = files.get(attachment.file_id)
        if file is None or attachment.media_type.startswith("image/"):
            continue
        try:
            document = read_document(file_path(file=file), name=attachment.name)
        except DocumentRefused:
            logger.info("attachment %s of a public item cannot be read for persons", attachment.file_id)
            continue
        yield from document_mentions(document, rules, place=f"附件《{attachment.title or attachment.name}》")
