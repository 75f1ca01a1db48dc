"""Emergency banners: at once, with an end, on every public page."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from gongkai.features.disclosure.models import Banner
from gongkai.features.disclosure.selectors.banners import banner_public_list
from gongkai.features.disclosure.services.banners import LONGEST, banner_end, banner_raise
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.errors import NotPermitted, Refused
from tests.factories.disclosure import Bureau
from tests.factories.world import NOW

HOUR = timedelta(hours=1)


def put_up(bureau: Bureau, **more: object) -> Banner:
    given = {
        "actor": bureau.office,
        "unit_id": bureau.unit.pk,
        "level": "orange",
        "title": "青溪河水位超过警戒线，沿河居民请转移",
        "expires_at": NOW + HOUR,
        "now": NOW,
        **more,
    }
    return banner_raise(**given)  # type: ignore[arg-type]


class TestBannerRaise:
    def test_stands_at_once_and_goes_on_its_own(self, bureau: Bureau) -> None:
        put_up(bureau)
        assert [row.title for row in banner_public_list(at=NOW)] == ["青溪河水位超过警戒线，沿河居民请转移"]
        assert banner_public_list(at=NOW + HOUR) == []

    def test_the_gravest_comes_first(self, bureau: Bureau) -> None:
        for level in ("blue", "red", "yellow"):
            put_up(bureau, level=level)
        assert [row.level for row in banner_public_list(at=NOW)] == ["red", "yellow", "blue"]

    def test_leads_to_an_item_that_is_public(self, bureau: Bureau) -> None:
        item = bureau.published()
        put_up(bureau, item_id=item.pk)
        [row] = banner_public_list(at=NOW)
        assert row.item_uid == str(item.uid)

    def test_refuses_with_every_reason(self, bureau: Bureau) -> None:
        draft = bureau.draft()
        with pytest.raises(Refused) as refused:
            put_up(bureau, level="pink", title=" ", text="长" * 201, expires_at=NOW, item_id=draft.pk)
        assert refused.value.codes() == [
            "disclosure.banner.level",
            "disclosure.banner.title_missing",
            "disclosure.banner.too_long",
            "disclosure.banner.expires_past",
            "disclosure.banner.item_not_public",
        ]
        assert not Banner.objects.exists()

    def test_must_not_stay_for_ever(self, bureau: Bureau) -> None:
        with pytest.raises(Refused) as refused:
            put_up(bureau, expires_at=NOW + LONGEST + HOUR)
        assert refused.value.codes() == ["disclosure.banner.expires_late"]

    @pytest.mark.parametrize(
        "role", [r for r in Role if r not in (Role.DISCLOSURE_OFFICE, Role.DISCLOSURE_OFFICE_HEAD)]
    )
    def test_is_for_the_disclosure_office(self, bureau: Bureau, role: Role) -> None:
        with pytest.raises(NotPermitted):
            put_up(bureau, actor=bureau.people[role])

    def test_not_in_the_name_of_another_unit(self, bureau: Bureau) -> None:
        with pytest.raises(NotPermitted):
            put_up(bureau, unit_id=bureau.world.justice.pk)


class TestBannerEnd:
    def test_is_gone_at_once(self, bureau: Bureau) -> None:
        banner = put_up(bureau)
        banner_end(actor=bureau.office, banner_id=banner.pk, reason="险情解除", now=NOW + timedelta(minutes=1))
        assert banner_public_list(at=NOW + timedelta(minutes=1)) == []

    def test_only_once_and_with_a_reason(self, bureau: Bureau) -> None:
        banner = put_up(bureau)
        banner_end(actor=bureau.office, banner_id=banner.pk, reason="险情解除", now=NOW)
        with pytest.raises(Refused) as refused:
            banner_end(actor=bureau.office, banner_id=banner.pk, reason="", now=NOW)
        assert refused.value.codes() == ["disclosure.banner.reason_missing", "disclosure.banner.ended"]


class TestPublicPages:
    def test_every_public_page_carries_it(self, bureau: Bureau, client: Client) -> None:
        now = timezone.now()
        put_up(bureau, now=now, expires_at=now + HOUR)
        for address in ("/", "/info/", "/plans/", "/units/"):
            page = client.get(address).content.decode()
            assert "橙色应急信息：青溪河水位超过警戒线" in page, address

    def test_pages_without_one_carry_nothing(self, bureau: Bureau, client: Client) -> None:
        assert "gk-alarm" not in client.get("/info/").content.decode()
