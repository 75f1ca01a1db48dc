"""Four publishers at one queue, two of them killed in the middle: nothing is published twice, nothing is lost."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from django.utils import timezone

from gongkai.features.disclosure.models import Item, Publication, Schedule
from gongkai.features.disclosure.selectors.proofs import proofs
from gongkai.features.disclosure.selectors.publications import is_public
from gongkai.kernel.audit.models import Entry
from gongkai.kernel.audit.selectors import chain_verify
from tests.features.disclosure.publishers import ended_well, fork_publisher, kill, wait_until
from tests.features.disclosure.released import House, fresh

pytestmark = pytest.mark.kill
ITEMS = 16


@pytest.fixture
def queue(transactional_db: None) -> list[Item]:
    """Approved items whose moment has come."""
    house = House(short_route=True)
    items = [house.approved() for _ in range(ITEMS)]
    due_at = timezone.now().replace(microsecond=0) - timedelta(seconds=1)
    for item in items:
        Schedule.objects.create(
            action="publish",
            item=item,
            digest=item.head.digest,
            due_at=due_at,
            set_by_id=house.office.user_id,
            set_at=due_at,
        )
    Item.objects.update(state="scheduled")
    return items


class TestKilledPublishers:
    def test_every_item_goes_out_exactly_once(self, queue: list[Item]) -> None:
        alive = [fork_publisher() for _ in range(4)]
        for _ in range(2):
            before = Publication.objects.count()
            wait_until("publishing goes on", lambda seen=before: Publication.objects.count() > seen)
            kill(alive.pop(0))
        ends = [ended_well(pid) for pid in alive]
        assert all(ends)

        times = Counter(Publication.objects.values_list("item_id", flat=True))
        assert times == Counter({item.pk: 1 for item in queue})
        assert set(Schedule.objects.values_list("state", flat=True)) == {"done"}
        assert {fresh(item).state for item in queue} == {"published"}
        told = Counter(Entry.objects.filter(action="disclosure.publication.make").values_list("target_id", flat=True))
        assert told == Counter({str(item.pk): 1 for item in queue}), "each is in the audit chain exactly once"
        assert chain_verify() == []
        assert all(proof.holds for proof in proofs())
        assert is_public(item_ids=[item.pk for item in queue], at=timezone.now()) == {item.pk for item in queue}
