"""In which form connected systems are told things: plain data, ready for JSON. Nothing here asks the database."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.urls import reverse

from gongkai.domain.foi.dispositions import Disposition
from gongkai.domain.foi.figures import Figures
from gongkai.domain.foi.model import Stage
from gongkai.domain.foi.small_numbers import told_parts
from gongkai.domain.publishing.moments import BEIJING
from gongkai.features.foi.selectors.figures import CATEGORY_NAMES, YearFigures
from gongkai.features.foi.selectors.follow import STAGE_WORDS
from gongkai.features.foi.selectors.handed import HandedCase, HandedEvent
from gongkai.features.foi.selectors.report import YearReport

Data = dict[str, Any]


def whole(path: str) -> str:
    """Return a path of this site as a whole address."""
    return f"{settings.BASE_URL}{path}"


def summary_data(hand_over: Any) -> Data:
    """Return a hand-over as lists tell it, from what stands in its row."""
    application = hand_over.application
    return {
        "id": str(hand_over.uid),
        "url": whole(reverse("foi:api:application", args=[hand_over.uid])),
        "sender_no": hand_over.sender_no,
        "register_no": application.register_no,
        "unit": {"id": application.unit_id, "name": application.unit.name},
        "handed_at": _stamp(hand_over.handed_at),
        "stage": application.stage,
        "status": STAGE_WORDS[Stage(application.stage)],
        "received_on": _day(application.received_on),
        "due_on": _day(application.due_on),
        "provisional": application.provisional,
        "closed_on": _day(application.closed_on),
    }


def case_data(case: HandedCase) -> Data:
    """Return a case with its dates and how they were counted."""
    reading = case.reading
    return {
        **summary_data(case.hand_over),
        "stage": case.stage.value,
        "status": case.status,
        "due_on": _day(reading.due_on) if reading is not None else None,
        "provisional": bool(reading is not None and reading.provisional),
        "provisional_reason": case.sheet.provisional,
        "overdue_days": case.sheet.overdue_days,
        "replied_on": _day(case.replied_on),
        "result": _result(case.result),
        "waits": [{"what": what, "due_on": _day(due_on)} for what, due_on in case.waits],
        "trace": [step.words for step in case.sheet.steps],
        "course": [{"on": _day(line.on), "words": line.words} for line in case.sheet.lines],
    }


def taken_data(case: HandedCase, *, code: str, repeated: bool) -> Data:
    """Return what a delivery is answered with; the query code is the applicant's and is told here only."""
    return {
        **case_data(case),
        "query_code": code,
        "follow_url": whole(reverse("foi:public:follow")),
        "repeated": repeated,
    }


def event_data(event: HandedEvent) -> Data:
    """Return something that happened."""
    return {
        "sequence": event.sequence,
        "id": str(event.hand_over.uid),
        "sender_no": event.hand_over.sender_no,
        "register_no": event.hand_over.application.register_no,
        "on": _day(event.on),
        "recorded_at": _stamp(event.at),
        "words": event.words,
        "status": event.status,
        "due_on": _day(event.due_on),
    }


def unit_data(units: Iterable[Any]) -> list[Data]:
    """Return units with their numbers."""
    return [{"id": unit.pk, "name": unit.name} for unit in units]


def named(words: Iterable[tuple[str, str]]) -> list[Data]:
    """Return codes with their words."""
    return [{"code": code, "name": name} for code, name in words]


def figures_data(figures: YearFigures, report: YearReport | None, *, unit: Data | None) -> Data:
    """Return the figures of a year; the tables stand for years that are over, as the annual report tells them."""
    return {
        "year": figures.year,
        "unit": unit,
        "received": figures.received,
        "ended": figures.ended,
        "open": figures.open,
        "replied": figures.replied,
        "in_time": figures.in_time,
        "average_days": None if figures.average_days is None else round(float(figures.average_days), 1),
        "results": _parts(figures.results),
        "channels": _parts(figures.channels),
        "applications": _table(report.applications, [(row.code, row.label) for row in report.form.rows])
        if report
        else None,
        "disputes": _table(report.disputes, [(one.code, one.label) for one in report.form.dispute_groups])
        if report
        else None,
        "consistent": None if report is None else not report.issues,
    }


def _parts(parts: Sequence[tuple[str, int]]) -> Data:
    """Return parts of a number; those that might point at a person are told together only."""
    told = told_parts([number for _, number in parts])
    items = [{"name": name, "number": number} for (name, _), number in zip(parts, told.parts, strict=True)]
    return {"items": items, "together": told.together}


def _table(figures: Figures, rows: Iterable[tuple[str, str]]) -> list[Data]:
    return [
        {
            "code": code,
            "name": label,
            "numbers": {column: cell.number for column, cell in figures.cells[code].items()},
        }
        for code, label in rows
    ]


def _result(result: Disposition | None) -> Data | None:
    if result is None:
        return None
    return {"category": result.category.value, "category_name": CATEGORY_NAMES[result.category], "name": result.title}


def _day(value: date | None) -> str | None:
    return value.isoformat() if value is not None else None


def _stamp(at: datetime) -> str:
    return at.astimezone(BEIJING).isoformat(timespec="seconds")
