"""Staff addresses of documents handed in and of imports."""

from __future__ import annotations

from django.urls import path

from gongkai.features.disclosure.staff import import_views, intake_views

urlpatterns = [
    path("intake/", intake_views.intake_list, name="intake_list"),
    path("intake/upload/", intake_views.intake_upload, name="intake_upload"),
    path("intake/<int:intake_id>/", intake_views.intake_detail, name="intake_detail"),
    path("intake/<int:intake_id>/discard/", intake_views.intake_discard, name="intake_discard"),
    path("intake/<int:intake_id>/recognize/", intake_views.intake_recognize, name="intake_recognize"),
    path("intake/imports/", import_views.batch_list, name="import_list"),
    path("intake/imports/new/", import_views.batch_new, name="import_new"),
    path("intake/imports/template/", import_views.batch_template, name="import_template"),
    path("intake/imports/<int:batch_id>/", import_views.batch_detail, name="import_detail"),
    path("intake/imports/<int:batch_id>/report/", import_views.batch_report, name="import_report"),
    path("intake/imports/<int:batch_id>/cancel/", import_views.batch_cancel, name="import_cancel"),
    path("intake/imports/<int:batch_id>/resume/", import_views.batch_resume, name="import_resume"),
]
