"""Addresses of the pages of connected systems."""

from __future__ import annotations

from django.urls import include, path

from gongkai.kernel.tokens.staff import views

app_name = "tokens"
staff_urls = [
    path("", views.token_list, name="token_list"),
    path("new/", views.system_new, name="system_new"),
    path("<int:system_id>/tokens/", views.token_new, name="token_new"),
    path("revoke/<int:token_id>/", views.token_revoke, name="token_revoke"),
]
urlpatterns = [path("admin/tokens/", include((staff_urls, "staff")))]
