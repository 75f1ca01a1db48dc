"""Staff addresses of items, their revisions and attachments, and of the directory's columns."""

from __future__ import annotations

from django.urls import path

from gongkai.features.disclosure.staff import (
    attachment_views,
    column_views,
    detail_views,
    edit_views,
    export_views,
    list_views,
    revision_views,
)

urlpatterns = [
    path("items/", list_views.items, name="item_list"),
    path("items/export/", export_views.items_export, name="items_export"),
    path("exports/", export_views.export_list, name="export_list"),
    path("exports/<int:export_id>/", export_views.export_detail, name="export_detail"),
    path("items/new/", edit_views.item_new, name="item_new"),
    path("items/<int:item_id>/", detail_views.detail, name="item_detail"),
    path("items/<int:item_id>/edit/", edit_views.item_edit, name="item_edit"),
    path("items/<int:item_id>/autosave/", edit_views.item_autosave, name="item_autosave"),
    path("items/<int:item_id>/draft/discard/", edit_views.draft_discard, name="draft_discard"),
    path("items/<int:item_id>/presence/", edit_views.item_presence, name="item_presence"),
    path("items/<int:item_id>/attribute/", detail_views.item_attribute, name="item_attribute"),
    path("items/<int:item_id>/do/<slug:verb>/", detail_views.item_do, name="item_do"),
    path("items/<int:item_id>/limit/", detail_views.item_limit, name="item_limit"),
    path("items/<int:item_id>/readers/", detail_views.reader_add, name="reader_add"),
    path("items/<int:item_id>/readers/<int:user_id>/remove/", detail_views.reader_remove, name="reader_remove"),
    path("items/<int:item_id>/attachments/", attachment_views.attachment_add, name="attachment_add"),
    path("items/<int:item_id>/pictures/", attachment_views.picture_add, name="picture_add"),
    path(
        "items/<int:item_id>/attachments/<int:file_id>/rename/",
        attachment_views.attachment_rename,
        name="attachment_rename",
    ),
    path(
        "items/<int:item_id>/attachments/<int:file_id>/replace/",
        attachment_views.attachment_replace,
        name="attachment_replace",
    ),
    path(
        "items/<int:item_id>/attachments/<int:file_id>/remove/",
        attachment_views.attachment_remove,
        name="attachment_remove",
    ),
    path(
        "items/<int:item_id>/attachments/<int:file_id>/move/",
        attachment_views.attachment_move,
        name="attachment_move",
    ),
    path("items/<int:item_id>/revisions/", revision_views.revision_list, name="revision_list"),
    path("items/<int:item_id>/revisions/compare/", revision_views.revision_compare, name="revision_compare"),
    path(
        "items/<int:item_id>/revisions/<int:number>/restore/", revision_views.revision_restore, name="revision_restore"
    ),
    path("columns/", column_views.columns, name="column_list"),
    path("columns/new/", column_views.column_new, name="column_new"),
    path("columns/<slug:code>/", column_views.column_edit, name="column_edit"),
    path("columns/<slug:code>/close/", column_views.column_close, name="column_close"),
    path("index-schemes/", column_views.index_schemes, name="index_schemes"),
]
