"""Disclosure on application in a real browser: an applicant on a phone without JavaScript, by keyboard alone; a clerk from
receipt to archive with whoever has to sign; and every page of it accessible."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from tests.browser.looks import faults, sideways
from tests.factories.foi import NAME, NUMBER, PHONE, Desk
from tests.factories.foi_office import reply, set_up

from gongkai.domain.foi import commands as c
from gongkai.domain.foi.delivering import DeliveryFacts
from gongkai.domain.foi.model import Delivery, Stage
from gongkai.features.foi import services
from gongkai.features.foi.models import Application, ApplicationDraft, CasePaper, Suggestion
from gongkai.features.foi.public import figure_views
from gongkai.features.foi.selectors.figures import YearFigures
from gongkai.kernel.accounts.actor import Actor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

DIGITS = {sign: value for value, sign in enumerate("零一二三四五六七八九")}
WORDS = "学府路改造项目批复"


def number(words: str) -> int:
    """Read a number below twenty: 七, 十, 十三."""
    tens, _, ones = words.rpartition("十")
    return (10 if "十" in words else 0) + (DIGITS[ones] if ones else 0) + (0 if not tens else 10 * (DIGITS[tens] - 1))


def solve(question: str) -> int:
    """Answer the sum that stands where no script runs: 三加八, 十一减四."""
    found = re.search(r"([一二三四五六七八九十]+)([加减])([一二三四五六七八九十]+)等于", question)
    assert found is not None, question
    one, two = number(found[1]), number(found[3])
    return one + two if found[2] == "加" else one - two


class Keys:
    """Somebody who has no mouse and runs no scripts."""

    def __init__(self, page: Any) -> None:
        self.page = page

    def to(self, target: Any, most: int = 80) -> None:
        """Go on by Tab until the target has the focus."""
        for _ in range(most):
            self.page.keyboard.press("Tab")
            if target.evaluate("one => one === document.activeElement"):
                return
        raise AssertionError(f"{target} is not reached by Tab")

    def type_into(self, label: str, words: str) -> None:
        """Go to a field by its label and type."""
        self.to(self.page.get_by_label(label, exact=False).first)
        self.page.keyboard.type(words)

    def press(self, name: str) -> None:
        """Go to a button or link and press Enter."""
        button = self.page.get_by_role("button", name=name).or_(self.page.get_by_role("link", name=name)).first
        self.to(button)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")


class TestApplicant:
    def test_looks_applies_follows_confirms_and_withdraws_on_a_phone_by_keyboard_without_scripts(
        self, browser: Any, live_server: Any, desk: Desk
    ) -> None:
        context = browser.new_context(java_script_enabled=False, viewport={"width": 375, "height": 800}, locale="zh-CN")
        page = context.new_page()
        page.set_default_timeout(30_000)
        keys = Keys(page)
        page.goto(f"{live_server.url}/apply/")
        keys.press("在线申请")
        keys.type_into("您想要什么信息", WORDS)
        keys.press("查一查，下一步")
        assert page.get_by_role("link", name=re.compile("招标公告")).count() == 1 and sideways(page) == 0
        keys.press("都不是，继续申请")
        assert Suggestion.objects.get().outcome == Suggestion.Outcome.CONTINUED
        assert page.get_by_label("所需信息的名称").input_value() == WORDS and sideways(page) == 0
        keys.type_into("便于查找的其他特征", "2025年的批复全文")
        keys.press("保存草稿")
        keys.press("现在继续填写")
        assert page.get_by_label("便于查找的其他特征").input_value() == "2025年的批复全文"
        keys.to(page.get_by_label("向哪个单位申请"))
        page.get_by_label("向哪个单位申请").select_option(label=desk.unit.name)
        keys.type_into("姓名或者单位名称", NAME)
        keys.type_into("身份证件号码", NUMBER)
        keys.type_into("联系电话", PHONE)
        keys.to(page.get_by_label("我确认填写的内容属实"))
        page.keyboard.press("Space")
        keys.type_into("请回答", str(solve(page.get_by_text("请回答").first.inner_text())))
        keys.press("提交申请")
        application = Application.objects.get()
        assert page.get_by_text(application.register_no).is_visible() and sideways(page) == 0
        assert ApplicationDraft.objects.count() == 0
        keys.press("去查看和确认")
        assert page.get_by_role("heading", name="已提交，等待双方确认").is_visible() and sideways(page) == 0
        keys.press("确认是我提交的")
        assert page.get_by_text("已记录您的确认").is_visible()
        keys.to(page.locator("summary", has_text="撤回申请"))
        page.keyboard.press("Enter")
        keys.press("撤回这份申请")
        assert page.get_by_role("heading", name="您已撤回").is_visible()
        application.refresh_from_db()
        assert application.stage == Stage.WITHDRAWN.value
        context.close()

    def test_supplements_and_takes_the_reply_on_a_phone_by_keyboard_without_scripts(
        self, browser: Any, live_server: Any, desk: Desk
    ) -> None:
        set_up(desk)
        taken = desk.taken(now=timezone.now())
        day = desk.today
        desk.do(taken.application, c.NotifySupplement(on=day, items=("请写明年份",)))
        desk.do(taken.application, c.DeliverSupplementNotice(on=day))
        context = browser.new_context(java_script_enabled=False, viewport={"width": 375, "height": 800}, locale="zh-CN")
        page = context.new_page()
        page.set_default_timeout(30_000)
        keys = Keys(page)
        page.goto(f"{live_server.url}/apply/follow/")
        keys.type_into("查询码", taken.query_code)
        with page.expect_navigation():
            page.keyboard.press("Enter")
        assert page.get_by_text("请写明年份").is_visible() and sideways(page) == 0
        keys.type_into("补充说明", "2025年的")
        keys.press("提交补正")
        assert page.get_by_role("heading", name="正在办理").is_visible()
        desk.do(taken.application, c.Draft(on=day, disposition="granted_provide"))
        desk.do(taken.application, c.Sign(on=day, signed_by="局长"), by=desk.leader)
        letter = reply(desk, taken.application, delivery=Delivery.ONLINE)
        facts = DeliveryFacts(Delivery.ONLINE, day)
        services.delivery_note(actor=desk.clerk, paper_id=letter.pk, facts=facts, now=timezone.now())
        keys.press("逐日说明期限，可以打印")
        assert page.get_by_role("heading", name="逐日计算").is_visible() and sideways(page) == 0
        keys.press("返回办理进度")
        button = page.get_by_role("button", name=letter.title)
        keys.to(button)
        with page.expect_download() as got:
            page.keyboard.press("Enter")
        assert got.value.suggested_filename.endswith(".docx")
        taken.application.refresh_from_db()
        assert taken.application.stage == Stage.DELIVERED.value
        context.close()

    def test_with_scripts_nobody_is_asked_for_a_sum(self, page: Any, live_server: Any, desk: Desk) -> None:
        page.set_default_timeout(30_000)
        page.goto(f"{live_server.url}/apply/new/?unit={desk.unit.pk}")
        assert not page.get_by_label("请回答").is_visible()
        page.get_by_label("申请人", exact=True).select_option("business")
        assert page.get_by_label("统一社会信用代码").is_visible() and not page.get_by_label("身份证件号码").is_visible()
        page.get_by_label("申请人", exact=True).select_option("natural_person")
        for label, words in {
            "所需信息的名称": WORDS,
            "便于查找的其他特征": "全文",
            "姓名": NAME,
            "联系电话": PHONE,
        }.items():
            page.get_by_label(label).first.fill(words)
        page.get_by_label("身份证件号码").fill(NUMBER)
        page.get_by_label("我确认填写的内容属实").check()
        page.get_by_role("button", name="提交申请").click()
        page.get_by_role("heading", name="申请已提交").wait_for()
        assert Application.objects.count() == 1


class TestClerk:
    def test_a_case_from_receipt_to_archive(self, become: Callable[[Actor], Any], live_server: Any, desk: Desk) -> None:
        application = desk.online().application
        case = f"{live_server.url}/admin/foi/{application.pk}/"
        page = become(desk.clerk)

        def step(name: str) -> None:
            page.get_by_role("button", name=name, exact=True).first.click()
            page.get_by_text(f"已记录：{name}").first.wait_for()

        page.goto(f"{live_server.url}/admin/foi/?board=confirm")
        page.get_by_role("link", name=application.register_no).click()
        page.get_by_label("行政机关确认").check()
        page.get_by_label("申请人确认").check()
        step("记录签收或者确认")
        step("转入办理")
        page.get_by_label("处理决定").select_option("granted_provide")
        step("拟定答复")

        become(desk.leader)
        page.goto(case)
        step("签发")

        become(desk.clerk)
        page.goto(f"{case}letters/")
        page.get_by_role("link", name="政府信息公开告知书", exact=True).click()
        page.get_by_label("查明情况").wait_for()
        page.get_by_label("送达方式").select_option("in_person")
        for area in page.locator("main textarea").all():
            area.fill("学府路改造项目环境影响评价批复")
        page.get_by_label(re.compile("^已按规定用印")).check()
        page.get_by_role("button", name="预览").click()
        page.get_by_role("heading", name="预览", exact=True).wait_for()
        assert application.register_no in page.locator(".foi-letter").inner_text()
        page.get_by_label(re.compile("^已按规定用印")).check()
        page.get_by_role("button", name="制作并编号").click()
        page.get_by_text("已制作").first.wait_for()
        assert CasePaper.objects.get(kind="letter").letter_no

        page.locator("#send-delivery").select_option("post")
        step("发出答复")
        step("答复送达")
        for box in page.locator("#next ~ form input[type=checkbox]").all():
            box.check()
        step("办结")
        step("归档")
        application.refresh_from_db()
        assert (application.stage, application.disposition) == (Stage.ARCHIVED.value, "granted_provide")


class TestFigures:
    def test_numbers_told_together_fit_a_phone(
        self, page: Any, live_server: Any, desk: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        year, results = desk.today.year, (("予以公开", 30), ("部分公开", 2), ("不予公开", 6), ("其他处理", 3))
        told = YearFigures(year, 60, 41, 19, 40, 38, 12.3, results, (("网络", 51), ("当面", 9)))
        monkeypatch.setattr(figure_views, "public_figures", lambda **_: {year: told})
        page.goto(f"{live_server.url}/apply/figures/")
        for width in (375, 320):
            page.set_viewport_size({"width": width, "height": 800})
            assert page.get_by_text("合并列出").first.is_visible() and sideways(page) == 0


class TestEveryPage:
    def test_of_the_staff_is_accessible_in_two_looks_and_never_too_wide(
        self, become: Callable[[Actor], Any], live_server: Any, desk: Desk, axe: Callable[..., None]
    ) -> None:
        open_case, waiting = desk.taken().application, desk.online().application
        answered = desk.granted(desk.today)
        desk.do(answered, c.Serve(on=desk.today, proof="网上送达回执"))
        page = become(desk.clerk)
        paths = [
            "",
            "?board=confirm",
            "new/",
            f"{open_case.pk}/",
            f"{waiting.pk}/",
            f"{answered.pk}/",
            f"{open_case.pk}/letters/",
            f"{open_case.pk}/letters/L01_receipt/",
            f"{open_case.pk}/course/",
            "report/",
            "report/check/",
        ]
        wrong = faults(page, axe, f"{live_server.url}/admin/foi/", paths)
        assert not wrong, "\n".join(wrong)
