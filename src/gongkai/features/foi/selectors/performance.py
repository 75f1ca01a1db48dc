"""How well offices answer: in time by law and by the local target, how long it takes, how it ends, what was corrected.

Counted by the database, by unit, by span of time or by person. Whoever supervises sees the figures of every unit; the cases
behind a figure only who sees the cases of that unit, the figures of persons only the head of their own office.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from django.db.models import Aggregate, Count, F, FloatField, Q, QuerySet, Sum, Value
from django.db.models.functions import TruncMonth, TruncQuarter, TruncYear

from gongkai.domain.foi.dispositions import Category
from gongkai.domain.foi.model import ELSEWHERE, RemedyOutcome
from gongkai.features.foi import permissions
from gongkai.features.foi.models import Application, CaseEvent, CaseRound
from gongkai.features.foi.selectors.boards import Board, board_condition
from gongkai.features.foi.selectors.course import law_of
from gongkai.features.foi.selectors.units import receiving_units
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.models import User
from gongkai.kernel.clocks.selectors import calendar_current
from gongkai.kernel.errors import NotPermitted
from gongkai.kernel.orgs.models import Unit


class Split(StrEnum):
    """What a line of the figures stands for."""

    UNIT = "unit"
    YEAR = "year"
    QUARTER = "quarter"
    MONTH = "month"
    PERSON = "person"


SPLIT_NAMES: Mapping[Split, str] = {
    Split.UNIT: "单位",
    Split.YEAR: "年度",
    Split.QUARTER: "季度",
    Split.MONTH: "月份",
    Split.PERSON: "经办人",
}
_TRUNCATED = {Split.YEAR: TruncYear, Split.QUARTER: TruncQuarter, Split.MONTH: TruncMonth}
NOBODY = "none"
"""The key of cases that nobody has worked on yet."""


class Median(Aggregate):
    """The middle of the values, None without any."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()


@dataclass(frozen=True, slots=True)
class Asked:
    """Which days (both included), by what, of which unit (None: all that the actor may see)."""

    since: date
    until: date
    split: Split = Split.UNIT
    unit_id: int | None = None

    @property
    def days(self) -> tuple[date, date]:
        """Return the span of days."""
        return (self.since, self.until)


@dataclass(frozen=True)
class Line:
    """One line of the figures. ``opens`` tells that the actor may see the cases behind it.

    Of the ``replied`` replies ``late`` came after the statutory day; of the ``aimed`` ones with a local target ``in_target``
    kept it; ``slow`` ones kept the statutory day alone. ``average`` and ``median`` are working days that count against the
    period. ``results`` are the ended cases by category, ``corrected`` of ``decided`` reviews and suits ended with a
    correction. ``open`` and ``overdue`` are as of today, without regard to the days asked for.
    """

    key: str
    label: str
    opens: bool = False
    received: int = 0
    replied: int = 0
    late: int = 0
    aimed: int = 0
    in_target: int = 0
    slow: int = 0
    extended: int = 0
    average: float | None = None
    median: float | None = None
    ended: int = 0
    results: Mapping[Category, int] = field(default_factory=dict)
    decided: int = 0
    corrected: int = 0
    open: int = 0
    overdue: int = 0

    @property
    def in_time(self) -> int:
        """Return the replies within the statutory period."""
        return self.replied - self.late

    @property
    def over_target(self) -> int:
        """Return the replies after the local target."""
        return self.aimed - self.in_target

    @property
    def in_time_percent(self) -> float | None:
        """Return the share of replies in time, None without any."""
        return percent(self.in_time, self.replied)

    @property
    def in_target_percent(self) -> float | None:
        """Return the share of replies within the local target."""
        return percent(self.in_target, self.aimed)

    @property
    def extended_percent(self) -> float | None:
        """Return the share of replies whose period was extended."""
        return percent(self.extended, self.replied)

    @property
    def corrected_percent(self) -> float | None:
        """Return the share of decided reviews and suits that ended with a correction (被纠错率)."""
        return percent(self.corrected, self.decided)


@dataclass(frozen=True)
class Performance:
    """The lines of what was asked, and all of it together."""

    asked: Asked
    lines: tuple[Line, ...]
    total: Line


