"""Somebody about to apply is shown what the search of the site finds, with an index and without one."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from gongkai.domain.publishing.moments import BEIJING
from gongkai.features.disclosure.services.endings import publication_withdraw
from gongkai.features.foi import suggesting
from gongkai.portal.search.for_applicants import published_for
from gongkai.portal.search.services.feed import index_rebuild
from tests.factories.disclosure import Bureau

pytestmark = pytest.mark.django_db


class TestPublishedFor:
    @pytest.mark.parametrize("indexed", [True, False], ids=["with an index", "without one"])
    def test_names_title_address_unit_and_day(self, bureau: Bureau, indexed: bool) -> None:
        moment = timezone.now() - timedelta(hours=1)
        item = bureau.published(title="住房公积金提取办法", now=moment)
        if indexed:
            index_rebuild(at=timezone.now())
        found = published_for("住房公积金", timezone.now())
        assert [(one.title, one.url) for one in found] == [("住房公积金提取办法", f"/info/{item.uid}/")]
        assert found[0].published_on == moment.astimezone(BEIJING).date() and found[0].unit

    def test_is_registered_with_the_applications_by_itself(self) -> None:
        assert published_for in suggesting._suggesters

    def test_what_is_no_longer_public_is_not_named(self, bureau: Bureau, client: Client) -> None:
        item = bureau.published(title="住房公积金提取办法", now=timezone.now() - timedelta(hours=1))
        index_rebuild(at=timezone.now())
        shown = client.post("/apply/look/", {"words": "住房公积金提取"}).content.decode()
        assert f'href="/info/{item.uid}/"' in shown
        earlier = timezone.now() - timedelta(seconds=1)
        publication_withdraw(actor=bureau.office, item_id=item.pk, kind="error", reason="误发。", now=earlier)
        hidden = client.post("/apply/look/", {"words": "住房公积金提取"}).content.decode()
        assert "没有找到已经公开的相近信息" in hidden
