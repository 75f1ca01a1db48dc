"""The board of a unit's applications."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from gongkai.domain.foi.receipt import CHANNEL_NAMES
from gongkai.features.foi import permissions
from gongkai.features.foi.selectors.boards import (
    BOARD_NAMES,
    Board,
    BoardFilters,
    board_counts,
    board_page,
    board_units,
)
from gongkai.features.foi.selectors.office import units_unset
from gongkai.features.foi.staff.batch_pick import steps_offered
from gongkai.kernel.accounts.pages import found_view, page_number
from gongkai.kernel.clocks.selectors import calendar_current


@require_GET
@found_view
def board(request: HttpRequest) -> HttpResponse:
    """Show a page of the board."""
    today = timezone.localdate()
    filters = BoardFilters.from_query(request.GET)
    calendar = calendar_current()
    page = board_page(actor=request.actor, filters=filters, number=page_number(request), today=today, calendar=calendar)
    counts = board_counts(actor=request.actor, filters=filters, today=today, calendar=calendar)
    context = {
        "page_title": "依申请公开",
        "page": page,
        "filters": filters,
        "boards": [(one, name, counts.get(one)) for one, name in BOARD_NAMES.items()],
        "counts": counts,
        "overdue": counts[Board.OVERDUE],
        "channels": [(one.value, name) for one, name in CHANNEL_NAMES.items()],
        "units": board_units(actor=request.actor),
        "narrowed": filters.narrows or filters.unit_id is not None,
        "may_enter": bool(permissions.units_handled(request.actor)),
        "unset": units_unset(actor=request.actor, on=today),
        "steps": steps_offered(actor=request.actor),
        "today": today,
    }
    return render(request, "foi/staff/board.html", context)
