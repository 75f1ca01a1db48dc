"""What readers say of a page: how it comes in, what is kept of it, and who closes it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client

from gongkai.features.disclosure.models import Item
from gongkai.features.disclosure.services.endings import publication_withdraw
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.audit.models import Entry
from gongkai.kernel.errors import NotPermitted, Refused
from gongkai.portal.feedback import permissions, selectors, services, throttle
from gongkai.portal.models import PageFeedback
from tests.factories.disclosure import Bureau
from tests.factories.world import NOW, World

LATER = NOW + timedelta(hours=1)


@pytest.fixture(autouse=True)
def _nobody_has_asked() -> None:
    cache.clear()


@pytest.fixture
def bureau(db: None) -> Bureau:
    return Bureau(World())


@pytest.fixture
def item(bureau: Bureau) -> Item:
    return bureau.published(title="关于公布惠民补贴的通知")


def say(item: Item, *, useful: bool = False, text: str = "看不懂第二条") -> PageFeedback:
    return services.feedback_give(uid=item.uid, useful=useful, text=text, now=LATER)


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [issue.code for issue in refused.value.issues]


class TestGiving:
    def test_keeps_what_was_said_with_the_unit_that_answers_for_the_page(self, bureau: Bureau, item: Item) -> None:
        said = say(item)
        assert (said.title, said.unit_id, said.useful, said.text) == (item.title, bureau.unit.pk, False, "看不懂第二条")

    @pytest.mark.parametrize(
        ("text", "hidden"),
        [
            ("我的电话13812345678", "13812345678"),
            ("身份证11010519491231002X", "11010519491231002X"),
            ("账号 6222021234567890", "6222021234567890"),
        ],
    )
    def test_masks_personal_data_before_anything_is_kept(self, item: Item, text: str, hidden: str) -> None:
        say(item, text=text)
        kept = PageFeedback.objects.get().text
        assert hidden not in kept
        assert "*" in kept

    def test_refuses_a_page_that_is_not_public(self, bureau: Bureau, item: Item) -> None:
        publication_withdraw(actor=bureau.office, item_id=item.pk, kind="withdrawn", reason="有误", now=NOW)
        with pytest.raises(Refused) as refused:
            say(item)
        assert codes(refused) == ["feedback.page_not_public"]

    def test_tells_everything_that_is_wrong_at_once(self, item: Item, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(services, "MOST_A_DAY", 1)
        say(item)
        with pytest.raises(Refused) as refused:
            say(item, text="长" * 501)
        assert codes(refused) == ["feedback.too_long", "feedback.enough"]

    def test_takes_more_of_a_page_on_another_day(self, item: Item, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(services, "MOST_A_DAY", 1)
        say(item)
        services.feedback_give(uid=item.uid, useful=True, text="", now=LATER + timedelta(days=1, seconds=1))
        assert PageFeedback.objects.count() == 2


class TestClosing:
    def test_writes_down_who_did_what(self, bureau: Bureau, item: Item) -> None:
        said = say(item)
        done = services.feedback_close(actor=bureau.drafter, feedback_id=said.pk, note=" 已改写 ", now=LATER)
        assert (done.note, done.closed_at, done.closed_by_id) == ("已改写", LATER, bureau.drafter.user_id)
        entry = Entry.objects.filter(action="portal.feedback.close").get()
        assert entry.target_id == str(said.pk)

    def test_asks_for_a_note_and_is_done_once(self, bureau: Bureau, item: Item) -> None:
        said = say(item)
        with pytest.raises(Refused) as refused:
            services.feedback_close(actor=bureau.office, feedback_id=said.pk, note=" ", now=LATER)
        assert codes(refused) == ["feedback.note_missing"]
        services.feedback_close(actor=bureau.office, feedback_id=said.pk, note="已改", now=LATER)
        with pytest.raises(Refused) as again:
            services.feedback_close(actor=bureau.office, feedback_id=said.pk, note="再改", now=LATER)
        assert codes(again) == ["feedback.closed_already"]

    def test_is_not_for_another_unit(self, bureau: Bureau, item: Item) -> None:
        said = say(item)
        stranger = bureau.world.actor(Role.DRAFTER, bureau.world.education)
        with pytest.raises(NotPermitted):
            services.feedback_close(actor=stranger, feedback_id=said.pk, note="已改", now=LATER)
        assert PageFeedback.objects.get().closed_at is None


class TestSeeing:
    def test_counts_by_page_what_is_open_first(self, bureau: Bureau, item: Item) -> None:
        quiet = bureau.published(title="关于停水的公告")
        services.feedback_give(uid=quiet.uid, useful=True, text="", now=LATER + timedelta(hours=1))
        say(item)
        say(item, useful=True, text="清楚")
        say(item, useful=True, text="")
        rows = selectors.page_list(actor=bureau.office)
        assert [(row.title, row.useful, row.useless, row.open) for row in rows] == [
            (item.title, 2, 1, 2),
            ("关于停水的公告", 1, 0, 0),
        ]

    def test_is_for_those_whom_the_permission_says(self, bureau: Bureau, item: Item) -> None:
        say(item)
        world = bureau.world
        actors = [world.actor(role, unit) for role in Role for unit in (bureau.unit, world.education, world.office)]
        for actor in [*actors, Actor.anonymous()]:
            may = permissions.can_handle_feedback(actor, bureau.unit.pk)
            assert bool(selectors.page_list(actor=actor)) is may
            assert may <= permissions.can_handle_any_feedback(actor)
            own = bureau.unit.pk in permissions.handled_units(actor)
            assert (own or permissions.can_handle_all_feedback(actor)) is may
        holders = {
            (role, unit)
            for actor in actors
            for role, unit in actor.grants
            if permissions.can_handle_feedback(actor, bureau.unit.pk)
        }
        assert {role for role, _ in holders} == {Role.DRAFTER, Role.DISCLOSURE_OFFICE, Role.DISCLOSURE_OFFICE_HEAD}
        assert (Role.DRAFTER, world.education.pk) not in holders
        assert (Role.DISCLOSURE_OFFICE, world.office.pk) in holders


class TestForm:
    def address(self, item: Item) -> str:
        return f"/feedback/?about={item.uid}"

    def test_is_linked_from_the_page_that_holds_no_token(self, client: Client, item: Item) -> None:
        page = client.get(f"/info/{item.uid}/")
        assert f'href="{self.address(item)}"' in page.content.decode()
        assert "csrfmiddlewaretoken" not in page.content.decode()

    def test_takes_it_in_and_leads_back(self, client: Client, item: Item) -> None:
        response = client.post(self.address(item), {"useful": "no", "text": "缺附件"}, follow=True)
        assert "谢谢" in response.content.decode()
        assert f'href="/info/{item.uid}/"' in response.content.decode()
        assert PageFeedback.objects.get().text == "缺附件"

    def test_asks_for_a_choice(self, client: Client, item: Item) -> None:
        response = client.post(self.address(item), {"text": "缺附件"})
        assert response.status_code == 422
        assert "请选一项" in response.content.decode()
        assert "缺附件" in response.content.decode()
        assert not PageFeedback.objects.exists()

    @pytest.mark.parametrize("about", ["", "x", "\x00", "00000000-0000-4000-8000-000000000000"])
    def test_answers_404_for_what_is_no_page(self, client: Client, db: None, about: str) -> None:
        assert client.get("/feedback/", {"about": about}).status_code == 404
        assert client.post(f"/feedback/?about={about}".replace("\x00", "%00"), {"useful": "no"}).status_code == 404

    def test_holds_back_who_sends_without_a_pause(self, client: Client, item: Item) -> None:
        answers = [client.post(self.address(item), {"useful": "yes"}).status_code for _ in range(throttle.MOST + 2)]
        assert answers == [302] * throttle.MOST + [429] * 2
        assert PageFeedback.objects.count() == throttle.MOST


class TestStaffPages:
    def test_show_close_and_say_so(self, client: Client, bureau: Bureau, item: Item) -> None:
        said = say(item)
        client.force_login(
            bureau.world.person(Role.DISCLOSURE_OFFICE, bureau.unit),
            backend="django.contrib.auth.backends.ModelBackend",
        )
        assert item.title in client.get("/admin/page-feedback/").content.decode()
        page = client.get(f"/admin/page-feedback/{item.uid}/").content.decode()
        assert "看不懂第二条" in page
        answer = client.post(f"/admin/page-feedback/{said.pk}/close/", {"note": "已改写第二条"}, follow=True)
        assert "已经办结" in answer.content.decode()
        assert "已改写第二条" in answer.content.decode()

    def test_hide_what_another_unit_was_told(self, client: Client, bureau: Bureau, item: Item) -> None:
        said = say(item)
        client.force_login(
            bureau.world.person(Role.DRAFTER, bureau.world.education),
            backend="django.contrib.auth.backends.ModelBackend",
        )
        assert item.title not in client.get("/admin/page-feedback/").content.decode()
        assert client.get(f"/admin/page-feedback/{item.uid}/").status_code == 404
        assert client.post(f"/admin/page-feedback/{said.pk}/close/", {"note": "x"}).status_code == 404
