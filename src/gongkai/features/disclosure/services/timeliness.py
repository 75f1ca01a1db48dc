"""The clocks of publication: started when the day of issue is known, stopped by the first publication.

Two periods run side by side and are never merged: twenty working days by law (条例 art. 26) and the shorter one of a
local rule where the installation's layer has one.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from gongkai.domain.deadlines import Fact
from gongkai.features.disclosure.models import Item
from gongkai.features.disclosure.selectors.timeliness import clock_facts, rules_in_force, started_on
from gongkai.features.disclosure.services.writing import name_of
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.clocks.models import ClockState, StoredClock
from gongkai.kernel.clocks.selectors import clock_get, facts_of
from gongkai.kernel.clocks.services import clock_add_fact, clock_correct, clock_start
from gongkai.kernel.errors import Refused

logger = logging.getLogger(__name__)

TARGET = "disclosure.item"


def timeliness_start(*, actor: Actor, item_id: int, now: datetime) -> list[StoredClock]:
    """Start the clocks of an item that is to be disclosed proactively and whose day is known; safe to call again.

    A day of issue that was corrected since is corrected in clocks that still run. Returns the clocks.
    """
    item = Item.objects.select_related("unit").get(pk=item_id)
    begin = started_on(item.issued_on, item.written_on)
    if item.attribute != Item.Attribute.PROACTIVE or begin is None:
        return []
    clocks = []
    with transaction.atomic():
        for rule in rules_in_force(on=begin):
            facts = clock_facts(rule, begin, None)
            clock = clock_get(target_type=TARGET, target_id=item.pk, rule=rule)
            if clock is None:
                clock = clock_start(
                    actor=actor,
                    target_type=TARGET,
                    target_id=item.pk,
                    rule=rule,
                    facts=facts,
                    title=name_of(item).strip("《》")[:200],
                    url=f"/admin/disclosure/items/{item.pk}/",
                    unit_id=item.unit_id,
                    owner_ids=[item.created_by_id] if item.created_by_id else [],
                    now=now,
                )
            elif clock.state == ClockState.RUNNING and facts_of(clock) != facts:
                clock = clock_correct(actor=actor, clock=clock, facts=facts, reason="印发日期更正", now=now)
            clocks.append(clock)
    return clocks


def clocks_stop(*, actor: Actor, items: Sequence[Item], published_at: datetime, now: datetime) -> None:
    """Add the day of publication to the clocks of items; one that cannot take it (published before issue) stays open.

    A publication is never held up by its clock: the list of early and late ones shows what is wrong with the dates.
    """
    day = timezone.localdate(published_at)
    for item in items:
        try:
            for clock in timeliness_start(actor=actor, item_id=item.pk, now=now):
                if clock.state == ClockState.RUNNING:
                    clock_add_fact(actor=actor, clock=clock, fact=Fact("published", day), now=now)
        except Refused as refusal:
            logger.warning("the clock of item %s does not take its publication: %s", item.pk, refusal)
