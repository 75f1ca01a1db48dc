"""Which cases a step on many is for: those that were ticked, all that a board holds, or the members of a campaign."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Count, QuerySet

from gongkai.domain.foi.events import Drafted
from gongkai.domain.foi.model import STAGE_NAMES, Stage
from gongkai.domain.issues import Issue
from gongkai.features.foi import permissions
from gongkai.features.foi.models import Application, BatchLine, CaseEvent
from gongkai.features.foi.selectors.boards import BoardFilters, board_cases
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.errors import Refused

MOST = 100_000
"""Cases of one batch; a technical bound, far above the largest campaign that is known."""


@dataclass(frozen=True)
class Selection:
    """Some cases of one unit: ``ids``, or what ``filters`` hold, or the members of a campaign at ``stage`` (empty: all).

    ``run_id`` narrows it to what a batch has done.
    """

    unit_id: int
    ids: tuple[int, ...] | None = None
    filters: BoardFilters | None = None
    campaign_id: int | None = None
    stage: str = ""
    run_id: int | None = None

    def with_ids(self, ids: Sequence[int]) -> Selection:
        """Return the selection of these cases alone."""
        return replace(self, ids=tuple(ids))


@dataclass(frozen=True, slots=True)
class Selected:
    """How many cases are meant, at which stages they are (the most frequent first), and which results were drafted."""

    number: int
    stages: tuple[tuple[str, str, int], ...]
    dispositions: tuple[str, ...]


def selection_unit(*, actor: Actor, ids: Sequence[int] = (), filters: BoardFilters | None = None) -> int:
    """Return the unit that a selection concerns; raises Refused where it would be several, or none.

    What the actor may not see is passed over.
    """
    units = permissions.units_seen(actor)
    if ids:
        found = set(Application.objects.filter(pk__in=ids, unit_id__in=units).values_list("unit_id", flat=True))
    else:
        found = set(units) if filters is None or filters.unit_id is None else {filters.unit_id} & units
    if len(found) > 1:
        raise Refused(Issue("foi.batch.units"))
    if not found:
        raise Refused(Issue("foi.batch.nobody"))
    return found.pop()


def selection_rows(*, actor: Actor, selection: Selection, today: date) -> QuerySet[Application]:
    """Return the cases that are meant; none where the actor may not see the unit's."""
    rows = Application.objects.filter(unit_id=selection.unit_id)
    if not permissions.can_see_case(actor, selection.unit_id):
        return rows.none()
    if selection.filters is not None:
        rows = board_cases(actor=actor, unit_id=selection.unit_id, filters=selection.filters, today=today)
    if selection.ids is not None:
        rows = rows.filter(pk__in=selection.ids)
    if selection.campaign_id is not None:
        rows = rows.filter(membership__campaign_id=selection.campaign_id)
    if selection.run_id is not None:
        done = BatchLine.objects.filter(run_id=selection.run_id, state=BatchLine.State.DONE)
        rows = rows.filter(pk__in=done.values("application_id"))
    return rows.filter(stage=selection.stage) if selection.stage else rows


def selection_look(*, actor: Actor, selection: Selection, today: date) -> Selected:
    """Return how many cases are meant and how they stand, by two statements."""
    rows = selection_rows(actor=actor, selection=selection, today=today)
    counted = rows.values("stage").annotate(number=Count("id")).order_by("-number", "stage")
    stages = tuple((one["stage"], STAGE_NAMES[Stage(one["stage"])], one["number"]) for one in counted)
    drafts = CaseEvent.objects.filter(kind=Drafted.__name__, application__in=rows)
    results = drafts.values_list("data__disposition", flat=True).distinct()
    return Selected(sum(number for _, _, number in stages), stages, tuple(sorted(results)))
