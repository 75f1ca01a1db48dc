"""Columns, topics and texts stand in the order that their editors want."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from gongkai.domain.site.places import PageKind
from gongkai.kernel.accounts.models import User
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.audit.models import Entry
from gongkai.kernel.errors import NotPermitted, Refused
from gongkai.portal.models import PageOrder, ReleaseChange
from gongkai.portal.pages.services import publishing
from gongkai.portal.pages.services.ordering import pages_order
from tests.portal.pages.conftest import LATER, Sites

Get = Callable[[str], str]


@pytest.fixture
def three(sites: Sites) -> list[int]:
    """Three columns in the order of their making."""
    return [sites.column(slug=slug, title=title).pk for slug, title in (("a", "甲栏"), ("b", "乙栏"), ("c", "丙栏"))]


def shown(page: str, *names: str) -> list[str]:
    """The names in the order in which the page has them first."""
    return sorted(names, key=page.index)


class TestPagesOrder:
    def test_changes_what_the_public_reads_and_is_on_record(self, sites: Sites, three: list[int], get: Get) -> None:
        assert shown(get("/columns/"), "甲栏", "乙栏", "丙栏") == ["甲栏", "乙栏", "丙栏"]
        ReleaseChange.objects.all().delete()
        wanted = [three[2], three[0], three[1]]
        pages_order(actor=sites.head, website_id=sites.primary.pk, kind=PageKind.COLUMN, page_ids=wanted, now=LATER)
        for path in ("/columns/", "/", "/columns/a/", "/sitemap/"):
            assert shown(get(path).split("<main", 1)[1], "甲栏", "乙栏", "丙栏")[0] in ("丙栏", "甲栏"), path
        assert shown(get("/columns/"), "甲栏", "乙栏", "丙栏") == ["丙栏", "甲栏", "乙栏"]
        entry = Entry.objects.get(action="portal.page.order")
        assert (entry.actor_id, entry.details["before"], entry.details["after"]) == (sites.head.user_id, three, wanted)
        assert list(ReleaseChange.objects.values_list("subject", flat=True)) == ["websites"]

    def test_saving_what_is_there_already_leaves_no_trace(self, sites: Sites, three: list[int]) -> None:
        pages_order(actor=sites.head, website_id=sites.primary.pk, kind=PageKind.COLUMN, page_ids=three, now=LATER)
        assert not PageOrder.objects.exists() and not Entry.objects.filter(action="portal.page.order").exists()

    def test_topics_stand_newest_first_until_somebody_orders_them(self, sites: Sites, get: Get) -> None:
        first, second = (sites.topic(slug=slug, title=title).pk for slug, title in (("x", "甲专题"), ("y", "乙专题")))
        assert shown(get("/topics/"), "甲专题", "乙专题") == ["乙专题", "甲专题"]
        pages_order(
            actor=sites.head, website_id=sites.primary.pk, kind=PageKind.TOPIC, page_ids=[first, second], now=LATER
        )
        assert shown(get("/topics/"), "甲专题", "乙专题") == ["甲专题", "乙专题"]
        sites.topic(slug="z", title="丙专题")
        assert shown(get("/topics/"), "丙专题", "甲专题", "乙专题") == ["丙专题", "甲专题", "乙专题"]

    def test_a_page_that_comes_back_finds_its_place(self, sites: Sites, three: list[int]) -> None:
        wanted = [three[2], three[1], three[0]]
        pages_order(actor=sites.head, website_id=sites.primary.pk, kind=PageKind.COLUMN, page_ids=wanted, now=LATER)
        publishing.page_end(actor=sites.head, page_id=three[1], now=LATER)
        pages_order(
            actor=sites.head,
            website_id=sites.primary.pk,
            kind=PageKind.COLUMN,
            page_ids=[three[0], three[2]],
            now=LATER,
        )
        assert PageOrder.objects.get().page_ids == [three[0], three[2], three[1]]

    def test_refuses_an_order_of_other_pages(self, sites: Sites, three: list[int]) -> None:
        for wrong in (three[:2], [*three, 999_999], [three[0], three[0], three[1]]):
            with pytest.raises(Refused) as refused:
                pages_order(
                    actor=sites.head, website_id=sites.primary.pk, kind=PageKind.COLUMN, page_ids=wrong, now=LATER
                )
            assert refused.value.codes() == ["portal.page.order_changed"]

    @pytest.mark.parametrize("role", [Role.DRAFTER, Role.SUPERVISOR, Role.SYSTEM_ADMINISTRATOR])
    def test_is_for_those_who_publish(self, sites: Sites, three: list[int], role: Role) -> None:
        actor = sites.world.actor(role, sites.world.office)
        with pytest.raises(NotPermitted):
            pages_order(actor=actor, website_id=sites.primary.pk, kind=PageKind.COLUMN, page_ids=three[::-1], now=LATER)


class TestScreen:
    def test_moves_without_a_script_and_saves_at_the_end(self, sites: Sites, three: list[int], get: Get) -> None:
        browser = Client()
        browser.force_login(
            User.objects.get(pk=sites.head.user_id), backend="django.contrib.auth.backends.ModelBackend"
        )
        address = reverse("sites:staff:page_order", args=[sites.primary.pk])
        assert "甲栏" in browser.get(address).content.decode()
        sent = {"kind": "column", "page": three, "do": f"up-{three[2]}"}
        page = browser.post(address, sent).content.decode()
        assert "还没有保存" in page and shown(page, "甲栏", "乙栏", "丙栏") == ["甲栏", "丙栏", "乙栏"]
        assert not PageOrder.objects.exists()
        order = [int(one) for one in re.findall(r'name="page" value="(\d+)"', page)]
        assert browser.post(address, {"kind": "column", "page": order, "do": "save"}).status_code == 302
        assert shown(get("/columns/"), "甲栏", "乙栏", "丙栏") == ["甲栏", "丙栏", "乙栏"]

    def test_says_when_somebody_published_meanwhile(self, sites: Sites, three: list[int]) -> None:
        browser = Client()
        browser.force_login(
            User.objects.get(pk=sites.head.user_id), backend="django.contrib.auth.backends.ModelBackend"
        )
        address = reverse("sites:staff:page_order", args=[sites.primary.pk])
        answer = browser.post(address, {"kind": "column", "page": three[:2], "do": "save"})
        assert answer.status_code == 422 and "刚才有页面发布或撤下了" in answer.content.decode()
        assert browser.post(address, {"kind": "no", "do": "save"}).status_code == 404
