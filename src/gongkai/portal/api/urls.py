"""Addresses of the API. What lies below ``v1`` keeps its meaning; a change that breaks it gets another number."""

from __future__ import annotations

from django.urls import include, path, re_path

from gongkai.portal.api import files, schema, views

app_name = "api"
versioned = [
    path("publications/", views.PublicationListView.as_view(), name="publications"),
    path("publications/<uuid:uid>/", views.PublicationView.as_view(), name="publication"),
    path("publications/<uuid:uid>.jsonld", views.PublicationLinkedDataView.as_view(), name="publication_jsonld"),
    path("units/", views.UnitListView.as_view(), name="units"),
    path("columns/", views.ColumnListView.as_view(), name="columns"),
    path("changes/", views.ChangeListView.as_view(), name="changes"),
    path("dumps/", files.DumpListView.as_view(), name="dumps"),
    path("dumps/publications.jsonl", files.DumpView.as_view(), name="dump"),
    path("catalog.jsonld", views.CatalogView.as_view(), name="catalog"),
]
urlpatterns = [
    path("api/", schema.documentation, name="documentation"),
    path("api/schema/", schema.SchemaView.as_view(), name="schema"),
    path("api/schema/foi/", schema.HandingSchemaView.as_view(), name="schema_foi"),
    path("api/v1/", include(versioned)),
    re_path(r"^api/(?P<rest>[\s\S]+)\Z", views.NotFoundView.as_view(), name="not_found"),  # with line breaks, too
]
