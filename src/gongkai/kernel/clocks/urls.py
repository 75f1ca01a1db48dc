"""Addresses of the clocks app."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

app_name = "clocks"
urlpatterns: list[URLPattern | URLResolver] = []
