"""Addresses of the office's own words."""

from __future__ import annotations

from django.urls import include, path

from gongkai.kernel.wordlists.staff import allowed, leaders, words

app_name = "wordlists"
staff_urls = [
    path("", words.word_list, name="word_list"),
    path("add/", words.word_add, name="word_add"),
    path("import/", words.word_import, name="word_import"),
    path("template/", words.word_template, name="word_template"),
    path("<int:word_id>/end/", words.word_end, name="word_end"),
    path("allowed/", allowed.allowed_list, name="allowed_list"),
    path("allowed/add/", allowed.allowed_add, name="allowed_add"),
    path("allowed/<int:allowed_id>/end/", allowed.allowed_end, name="allowed_end"),
    path("leaders/", leaders.leader_list, name="leader_list"),
    path("leaders/add/", leaders.leader_add, name="leader_add"),
    path("leaders/<int:leader_id>/", leaders.leader_edit, name="leader_edit"),
]
urlpatterns = [path("admin/wordlists/", include((staff_urls, "staff")))]
