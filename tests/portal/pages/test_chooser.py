"""Choosing items for a topic: what the public reads, under the titles it was published with, and nothing else."""

from __future__ import annotations

import pytest
from django.test import Client

from gongkai.kernel.accounts.models import User
from gongkai.portal.pages.chooser import NO_LONGER, ItemChooser, item_chooser
from tests.factories.disclosure import Bureau, fresh
from tests.factories.world import NOW
from tests.portal.pages.conftest import LATER, Sites


@pytest.fixture
def editor(sites: Sites) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=sites.clerk.user_id), backend="django.contrib.auth.backends.ModelBackend")
    return client


class TestWindow:
    def test_offers_what_is_public_under_its_published_title(self, bureau: Bureau, editor: Client) -> None:
        item = bureau.published(title="已经公布的办法", now=NOW)
        bureau.edit(item, now=LATER, title="还没有公布的修改")
        hidden = bureau.draft(title="正在起草的方案")
        text = editor.get("/admin/item-chooser/").json()["html"]
        assert "已经公布的办法" in text
        assert "还没有公布的修改" not in text
        assert hidden.title not in text

    def test_looks_in_titles_and_numbers(self, bureau: Bureau, editor: Client) -> None:
        bureau.published(title="临时救助办法", doc_no="青府发〔2026〕4号", now=NOW)
        bureau.published(title="预算公开", now=NOW)
        for words in ("救助", "青府发[2026]4号"):
            text = editor.get("/admin/item-chooser/results/", {"q": words}).content.decode()
            assert "临时救助办法" in text, words
            assert "预算公开" not in text, words

    def test_tells_nothing_of_an_item_that_is_not_public(self, bureau: Bureau, editor: Client) -> None:
        hidden = bureau.draft(title="限制知悉的方案", limited=True)
        public = bureau.published(title="已经公布的办法", now=NOW)
        assert editor.get(f"/admin/item-chooser/chosen/{public.pk}/").status_code == 200
        for pk in (hidden.pk, 10**17, "x"):
            assert editor.get(f"/admin/item-chooser/chosen/{pk}/").status_code == 404
        several = editor.get("/admin/item-chooser/chosen-multiple/", {"id": [hidden.pk, public.pk]}).json()
        assert [one["title"] for one in several["result"]] == ["已经公布的办法"]


class TestField:
    def test_says_of_a_hidden_item_only_that_it_is_not_public(self, bureau: Bureau) -> None:
        field: ItemChooser = item_chooser.widget_class()
        hidden = bureau.draft(title="限制知悉的方案", limited=True)
        for value in (hidden.pk, fresh(hidden)):
            told = field.get_value_data(value)
            assert told is not None and told["title"] == NO_LONGER
        assert field.get_value_data(None) is None