def percent(part: int, whole: int) -> float | None:
    """Return a share in per cent, None of nothing."""
    return 100 * part / whole if whole else None


def units_of(*, actor: Actor, split: Split = Split.UNIT) -> frozenset[int] | None:
    """Return the units whose figures the actor may see, None for all; by person only those whose office the actor heads.

    Raises NotPermitted for somebody who may see none.
    """
    if split is Split.PERSON:
        units = permissions.units_led(actor)
    elif permissions.can_see_all_figures(actor):
        return None
    else:
        units = permissions.units_seen(actor)
    if not units:
        raise NotPermitted(ability="查看公开申请的办理情况")
    return units


def units_to_choose(*, actor: Actor, today: date) -> list[tuple[int, str]]:
    """Return the units that the figures may be narrowed to, with their names."""
    units = units_of(actor=actor)
    return [(one.pk, one.display_name) for one in receiving_units(on=today) if units is None or one.pk in units]


def performance(*, actor: Actor, asked: Asked, today: date) -> Performance:
    """Count what was asked; eight statements, whatever the number of cases. Raises NotPermitted."""
    scope = _Scope(units_within(units_of(actor=actor, split=asked.split), asked.unit_id), asked)
    found: dict[Any, dict[str, Any]] = defaultdict(dict)
    for counts in (scope.received(), scope.replied(), scope.ended(), scope.disputes(), scope.now(today)):
        for key, values in counts.items():
            results = {**found[key].get("results", {}), **values.pop("results", {})}
            found[key] |= {**values, "results": results}
    labels = labels_of(asked.split, found)
    seen = permissions.units_seen(actor)
    all_seen = scope.units is not None and scope.units <= seen
    lines = tuple(
        Line(
            key=_told(key),
            label=labels[key],
            opens=key in seen if asked.split is Split.UNIT else all_seen,
            **{name: value for name, value in values.items() if name != "days"},
        )
        for key, values in found.items()
    )
    ordered = sorted(lines, key=lambda line: scope.order(line.key, labels))
    return Performance(asked, tuple(ordered), _sum(ordered, found, scope.median(), opens=all_seen))


def _sum(lines: list[Line], found: Mapping[Any, Mapping[str, Any]], median: float | None, *, opens: bool) -> Line:
    names = ("received", "replied", "late", "aimed", "in_target", "slow", "extended", "ended", "decided", "corrected")
    sums = {name: sum(getattr(line, name) for line in lines) for name in (*names, "open", "overdue")}
    results = {one: sum(line.results.get(one, 0) for line in lines) for one in Category}
    days = [values["days"] for values in found.values() if values.get("days")]
    measured = sum(number for _, number in days)
    average = sum(total for total, _ in days) / measured if measured else None
    return Line(key="", label="合计", opens=opens, results=results, average=average, median=median, **sums)


def _told(key: Any) -> str:
    if key is None:
        return NOBODY
    return key.isoformat() if isinstance(key, date) else str(key)


def units_within(units: frozenset[int] | None, unit_id: int | None) -> frozenset[int] | None:
    """Return the one unit that was asked for where it is among the others (None: all are); none of the others."""
    if unit_id is None:
        return units
    return frozenset({unit_id}) if units is None or unit_id in units else frozenset()


