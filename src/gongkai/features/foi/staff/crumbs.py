"""The way to a page of applications, as it stands above the page."""

from __future__ import annotations

from django.urls import reverse

Crumb = dict[str, str]


def board_crumb() -> Crumb:
    """Return the way to the board of applications."""
    return {"label": "依申请公开", "url": reverse("foi:staff:board")}


def case_crumb(application_id: int, register_no: str) -> Crumb:
    """Return the way to a case."""
    return {"label": register_no, "url": reverse("foi:staff:case", args=[application_id])}


def case_crumbs(application_id: int, register_no: str, title: str) -> list[Crumb]:
    """Return the way to a page of a case that is called ``title``."""
    return [board_crumb(), case_crumb(application_id, register_no), {"label": title, "url": ""}]
