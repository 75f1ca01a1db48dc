"""Pages of campaigns and batches: ticking on the board, the trial, saying yes, the letters; hidden from other units."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from gongkai.domain.foi import commands as c
from gongkai.domain.foi.model import Stage
from gongkai.features.foi.models import Application, BatchRun, Campaign, CampaignMember
from gongkai.features.foi.services import batches
from gongkai.features.foi.services.batch_steps import VERBS
from gongkai.kernel.accounts.models import User
from gongkai.kernel.accounts.roles import Role
from tests.factories.foi import NAME, PHONE, Desk
from tests.factories.world import World
from tests.features.foi.campaign_kit import Campaigning

pytestmark = pytest.mark.django_db
NEW = "/admin/foi/batches/new/"


@pytest.fixture
def kit(world: World) -> Campaigning:
    """Like cases on the real day, as the pages read the clock."""
    desk = Desk(world, timezone.localdate())
    return Campaigning(desk, desk.today)


def entered(kit: Campaigning, who: str = "clerk") -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=getattr(kit.desk, who).user_id))
    return client


@pytest.fixture
def clerk(kit: Campaigning) -> Client:
    return entered(kit)


def ids(cases: list[Application]) -> list[str]:
    return [str(one.pk) for one in cases]


def draft(kit: Campaigning, **more: Any) -> dict[str, Any]:
    return {"step": "draft", "do": "try", "on": kit.day.isoformat(), "disposition": "granted_provide", **more}


class TestBoard:
    def test_cases_can_be_ticked_and_the_steps_are_those_of_the_role(self, kit: Campaigning, clerk: Client) -> None:
        kit.cases(1)
        page = clerk.get("/admin/foi/").content.decode()
        assert 'name="ids"' in page and "归入同类申请" in page and ">签发<" not in page
        leader = entered(kit, "leader").get("/admin/foi/").content.decode()
        assert ">签发<" in leader and "归入同类申请" not in leader

    def test_nothing_chosen_is_told_on_the_board(self, kit: Campaigning, clerk: Client) -> None:
        kit.cases(1)
        for sent in ({"pick": "ids", "step": "accept"}, {"pick": "board", "step": ""}):
            answer = clerk.post(NEW, sent, follow=True)
            assert answer.redirect_chain and (
                "没有选中" in answer.content.decode() or "请先选择" in answer.content.decode()
            )


class TestJoining:
    def test_ticked_cases_into_a_new_campaign(self, kit: Campaigning, clerk: Client) -> None:
        cases = kit.cases(3)
        asked = clerk.post(NEW, {"pick": "ids", "step": "join", "ids": ids(cases[:2])}).content.decode()
        assert "共 2 件" in asked and "办理中 2 件" in asked
        answer = clerk.post(
            NEW, {"pick": "ids", "step": "join", "ids": ids(cases[:2]), "do": "try", "name": "学府路"}, follow=True
        )
        campaign = Campaign.objects.get(name="学府路")
        assert answer.redirect_chain[-1][0] == f"/admin/foi/campaigns/{campaign.pk}/"
        assert "已归入 2 件" in answer.content.decode()
        assert campaign.members.count() == 2

    def test_a_name_or_a_campaign_is_needed_and_not_both(self, kit: Campaigning, clerk: Client) -> None:
        case, campaign = kit.cases(1), kit.campaign()
        sent = {"pick": "ids", "step": "join", "ids": ids(case)}
        assert "选填" not in clerk.post(NEW, sent).content.decode()
        sent["do"] = "try"
        assert clerk.post(NEW, sent).status_code == 422
        assert clerk.post(NEW, {**sent, "campaign": "", "name": ""}).status_code == 422
        assert CampaignMember.objects.count() == 0 and campaign.members.count() == 0

    def test_by_wordings_that_are_like_one(self, kit: Campaigning, clerk: Client) -> None:
        cases = kit.cases(3)
        page = clerk.get(f"/admin/foi/{cases[0].pk}/alike/").content.decode()
        assert "完全一致" in page and "100%：3 件" in page
        key = re.search(r'name="wording" value="(\w+)"', page)
        assert key is not None
        sent = {"pick": "alike", "like": str(cases[0].pk), "step": "join", "do": "try", "name": "一样的"}
        clerk.post(NEW, {**sent, "wording": key[1]})
        assert CampaignMember.objects.filter(share=100).count() == 3

    def test_a_case_alone_is_like_none(self, kit: Campaigning, clerk: Client) -> None:
        (case,) = kit.cases(1)
        page = clerk.get(f"/admin/foi/{case.pk}/alike/").content.decode()
        assert "没有相似的申请" in page and "完全一致" not in page

    def test_by_a_share_of_wording_in_common(self, kit: Campaigning, clerk: Client) -> None:
        cases = kit.cases(2)
        sent = {"pick": "alike", "like": str(cases[0].pk), "least": "90", "step": "join", "do": "try", "name": "很像的"}
        clerk.post(NEW, sent)
        assert CampaignMember.objects.count() == 2

    def test_leaving_by_ticking_on_the_page_of_the_campaign(self, kit: Campaigning, clerk: Client) -> None:
        cases = kit.cases(2)
        campaign = kit.joined(cases)
        sent = {"pick": "members", "campaign": str(campaign.pk), "step": "leave", "ids": ids(cases[:1]), "do": "try"}
        assert "已移出 1 件" in clerk.post(NEW, sent, follow=True).content.decode()
        assert campaign.members.count() == 1


class TestSteps:
    def test_a_trial_tells_and_a_yes_does(self, kit: Campaigning, clerk: Client) -> None:
        cases, early = kit.cases(2), kit.cases(1)
        kit.desk.do(early[0], c.Withdraw(on=kit.day, statement="撤回"))
        campaign = kit.joined([*cases, *early])
        sent = {"pick": "campaign", "campaign": str(campaign.pk), "stage": ""}
        asked = clerk.post(NEW, {**sent, "step": "draft"}).content.decode()
        assert "处理决定" in asked and "共 3 件" in asked
        told = clerk.post(NEW, {**sent, **draft(kit)}, follow=True).content.decode()
        run = BatchRun.objects.get(step="draft")
        assert "试算完成" in told and "确认办理 2 件" in told and early[0].register_no in told
        assert set(Application.objects.values_list("stage", flat=True)) == {Stage.HANDLING.value, Stage.WITHDRAWN.value}
        done = clerk.post(f"/admin/foi/batches/{run.pk}/start/", follow=True).content.decode()
        assert "已完成" in done and "接着办理这 2 件" in done
        after = clerk.post(NEW, {"pick": "run", "run": str(run.pk), "step": "hear_counsel"}).content.decode()
        assert "共 2 件" in after
        assert Application.objects.filter(stage=Stage.DECIDING.value).count() == 2

    def test_what_is_wrong_with_the_form_stands_there_and_nothing_is_asked(
        self, kit: Campaigning, clerk: Client
    ) -> None:
        cases = kit.cases(1)
        answer = clerk.post(NEW, {"pick": "ids", "ids": ids(cases), **draft(kit, on="")})
        assert answer.status_code == 422 and not BatchRun.objects.exists()

    def test_everything_that_a_board_holds(self, kit: Campaigning, clerk: Client) -> None:
        kit.cases(2)
        kit.cases(1, subject="水库验收报告")
        sent = {"pick": "board", "board": "open", "text": "环境影响", **draft(kit)}
        clerk.post(NEW, sent)
        assert BatchRun.objects.get().total == 2

    @pytest.mark.parametrize("verb", [*VERBS])
    def test_every_step_has_a_form(self, kit: Campaigning, verb: Any) -> None:
        cases = kit.cases(1)
        for who in ("clerk", "head", "leader", "lawyer"):
            answer = entered(kit, who).post(NEW, {"pick": "ids", "ids": ids(cases), "step": verb.value})
            assert answer.status_code in (200, 403)

    def test_the_reply_goes_out_by_each_one_s_own_way(self, kit: Campaigning, clerk: Client) -> None:
        cases = kit.cases(1)
        kit.started(kit.step(cases, c.Draft(on=kit.day, disposition="granted_provide")))
        kit.started(kit.step(cases, c.Sign(on=kit.day, signed_by="局长"), by=kit.desk.leader), by=kit.desk.leader)
        clerk.post(NEW, {"pick": "ids", "ids": ids(cases), "step": "send", "do": "try", "on": kit.day.isoformat()})
        run = BatchRun.objects.latest("pk")
        assert (run.passed, run.values["as_wanted"]) == (1, True)

    def test_a_large_one_is_left_to_a_job_and_the_page_asks_for_itself_again(
        self, kit: Campaigning, clerk: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(batches, "SMALL", 0)
        answer = clerk.post(NEW, {"pick": "ids", "ids": ids(kit.cases(2)), **draft(kit)}, follow=True)
        assert answer["Refresh"] == "5" and "正在试算" in answer.content.decode()

    def test_lines_that_say_the_same_are_listed(self, kit: Campaigning, clerk: Client) -> None:
        cases = kit.cases(2)
        run = kit.step(cases, c.Archive(on=kit.day))
        page = clerk.get(f"/admin/foi/batches/{run.pk}/").content.decode()
        found = re.search(r"state=refused&amp;like=(\d+)", page)
        assert found is not None
        listed = clerk.get(f"/admin/foi/batches/{run.pk}/?state=refused&like={found[1]}").content.decode()
        assert all(one.register_no in listed for one in cases)
        assert clerk.get(f"/admin/foi/batches/{run.pk}/?state=x&like=%27&page=999").status_code == 200

    def test_only_who_may_stop_it_is_offered_to(self, kit: Campaigning, clerk: Client) -> None:
        run = kit.step(kit.cases(1), c.Draft(on=kit.day, disposition="granted_provide"))
        address = f"/admin/foi/batches/{run.pk}/"
        assert "不办了" in clerk.get(address).content.decode()
        lawyer = entered(kit, "lawyer")
        assert "不办了" not in lawyer.get(address).content.decode()
        assert lawyer.post(f"{address}stop/", follow=True).status_code in (200, 403)
        run.refresh_from_db()
        assert run.state == "tried"

    def test_stop_and_again(self, kit: Campaigning, clerk: Client) -> None:
        run = kit.step(kit.cases(1), c.Draft(on=kit.day, disposition="granted_provide"))
        assert "已停止" in clerk.post(f"/admin/foi/batches/{run.pk}/stop/", follow=True).content.decode()
        assert "试算完成" in clerk.post(f"/admin/foi/batches/{run.pk}/again/", follow=True).content.decode()


class TestLetters:
    def test_chosen_written_once_for_all_and_handed_out(self, kit: Campaigning, clerk: Client) -> None:
        kit.facts()
        cases = kit.cases(2)
        kit.started(kit.step(cases, c.Draft(on=kit.day, disposition="granted_provide")))
        sent = {"pick": "ids", "ids": ids(cases), "step": "letter"}
        choice = clerk.post(NEW, sent).content.decode()
        assert 'value="L10_granted"' in choice and "制作哪种文书" in choice
        asked = clerk.post(NEW, {**sent, "letter": "L10_granted"}).content.decode()
        assert 'name="facts"' in asked and 'name="addressee"' not in asked and "赵" not in asked
        words = {
            "facts": "该信息由本机关制作",
            "provided": "批复一份",
            "sealed": "on",
            "letter": "L10_granted",
            "do": "try",
        }
        told = clerk.post(NEW, {**sent, **words}, follow=True).content.decode()
        assert "确认办理 2 件" in told
        run = BatchRun.objects.get(step="letter")
        clerk.post(f"/admin/foi/batches/{run.pk}/start/")
        page = clerk.get(f"/admin/foi/batches/{run.pk}/").content.decode()
        assert "文书 2 份" in page
        for kind in ("zip", "print"):
            answer = clerk.post(f"/admin/foi/batches/{run.pk}/letters/{kind}/")
            assert answer.getvalue().startswith(b"PK")
        assert "没有可以下载" in clerk.post(f"/admin/foi/batches/{run.pk}/letters/x/", follow=True).content.decode()


class TestCampaignPages:
    def test_figures_members_and_what_was_done(self, kit: Campaigning, clerk: Client) -> None:
        cases = kit.cases(2)
        campaign = kit.joined(cases)
        page = clerk.get(f"/admin/foi/campaigns/{campaign.pk}/").content.decode()
        assert "办理中" in page and cases[0].register_no in page and "归入同类申请" in page
        assert NAME not in page and PHONE not in page
        narrowed = clerk.get(f"/admin/foi/campaigns/{campaign.pk}/?stage=decided&text=zz&page=9").content.decode()
        assert "没有符合条件的申请" in narrowed
        assert campaign.name in clerk.get("/admin/foi/campaigns/").content.decode()
        assert campaign.name in clerk.get(f"/admin/foi/{cases[0].pk}/").content.decode()

    def test_empty_ones_say_what_to_do(self, kit: Campaigning, clerk: Client) -> None:
        assert "还没有同类申请" in clerk.get("/admin/foi/campaigns/").content.decode()
        assert "还没有批量办理过" in clerk.get("/admin/foi/batches/").content.decode()
        campaign = kit.campaign()
        assert "这一组里没有申请" in clerk.get(f"/admin/foi/campaigns/{campaign.pk}/").content.decode()
        answer = clerk.post(f"/admin/foi/campaigns/{campaign.pk}/", {"name": "新名称", "note": ""}, follow=True)
        assert Campaign.objects.get().name == "新名称" and "已保存" in answer.content.decode()
        answer = clerk.post(f"/admin/foi/campaigns/{campaign.pk}/delete/", follow=True)
        assert answer.redirect_chain[-1][0] == "/admin/foi/campaigns/" and "已删除“新名称”" in answer.content.decode()
        assert not Campaign.objects.exists()

    def test_a_refused_name_is_told_beside_what_was_typed(self, kit: Campaigning, clerk: Client) -> None:
        campaign = kit.joined(kit.cases(1))
        taken = kit.campaign("河东路")
        answer = clerk.post(f"/admin/foi/campaigns/{campaign.pk}/", {"name": taken.name, "note": "街道办转来的一批"})
        page = answer.content.decode()
        assert answer.status_code == 422
        assert 'value="河东路"' in page and "街道办转来的一批" in page and 'id="change" open' in page
        assert "河东路" not in page[: page.index("</h1>")]
        assert set(Campaign.objects.values_list("name", "note")) == {(campaign.name, campaign.note), ("河东路", "")}

    def test_one_with_applications_is_not_deleted_and_says_why(self, kit: Campaigning, clerk: Client) -> None:
        campaign = kit.joined(kit.cases(1))
        answer = clerk.post(f"/admin/foi/campaigns/{campaign.pk}/delete/", follow=True)
        assert answer.redirect_chain[-1][0] == f"/admin/foi/campaigns/{campaign.pk}/"
        assert "这一组里还有1件申请" in answer.content.decode()
        assert Campaign.objects.exists()

    def test_the_page_costs_as_many_statements_with_many_as_with_one(self, kit: Campaigning, clerk: Client) -> None:
        campaign = kit.joined(kit.cases(1))
        address = f"/admin/foi/campaigns/{campaign.pk}/"
        clerk.get(address)
        with CaptureQueriesContext(connection) as one:
            clerk.get(address)
        kit.joined(kit.cases(6), campaign)
        with CaptureQueriesContext(connection) as seven:
            clerk.get(address)
        assert len(one) == len(seven)

    @pytest.mark.parametrize("role", [*Role])
    def test_another_unit_gets_404_the_authority_included(self, kit: Campaigning, role: Role) -> None:
        cases = kit.cases(1)
        campaign = kit.joined(cases)
        run = kit.step(cases, c.Draft(on=kit.day, disposition="granted_provide"))
        stranger = Client()
        stranger.force_login(kit.desk.world.person(role, kit.desk.world.office))
        for address in (f"campaigns/{campaign.pk}/", f"batches/{run.pk}/", f"{cases[0].pk}/alike/"):
            assert stranger.get(f"/admin/foi/{address}").status_code == 404
        for address in (
            f"batches/{run.pk}/start/",
            f"batches/{run.pk}/letters/zip/",
            f"campaigns/{campaign.pk}/delete/",
        ):
            assert stranger.post(f"/admin/foi/{address}").status_code == 404
        for sent in (
            {"pick": "campaign", "campaign": str(campaign.pk), "step": "accept"},
            {"pick": "run", "run": str(run.pk), "step": "accept"},
            {"pick": "alike", "like": str(cases[0].pk), "step": "join"},
        ):
            assert stranger.post(NEW, sent).status_code == 404
        answer = stranger.post(NEW, {"pick": "ids", "ids": ids(cases), "step": "accept"}, follow=True)
        assert campaign.name not in answer.content.decode() and cases[0].subject not in answer.content.decode()
        assert CampaignMember.objects.count() == 1 and BatchRun.objects.filter(state="done").count() == 1
