"""The processing fees of a year: notices, payments and reductions by month, and every notice with what became of it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db.models import F

from gongkai.domain.deadlines import Reading
from gongkai.domain.foi.clocks import payment_reading
from gongkai.domain.foi.fee_figures import FeeFigures, FeeNotice, fee_figures
from gongkai.domain.foi.fees import FEN, METHOD_NAMES, FeeMethod, yuan
from gongkai.domain.foi.model import Stage
from gongkai.features.foi import permissions
from gongkai.features.foi.models import Application, CaseEvent, FeeDecision
from gongkai.features.foi.selectors.course import courses_of
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.clocks.selectors import rulebook
from gongkai.kernel.documents.csv_files import csv_bytes
from gongkai.kernel.errors import NotPermitted

_KINDS = ("FeeNotified", "FeeNoticeDelivered", "FeePaid", "FeeLapsed")


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """One fee notice: what was asked for, when, and what became of it. ``late`` days of the payment period are over."""

    application_id: int
    register_no: str
    method: str
    fen: int
    sent_on: date
    delivered_on: date | None
    due_on: date | None
    late: int
    paid_on: date | None
    lapsed_on: date | None
    over: bool

    @property
    def yuan(self) -> str:
        """Return the amount as it is written."""
        return yuan(self.fen)

    @property
    def standing(self) -> str:
        """Say how it stands."""
        if self.paid_on is not None:
            return "已缴"
        if self.lapsed_on is not None:
            return "逾期未缴，不再处理"
        if self.over:
            return "案件已结束"
        if self.delivered_on is None:
            return "已发出，未送达"
        return "缴费期满，待处理" if self.late else "等待缴费"


@dataclass(slots=True)
class FeeMonth:
    """The fees of one month; amounts in fen."""

    month: int
    sent: int = 0
    asked_fen: int = 0
    paid: int = 0
    paid_fen: int = 0
    lapsed: int = 0
    reduced: int = 0
    reduced_fen: int = 0

    @property
    def asked(self) -> str:
        """Return what was asked for, as it is written."""
        return yuan(self.asked_fen)

    @property
    def received(self) -> str:
        """Return what was received, as it is written."""
        return yuan(self.paid_fen)

    @property
    def let_off(self) -> str:
        """Return what was not asked for, as it is written."""
        return yuan(self.reduced_fen)


@dataclass(frozen=True)
class FeeYear:
    """The fees of a year; ``figures`` are those of the sixth part of the annual report."""

    year: int
    months: tuple[FeeMonth, ...]
    total: FeeMonth
    notices: tuple[NoticeRow, ...]
    figures: FeeFigures


def fee_years(*, today: date) -> range:
    """Return the years that can be looked at, the newest first: since the law began to know a fee."""
    rule = rulebook().rule(f"foi.fee.{FeeMethod.PER_CASE}", layer=settings.LAYER)
    first = min(version.in_force_from for version in rule.versions).year
    return range(today.year, min(first, today.year) - 1, -1)


def fee_year(*, actor: Actor, year: int, today: date, unit_ids: Collection[int] | None = None) -> FeeYear:
    """Return the fees of a year of the units whose cases the actor sees, or of some of these; raises NotPermitted."""
    units = permissions.units_seen(actor)
    units = units if unit_ids is None else units.intersection(unit_ids)
    if not units:
        raise NotPermitted(ability="查看信息处理费")
    notices = _notices(units, year, today)
    figures = fee_figures(
        (
            FeeNotice(one.register_no, one.sent_on, one.fen, one.paid_on, one.fen if one.paid_on else 0)
            for one in notices
        ),
        year=year,
    )
    months = tuple(FeeMonth(number) for number in range(1, 13))
    total = FeeMonth(0)
    for one in notices:
        for day, count in ((one.sent_on, _sent), (one.paid_on, _paid), (one.lapsed_on, _lapsed)):
            if day is not None and day.year == year:
                count(months[day.month - 1], one)
                count(total, one)
    reduced = FeeDecision.objects.filter(
        application__unit_id__in=units,
        replaced_at__isnull=True,
        decided_on__year=year,
        amount_fen__lt=F("reckoned_fen"),
    )
    for decided_on, asked, due in reduced.values_list("decided_on", "amount_fen", "reckoned_fen"):
        for place in (months[decided_on.month - 1], total):
            place.reduced += 1
            place.reduced_fen += due - asked
    return FeeYear(year, months, total, tuple(one for one in notices if one.sent_on.year == year), figures)


def _sent(month: FeeMonth, one: NoticeRow) -> None:
    month.sent += 1
    month.asked_fen += one.fen


def _paid(month: FeeMonth, one: NoticeRow) -> None:
    month.paid += 1
    month.paid_fen += one.fen


def _lapsed(month: FeeMonth, one: NoticeRow) -> None:
    month.lapsed += 1


@dataclass(slots=True)
class _Told:
    """What the events of a case tell of one notice."""

    sent_on: date
    fen: int
    delivered_on: date | None = None
    paid_on: date | None = None
    lapsed_on: date | None = None


_DAYS = {"FeeNoticeDelivered": "delivered_on", "FeePaid": "paid_on", "FeeLapsed": "lapsed_on"}


def _notices(units: Collection[int], year: int, today: date) -> list[NoticeRow]:
    """Every notice that was sent, paid or lapsed in a year, in the order in which they were sent."""
    concerned = CaseEvent.objects.filter(
        application__unit_id__in=units, kind__in=_KINDS, on__range=(date(year, 1, 1), date(year, 12, 31))
    )
    cases = {one.pk: one for one in Application.objects.filter(pk__in=concerned.values("application_id"))}
    methods = dict(
        FeeDecision.objects.filter(application_id__in=cases, replaced_at__isnull=True).values_list(
            "application_id", "method"
        )
    )
    waiting = courses_of([one for one in cases.values() if one.stage == Stage.FEE_WAIT.value])
    readings = {one.application.pk: payment_reading(one.state, one.law, today=today) for one in waiting}

    def row_of(case: int, told: _Told) -> NoticeRow:
        return _notice(cases[case], told, methods.get(case, ""), readings.get(case))

    found: list[NoticeRow] = []
    running: dict[int, _Told] = {}
    events = CaseEvent.objects.filter(application_id__in=cases, kind__in=_KINDS).order_by("application_id", "number")
    for row in events.values("application_id", "kind", "on", "data"):
        case = row["application_id"]
        if row["kind"] == "FeeNotified":
            if case in running:
                found.append(row_of(case, running.pop(case)))
            running[case] = _Told(row["on"], int(row["data"].get("amount") or 0) * FEN)
        elif case in running:
            setattr(running[case], _DAYS[row["kind"]], row["on"])
    found += [row_of(case, told) for case, told in running.items()]
    return sorted(found, key=lambda one: (one.sent_on, one.application_id))


def _notice(application: Application, told: _Told, method: str, reading: Reading | None) -> NoticeRow:
    waiting = told.paid_on is None and told.lapsed_on is None
    counted = reading if waiting else None
    return NoticeRow(
        application_id=application.pk,
        register_no=application.register_no,
        method=METHOD_NAMES[FeeMethod(method)] if method else "",
        fen=told.fen,
        sent_on=told.sent_on,
        delivered_on=told.delivered_on,
        due_on=counted.due_on if counted is not None else None,
        late=counted.overdue_days if counted is not None else 0,
        paid_on=told.paid_on,
        lapsed_on=told.lapsed_on,
        over=waiting and application.stage != Stage.FEE_WAIT.value,
    )


HEADINGS = (
    "月份",
    "发出收费通知（件）",
    "通知金额（元）",
    "缴费（件）",
    "实收（元）",
    "逾期未缴（件）",
    "减免（件）",
    "减免金额（元）",
)


def fee_csv(found: FeeYear) -> bytes:
    """Return the months of a year as CSV for a spreadsheet program."""
    rows = []
    for one in (*found.months, found.total):
        label = f"{found.year}-{one.month:02d}" if one.month else "合计"
        asked, paid, reduced = (
            f"{fen // FEN}.{fen % FEN:02d}" for fen in (one.asked_fen, one.paid_fen, one.reduced_fen)
        )
        rows.append((label, one.sent, asked, one.paid, paid, one.lapsed, one.reduced, reduced))
    return csv_bytes(HEADINGS, rows)
