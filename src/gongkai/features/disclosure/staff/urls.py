"""Staff addresses of disclosure, a block a subject."""

from __future__ import annotations

from django.urls import URLPattern, path
from django.views.generic import RedirectView

items: list[URLPattern] = []
intake: list[URLPattern] = []
review: list[URLPattern] = []
release: list[URLPattern] = []
live_check: list[URLPattern] = []

urlpatterns = [
    path("", RedirectView.as_view(url="/admin/disclosure/items/")),
    *items,
    *intake,
    *review,
    *release,
    *live_check,
]
