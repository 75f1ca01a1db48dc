"""Addresses of the search: the public page and its suggestions, and the words of editors in the back office."""

from __future__ import annotations

from django.urls import include, path

from gongkai.portal.search.public import views
from gongkai.portal.search.staff import misses, pinned, synonyms

app_name = "search"
public_urls = [
    path("", views.page, name="page"),
    path("suggest/", views.suggestions, name="suggest"),
    path("feed/", views.feed, name="feed"),
]
staff_urls = [
    path("", misses.miss_list, name="miss_list"),
    path("synonyms/", synonyms.synonym_list, name="synonym_list"),
    path("synonyms/add/", synonyms.synonym_add, name="synonym_add"),
    path("synonyms/import/", synonyms.synonym_import, name="synonym_import"),
    path("synonyms/template/", synonyms.synonym_template, name="synonym_template"),
    path("synonyms/<int:group_id>/end/", synonyms.synonym_end, name="synonym_end"),
    path("pinned/", pinned.pinned_list, name="pinned_list"),
    path("pinned/add/", pinned.pinned_add, name="pinned_add"),
    path("pinned/<int:pinned_id>/end/", pinned.pinned_end, name="pinned_end"),
]
urlpatterns = [
    path("search/", include((public_urls, "public"))),
    path("admin/site-search/", include((staff_urls, "staff"))),
]