@dataclass(frozen=True)
class _Scope:
    """The rows that are counted, and by what."""

    units: frozenset[int] | None
    asked: Asked

    def rows(self, table: Any, at: str = "") -> QuerySet[Any]:
        """The rows of the units; ``at`` leads from the table to the application."""
        rows = table.objects.order_by()
        return rows if self.units is None else rows.filter(**{f"{at}unit_id__in": self.units})

    def key(self, day: str, at: str = "") -> Any:
        """What a row is counted under."""
        split = self.asked.split
        if split is Split.UNIT:
            return F(f"{at}unit_id")
        return F(f"{at}handler_id") if split is Split.PERSON else _TRUNCATED[split](day)

    def received(self) -> dict[Any, dict[str, Any]]:
        rows = here(self.rows(Application)).filter(received_on__range=self.asked.days)
        return _by_key(rows, self.key("received_on"), received=Count("*"))

    def replied(self) -> dict[Any, dict[str, Any]]:
        rows = self.rows(CaseRound).filter(replied_on__range=self.asked.days)
        found = _by_key(
            rows,
            self.key("replied_on"),
            replied=Count("*"),
            late=Count(Value(1), filter=Q(late_days__gt=0)),
            aimed=Count("target_on"),
            in_target=Count(Value(1), filter=Q(replied_on__lte=F("target_on"))),
            slow=Count(Value(1), filter=Q(replied_on__gt=F("target_on"), late_days=0)),
            extended=Count(Value(1), filter=Q(extended=True)),
            total=Sum("used_days"),
            measured=Count("used_days"),
            median=Median("used_days"),
        )
        for values in found.values():
            total, measured = values.pop("total"), values.pop("measured")
            values |= {"days": (total or 0, measured), "average": total / measured if measured else None}
        return found

    def median(self) -> float | None:
        rows = self.rows(CaseRound).filter(replied_on__range=self.asked.days)
        value: float | None = rows.aggregate(middle=Median("used_days"))["middle"]
        return value

    def ended(self) -> dict[Any, dict[str, Any]]:
        rows = self.rows(CaseRound).filter(counted=True, ended_on__range=self.asked.days)
        known = law_of(self.asked.until).dispositions.dispositions
        found: dict[Any, dict[str, Any]] = {}
        counted = rows.annotate(key=self.key("ended_on")).values("key", "disposition").annotate(number=Count("*"))
        for key, code, number in counted.values_list("key", "disposition", "number"):
            values = found.setdefault(key, {"ended": 0, "results": dict.fromkeys(Category, 0)})
            values["ended"] += number
            if code in known:
                values["results"][known[code].category] += number
        return found

    def disputes(self) -> dict[Any, dict[str, Any]]:
        rows = self.rows(CaseEvent, "application__").filter(kind="RemedyDecided", on__range=self.asked.days)
        corrected = Count(Value(1), filter=Q(data__outcome=RemedyOutcome.CORRECTED.value))
        return _by_key(rows, self.key("on", "application__"), decided=Count("*"), corrected=corrected)

    def now(self, today: date) -> dict[Any, dict[str, Any]]:
        """What is open today; by spans of time there is none."""
        if self.asked.split not in (Split.UNIT, Split.PERSON):
            return {}
        rows = self.rows(Application).filter(closed_on__isnull=True, received_on__isnull=False)
        late = board_condition(Board.OVERDUE, today, calendar_current())
        return _by_key(rows, self.key("received_on"), open=Count("*"), overdue=Count(Value(1), filter=late))

    def order(self, key: str, labels: Mapping[Any, str]) -> tuple[int, str]:
        """Spans of time one after the other, units and persons in the order of their directory, those without last."""
        if self.asked.split in _TRUNCATED:
            return (0, key)
        places = {_told(one): place for place, one in enumerate(labels)}
        return (len(places) if key == NOBODY else places[key], "")


def labels_of(split: Split, keys: Collection[Any]) -> dict[Any, str]:
    """Return the words for the keys of lines: units and persons by id (None: nobody), spans of time by their first day."""
    if split is Split.UNIT:
        return {one.pk: one.display_name for one in Unit.objects.filter(pk__in=keys)}
    if split is Split.PERSON:
        people = User.objects.filter(pk__in=[key for key in keys if key is not None])
        return {None: "未确定经办人", **{one.pk: str(one) for one in people}}
    return {key: _day_words(key, split) for key in keys}


def _by_key(rows: QuerySet[Any], key: Any, **counted: Any) -> dict[Any, dict[str, Any]]:
    found = rows.annotate(key=key).values("key").annotate(**counted)
    return {row["key"]: {name: row[name] for name in counted} for row in found}


def _day_words(day: date, split: Split) -> str:
    if split is Split.YEAR:
        return f"{day.year}年"
    return f"{day.year}年{day.month}月" if split is Split.MONTH else f"{day.year}年第{(day.month + 2) // 3}季度"


def here(rows: QuerySet[Application]) -> QuerySet[Application]:
    """Leave out what went on elsewhere: it is counted there."""
    return rows.exclude(stage__in=[stage.value for stage in ELSEWHERE])
