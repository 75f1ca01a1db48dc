"""Addresses of the feeds: in the folder of the list that each goes with."""

from __future__ import annotations

from django.urls import path

from gongkai.portal.feeds import views
from gongkai.portal.feeds.formats import ATOM, FORMATS, JSON, RSS

app_name = "feeds"
_NAMES = {RSS: "rss", ATOM: "atom", JSON: "json"}
urlpatterns = [
    path(f"info/{folder}{kind}", views.feed, {"kind": kind}, name=f"{name}_{_NAMES[kind]}")
    for name, folder in (("all", ""), ("column", "columns/<str:code>/"), ("unit", "units/<int:unit_id>/"))
    for kind in FORMATS
]
