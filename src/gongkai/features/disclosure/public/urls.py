"""Public addresses of disclosure. An item's address holds for ever, whatever becomes of it."""

from __future__ import annotations

from django.urls import path

from gongkai.features.disclosure.public import views

urlpatterns = [
    path("", views.item_list, name="item_list"),
    path("columns/<str:code>/", views.column_list, name="column"),
    path("units/<int:unit_id>/", views.unit_list, name="unit"),
    path("<uuid:uid>/", views.item_detail, name="item_detail"),
    path("<uuid:uid>/proof/", views.item_proof, name="item_proof"),
    path("<uuid:uid>/files/<int:file_id>/", views.item_file, name="item_file_unnamed"),
    path("<uuid:uid>/files/<int:file_id>/<str:name>", views.item_file, name="item_file"),
]
