"""Several sites in one tree: what each shows, what is shared, and what the public reads of pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.test import Client

from gongkai.domain.site.places import PageKind
from gongkai.features.disclosure.services.endings import publication_withdraw
from gongkai.kernel.accounts.models import User
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.audit.models import Entry
from gongkai.kernel.errors import NotPermitted, Refused
from gongkai.portal.models import SharedItem, Website
from gongkai.portal.pages import selectors
from gongkai.portal.pages.services import sharing, websites
from gongkai.portal.pages.showing import Pages, shown_at
from tests.factories.disclosure import Bureau
from tests.factories.world import NOW, SYSTEM
from tests.portal.pages.conftest import LATER, Sites

Get = Callable[[str], str]


def signed_in(user_id: int | None) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=user_id), backend="django.contrib.auth.backends.ModelBackend")
    return client


class TestPrimary:
    def test_is_there_after_the_installation_with_a_page_that_is_public(self, db: None, get: Get) -> None:
        row = selectors.website_primary()
        assert row is not None and row.home is not None
        assert selectors.publication_at(path="") is not None
        assert "政策、办事、进度" in get("/")

    def test_is_made_only_once(self, sites: Sites) -> None:
        assert websites.primary_ensure(actor=SYSTEM, now=LATER).pk == sites.primary.pk
        assert Website.objects.filter(slug="").count() == 1


class TestWebsite:
    def test_has_a_first_page_of_its_own_with_its_own_footer(self, sites: Sites, get: Get) -> None:
        facts = websites.SiteFacts(code="3607980009", icp="赣ICP备00000009号", keeper="东湾镇政务公开办")
        sites.town(facts=facts, hosts=["www.dongwan.example"])
        text = get("/sites/dongwan/")
        for words in ("东湾镇政务公开", "主办单位：东湾镇人民政府", "网站标识码：3607980009", "赣ICP备00000009号"):
            assert words in text
        assert 'name="SiteIDCode" content="3607980009"' in text
        assert 'href="/sites/dongwan/topics/"' in text

    def test_tells_everything_that_is_wrong_at_once(self, sites: Sites) -> None:
        with pytest.raises(Refused) as refused:
            websites.website_create(
                actor=sites.head, slug="东湾", name=" ", unit_id=999_999, hosts=["https://x"],
                facts=websites.SiteFacts(code="12", errors_url="找错"), now=NOW,
            )  # fmt: skip
        assert set(refused.value.codes()) == {
            f"portal.website.{name}" for name in ("slug", "name", "unit", "host", "code", "errors_url")
        }

    def test_one_unit_one_host_one_address(self, sites: Sites) -> None:
        sites.town(hosts=["www.dongwan.example"])
        with pytest.raises(Refused) as refused:
            sites.town(hosts=["WWW.dongwan.example"])
        assert set(refused.value.codes()) == {
            "portal.website.slug_taken", "portal.website.unit_taken", "portal.website.host_taken",
        }  # fmt: skip

    @pytest.mark.parametrize("role", [Role.DRAFTER, Role.UNIT_LEADER, Role.SUPERVISOR])
    def test_others_set_none_up(self, sites: Sites, role: Role) -> None:
        with pytest.raises(NotPermitted):
            websites.website_create(
                actor=sites.world.actor(role, sites.world.office),
                slug="x",
                name="x",
                unit_id=sites.world.east.pk,
                now=NOW,
            )

    def test_a_change_is_on_record(self, sites: Sites) -> None:
        town = sites.town()
        websites.website_edit(
            actor=sites.head, website_id=town.pk, name="东湾镇人民政府网站", unit_id=sites.world.east.pk, now=LATER
        )
        assert Entry.objects.filter(action="portal.website.edit", target_id=str(town.pk)).exists()


class TestItems:
    def test_a_site_shows_the_items_of_its_units_and_the_one_above_does_not(self, sites: Sites, get: Get) -> None:
        town = sites.town()
        mine = Bureau(sites.world, sites.world.east).published(title="东湾镇的通知", now=NOW)
        other = Bureau(sites.world).published(title="财政局的通知", now=NOW)
        assert town.slug == "dongwan"
        here, above = get("/sites/dongwan/"), get("/")
        assert mine.title in here and other.title not in here
        assert other.title in above and mine.title not in above
        assert mine.title in get("/info/")

    def test_an_item_keeps_its_one_address(self, sites: Sites, get: Get) -> None:
        sites.town()
        mine = Bureau(sites.world, sites.world.east).published(title="东湾镇的通知", now=NOW)
        assert f'href="/info/{mine.uid}/"' in get("/sites/dongwan/")

    def test_a_column_page_lists_columns_and_those_below_of_its_site(
        self, sites: Sites, bureau: Bureau, get: Get
    ) -> None:
        bureau.published(title="政策甲", columns=("C01-3",), now=NOW)
        bureau.published(title="预算乙", columns=("C07",), now=NOW)
        sites.column(keeper_id=sites.world.office.pk, update_days=30, keywords="政策,文件")
        text = get("/columns/zhengce/")
        assert "政策甲" in text and "预算乙" not in text
        assert "30 天内至少更新一次" in text
        assert 'name="ColumnDescription" content="各类政策文件"' in text
        assert 'name="ColumnKeywords" content="政策,文件"' in text

    def test_a_column_page_may_list_the_items_of_some_units_only(self, sites: Sites, bureau: Bureau, get: Get) -> None:
        bureau.published(title="财政局的通知", now=NOW)
        Bureau(sites.world, sites.world.education).published(title="教体局的通知", now=NOW)
        sites.column(slug="jiaoyu", title="教育", codes=[], unit_ids=[sites.world.education.pk])
        text = get("/columns/jiaoyu/")
        assert "教体局的通知" in text and "财政局的通知" not in text


class TestSharing:
    def test_shows_an_item_of_others_until_that_ends(self, sites: Sites, bureau: Bureau, get: Get) -> None:
        town, item = sites.town(), bureau.published(title="全县适用的办法", columns=("C01-3",), now=NOW)
        sites.column(website=town)
        shared = sharing.item_share(
            actor=sites.town_head, website_id=town.pk, uid=item.uid, reason="适用于本镇", now=NOW
        )
        assert item.title in get("/sites/dongwan/")
        assert item.title in get("/sites/dongwan/columns/zhengce/")
        sharing.share_end(actor=sites.town_head, shared_id=shared.pk, now=LATER)
        assert item.title not in get("/sites/dongwan/")
        actions = Entry.objects.filter(action__startswith="portal.shared.").values_list("action", flat=True)
        assert sorted(actions) == ["portal.shared.begin", "portal.shared.end"]

    def test_an_item_that_is_taken_down_is_gone_everywhere(self, sites: Sites, bureau: Bureau, get: Get) -> None:
        town, item = sites.town(), bureau.published(title="后来撤下的办法", columns=("C01-3",), now=NOW)
        sharing.item_share(actor=sites.town_head, website_id=town.pk, uid=item.uid, reason="适用于本镇", now=NOW)
        sites.column()
        sites.column(website=town)
        sites.topic(item)
        paths = ("/", "/sites/dongwan/", "/columns/zhengce/", "/sites/dongwan/columns/zhengce/", "/topics/jiuzhu/")
        assert all(item.title in get(path) for path in paths)
        publication_withdraw(actor=bureau.office, item_id=item.pk, kind="withdrawn", reason="核实", now=LATER)
        pages = Pages(LATER + timedelta(seconds=1), LATER.date())
        for path in paths:
            shown = shown_at(path.strip("/"), pages)
            assert shown is not None
            assert item.title not in str(shown[1]), path
        rows = selectors.shared_rows(shared=selectors.shared_list(website=town), at=LATER + timedelta(seconds=1))
        assert [line for _, line in rows] == [None]

    def test_says_everything_that_hinders_it(self, sites: Sites, bureau: Bureau) -> None:
        town, item = sites.town(), bureau.draft()
        with pytest.raises(Refused) as refused:
            sharing.item_share(actor=sites.town_head, website_id=town.pk, uid=item.uid, reason=" ", now=NOW)
        assert refused.value.codes() == ["portal.shared.not_public", "portal.shared.reason"]

    def test_neither_own_items_nor_twice(self, sites: Sites, bureau: Bureau) -> None:
        town, item = sites.town(), bureau.published(now=NOW)
        own = Bureau(sites.world, sites.world.east).published(now=NOW)
        given = {"actor": sites.town_head, "website_id": town.pk, "reason": "适用", "now": NOW}
        sharing.item_share(uid=item.uid, **given)
        for uid, code in ((own.uid, "portal.shared.own"), (item.uid, "portal.shared.already")):
            with pytest.raises(Refused) as refused:
                sharing.item_share(uid=uid, **given)
            assert refused.value.codes() == [code]

    @pytest.mark.parametrize("role", [Role.DRAFTER, Role.UNIT_LEADER, Role.SYSTEM_ADMINISTRATOR])
    def test_others_share_nothing(self, sites: Sites, bureau: Bureau, role: Role) -> None:
        town, item = sites.town(), bureau.published(now=NOW)
        with pytest.raises(NotPermitted):
            sharing.item_share(
                actor=sites.world.actor(role, sites.world.east), website_id=town.pk, uid=item.uid, reason="x", now=NOW
            )

    def test_screens_find_share_and_end(self, sites: Sites, bureau: Bureau) -> None:
        town, item = sites.town(), bureau.published(title="全县适用的办法", now=NOW)
        browser = signed_in(sites.town_head.user_id)
        assert "东湾镇政务公开" in browser.get("/admin/websites/").content.decode()
        found = browser.get(f"/admin/websites/{town.pk}/shared/", {"q": "适用的办法"}).content.decode()
        add = f"/admin/websites/{town.pk}/shared/{item.uid}/"
        assert add in found
        assert browser.post(add, {"reason": ""}).status_code == 422
        assert browser.post(add, {"reason": "适用于本镇"}).status_code == 302
        shared = SharedItem.objects.get(website=town)
        assert "适用于本镇" in browser.get(f"/admin/websites/{town.pk}/shared/").content.decode()
        assert browser.post(f"/admin/websites/shared/{shared.pk}/end/").status_code == 302
        shared.refresh_from_db()
        assert shared.ended_by_id == sites.town_head.user_id

    def test_people_of_another_site_see_none_of_it(self, sites: Sites) -> None:
        sites.town()
        browser = signed_in(sites.town_head.user_id)
        assert browser.get(f"/admin/websites/{sites.primary.pk}/shared/").status_code == 403
        assert browser.get(f"/admin/websites/{sites.primary.pk}/").status_code == 403


class TestScreens:
    def test_set_a_site_up_and_change_it(self, sites: Sites) -> None:
        browser = signed_in(sites.head.user_id)
        given = {
            "slug": "dongwan",
            "name": "东湾镇政务公开",
            "unit_id": sites.world.east.pk,
            "hosts": "a.example\nb.example",
        }
        assert browser.post("/admin/websites/new/", given | {"slug": "坏"}).status_code == 422
        assert browser.post("/admin/websites/new/", given).status_code == 302
        town = Website.objects.get(slug="dongwan")
        assert town.hosts == ["a.example", "b.example"]
        changed = given | {"contact": "0999-1234"}
        assert browser.post(f"/admin/websites/{town.pk}/", changed).status_code == 302
        town.refresh_from_db()
        assert town.contact == "0999-1234"
        assert browser.get(f"/admin/websites/{sites.primary.pk}/").status_code == 200


class TestTopics:
    def test_are_listed_and_read(self, sites: Sites, bureau: Bureau, get: Get) -> None:
        sites.topic(bureau.published(title="临时救助办法", now=NOW))
        assert "遇到急难怎么办" in get("/topics/")
        text = get("/topics/jiuzhu/")
        assert "临时救助办法" in text and "看办法" in text
        assert "临时救助" in get("/")

    def test_one_that_is_over_is_marked_and_leaves_the_first_page(self, sites: Sites, get: Get) -> None:
        sites.topic(ends_on=date(2020, 1, 1))
        assert "已归档" in get("/topics/jiuzhu/")
        assert "已归档的专题" in get("/topics/")
        assert "遇到急难怎么办" not in get("/")

    def test_a_picture_needs_words(self, sites: Sites) -> None:
        from django.core.exceptions import ValidationError

        with pytest.raises(ValidationError):
            sites.draft(PageKind.TOPIC, slug="t", title="t", lead="t", picture=1)

    @pytest.mark.parametrize(
        "path",
        ["/topics/none/", "/columns/none/", "/pages/none/", "/sites/none/", "/sites/none/topics/", "/topics/a/b.jpg"],
    )
    def test_what_is_not_there_is_not_found(self, db: None, client: Client, path: str) -> None:
        assert client.get(path).status_code == 404


class TestAnySite:
    @pytest.mark.parametrize("role", list(Role))
    def test_is_there_for_those_who_edit_or_read_the_pages_of_one(self, sites: Sites, role: Role) -> None:
        sites.town()
        world, on = sites.world, NOW.date()
        for unit in (world.top, world.office, world.finance, world.east):
            for actor in (world.actor(role, unit), replace(world.actor(role, unit), day=None)):
                known = selectors.standings(actor=actor, on=on)
                assert selectors.any_site(actor=actor, on=on) is any(one.may_edit or one.may_read for one in known)
