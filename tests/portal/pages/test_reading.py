"""An office of one person: somebody else reads exactly the draft and agrees, and then its author may publish it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from gongkai.domain.site.places import PageKind
from gongkai.kernel.accounts.models import User
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.audit.models import Entry
from gongkai.kernel.errors import NotPermitted, Refused
from gongkai.portal.models import PagePublication, PageReading, Website
from gongkai.portal.models.pages import SitePage
from gongkai.portal.pages.content import content_of, digest_of
from gongkai.portal.pages.drafts import author_of, draft_rows, page_draft, readers_of
from gongkai.portal.pages.services import publishing, websites
from gongkai.portal.pages.services.reading import page_read
from gongkai.portal.pages.services.writing import page_write
from tests.factories.disclosure import Bureau
from tests.factories.world import NOW
from tests.portal.pages.conftest import LATER, Sites, block, topic_body
from tests.portal.pages.test_publishing import form_of


@pytest.fixture
def own(sites: Sites) -> SitePage:
    """A draft of the head of the office, who is the only one there."""
    fields = {"slug": "about", "title": "关于本网站", "lead": "导语"}
    return page_write(actor=sites.head, website_id=sites.primary.pk, kind=PageKind.TEXT, fields=fields, now=NOW)


def signed_in(user_id: int | None) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=user_id), backend="django.contrib.auth.backends.ModelBackend")
    return client


class TestRead:
    def test_lets_the_author_publish_and_is_on_record(self, sites: Sites, own: SitePage) -> None:
        leader = sites.world.actor(Role.UNIT_LEADER, sites.world.office)
        with pytest.raises(Refused) as refused:
            publishing.page_publish(actor=sites.head, page=own, now=NOW)
        assert refused.value.codes() == ["portal.page.own_words"]
        page_read(actor=leader, page_id=own.pk, digest=digest_of(content_of(own)), now=NOW)
        made = publishing.page_publish(actor=sites.head, page=own, now=LATER)
        assert (made.prepared_by_id, made.published_by_id, made.read_by_id) == (
            sites.head.user_id, sites.head.user_id, leader.user_id,
        )  # fmt: skip
        actions = list(
            Entry.objects.filter(target_type="portal.page", target_id=str(own.pk))
            .order_by("sequence")
            .values_list("action", "actor_id")
        )
        assert actions == [("portal.page.read", leader.user_id), ("portal.page.publish", sites.head.user_id)]

    def test_holds_for_exactly_these_words(self, sites: Sites, own: SitePage) -> None:
        leader = sites.world.actor(Role.FINAL_REVIEWER, sites.world.office)
        page_read(actor=leader, page_id=own.pk, digest=digest_of(content_of(own)), now=NOW)
        own.lead = "另一段导语"
        websites.page_save(page=own, actor=sites.head)
        with pytest.raises(Refused) as refused:
            publishing.page_publish(actor=sites.head, page=own, now=LATER)
        assert refused.value.codes() == ["portal.page.own_words"]

    def test_refuses_what_was_not_on_the_screen_and_own_words(self, sites: Sites, own: SitePage) -> None:
        leader = sites.world.actor(Role.UNIT_LEADER, sites.world.office)
        with pytest.raises(Refused) as refused:
            page_read(actor=leader, page_id=own.pk, digest="0" * 64, now=NOW)
        assert refused.value.codes() == ["portal.page.read_other"]
        with pytest.raises(Refused) as refused:
            page_read(actor=sites.head, page_id=own.pk, digest=digest_of(content_of(own)), now=NOW)
        assert refused.value.codes() == ["portal.page.read_own"]

    @pytest.mark.parametrize("role", [Role.DRAFTER, Role.PROOFREADER, Role.SUPERVISOR, Role.SYSTEM_ADMINISTRATOR])
    def test_is_for_those_who_answer_for_the_text(self, sites: Sites, own: SitePage, role: Role) -> None:
        actor = sites.world.actor(role, sites.world.office)
        with pytest.raises(NotPermitted):
            page_read(actor=actor, page_id=own.pk, digest=digest_of(content_of(own)), now=NOW)

    def test_is_nothing_for_another_unit(self, sites: Sites, own: SitePage) -> None:
        stranger = sites.world.actor(Role.UNIT_LEADER, sites.world.east)
        with pytest.raises(NotPermitted):
            page_read(actor=stranger, page_id=own.pk, digest=digest_of(content_of(own)), now=NOW)

    def test_the_database_refuses_one_person_alone_and_changes_of_what_was_read(
        self, sites: Sites, own: SitePage
    ) -> None:
        leader = sites.world.actor(Role.UNIT_LEADER, sites.world.office)
        reading = page_read(actor=leader, page_id=own.pk, digest=digest_of(content_of(own)), now=NOW)
        for change in ({"digest": "0" * 64}, {"read_by_id": sites.head.user_id}):
            with pytest.raises(DatabaseError), transaction.atomic():
                PageReading.objects.filter(pk=reading.pk).update(**change)
        with pytest.raises(DatabaseError), transaction.atomic():
            reading.delete()
        alone = {"prepared_by_id": sites.head.user_id, "published_by_id": sites.head.user_id}
        for read_by in (None, sites.head.user_id):
            with pytest.raises(DatabaseError), transaction.atomic():
                PagePublication.objects.create(
                    website=sites.primary, page_id=own.pk, kind="text", path="pages/alone", title="一人", content={},
                    digest="0" * 64, published_at=NOW, read_by_id=read_by, **alone,
                )  # fmt: skip


class TestScreens:
    def test_show_the_draft_to_the_leader_and_note_the_consent(self, sites: Sites, own: SitePage) -> None:
        leader = sites.world.actor(Role.UNIT_LEADER, sites.world.office)
        browser = signed_in(leader.user_id)
        listed = browser.get(reverse("sites:staff:website_list"), follow=True).content.decode()
        assert "关于本网站" in listed and "待审读" in listed
        page = browser.get(reverse("sites:staff:draft_read", args=[own.pk])).content.decode()
        assert "已看过，同意发布" in page
        assert "导语" in browser.get(reverse("sites:staff:draft_look", args=[own.pk])).content.decode()
        sent = {"digest": digest_of(content_of(own))}
        answer = browser.post(reverse("sites:staff:draft_read", args=[own.pk]), sent, follow=True)
        assert "已同意" in answer.content.decode()
        assert PageReading.objects.get().read_by_id == leader.user_id

    def test_the_list_tells_each_draft_as_its_own_page_does(self, sites: Sites, bureau: Bureau) -> None:
        """The same words, author and readers, from the versions as they are kept and from pages made of them."""
        item = bureau.published()
        written = [
            sites.draft(
                PageKind.TEXT,
                slug="about",
                title="关于本网站",
                lead="导语",
                body=json.dumps([block("text", "<p>第一段</p>")]),
            ),
            sites.draft(PageKind.TOPIC, slug="rent", title="公租房", lead="专题", body=topic_body(item)),
            sites.draft(
                PageKind.COLUMN, slug="plans", title="规划", description="规划计划", keeper_id=sites.world.east.pk
            ),
        ]
        websites.page_save(page=written[0], actor=sites.head)  # saved again as it was
        written[1].title = "公共租赁住房"
        websites.page_save(page=written[1], actor=sites.head)
        agreed = sites.world.actor(Role.UNIT_LEADER, sites.world.office)
        draft = page_draft(page_id=written[2].pk)
        page_read(actor=agreed, page_id=draft.pk, digest=digest_of(content_of(draft)), now=NOW)
        for actor in (sites.writer, sites.head):
            rows = {one.page_id: one for one in draft_rows(website=sites.primary, user_id=actor.user_id)}
            for one in written:
                page, row = page_draft(page_id=one.pk), rows[one.pk]
                readers = readers_of(page_id=page.pk, digest=digest_of(content_of(page)))
                assert (row.title, row.kind, list(row.readers)) == (page.title, page._meta.verbose_name, readers)
                assert row.own is (not readers and author_of(page) == actor.user_id)
        assert [rows[one.pk].own for one in written] == [False, True, False]
        assert len(rows[written[2].pk].readers) == 1

    def test_the_list_costs_as_many_statements_with_many_drafts_as_with_one(
        self, sites: Sites, own: SitePage, django_assert_num_queries: Any
    ) -> None:
        for number in range(6):
            with django_assert_num_queries(5):  # site, home page, drafts, who read them, their versions
                site = Website.objects.get(pk=sites.primary.pk)
                assert len(draft_rows(website=site, user_id=sites.head.user_id)) == number + 1
            sites.draft(PageKind.TEXT, slug=f"page-{number}", title=f"第{number}页")

    def test_tell_the_author_that_somebody_else_has_to_read(self, sites: Sites, own: SitePage) -> None:
        page = signed_in(sites.head.user_id).get(reverse("sites:staff:draft_read", args=[own.pk])).content.decode()
        assert "要由另一位同志审读" in page and "已看过，同意发布" not in page

    def test_are_closed_for_another_unit(self, sites: Sites, own: SitePage) -> None:
        browser = signed_in(sites.world.actor(Role.UNIT_LEADER, sites.world.east).user_id)
        for name in ("draft_read", "draft_look"):
            assert browser.get(reverse(f"sites:staff:{name}", args=[own.pk])).status_code == 403
        assert browser.get(reverse("sites:staff:draft_list")).status_code == 403

    def test_wagtail_publishes_what_was_read(self, sites: Sites, own: SitePage) -> None:
        leader = sites.world.actor(Role.UNIT_LEADER, sites.world.office)
        browser = signed_in(sites.head.user_id)
        address, form = f"/admin/pages/{own.pk}/edit/", form_of(own) | {"action-publish": "1"}
        assert "在“网站 → 审读页面”中" in browser.post(address, form, follow=True).content.decode()
        assert not PagePublication.objects.filter(page_id=own.pk).exists()
        page_read(actor=leader, page_id=own.pk, digest=digest_of(content_of(own)), now=NOW)
        browser.post(address, form, follow=True)
        assert PagePublication.objects.get(page_id=own.pk).read_by_id == leader.user_id
