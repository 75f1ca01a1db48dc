"""How a page becomes public: by two people, with its words checked, on record; and how it goes."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from wagtail.models import Page, Revision

from gongkai.domain.site.places import PageKind
from gongkai.kernel.accounts.models import User
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.audit.models import Entry
from gongkai.kernel.errors import NotPermitted, Refused
from gongkai.portal.models import PagePublication, ReleaseChange, TopicPage
from gongkai.portal.pages import selectors
from gongkai.portal.pages.content import content_of, digest_of, page_from, words_of
from gongkai.portal.pages.drafts import author_of
from gongkai.portal.pages.services import publishing, websites
from tests.factories.disclosure import Bureau
from tests.factories.world import NOW
from tests.portal.pages.conftest import LATER, Sites, block, topic_body

ID_CARD = "11010519491231002X"


class TestPublish:
    def test_puts_the_page_on_record_with_both_people_and_an_audit_entry(self, sites: Sites) -> None:
        page = sites.draft(PageKind.TEXT, slug="about", title="关于本网站")
        made = sites.publish(page)
        assert (made.path, made.title, made.prepared_by_id, made.published_by_id) == (
            "pages/about",
            "关于本网站",
            sites.writer.user_id,
            sites.head.user_id,
        )
        assert made.digest == digest_of(content_of(page))
        entry = Entry.objects.filter(action="portal.page.publish").latest("sequence")
        assert (entry.actor_id, entry.target_id) == (sites.head.user_id, str(page.pk))

    def test_notes_the_change_for_the_release_in_the_same_transaction(self, sites: Sites) -> None:
        ReleaseChange.objects.all().delete()
        made = sites.publish(sites.draft(PageKind.TEXT, slug="about", title="关于本网站"))
        assert list(ReleaseChange.objects.values_list("subject", "key")) == [("page", str(made.pk))]

    def test_nobody_publishes_own_words(self, sites: Sites) -> None:
        page = websites_page(sites)
        page.lead = "新的导语"
        websites.page_save(page=page, actor=sites.head)
        with pytest.raises(Refused) as refused:
            publishing.page_publish(actor=sites.head, page=page, now=LATER)
        assert refused.value.codes() == ["portal.page.own_words"]

    def test_a_second_person_publishes_what_was_saved_again_without_a_change(self, sites: Sites) -> None:
        page = sites.draft(PageKind.TEXT, slug="about", title="关于本网站")
        websites.page_save(page=page, actor=sites.head)  # opened, read, saved as it was: still the writer's words
        assert author_of(page) == sites.writer.user_id
        assert sites.publish(page).prepared_by_id == sites.writer.user_id

    @pytest.mark.parametrize(
        ("words", "code"),
        [(f"联系人身份证{ID_CARD}", "portal.page.words"), ("中华人民共和国的攻府", "portal.page.words")],
    )
    def test_refuses_personal_data_and_grave_wording(self, sites: Sites, words: str, code: str) -> None:
        page = sites.draft(PageKind.TEXT, slug="about", title="关于本网站", lead=words)
        with pytest.raises(Refused) as refused:
            sites.publish(page)
        assert set(refused.value.codes()) == {code}
        assert ID_CARD not in str(refused.value)
        assert not PagePublication.objects.filter(page_id=page.pk).exists()

    def test_finds_words_inside_blocks_and_rich_text(self, sites: Sites) -> None:
        body = json.dumps([block("text", f"<p>电话</p><p>身份证<b>{ID_CARD}</b></p>")])
        page = sites.draft(PageKind.TEXT, slug="about", title="关于本网站", body=body)
        assert ID_CARD in words_of(content_of(page))
        with pytest.raises(Refused):
            sites.publish(page)

    def test_takes_the_place_of_what_was_there(self, sites: Sites) -> None:
        page = websites_page(sites)
        first = sites.publish(page)
        page.lead = "另一段导语"
        websites.page_save(page=page, actor=sites.writer)
        second = sites.publish(page, now=LATER)
        first.refresh_from_db()
        assert (first.ended_at, second.ended_at) == (LATER, None)
        assert publishing.page_publish(actor=sites.head, page=page, now=LATER + timedelta(hours=1)) == second

    def test_the_record_stays_as_it_is(self, sites: Sites) -> None:
        made = sites.publish(websites_page(sites))
        for change in ({"title": "别的"}, {"digest": "0" * 64}, {"content": {}}):
            with pytest.raises(DatabaseError), transaction.atomic():
                PagePublication.objects.filter(pk=made.pk).update(**change)
        with pytest.raises(DatabaseError), transaction.atomic():
            PagePublication.objects.filter(pk=made.pk).delete()

    def test_two_pages_never_share_an_address(self, sites: Sites) -> None:
        page = websites_page(sites)
        sites.publish(page)
        other = sites.draft(PageKind.TEXT, slug="other", title="另一页")
        Page.objects.filter(pk=page.pk).update(slug="moved")
        other.slug = "about"
        with pytest.raises(Refused) as refused:
            sites.publish(other)
        assert "portal.page.address_taken" in refused.value.codes()

    def test_content_is_read_back_as_it_was(self, sites: Sites, bureau: Bureau) -> None:
        item = bureau.published(now=NOW)
        page = sites.topic(item, picture=None, keywords="救助")
        content = content_of(page)
        assert content_of(page_from(PageKind.TOPIC, content)) == content


class TestRoles:
    @pytest.mark.parametrize(
        ("role", "edits", "publishes"),
        [
            (Role.DRAFTER, True, False),
            (Role.DISCLOSURE_OFFICE, True, True),
            (Role.DISCLOSURE_OFFICE_HEAD, True, True),
            (Role.UNIT_LEADER, False, False),
            (Role.SUPERVISOR, False, False),
            (Role.SYSTEM_ADMINISTRATOR, False, False),
        ],
    )
    def test_people_of_the_office_work_on_the_site(
        self, sites: Sites, role: Role, edits: bool, publishes: bool
    ) -> None:
        actor = sites.world.actor(role, sites.world.office)
        rights = selectors.rights_of(actor=actor, on=NOW.date())
        assert rights.get(sites.primary.home, (False, False)) == (edits, publishes)

    def test_people_of_a_bureau_do_not(self, sites: Sites) -> None:
        actor = sites.world.actor(Role.DISCLOSURE_OFFICE, sites.world.finance)
        assert selectors.rights_of(actor=actor, on=NOW.date()) == {}
        with pytest.raises(NotPermitted):
            publishing.page_publish(actor=actor, page=websites_page(sites), now=NOW)

    def test_people_of_another_government_work_on_their_own_site_only(self, sites: Sites) -> None:
        town = sites.town()
        rights = selectors.rights_of(actor=sites.town_clerk, on=NOW.date())
        assert rights == {town.home: (True, True)}
        assert sites.primary.home not in rights

    def test_a_superuser_may_edit_in_wagtail_but_puts_nothing_before_the_public(self, sites: Sites) -> None:
        user = User.objects.create_superuser("root", password="p", display_name="根")
        page = websites_page(sites)
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        client.post(f"/admin/pages/{page.pk}/edit/", form_of(page) | {"action-publish": "1"})
        assert not PagePublication.objects.filter(page_id=page.pk).exists()


class TestEnd:
    def test_takes_the_page_off_and_leaves_the_record(self, sites: Sites) -> None:
        page = websites_page(sites)
        sites.publish(page)
        assert publishing.page_end(actor=sites.head, page_id=page.pk, now=LATER)
        assert not publishing.page_end(actor=sites.head, page_id=page.pk, now=LATER)
        assert PagePublication.objects.get(page_id=page.pk).ended_at == LATER

    def test_the_first_page_of_a_site_stays(self, sites: Sites) -> None:
        with pytest.raises(Refused) as refused:
            publishing.page_end(actor=sites.head, page_id=sites.primary.home_id, now=LATER)
        assert refused.value.codes() == ["portal.page.home_stays"]


class TestScripts:
    def test_wagtails_own_publishing_changes_nothing_for_the_public(self, sites: Sites) -> None:
        page = websites_page(sites)
        page.get_latest_revision().publish()
        assert not PagePublication.objects.filter(page_id=page.pk).exists()
        assert not Page.objects.get(pk=page.pk).live

    def test_deleting_a_page_takes_it_down(self, sites: Sites, client: Client) -> None:
        page = websites_page(sites)
        sites.publish(page)
        Page.objects.filter(pk=page.pk).update(live=True)
        TopicPage.objects.filter(pk=page.pk).delete()
        Page.objects.get(pk=page.pk).delete()
        assert PagePublication.objects.get(page_id=page.pk).ended_at is not None
        assert client.get("/pages/about/").status_code == 404


class TestEditor:
    """Wagtail's own screens."""

    def signed_in(self, user_id: int | None) -> Client:
        client = Client()
        client.force_login(User.objects.get(pk=user_id), backend="django.contrib.auth.backends.ModelBackend")
        return client

    def test_a_second_person_opens_reads_and_publishes(self, sites: Sites) -> None:
        page = websites_page(sites)
        browser = self.signed_in(sites.head.user_id)
        assert browser.get(f"/admin/pages/{page.pk}/edit/").status_code == 200
        answer = browser.post(f"/admin/pages/{page.pk}/edit/", form_of(page) | {"action-publish": "1"})
        assert answer.status_code == 302
        assert PagePublication.objects.get(page_id=page.pk).published_by_id == sites.head.user_id
        assert browser.get("/pages/about/").status_code == 200

    def test_the_writer_is_told_why_it_stays_a_draft(self, sites: Sites) -> None:
        page = websites_page(sites)
        browser = self.signed_in(sites.clerk.user_id)
        given = form_of(page) | {"lead": "科员改的导语", "action-publish": "1"}
        answer = browser.post(f"/admin/pages/{page.pk}/edit/", given, follow=True)
        assert "由网站的另一位同志看过以后发布" in answer.content.decode()
        assert not PagePublication.objects.filter(page_id=page.pk).exists()
        assert Revision.objects.filter(object_id=str(page.pk)).count() == 2

    def test_a_drafter_has_no_button_to_publish(self, sites: Sites) -> None:
        page = websites_page(sites)
        text = self.signed_in(sites.writer.user_id).get(f"/admin/pages/{page.pk}/edit/").content.decode()
        assert "action-publish" not in text

    def test_people_of_another_site_do_not_get_in(self, sites: Sites) -> None:
        sites.town()
        page = websites_page(sites)
        browser = self.signed_in(sites.town_clerk.user_id)
        assert browser.get(f"/admin/pages/{page.pk}/edit/").status_code in (302, 403)
        assert browser.get(f"/admin/pages/add/portal/textpage/{sites.primary.home_id}/").status_code in (302, 403)

    def test_taking_down_in_wagtail_takes_it_off_the_site(self, sites: Sites) -> None:
        page = websites_page(sites)
        sites.publish(page)
        Page.objects.filter(pk=page.pk).update(live=True)
        browser = self.signed_in(sites.head.user_id)
        browser.post(f"/admin/pages/{page.pk}/unpublish/", {})
        ended = PagePublication.objects.get(page_id=page.pk)
        assert (ended.ended_at is not None, ended.ended_by_id) == (True, sites.head.user_id)

    def test_the_first_page_is_neither_taken_down_nor_deleted(self, sites: Sites) -> None:
        browser = self.signed_in(sites.head.user_id)
        for verb in ("unpublish", "delete", "move"):
            browser.post(f"/admin/pages/{sites.primary.home_id}/{verb}/", {})
        assert PagePublication.objects.get(page_id=sites.primary.home_id).ended_at is None

    def test_pages_are_not_published_in_bulk(self, sites: Sites) -> None:
        page = websites_page(sites)
        browser = self.signed_in(sites.head.user_id)
        browser.post(f"/admin/bulk/wagtailcore/page/publish/?id={page.pk}&next=/admin/", {})
        assert not PagePublication.objects.filter(page_id=page.pk).exists()

    @pytest.mark.parametrize("kind", ["columnpage", "topicpage", "textpage"])
    def test_new_pages_have_a_form(self, sites: Sites, kind: str) -> None:
        browser = self.signed_in(sites.clerk.user_id)
        assert browser.get(f"/admin/pages/add/portal/{kind}/{sites.primary.home_id}/").status_code == 200

    def test_the_address_is_made_out_of_the_title(self, sites: Sites) -> None:
        browser = self.signed_in(sites.clerk.user_id)
        given = {"title": "使用帮助", "slug": "", "lead": "", "body-count": "0"}
        browser.post(f"/admin/pages/add/portal/textpage/{sites.primary.home_id}/", given)
        assert Page.objects.get(title="使用帮助").slug == "shiyongbangzhu"

    def test_preview_shows_the_draft_as_the_public_would_read_it(self, sites: Sites, bureau: Bureau) -> None:
        item = bureau.published(title="关于临时救助的通知", now=NOW)
        page = sites.draft(PageKind.TOPIC, slug="t", title="专题草稿", lead="导语", body=topic_body(item))
        browser = self.signed_in(sites.writer.user_id)
        text = browser.get(f"/admin/pages/{page.pk}/view_draft/").content.decode()
        assert "专题草稿" in text
        assert "关于临时救助的通知" in text
        assert browser.get("/topics/t/").status_code == 404


def websites_page(sites: Sites) -> object:
    return sites.draft(PageKind.TEXT, slug="about", title="关于本网站", lead="谁办的，怎么用。")


def form_of(page: object) -> dict[str, str]:
    return {"title": page.title, "slug": page.slug, "lead": page.lead, "body-count": "0"}
