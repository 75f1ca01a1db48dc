"""Addresses of the workbench. The staff home itself is Wagtail's ``/admin/``, changed by hooks and templates."""

from __future__ import annotations

from django.urls import path

from gongkai.workbench import views

app_name = "workbench"

urlpatterns = [
    path("admin/find/", views.find, name="find"),
    path("admin/account/", views.account, name="account"),
]
