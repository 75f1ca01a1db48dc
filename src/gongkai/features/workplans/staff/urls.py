"""Staff addresses of the work plans."""

from __future__ import annotations

from django.urls import path
from django.views.generic import RedirectView

from gongkai.features.workplans.staff import (
    export_views,
    import_views,
    item_views,
    ledger_views,
    notice_views,
    plan_views,
    split_views,
    work_views,
)

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="workplans:staff:plan_list")),
    path("plans/", plan_views.plan_list, name="plan_list"),
    path("plans/<int:plan_id>/", plan_views.plan_detail, name="plan_detail"),
    path("plans/<int:plan_id>/activate/", plan_views.plan_activate, name="plan_activate"),
    path("plans/<int:plan_id>/publish/", plan_views.plan_publish, name="plan_publish"),
    path("plans/<int:plan_id>/unpublish/", plan_views.plan_unpublish, name="plan_unpublish"),
    path("plans/<int:plan_id>/archive/", plan_views.plan_archive, name="plan_archive"),
    path("plans/<int:plan_id>/items/new/", plan_views.item_add, name="item_add"),
    path("plans/import/", import_views.plan_upload, name="plan_upload"),
    path("plans/imports/<int:import_id>/", import_views.import_preview, name="import_preview"),
    path("plans/imports/<int:import_id>/save/", import_views.import_save, name="import_save"),
    path("plans/imports/<int:import_id>/discard/", import_views.import_discard, name="import_discard"),
    path("items/", ledger_views.item_list, name="item_list"),
    path("items/export/", export_views.items_export, name="items_export"),
    path("exports/", export_views.export_list, name="export_list"),
    path("exports/<int:export_id>/", export_views.export_detail, name="export_detail"),
    path("items/bulk/", ledger_views.items_bulk, name="items_bulk"),
    path("items/<int:item_id>/", item_views.item_detail, name="item_detail"),
    path("items/<int:item_id>/do/<slug:verb>/", item_views.item_do, name="item_do"),
    path("items/<int:item_id>/assign/", split_views.item_assign, name="item_assign"),
    path("items/<int:item_id>/split/", split_views.item_split, name="item_split"),
    path("items/<int:item_id>/evidence/", item_views.evidence_add, name="evidence_add"),
    path("items/<int:item_id>/evidence/<int:evidence_id>/remove/", item_views.evidence_remove, name="evidence_remove"),
    path("items/<int:item_id>/checks/<int:check_id>/", item_views.check_record, name="check_record"),
    path("items/<int:item_id>/duties/", item_views.duty_add, name="duty_add"),
    path("items/<int:item_id>/duties/<int:duty_id>/end/", item_views.duty_end, name="duty_end"),
    path("items/<int:item_id>/notices/", item_views.notice_issue, name="notice_issue"),
    path("mine/", work_views.my_work, name="my_work"),
    path("overview/", work_views.overview, name="overview"),
    path("notices/", notice_views.notice_list, name="notice_list"),
    path("notices/<int:notice_id>/", notice_views.notice_detail, name="notice_detail"),
    path("notices/templates/", notice_views.template_list, name="template_list"),
    path("notices/templates/<slug:color>/", notice_views.template_download, name="template_download"),
]
