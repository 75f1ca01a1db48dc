"""Addresses of sites: their pages for everybody, and the screens of the back office."""

from __future__ import annotations

from django.urls import URLPattern, include, path

from gongkai.portal.pages.public import views as public
from gongkai.portal.pages.staff import order_views, reading_views
from gongkai.portal.pages.staff import views as staff

app_name = "sites"


def _pages(folder: str, name: str) -> list[URLPattern]:
    return [
        path(f"{folder}topics/", public.page, name=f"{name}topics"),
        path(f"{folder}topics/<str:slug>/", public.page, name=f"{name}topic"),
        path(f"{folder}topics/<str:slug>/<str:name>", public.picture, name=f"{name}picture"),
        path(f"{folder}columns/", public.page, name=f"{name}columns"),
        path(f"{folder}columns/<str:slug>/", public.page, name=f"{name}column"),
        path(f"{folder}pages/<str:slug>/", public.page, name=f"{name}text"),
    ]


public_urls = [
    *_pages("", ""),
    path("sites/<str:site>/", public.page, name="home"),
    *_pages("sites/<str:site>/", "site_"),
]
staff_urls = [
    path("", staff.website_list, name="website_list"),
    path("new/", staff.website_new, name="website_new"),
    path("<int:website_id>/", staff.website_edit, name="website_edit"),
    path("<int:website_id>/shared/", staff.shared_list, name="shared_list"),
    path("<int:website_id>/shared/<uuid:uid>/", staff.shared_add, name="shared_add"),
    path("<int:website_id>/order/", order_views.page_order, name="page_order"),
    path("drafts/", reading_views.draft_list, name="draft_list"),
    path("drafts/<int:page_id>/", reading_views.draft_read, name="draft_read"),
    path("drafts/<int:page_id>/look/", reading_views.draft_look, name="draft_look"),
    path("shared/<int:shared_id>/end/", staff.shared_end, name="shared_end"),
]
urlpatterns = [
    path("", include((public_urls, "public"))),
    path("admin/websites/", include((staff_urls, "staff"))),
]
