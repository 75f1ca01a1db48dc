"""The staff home replaces Wagtail's at ``/admin/`` through hooks; there are no addresses of its own."""

from __future__ import annotations

app_name = "workbench"

urlpatterns: list = []
