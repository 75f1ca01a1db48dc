from __future__ import annotations

from datetime import date

import pytest

from gongkai.domain.site.places import (
    SLUG,
    PageKind,
    TopicState,
    in_order,
    page_path,
    path_url,
    read_path,
    site_folder,
    topic_state,
)

PATHS = [
    ("", PageKind.HOME, "", "", "/"),
    ("", PageKind.TOPIC, "", "topics", "/topics/"),
    ("", PageKind.TOPIC, "x-1", "topics/x-1", "/topics/x-1/"),
    ("", PageKind.COLUMN, "news", "columns/news", "/columns/news/"),
    ("", PageKind.TEXT, "about", "pages/about", "/pages/about/"),
    ("a", PageKind.HOME, "", "sites/a", "/sites/a/"),
    ("a", PageKind.COLUMN, "", "sites/a/columns", "/sites/a/columns/"),
    ("a", PageKind.TOPIC, "x", "sites/a/topics/x", "/sites/a/topics/x/"),
]


class TestPagePath:
    @pytest.mark.parametrize(("site", "kind", "slug", "path", "url"), PATHS)
    def test_puts_every_page_into_the_folder_of_its_site(
        self, site: str, kind: PageKind, slug: str, path: str, url: str
    ) -> None:
        assert page_path(site, kind, slug) == path
        assert path_url(path) == url

    @pytest.mark.parametrize(("site", "kind", "slug", "path", "url"), PATHS)
    def test_is_read_back(self, site: str, kind: PageKind, slug: str, path: str, url: str) -> None:
        assert read_path(path) == (site, kind, slug)

    @pytest.mark.parametrize(
        "path",
        ["pages", "info", "topics/a/b", "sites", "sites/A", "sites/a/info", "/topics", "sites/a/pages", "topicsx"],
    )
    def test_a_path_that_no_page_has_is_none(self, path: str) -> None:
        assert read_path(path) is None

    def test_the_primary_site_has_no_folder(self) -> None:
        assert (site_folder(""), site_folder("a")) == ("", "sites/a/")


class TestSlug:
    @pytest.mark.parametrize("slug", ["a", "a-b", "2026", "x" * 40])
    def test_takes_small_letters_digits_and_hyphens(self, slug: str) -> None:
        assert SLUG.fullmatch(slug)

    @pytest.mark.parametrize("slug", ["", "-a", "a-", "A", "a b", "专题", "a/b", "a.b", "x" * 41])
    def test_refuses_anything_else(self, slug: str) -> None:
        assert not SLUG.fullmatch(slug)


class TestTopicState:
    @pytest.mark.parametrize(
        ("on", "state"),
        [
            (date(2026, 2, 28), TopicState.COMING),
            (date(2026, 3, 1), TopicState.RUNNING),
            (date(2026, 3, 31), TopicState.RUNNING),
            (date(2026, 4, 1), TopicState.ARCHIVED),
        ],
    )
    def test_both_days_belong_to_it(self, on: date, state: TopicState) -> None:
        found = topic_state(on, starts_on=date(2026, 3, 1), ends_on=date(2026, 3, 31), archived=False)
        assert found is state

    def test_runs_without_days(self) -> None:
        assert topic_state(date(2026, 3, 1), starts_on=None, ends_on=None, archived=False) is TopicState.RUNNING

    def test_is_archived_when_somebody_says_so(self) -> None:
        assert topic_state(date(2026, 3, 1), starts_on=None, ends_on=None, archived=True) is TopicState.ARCHIVED


class TestInOrder:
    def test_follows_the_order_that_was_given(self) -> None:
        assert in_order([1, 2, 3], PageKind.COLUMN, [3, 1, 2]) == [3, 1, 2]

    def test_puts_what_is_new_behind_but_new_topics_in_front(self) -> None:
        assert in_order([1, 2, 3, 4], PageKind.COLUMN, [2, 1]) == [2, 1, 3, 4]
        assert in_order([1, 2, 3, 4], PageKind.TOPIC, [2, 1]) == [4, 3, 2, 1]

    def test_is_the_order_of_making_where_nobody_gave_one(self) -> None:
        assert in_order({7, 3, 5}, PageKind.TEXT, []) == [3, 5, 7]
        assert in_order({7, 3, 5}, PageKind.TOPIC, []) == [7, 5, 3]

    def test_leaves_out_what_is_not_there(self) -> None:
        assert in_order([2], PageKind.COLUMN, [9, 2]) == [2]
