"""One action on many items: each is tried by itself, and it is told which ones failed and why."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gongkai.domain.issues import Issue
from gongkai.domain.ledger import VERB_NAMES, Verb
from gongkai.features.workplans.selectors.access import scope_of, visible_items
from gongkai.features.workplans.services import structure, transitions
from gongkai.features.workplans.services.writing import day_of
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.errors import Refused

ACTIONS: Mapping[Verb, Callable[..., Any]] = {
    **{verb: step for verb, step in transitions.STEPS.items() if verb is not Verb.SUBMIT},
    Verb.ASSIGN: structure.item_assign,
    Verb.CHANGE_DUE: structure.item_change_due,
}
MOST = 1000


@dataclass(frozen=True, slots=True)
class BulkResult:
    """What became of a bulk action: ids that went through; (id, title, reasons) of those that did not."""

    done: tuple[int, ...]
    failed: tuple[tuple[int, str, tuple[str, ...]], ...]

    @property
    def all_done(self) -> bool:
        """Tell whether every item went through."""
        return not self.failed


def titles_seen(*, actor: Actor, item_ids: Sequence[int], now: datetime) -> dict[int, str]:
    """Return the titles of those items that the actor may see; of the others not even the title is told."""
    seen = visible_items(scope_of(actor=actor, today=day_of(now))).filter(pk__in=item_ids)
    return {item.pk: str(item) for item in seen.only("pk", "number", "title")}


def items_bulk(
    *, actor: Actor, item_ids: Sequence[int], action: str, arguments: Mapping[str, Any] | None = None, now: datetime
) -> BulkResult:
    """Do one thing to many items; one that is refused does not stop the others, each is a transaction of its own.

    ``action`` is a verb of the ledger (submitting is done one by one, since each needs its own words); ``arguments`` are
    those of its service without actor, item and now. Raises Refused when the action is unknown, nothing is chosen, or
    more than 1000 items are.
    """
    verb = Verb(action) if action in set(Verb) else None
    wanted = list(dict.fromkeys(item_ids))
    issues = []
    if verb not in ACTIONS:
        name = VERB_NAMES[verb] if verb else action
        issues.append(Issue("workplans.bulk.action", field="action", values={"action": name}))
    if not wanted:
        issues.append(Issue("workplans.bulk.nothing", field="item_ids"))
    if len(wanted) > MOST:
        issues.append(Issue("workplans.bulk.too_many", field="item_ids", values={"count": len(wanted), "limit": MOST}))
    if issues or verb is None:
        raise Refused(issues)
    titles = titles_seen(actor=actor, item_ids=wanted, now=now)
    done: list[int] = []
    failed: list[tuple[int, str, tuple[str, ...]]] = []
    for item_id in wanted:
        try:
            ACTIONS[verb](actor=actor, item_id=item_id, now=now, **(arguments or {}))
        except Refused as refusal:
            failed.append((item_id, titles.get(item_id, ""), tuple(refusal.sentences())))
        else:
            done.append(item_id)
    return BulkResult(tuple(done), tuple(failed))
