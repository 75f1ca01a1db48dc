"""The counters that this feature has itself: progress reported on an item, and supervision notices answered."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils import timezone

from gongkai.domain.ledger import Verb
from gongkai.features.workplans.metrics import Harvested, HarvestQuery
from gongkai.features.workplans.models import LedgerEntry, SupervisionNotice


def progress_notes(query: HarvestQuery) -> Sequence[Harvested]:
    """Return the progress reported on the item in the period, by the day it happened."""
    entries = LedgerEntry.objects.filter(
        item_id=query.item_id, verb=Verb.REPORT.value, occurred_on__range=(query.from_on, query.to_on)
    ).order_by("occurred_on", "pk")
    return [Harvested(f"workplans.entry:{e.pk}", e.text[:200], e.occurred_on, e.unit_id) for e in entries]


def supervision_answers(query: HarvestQuery) -> Sequence[Harvested]:
    """Return the supervision notices that the item's units answered in the period."""
    notices = SupervisionNotice.objects.filter(
        unit_id__in=query.unit_ids, answered_at__date__range=(query.from_on, query.to_on)
    ).order_by("answered_at", "pk")
    return [
        Harvested(f"workplans.notice:{n.pk}", f"答复 {n.number_text}", timezone.localdate(n.answered_at), n.unit_id)
        for n in notices
        if n.answered_at is not None
    ]
