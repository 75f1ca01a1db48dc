"""Stock Django beside our pages: a changelist of its admin over the same table, under ``/stock/``."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import AdminSite, ModelAdmin
from django.http import HttpRequest
from django.urls import path

from gongkai.config.urls import urlpatterns as ours
from gongkai.features.foi.models import Application


class StockSite(AdminSite):
    """Django's admin, open to whoever is signed in as a superuser."""

    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        """Let superusers in."""
        return bool(request.user.is_active and request.user.is_superuser)


class ApplicationAdmin(ModelAdmin[Any]):
    """What a clerk's list has, as one writes it first."""

    list_display = ("register_no", "subject", "unit", "applicant", "stage", "channel", "due_on", "closed_on")
    list_filter = ("stage", "channel")
    search_fields = ("register_no", "subject")
    list_per_page = 50
    ordering = ("-closed_on", "-id")


site = StockSite(name="stock")
site.register(Application, ApplicationAdmin)
urlpatterns = [path("stock/", site.urls), *ours]
