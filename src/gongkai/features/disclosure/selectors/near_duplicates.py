"""Items whose text is nearly the same as that of a document handed in: the same notice with another date, a new draft of it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.db.models import Q

from gongkai.domain.similarity import overlap
from gongkai.features.disclosure.models import Item
from gongkai.features.disclosure.selectors.access import visible_items
from gongkai.features.disclosure.selectors.catalogs import similar_titles
from gongkai.kernel.accounts.actor import Actor

NEARLY = 0.8
"""Share of runs of characters in common from which on two texts are called nearly the same; a technical bound."""
CANDIDATES = 12
PROBES = 4
"""Sentences by which candidates are looked up in the unit's items: the longest ones, which chance repeats least."""
SHORTEST_PROBE = 16
_SENTENCE = re.compile(r"[^。；;！？!?\n\t]+")


@dataclass(frozen=True, slots=True)
class NearDuplicate:
    """An item that is nearly the same; ``percent`` of the text is in common (0 to 100)."""

    item_id: int
    title: str
    percent: int


def near_duplicates(*, actor: Actor, unit_id: int, title: str, text: str) -> list[NearDuplicate]:
    """Return the items the actor sees whose text is nearly this one, the likest first.

    Candidates are items with a title much like this one, and those of the unit in which one of the longest sentences
    stands word for word; they are compared exactly (``gongkai.domain.similarity``).
    """
    if len(text) < SHORTEST_PROBE:
        return []
    probes = sorted({found.strip() for found in _SENTENCE.findall(text)}, key=len, reverse=True)
    wanted = Q(pk__in=[row.id for row in similar_titles(actor=actor, title=title)])
    for probe in probes[:PROBES]:
        if len(probe) >= SHORTEST_PROBE:
            wanted |= Q(unit_id=unit_id, head__text__contains=probe)
    items = visible_items(actor).filter(wanted, head__isnull=False).exclude(state=Item.State.DISCARDED)
    found = []
    for item in items.select_related("head").order_by("-changed_at", "-pk")[:CANDIDATES]:
        assert item.head is not None
        share = overlap(text, item.head.text)
        if share >= NEARLY:
            found.append(NearDuplicate(item.pk, item.title, int(share * 100)))
    return sorted(found, key=lambda one: (-one.percent, -one.item_id))
