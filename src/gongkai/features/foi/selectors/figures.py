"""Figures of years: how many applications came in, how they ended, whether in time. Counted by the database."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import Count, Q, QuerySet, Sum, Value
from django.db.models.functions import ExtractYear

from gongkai.domain.foi.dispositions import Category
from gongkai.domain.foi.model import ELSEWHERE
from gongkai.domain.foi.receipt import CHANNEL_NAMES, Channel
from gongkai.features.foi.models import Application, CaseRound
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
    """What a year amounts to. ``results`` and ``channels`` are (name, number); ``average_days`` working days to the reply.

    ``replied`` counts replies, ``ended`` cases: one that was reopened may be replied to again, and stays one result.
    """

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
    """Return the figures of a year, of some units or of all; six statements, whatever the number of cases."""
    return years_figures(years=[year], unit_ids=unit_ids)[year]


def years_figures(*, years: Iterable[int], unit_ids: Collection[int] | None = None) -> dict[int, YearFigures]:
    """Return the figures of consecutive years, of some units or of all; six statements, whatever the number of years.

    Received counts by the day of receipt, ended and replied by their own days; each reply by the period of its round. What
    went on elsewhere (split, moved, merged) counts where it went on. Open is what had come in and not ended by the last
    day of the year.
    """
    asked = sorted(set(years))
    span = (date(asked[0], 1, 1), date(asked[-1], 12, 31))
    cases, rounds = _of_units(unit_ids)
    received = _tally(cases.filter(received_on__range=span), "received_on", "channel")
    ended = _tally(rounds.filter(counted=True, ended_on__range=span), "ended_on", "disposition")
    replied = {
        row["year"]: row
        for row in rounds.filter(replied_on__range=span)
        .annotate(year=ExtractYear("replied_on"))
        .values("year")
        .annotate(
            number=Count("*"),
            late=Count(Value(1), filter=Q(late_days__gt=0)),
            days=Sum("used_days"),
            measured=Count("used_days"),
        )
    }
    still_open = cases.filter(received_on__lt=span[0]).count()
    still_open -= rounds.filter(counted=True, ended_on__lt=span[0]).count()
    known = law_of(span[1]).dispositions.dispositions
    found = {}
    for year in asked:
        by_channel, by_result, told = received[year], ended[year], replied.get(year, _NONE)
        results = dict.fromkeys(Category, 0)
        for code, number in by_result.items():
            if code in known:
                results[known[code].category] += number
        still_open += sum(by_channel.values()) - sum(by_result.values())
        found[year] = YearFigures(
            year=year,
            received=sum(by_channel.values()),
            ended=sum(by_result.values()),
            open=still_open,
            replied=told["number"],
            in_time=told["number"] - told["late"],
            average_days=told["days"] / told["measured"] if told["measured"] else None,
            results=tuple((CATEGORY_NAMES[one], number) for one, number in results.items()),
            channels=tuple((CHANNEL_NAMES[Channel(one)], number) for one, number in sorted(by_channel.items())),
        )
    return found


_NONE: Mapping[str, int] = {"number": 0, "late": 0, "days": 0, "measured": 0}


def _of_units(unit_ids: Collection[int] | None) -> tuple[QuerySet[Application], QuerySet[CaseRound]]:
    cases = Application.objects.order_by().exclude(stage__in=[stage.value for stage in ELSEWHERE])
    rounds = CaseRound.objects.order_by()
    if unit_ids is not None:
        cases, rounds = cases.filter(unit_id__in=unit_ids), rounds.filter(unit_id__in=unit_ids)
    return cases, rounds


def _tally(rows: QuerySet[Any], day: str, column: str) -> defaultdict[int, dict[str, int]]:
    """How many rows of each year have which value in a column."""
    found: defaultdict[int, dict[str, int]] = defaultdict(dict)
    counted = rows.annotate(year=ExtractYear(day)).values("year", column).annotate(number=Count("*"))
    for row in counted:
        found[row["year"]][row[column]] = row["number"]
    return found


_kept: dict[tuple[int, int], tuple[float, dict[int, YearFigures]]] = {}


def public_figures(*, first: int, last: int) -> dict[int, YearFigures]:
    """Return the figures of all units from year to year, at most ``FOI_FIGURES_SECONDS`` old: anybody may ask for them often."""
    now = time.monotonic()
    at, figures = _kept.get((first, last), (0.0, {}))
    if not figures or now - at >= settings.FOI_FIGURES_SECONDS:
        figures = years_figures(years=range(first, last + 1))
        _kept.clear()
        _kept[first, last] = (now, figures)
    return figures
