"""Staff addresses of review, signing and release."""

from __future__ import annotations

from django.urls import URLPattern, path

from gongkai.features.disclosure.staff import (
    bundle_views,
    override_views,
    preview,
    release_desk,
    release_views,
    review_views,
    timeliness_views,
)

review: list[URLPattern] = [
    path("review/", review_views.inbox, name="inbox"),
    path("review/<int:approval_id>/sheet/", review_views.review_sheet, name="review_sheet"),
    path("review/<int:approval_id>/<slug:step>/", review_views.sign, name="sign"),
    path("review/<int:approval_id>/<slug:step>/link/", review_views.link_issue, name="link_issue"),
    path(
        "review/<int:approval_id>/<slug:step>/link/<int:link_id>/revoke/", review_views.link_revoke, name="link_revoke"
    ),
]
release: list[URLPattern] = [
    path("release/", release_desk.release_desk, name="release_desk"),
    path("release/timeliness/", timeliness_views.timeliness, name="timeliness"),
    path("release/timeliness/export/", timeliness_views.timeliness_export, name="timeliness_export"),
    path("items/<int:item_id>/release/", release_views.release, name="release"),
    path("items/<int:item_id>/release/check/", release_views.gate_check, name="gate_check"),
    path("items/<int:item_id>/release/override/", release_views.override_ask, name="override_ask"),
    path("items/<int:item_id>/release/publish/", release_views.publish, name="publish"),
    path("items/<int:item_id>/release/schedule/", release_views.schedule, name="schedule"),
    path(
        "items/<int:item_id>/release/schedule/<int:schedule_id>/cancel/",
        release_views.schedule_cancel,
        name="schedule_cancel",
    ),
    path("items/<int:item_id>/release/unpublish/", release_views.unpublish, name="unpublish"),
    path("items/<int:item_id>/release/withdraw/", release_views.withdraw, name="withdraw"),
    path("items/<int:item_id>/preview/", preview.preview, name="preview"),
    path("items/<int:item_id>/look/", preview.look, name="look"),
    path("preview/<slug:size>-<slug:theme>.css", preview.preview_theme, name="preview_theme"),
    path("overrides/", override_views.override_list, name="override_list"),
    path("overrides/<int:override_id>/", override_views.override_decide, name="override_decide"),
    path("bundles/", bundle_views.bundle_list, name="bundle_list"),
    path("bundles/<int:bundle_id>/", bundle_views.bundle_detail, name="bundle_detail"),
    path("bundles/<int:bundle_id>/add/", bundle_views.bundle_add, name="bundle_add"),
    path("bundles/<int:bundle_id>/remove/<int:item_id>/", bundle_views.bundle_remove, name="bundle_remove"),
    path("bundles/<int:bundle_id>/publish/", bundle_views.bundle_publish, name="bundle_publish"),
    path("bundles/<int:bundle_id>/schedule/", bundle_views.bundle_schedule, name="bundle_schedule"),
    path("bundles/<int:bundle_id>/unschedule/", bundle_views.bundle_unschedule, name="bundle_unschedule"),
    path("bundles/<int:bundle_id>/dissolve/", bundle_views.bundle_dissolve, name="bundle_dissolve"),
]
