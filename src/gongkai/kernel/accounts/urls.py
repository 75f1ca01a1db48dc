"""Addresses of the people pages."""

from __future__ import annotations

from django.urls import include, path

from gongkai.kernel.accounts.staff import views

app_name = "accounts"
staff_urls = [
    path("", views.user_list, name="user_list"),
    path("add/", views.user_create, name="user_create"),
    path("matrix/", views.matrix, name="matrix"),
    path("password/", views.password_change, name="password_change"),
    path("<int:user_id>/", views.user_detail, name="user_detail"),
    path("<int:user_id>/password/", views.password_reset, name="password_reset"),
    path("<int:user_id>/deactivate/", views.user_deactivate, name="user_deactivate"),
    path("<int:user_id>/activate/", views.user_activate, name="user_activate"),
    path("<int:user_id>/posts/", views.post_grant, name="post_grant"),
    path("<int:user_id>/posts/<int:post_id>/end/", views.post_end, name="post_end"),
]
urlpatterns = [path("admin/accounts/", include((staff_urls, "staff")))]
