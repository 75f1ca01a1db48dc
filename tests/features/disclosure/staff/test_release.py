"""The release page, the desk, bundles and timeliness, by what people are to the item."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from gongkai.features.disclosure.models import (
    Bundle,
    GateOverride,
    GateRun,
    Item,
    Publication,
    PublicationEnd,
    Schedule,
)
from gongkai.features.disclosure.staff.release_words import distance_words, moment_words
from gongkai.kernel.accounts.roles import Role
from tests.factories.disclosure import Bureau, fresh
from tests.factories.world import NOW
from tests.features.disclosure.staff.desk import browser, page_of, today, url, words_of

PHONE = "<p>有事请联系李某某，电话13907971234，地址东街。</p>"


@pytest.fixture
def item(bureau: Bureau) -> Item:
    return bureau.approved(title="关于公布便民服务清单的通知")


def phone_body() -> tuple[dict[str, Any], ...]:
    return ({"id": "a", "type": "paragraph", "value": PHONE},)


def in_seconds(seconds: int) -> dict[str, str]:
    at = timezone.localtime(timezone.now() + timedelta(seconds=seconds))
    return {"publish_on": at.date().isoformat(), "publish_time": at.strftime("%H:%M:%S")}


class TestMomentWords:
    @pytest.mark.parametrize(
        ("at", "words"),
        [
            (datetime(2026, 11, 25, 1, 0, tzinfo=NOW.tzinfo), "11月25日（周三）09:00:00，距今3天"),
            (datetime(2026, 11, 22, 3, 30, 5, tzinfo=NOW.tzinfo), "11月22日（周日）11:30:05，距今2小时30分钟"),
            (datetime(2026, 11, 22, 1, 0, 30, tzinfo=NOW.tzinfo), "11月22日（周日）09:00:30，距今30秒"),
            (datetime(2027, 1, 1, 1, 0, tzinfo=NOW.tzinfo), "2027年1月1日（周五）09:00:00，距今40天"),
        ],
    )
    def test_say_day_weekday_second_and_distance(self, at: datetime, words: str) -> None:
        assert moment_words(at, now=datetime(2026, 11, 22, 1, 0, tzinfo=NOW.tzinfo)) == words

    def test_say_what_has_passed(self) -> None:
        assert distance_words(NOW - timedelta(minutes=5), now=NOW) == "已过去5分钟"


class TestPublish:
    def test_puts_an_approved_item_before_the_public(self, bureau: Bureau, item: Item) -> None:
        client = browser(bureau.office)
        page = words_of(client.get(url("release", item.pk)))
        assert "全部签完" in page
        assert client.post(url("publish", item.pk)).status_code == 302
        publication = Publication.objects.get(item=item)
        shown = page_of(client.get(url("release", item.pk)))
        assert publication.digest[:4] in shown
        assert "发布证明" in shown

    def test_is_refused_with_every_reason(self, bureau: Bureau) -> None:
        draft = bureau.draft()
        response = browser(bureau.office).post(url("publish", draft.pk))
        assert response.status_code == 422
        assert "没有办成" in page_of(response)
        assert not Publication.objects.exists()

    def test_the_button_is_shut_while_something_stands_in_the_way(self, bureau: Bureau) -> None:
        draft = bureau.decide(bureau.draft())
        page = page_of(browser(bureau.office).get(url("release", draft.pk)))
        assert "disabled>立即发布" in page
        assert "还没有送审" in page

    @pytest.mark.parametrize(
        "role",
        [Role.DRAFTER, Role.FIRST_REVIEWER, Role.UNIT_LEADER, Role.SUPERVISOR, Role.SYSTEM_ADMINISTRATOR],
    )
    def test_is_the_office_that_publishes(self, bureau: Bureau, item: Item, role: Role) -> None:
        client = browser(bureau.people[role])
        assert "立即发布" not in page_of(client.get(url("release", item.pk)))
        for name, args in (("publish", ()), ("schedule", ()), ("unpublish", ())):
            data = {**in_seconds(3600), "unpublish_on": "2099-01-01"}
            assert client.post(url(name, item.pk, *args), data).status_code == 403
        assert client.get(url("withdraw", item.pk)).status_code in (302, 403)
        assert not Publication.objects.exists()

    def test_is_not_there_for_another_unit(self, bureau: Bureau, item: Item) -> None:
        stranger = browser(bureau.world.actor(Role.DISCLOSURE_OFFICE, bureau.world.justice, today()))
        for name in ("release", "preview", "withdraw"):
            assert stranger.get(url(name, item.pk)).status_code == 404
        for name in ("publish", "schedule", "gate_check", "override_ask"):
            assert stranger.post(url(name, item.pk), {**in_seconds(60), "reason": "x"}).status_code == 404


class TestGate:
    def test_shows_what_was_found_by_grade_with_what_to_do(self, bureau: Bureau) -> None:
        item = bureau.decide(bureau.draft(body=phone_body()))
        client = browser(bureau.office)
        assert client.post(url("gate_check", item.pk)).status_code == 302
        page = page_of(client.get(url("release", item.pk)))
        run = GateRun.objects.get(item=item)
        for issue in run.issues:
            assert f'id="finding-{issue["key"]}"' in page
        assert "13907971234" not in page

    def test_says_that_a_run_is_old(self, bureau: Bureau) -> None:
        item = bureau.decide(bureau.draft())
        client = browser(bureau.office)
        client.post(url("gate_check", item.pk))
        bureau.edit(item)
        assert "内容已改动，须重新检查" in page_of(client.get(url("release", item.pk)))


class TestOverride:
    @pytest.fixture
    def stopped(self, bureau: Bureau) -> tuple[Item, dict[str, Any]]:
        # An address inside the house stops, and two persons may let it pass.
        inside = '<p>详见<a href="http://10.0.0.5/list">办事指南全文</a>。</p>'
        item = bureau.approved(body=({"id": "a", "type": "paragraph", "value": inside},))
        browser(bureau.office).post(url("gate_check", item.pk))
        run = GateRun.objects.filter(item=item).latest("pk")
        return item, next(issue for issue in run.issues if issue["stops"] and issue["overridable"])

    def test_needs_a_reason(self, bureau: Bureau, stopped: tuple[Item, dict[str, Any]]) -> None:
        item, issue = stopped
        response = browser(bureau.drafter).post(url("override_ask", item.pk), {"key": issue["key"], "reason": ""})
        assert response.status_code == 422
        assert not GateOverride.objects.exists()

    def test_a_second_person_agrees_and_it_stays_lit(
        self, bureau: Bureau, stopped: tuple[Item, dict[str, Any]]
    ) -> None:
        item, issue = stopped
        asker, leader = browser(bureau.office), browser(bureau.people[Role.UNIT_LEADER])
        asker.post(url("override_ask", item.pk), {"key": issue["key"], "reason": "这是对外开放的地址"})
        override = GateOverride.objects.get()
        assert url("override_decide", override.pk) not in page_of(asker.get(url("release", item.pk)))
        assert "要由另一人同意" in page_of(asker.get(url("release", item.pk)))
        assert asker.post(url("override_decide", override.pk), {"decision": "agree"}).status_code == 403
        assert "这是对外开放的地址" in page_of(leader.get(url("override_list")))
        leader.post(url("override_decide", override.pk), {"decision": "agree"})
        override.refresh_from_db()
        assert override.state == "agreed"
        assert asker.post(url("publish", item.pk)).status_code == 302
        assert "这是对外开放的地址" in page_of(asker.get(url("release_desk")))

    def test_a_refusal_wants_a_note(self, bureau: Bureau, stopped: tuple[Item, dict[str, Any]]) -> None:
        item, issue = stopped
        browser(bureau.office).post(url("override_ask", item.pk), {"key": issue["key"], "reason": "值班电话"})
        override = GateOverride.objects.get()
        leader = browser(bureau.people[Role.UNIT_LEADER])
        leader.post(url("override_decide", override.pk), {"decision": "refuse"})
        assert GateOverride.objects.get().state == "asked"
        leader.post(url("override_decide", override.pk), {"decision": "refuse", "note": "是私人号码"})
        assert GateOverride.objects.get().state == "refused"
        assert "是私人号码" in page_of(browser(bureau.office).get(url("release", item.pk)))


class TestSchedule:
    def test_is_set_to_the_second_told_in_words_and_taken_back(self, bureau: Bureau, item: Item) -> None:
        client = browser(bureau.office)
        response = client.post(url("schedule", item.pk), in_seconds(3 * 24 * 3600), follow=True)
        assert re.search(r"\d+月\d+日（周.）\d\d:\d\d:\d\d，距今3天", page_of(response))
        schedule = Schedule.objects.get(item=item, state="waiting")
        assert fresh(item).state == "scheduled"
        assert url("release", item.pk) in page_of(client.get(url("release_desk")))
        client.post(url("schedule_cancel", item.pk, schedule.pk))
        assert fresh(item).state == "approved"

    def test_in_the_past_is_refused_with_what_was_typed(self, bureau: Bureau, item: Item) -> None:
        data = {"publish_on": "2020-01-02", "publish_time": "09:00:00"}
        response = browser(bureau.office).post(url("schedule", item.pk), data)
        assert response.status_code == 422
        assert "2020-01-02" in page_of(response)
        assert not Schedule.objects.exists()

    @pytest.mark.parametrize(
        "data", [{}, {"publish_on": "很快"}, {"publish_on": "2099-01-01", "publish_time": "25:00"}]
    )
    def test_nonsense_is_refused(self, bureau: Bureau, item: Item, data: dict[str, str]) -> None:
        assert browser(bureau.office).post(url("schedule", item.pk), data).status_code == 422

    def test_a_day_of_unpublishing_is_set(self, bureau: Bureau) -> None:
        item = bureau.published()
        client = browser(bureau.office)
        client.post(url("unpublish", item.pk), {"unpublish_on": "2099-01-01", "unpublish_time": ""})
        schedule = Schedule.objects.get(item=item, action="unpublish")
        assert timezone.localtime(schedule.due_at).isoformat() == "2099-01-01T00:00:00+08:00"
        assert "到期下架" in page_of(client.get(url("release", item.pk)))


class TestWhatIsGone:
    def test_a_problem_that_is_no_longer_found_is_named_as_such(self, bureau: Bureau) -> None:
        item = bureau.approved()
        response = browser(bureau.office).post(url("override_ask", item.pk), {"key": "gone", "reason": "已核实"})
        assert response.status_code == 422
        assert "已经不在检查结果里" in page_of(response)

    def test_a_time_that_is_none_is_told_with_an_example(self, bureau: Bureau) -> None:
        item = bureau.approved()
        data = {"publish_on": "2026-13-01", "publish_time": "25:99"}
        page = page_of(browser(bureau.office).post(url("schedule", item.pk), data))
        assert "应写成 09:00:00" in page
        assert 'value="25:99"' in page


class TestWithdraw:
    def test_wants_kind_and_reason(self, bureau: Bureau) -> None:
        item = bureau.published()
        response = browser(bureau.office).post(url("withdraw", item.pk), {})
        assert response.status_code == 422
        assert not PublicationEnd.objects.exists()

    def test_takes_the_item_down_and_keeps_the_record(self, bureau: Bureau) -> None:
        item = bureau.published()
        client = browser(bureau.office)
        data = {"kind": "withdrawn", "reason": "政策已调整", "redirect_to": ""}
        assert client.post(url("withdraw", item.pk), data).status_code == 302
        assert PublicationEnd.objects.get().kind == "withdrawn"
        assert "政策已调整" in page_of(client.get(url("release", item.pk)))
        assert "政策已调整" in page_of(client.get(url("release_desk")))

    def test_merges_into_an_item_that_was_found(self, bureau: Bureau) -> None:
        item, other = bureau.published(), bureau.published(title="关于合并办理事项的通知")
        client = browser(bureau.office)
        page = page_of(client.get(url("withdraw", item.pk), {"find": "合并办理"}))
        assert "关于合并办理事项的通知" in page
        data = {"find": "合并办理", "kind": "merged", "reason": "内容并入", "redirect_to": str(other.pk)}
        assert client.post(url("withdraw", item.pk), data).status_code == 302
        assert PublicationEnd.objects.get().redirect_to_id == other.pk

    def test_looking_for_another_item_keeps_what_was_typed(self, bureau: Bureau) -> None:
        item, other = bureau.published(), bureau.published(title="关于合并办理事项的通知")
        data = {"look": "1", "find": "合并办理", "kind": "merged", "reason": "内容已经并入"}
        response = browser(bureau.office).post(url("withdraw", item.pk), data)
        page = page_of(response)
        assert response.status_code == 200
        assert "内容已经并入" in page
        assert f'value="{other.pk}"' in page
        assert not PublicationEnd.objects.exists()

    def test_what_is_not_public_cannot_be_taken_down(self, bureau: Bureau, item: Item) -> None:
        assert browser(bureau.office).get(url("withdraw", item.pk)).status_code == 302


class TestPreview:
    def test_shows_the_newest_content_under_the_strict_policy(self, bureau: Bureau, item: Item) -> None:
        response = browser(bureau.office).get(url("preview", item.pk))
        assert item.title in page_of(response)
        assert "noindex" in response["X-Robots-Tag"]
        assert "unsafe-inline" not in response["Content-Security-Policy"]

    @pytest.mark.parametrize("width", [1440, 768, 375])
    def test_stands_in_the_release_page_at_three_widths(self, bureau: Bureau, item: Item, width: int) -> None:
        page = page_of(browser(bureau.office).get(url("release", item.pk), {"width": width}))
        assert f'width="{width}"' in page


class TestBundle:
    def test_goes_out_together_or_not_at_all(self, bureau: Bureau, item: Item) -> None:
        client = browser(bureau.office)
        client.post(url("bundle_list"), {"title": "办法和解读", "unit_id": bureau.unit.pk})
        bundle = Bundle.objects.get()
        draft = bureau.decide(bureau.draft(title="解读稿"))
        for one, role in ((item, "document"), (draft, "interpretation")):
            response = client.post(url("bundle_add", bundle.pk), {"item_id": one.pk, "role": role, "needs_item_id": ""})
            assert response.status_code == 302, words_of(response)
        page = page_of(client.get(url("bundle_detail", bundle.pk)))
        assert "还不能发布" in page
        refused = client.post(url("bundle_publish", bundle.pk))
        assert refused.status_code == 422
        assert "解读稿" in page_of(refused)
        assert not Publication.objects.exists()
        client.post(url("bundle_remove", bundle.pk, draft.pk))
        assert client.post(url("bundle_publish", bundle.pk)).status_code == 302
        assert Publication.objects.get().bundle_id == bundle.pk

    def test_is_scheduled_and_dissolved(self, bureau: Bureau, item: Item) -> None:
        client = browser(bureau.office)
        client.post(url("bundle_list"), {"title": "一套", "unit_id": bureau.unit.pk})
        bundle = Bundle.objects.get()
        client.post(url("bundle_add", bundle.pk), {"item_id": item.pk, "role": "other", "needs_item_id": ""})
        assert client.post(url("bundle_schedule", bundle.pk), in_seconds(3600)).status_code == 302
        assert Schedule.objects.filter(bundle=bundle, state="waiting").exists()
        client.post(url("bundle_unschedule", bundle.pk))
        assert not Schedule.objects.filter(bundle=bundle, state="waiting").exists()
        client.post(url("bundle_dissolve", bundle.pk))
        assert Bundle.objects.get().state == "dissolved"

    @pytest.mark.parametrize("role", [Role.DRAFTER, Role.FIRST_REVIEWER])
    def test_is_the_office_that_makes_bundles(self, bureau: Bureau, role: Role) -> None:
        client = browser(bureau.people[role])
        client.post(url("bundle_list"), {"title": "一套", "unit_id": bureau.unit.pk})
        assert not Bundle.objects.exists()


class TestTimeliness:
    def test_shows_units_and_leads_each_figure_to_its_list(self, bureau: Bureau) -> None:
        published = bureau.published(title="按时公开的通知")
        client = browser(bureau.office)
        period = {"since": "2026-02-01", "until": "2026-03-31"}
        page = page_of(client.get(url("timeliness"), period))
        assert "按时公开的通知" in page
        assert f"unit_id={bureau.unit.pk}&amp;standing=in_time" in page
        listed = page_of(client.get(url("timeliness"), {**period, "standing": "late"}))
        assert published.title not in listed

    def test_is_exported(self, bureau: Bureau) -> None:
        bureau.published(title="按时公开的通知")
        period = {"since": "2026-02-01", "until": "2026-03-31"}
        response = browser(bureau.office).get(url("timeliness_export"), period)
        cells = [cell.value for row in load_workbook(BytesIO(response.content)).active.rows for cell in row]
        assert "按时公开的通知" in cells
