"""What comes after an answer in a real browser: every page accessible and never too wide, an entry put into words, an objection
without scripts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.utils import timezone
from tests.browser.looks import faults, sideways
from tests.factories.foi import Desk, person, request
from tests.factories.foi_after import archived, closed, paper
from tests.factories.world import World, moment

from gongkai.features.foi.models import DestructionLine, LogEntry, LogObjection, ProactiveProposal
from gongkai.features.foi.services import Taken, holds, log_sweeps, proposal_sweeps, proposals, retention
from gongkai.kernel.accounts.actor import Actor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Become = Callable[[Actor], Any]


class Scene:
    """Answered cases at every stage of what comes after."""

    def __init__(self, desk: Desk) -> None:
        self.desk, today = desk, desk.today
        earlier = Desk(desk.world, today - timedelta(days=60))
        earlier.clerk, earlier.leader = desk.clerk, desk.leader
        ready = closed(earlier, earlier.today)
        paper(desk, ready, "record", "项目批复.txt", "项目批复全文，准予建设。".encode(), today)
        log_sweeps.log_entries_propose(now=timezone.now())
        self.entry = LogEntry.objects.get(application=ready)
        self.taken: Taken = desk.taken(request=request(subject="农村饮水安全工程验收报告"))
        proposals.applicant_suggest(
            query_code=self.taken.query_code,
            subject="各村饮水工程的水质检测报告",
            wish="每家都关心水质，应当每季度公开。",
            now=timezone.now(),
        )
        for number, name in enumerate(("周一鸣", "吴双", "郑三元")):
            who = person(name=name, id_number="", phone=f"1397970123{number}")
            desk.taken(person=who, shown=True, request=request(subject="2026年老旧小区改造计划任务清单"))
        proposal_sweeps.proposals_find(now=timezone.now())
        self.proposal = ProactiveProposal.objects.get(source="repeated")
        self.suggested = ProactiveProposal.objects.get(source="suggested")
        self._retention(today)

    def _retention(self, today: date) -> None:
        long_ago = Desk(self.desk.world, date(today.year - 12, 3, 2))
        for one in ("clerk", "head", "leader"):
            setattr(long_ago, one, getattr(self.desk, one))
        cases = [
            archived(long_ago, long_ago.today, request=request(subject=f"第{number}件旧事")) for number in range(4)
        ]
        self.held = cases[3]
        found = retention.list_draw(
            actor=self.desk.clerk, unit_id=self.desk.unit.pk, year=today.year, now=moment(today, 1)
        )
        self.list_id = found.pk
        lines = list(DestructionLine.objects.order_by("pk").values_list("pk", flat=True))
        for chosen, verdict, until in (
            (lines[:2], "destroy", None),
            (lines[2:3], "extend", date(today.year + 10, 12, 31)),
        ):
            retention.lines_judge(
                actor=self.desk.clerk,
                list_id=found.pk,
                line_ids=chosen,
                verdict=verdict,
                reason="保管期满，没有继续保存的价值" if verdict == "destroy" else "还有参考价值",
                new_until=until,
                now=moment(today, 2),
            )
        retention.lines_agree(actor=self.desk.head, list_id=found.pk, line_ids=lines[:1], now=moment(today, 3))
        holds.hold_place(actor=self.desk.clerk, application_id=self.held.pk, reason="审计组调阅", now=moment(today, 4))
        self.destroyed = DestructionLine.objects.get(pk=lines[0]).application_id


@pytest.fixture
def scene(transactional_db: None, settings: LazySettings, tmp_path: Path) -> Scene:
    settings.FILES_DIR, settings.PROOF_WORK = tmp_path / "files", 0
    return Scene(Desk(World(), timezone.localdate()))


class TestEveryPage:
    def test_is_accessible_and_never_too_wide(
        self,
        become: Become,
        live_server: Any,
        scene: Scene,
        axe: Callable[..., None],
    ) -> None:
        page = become(scene.desk.head)
        paths = (
            "log/",
            "log/?tab=declined",
            f"log/{scene.entry.pk}/",
            "proposals/",
            f"proposals/{scene.proposal.pk}/",
            f"proposals/{scene.suggested.pk}/",
            "retention/",
            f"retention/{scene.list_id}/",
            f"{scene.held.pk}/",
            f"{scene.destroyed}/",
        )
        wrong = faults(page, axe, f"{live_server.url}/admin/foi/", paths)
        assert not wrong, "\n".join(wrong)


class TestOffice:
    def test_puts_an_answer_into_words_after_a_refusal(
        self,
        become: Become,
        live_server: Any,
        scene: Scene,
    ) -> None:
        page = become(scene.desk.clerk)
        page.goto(f"{live_server.url}/admin/foi/log/")
        page.get_by_role("link", name=scene.entry.application.register_no).click()
        page.get_by_label("标题").fill("道路改造环评批复的答复")
        page.get_by_label("申请了什么").fill("申请公开环评文件。")
        page.get_by_label("怎样答复").fill("已答复欧阳晓明。")
        page.get_by_label("项目批复").check()
        page.get_by_role("button", name="转为公开信息").click()
        page.get_by_text("怎样答复里有申请人的姓名或者名称").first.wait_for()
        page.get_by_label("怎样答复").fill("已提供批复全文。")
        page.get_by_label("项目批复").check()
        page.get_by_role("button", name="转为公开信息").click()
        page.get_by_text("已转为公开信息的拟稿").first.wait_for()
        scene.entry.refresh_from_db()
        assert scene.entry.state == "drafted"

    def test_two_persons_destroy_a_case(
        self,
        become: Become,
        live_server: Any,
        scene: Scene,
    ) -> None:
        page = become(scene.desk.head)
        page.goto(f"{live_server.url}/admin/foi/retention/{scene.list_id}/")
        line = DestructionLine.objects.get(verdict="destroy", agreed=False)
        page.get_by_label(f"选择 {line.application.register_no}").check()
        page.get_by_role("button", name="同意所选的鉴定意见").click()
        page.get_by_text("已复核 1 件").first.wait_for()
        line.refresh_from_db()
        assert line.erased_at is not None


class TestApplicant:
    def test_objects_and_suggests_without_scripts_on_a_phone(
        self, browser: Any, live_server: Any, scene: Scene
    ) -> None:
        context = browser.new_context(java_script_enabled=False, viewport={"width": 375, "height": 800}, locale="zh-CN")
        page = context.new_page()
        page.set_default_timeout(30_000)
        page.goto(f"{live_server.url}/apply/follow/")
        page.get_by_label("查询码").fill(scene.taken.query_code)
        page.get_by_role("button", name="查看").click()
        page.get_by_role("heading", name="建议主动公开").wait_for()
        assert sideways(page) == 0
        page.get_by_text("我认为有的信息应当主动公开").click()
        page.get_by_label("信息的名称").fill("各村饮水工程名单")
        page.get_by_role("button", name="提出建议").click()
        page.get_by_text("请填写理由").first.wait_for()
        assert page.get_by_label("信息的名称").input_value() == "各村饮水工程名单" and sideways(page) == 0
        page.get_by_role("button", name="不同意列入目录").click()
        page.get_by_text("不会列入").wait_for()
        assert LogObjection.objects.get().application == scene.taken.application
        context.close()
