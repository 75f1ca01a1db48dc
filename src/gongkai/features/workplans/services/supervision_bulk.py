"""Supervision notices about many items at once, one to each unit that does the work."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from gongkai.domain.issues import Issue
from gongkai.features.workplans.models import WorkItem
from gongkai.features.workplans.selectors.access import NotFound, item_standing
from gongkai.features.workplans.services.bulk import MOST, BulkResult, titles_seen
from gongkai.features.workplans.services.supervision import supervision_notice_issue
from gongkai.features.workplans.services.writing import day_of
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.errors import Refused


def supervision_notices_issue(
    *,
    actor: Actor,
    item_ids: Sequence[int],
    color: str,
    reason: str,
    requirement: str,
    answer_due_on: date,
    now: datetime,
) -> BulkResult:
    """Issue a notice about each item to each unit that is responsible for it (to its lead units where none is).

    Groups are expanded as of today. An item that is refused does not stop the others, and gets no notice at all. Raises
    Refused when nothing is chosen, or more than 1000 items are.
    """
    wanted = list(dict.fromkeys(item_ids))
    if not wanted:
        raise Refused(Issue("workplans.bulk.nothing", field="item_ids"))
    if len(wanted) > MOST:
        raise Refused(Issue("workplans.bulk.too_many", field="item_ids", values={"count": len(wanted), "limit": MOST}))
    titles = titles_seen(actor=actor, item_ids=wanted, now=now)
    items = WorkItem.objects.select_related("plan").in_bulk(wanted)
    done: list[int] = []
    failed: list[tuple[int, str, tuple[str, ...]]] = []
    for item_id in wanted:
        item = items.get(item_id)
        try:
            if item is None:
                raise NotFound("任务", item_id)
            standing = item_standing(item=item, today=day_of(now))
            unit_ids = sorted(standing.responsible or standing.lead)
            if not unit_ids:
                raise Refused(Issue("ledger.owner.missing", field="units"))
            with transaction.atomic():
                for unit_id in unit_ids:
                    supervision_notice_issue(
                        actor=actor,
                        item_id=item_id,
                        unit_id=unit_id,
                        color=color,
                        reason=reason,
                        requirement=requirement,
                        answer_due_on=answer_due_on,
                        now=now,
                    )
        except Refused as refusal:
            failed.append((item_id, titles.get(item_id, ""), tuple(refusal.sentences())))
        else:
            done.append(item_id)
    return BulkResult(tuple(done), tuple(failed))
