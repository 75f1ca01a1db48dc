"""Public addresses of disclosure on application; none of them carries a query code."""

from __future__ import annotations

from django.urls import path

from gongkai.features.foi.public import amend_views, apply_views, figure_views, follow_views, look_views

urlpatterns = [
    path("", apply_views.start, name="start"),
    path("look/", look_views.look, name="look"),
    path("look/done/", look_views.looked, name="looked"),
    path("draft/", apply_views.draft_open, name="draft"),
    path("draft/delete/", apply_views.draft_drop, name="draft_drop"),
    path("new/", apply_views.application_new, name="application_new"),
    path("follow/", follow_views.follow, name="follow"),
    path("follow/file/", follow_views.open_file, name="open_file"),
    path("follow/confirm/", follow_views.confirm, name="confirm"),
    path("follow/withdraw/", follow_views.withdraw, name="withdraw"),
    path("follow/sheet/", follow_views.sheet, name="sheet"),
    path("follow/supply/", follow_views.supply, name="supply"),
    path("follow/object/", follow_views.object_log, name="object"),
    path("follow/suggest/", follow_views.suggest, name="suggest"),
    path("amend/", amend_views.amend, name="amend"),
    path("amend/prove/", amend_views.prove, name="amend_prove"),
    path("amend/withdraw/", amend_views.withdraw, name="amend_withdraw"),
    path("figures/", figure_views.figures, name="figures"),
    path("figures/data.csv", figure_views.figures_csv, name="figures_csv"),
    path("figures/data.json", figure_views.figures_json, name="figures_json"),
]
