"""Staff addresses of what comes after an answer: log, proposals, retention."""

from __future__ import annotations

from django.urls import path

from gongkai.features.foi.staff import log_views, proposal_views, retention_views

urlpatterns = [
    path("log/", log_views.log, name="log"),
    path("log/<int:entry_id>/", log_views.log_entry, name="log_entry"),
    path("log/<int:entry_id>/decline/", log_views.log_decline, name="log_decline"),
    path("log/<int:entry_id>/take-down/", log_views.log_take_down, name="log_take_down"),
    path("<int:application_id>/log/", log_views.log_propose, name="log_propose"),
    path("<int:application_id>/log/object/", log_views.log_object, name="log_object"),
    path("proposals/", proposal_views.proposals, name="proposals"),
    path("proposals/<int:proposal_id>/", proposal_views.proposal, name="proposal"),
    path("proposals/<int:proposal_id>/<slug:step>/", proposal_views.proposal_step, name="proposal_step"),
    path("retention/", retention_views.retention, name="retention"),
    path("retention/<int:list_id>/", retention_views.retention_list, name="retention_list"),
    path("retention/<int:list_id>/lines/", retention_views.retention_lines, name="retention_lines"),
    path("retention/<int:list_id>/certificate/", retention_views.certificate, name="certificate"),
    path("<int:application_id>/hold/", retention_views.hold_place, name="hold_place"),
    path("amendments/<int:amendment_id>/hold/", retention_views.amendment_hold, name="amendment_hold"),
    path("holds/<int:hold_id>/lift/", retention_views.hold_lift, name="hold_lift"),
]
