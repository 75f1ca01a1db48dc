"""Addresses of the public site."""

from __future__ import annotations

from django.urls import path

from gongkai.portal import views

app_name = "portal"

urlpatterns = [
    path("", views.home, name="home"),
    path("healthz", views.healthz, name="healthz"),
    path("robots.txt", views.robots, name="robots"),
    path("sitemap/", views.map_of_site, name="site_map"),
    path("sitemap.xml", views.released, name="sitemap"),
    path("sitemap/<int:number>.xml", views.released, name="sitemap_shard"),
    path("kiosk/", views.released, name="terminal"),
    path("kiosk/<slug:page>/", views.released, name="terminal_page"),
    path("kiosk-worker.js", views.released, name="terminal_worker"),
    path("sheets/units/<int:key>/", views.released, name="unit_sheet"),
    path("sheets/columns/<str:key>/", views.released, name="column_sheet"),
    path("info/p/<int:number>/", views.released, name="list_page"),
    path("info/columns/<str:key>/p/<int:number>/", views.released, name="column_page"),
    path("info/units/<int:key>/p/<int:number>/", views.released, name="unit_page"),
]
