"""Addresses of saved searches: the pages for everybody, and the numbers in the back office."""

from __future__ import annotations

from django.urls import include, path

from gongkai.portal.alerts.public import asking, signed
from gongkai.portal.alerts.staff import views as staff

app_name = "alerts"
public_urls = [
    path("new/", asking.save, name="save"),
    path("asked/", asking.asked, name="asked"),
    path("link/", asking.link, name="link"),
    path("confirm/<str:token>/", signed.confirm, name="confirm"),
    path("mine/<str:token>/", signed.mine, name="mine"),
    path("stop/<str:token>/", signed.stop, name="stop"),
    path("stop-all/<str:token>/", signed.stop_all, name="stop_all"),
]
staff_urls = [path("", staff.query_list, name="query_list")]
urlpatterns = [
    path("search/alerts/", include((public_urls, "public"))),
    path("admin/site-search/alerts/", include((staff_urls, "staff"))),
]
