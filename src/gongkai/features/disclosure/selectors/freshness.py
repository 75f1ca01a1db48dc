"""When each column of the directory was last new, and how that stands against its cycle."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import CharField, F, Func, Max
from django.utils import timezone

from gongkai.domain.site.freshness import Freshness, freshness_on, next_due
from gongkai.features.disclosure.models import DirectoryColumn
from gongkai.features.disclosure.selectors.publications import public_publications
from gongkai.rulebook.cycles import Cycle, cycle_rules


@dataclass(frozen=True, slots=True)
class ColumnFreshness:
    """A column's light, the day of its newest public item (those below it included), and the day it is due again.

    ``proposed`` is the cycle that light and day rest on where the column has none of its own.
    """

    light: Freshness
    last: date | None
    due: date | None
    proposed: Cycle | None = None


def column_freshness(*, at: datetime, on: date) -> dict[str, ColumnFreshness]:
    """Return how each column stands at a moment, by code; ``on`` is its day in Beijing."""
    code = Func(F("columns"), function="jsonb_array_elements_text", output_field=CharField())
    newest = public_publications(at=at).order_by().annotate(code=code).values("code").annotate(last=Max("published_at"))
    last = {row["code"]: row["last"] for row in newest}
    columns = list(DirectoryColumn.objects.select_related("parent"))
    below: dict[str, list[str]] = {}
    for column in columns:
        below.setdefault(column.parent.code if column.parent is not None else "", []).append(column.code)

    def latest(code: str) -> datetime | None:
        found = [last.get(code), *(latest(child) for child in below.get(code, ()))]
        return max((one for one in found if one is not None), default=None)

    result = {}
    for column in columns:
        moment = latest(column.code)
        day = timezone.localdate(moment) if moment is not None else None
        proposed = None if column.update_days else cycle_rules().proposed(code=column.code, name=column.name)
        update_days = proposed.days if proposed is not None else column.update_days
        result[column.code] = ColumnFreshness(
            light=freshness_on(on, last=day, update_days=update_days),
            last=day,
            due=next_due(last=day, update_days=update_days),
            proposed=proposed,
        )
    return result
