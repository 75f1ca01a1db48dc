"""Figures of a year: how many applications came in, how they ended, whether in time. Counted by the database."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Avg, Count, F, Q

from gongkai.domain.foi.dispositions import Category
from gongkai.domain.foi.receipt import CHANNEL_NAMES, Channel
from gongkai.features.foi.models import Application
from gongkai.features.foi.selectors.course import law_of

CATEGORY_NAMES = {
    Category.GRANTED: "予以公开",
    Category.PARTIAL: "部分公开",
    Category.DENIED: "不予公开",
    Category.UNABLE: "无法提供",
    Category.REFUSED: "不予处理",
    Category.OTHER: "其他处理",
}


@dataclass(frozen=True, slots=True)
class YearFigures:
    """What a year amounts to. ``results`` and ``channels`` are (name, number); ``average_days`` calendar days to the reply."""

    year: int
    received: int
    ended: int
    open: int
    replied: int
    in_time: int
    average_days: float | None
    results: tuple[tuple[str, int], ...]
    channels: tuple[tuple[str, int], ...]

    @property
    def in_time_share(self) -> float | None:
        """Return the share of replies that were made in time, None without any."""
        return self.in_time / self.replied if self.replied else None


def year_figures(*, year: int, unit_ids: Collection[int] | None = None) -> YearFigures:
    """Return the figures of a year, of some units or of all; a handful of statements, whatever the number of cases.

    Received counts by the day of receipt, ended and replied by their own days. What went on elsewhere (split, moved,
    merged) counts where it went on.
    """
    rows = Application.objects.exclude(stage__in=["split", "moved", "merged"])
    if unit_ids is not None:
        rows = rows.filter(unit_id__in=unit_ids)
    first, last = date(year, 1, 1), date(year, 12, 31)
    received = rows.filter(received_on__range=(first, last))
    ended = rows.filter(closed_on__range=(first, last))
    replied = rows.filter(replied_on__range=(first, last), received_on__isnull=False)
    told = replied.aggregate(
        number=Count("id"),
        in_time=Count("id", filter=Q(due_on__isnull=True) | Q(replied_on__lte=F("due_on"))),
        average=Avg(F("replied_on") - F("received_on")),
    )
    by_result = dict(ended.values_list("disposition").annotate(Count("id")))
    by_channel = dict(received.values_list("channel").annotate(Count("id")))
    known = law_of(min(last, date.max)).dispositions.dispositions
    results = dict.fromkeys(Category, 0)
    for code, number in by_result.items():
        if code in known:
            results[known[code].category] += number
    average = told["average"]
    return YearFigures(
        year=year,
        received=sum(by_channel.values()),
        ended=sum(by_result.values()),
        open=rows.filter(received_on__lte=last).filter(Q(closed_on__isnull=True) | Q(closed_on__gt=last)).count(),
        replied=told["number"],
        in_time=told["in_time"],
        average_days=average.total_seconds() / 86_400 if hasattr(average, "total_seconds") else average,
        results=tuple((CATEGORY_NAMES[one], number) for one, number in results.items()),
        channels=tuple((CHANNEL_NAMES[Channel(one)], number) for one, number in sorted(by_channel.items())),
    )
