"""Pages of the back office by which papers go on elsewhere, remedies are followed, and own records are amended."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from gongkai.domain.foi import commands as c
from gongkai.domain.foi.amendment import AmendmentCommand, AmendmentOutcome, AmendmentVerb
from gongkai.domain.foi.model import RemedyKind, Stage
from gongkai.domain.issues import Issue
from gongkai.features.foi import services
from gongkai.features.foi.models import AmendmentRequest, Application, CaseRemedy
from gongkai.features.foi.services import code_shown
from gongkai.features.foi.staff import letter_form
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.audit.models import Entry
from tests.factories.foi import NAME, NUMBER, PHONE, WANTED, WRONG, Desk, request
from tests.factories.world import World, moment

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 64
TEXT = "请公开：1.学府路改造项目环评批复；2.学府路改造项目施工许可证"


def signed_in(world: World, role: Role, unit: Any) -> Client:
    client = Client()
    client.force_login(world.person(role, unit))
    return client


@pytest.fixture
def now_desk(world: World) -> Desk:
    """A desk on the real day, as the pages read the clock."""
    return Desk(world, timezone.localdate())


@pytest.fixture
def clerk(now_desk: Desk) -> Client:
    return signed_in(now_desk.world, Role.DISCLOSURE_OFFICE, now_desk.unit)


@pytest.fixture
def other(now_desk: Desk) -> Client:
    return signed_in(now_desk.world, Role.DISCLOSURE_OFFICE, now_desk.world.finance)


def parts(desk: Desk, *texts: str, **more: str) -> dict[str, str]:
    """What the form of a split sends."""
    sent = {"part-TOTAL_FORMS": str(len(texts)), "part-INITIAL_FORMS": "0", "on": desk.today.isoformat()}
    for number, text in enumerate(texts):
        sent |= {f"part-{number}-subject": text, f"part-{number}-description": text}
    return {**sent, **more}


class TestSplitPage:
    def test_begins_with_the_parts_that_the_applicant_numbered(self, now_desk: Desk, clerk: Client) -> None:
        old = now_desk.taken(request=request(description=TEXT)).application
        page = clerk.get(f"/admin/foi/{old.pk}/split/").content.decode()
        assert 'value="学府路改造项目环评批复"' in page and 'value="学府路改造项目施工许可证"' in page
        assert f"/admin/foi/{old.pk}/split/" in clerk.get(f"/admin/foi/{old.pk}/").content.decode()

    def test_one_more_part_without_scripts(self, now_desk: Desk, clerk: Client) -> None:
        old = now_desk.taken().application
        sent = parts(now_desk, "甲文件", "乙文件", do="more", reason="说明")
        page = clerk.post(f"/admin/foi/{old.pk}/split/", sent).content.decode()
        assert "第 3 件" in page and 'value="甲文件"' in page and "说明</textarea>" in page

    def test_splits_and_shows_the_codes_once(self, now_desk: Desk, clerk: Client) -> None:
        old = now_desk.taken(request=request(subject="学府路", description=TEXT)).application
        sent = parts(now_desk, "学府路改造项目环评批复", "学府路改造项目施工许可证")
        answer = clerk.post(f"/admin/foi/{old.pk}/split/", sent)
        page = answer.content.decode()
        codes = [code_shown(one.query_code.for_machine()) for one in Application.objects.exclude(pk=old.pk)]
        assert len(codes) == 2 and all(code in page for code in codes)
        assert "no-store" in answer["Cache-Control"]
        page = clerk.get(f"/admin/foi/{old.pk}/").content.decode()
        assert "拆分为" in page and not any(code in page for code in codes)

    def test_tells_what_was_left_out_and_keeps_what_was_typed(self, now_desk: Desk, clerk: Client) -> None:
        old = now_desk.taken(request=request(description=TEXT)).application
        sent = parts(now_desk, "学府路改造项目环评批复", "另一份文件", "")
        answer = clerk.post(f"/admin/foi/{old.pk}/split/", sent)
        page = answer.content.decode()
        assert answer.status_code == 422 and "学府路改造项目施工许可证" in page and 'value="另一份文件"' in page
        assert Application.objects.count() == 1

    def test_a_case_that_has_gone_on_leads_back(self, now_desk: Desk, clerk: Client) -> None:
        old = now_desk.granted(now_desk.today)
        for page in ("split", "move", "merge"):
            assert clerk.get(f"/admin/foi/{old.pk}/{page}/").status_code == 302


class TestMoveAndMergePages:
    def test_moves_to_a_unit_that_then_sees_it(self, now_desk: Desk, clerk: Client, other: Client) -> None:
        old = now_desk.taken().application
        finance = now_desk.world.finance
        page = clerk.get(f"/admin/foi/{old.pk}/move/").content.decode()
        assert "收到申请之日是" in page and now_desk.unit.name not in page.split("<select")[1].split("</select>")[0]
        sent = {"to_unit": str(finance.pk), "reason": "投错单位", "on": now_desk.today.isoformat()}
        assert clerk.post(f"/admin/foi/{old.pk}/move/", sent).status_code == 302
        there = Application.objects.get(unit=finance)
        assert clerk.get(f"/admin/foi/{there.pk}/").status_code == 404
        page = other.get(f"/admin/foi/{there.pk}/").content.decode()
        assert "移送自" in page and old.register_no in page and NAME not in page
        page = clerk.get(f"/admin/foi/{old.pk}/").content.decode()
        assert finance.name in page and f"/admin/foi/{there.pk}/" not in page

    def test_the_comparison_leads_to_the_copy_and_marks_differences(self, now_desk: Desk, clerk: Client) -> None:
        first = now_desk.taken().application
        copy = now_desk.taken(request=request(subject="学府路改造项目环境影响评价文件")).application
        page = clerk.get(f"/admin/foi/{copy.pk}/like/{first.pk}/").content.decode()
        assert "证件号码相同" in page and "<mark>" in page and NAME not in page
        assert f"/admin/foi/{copy.pk}/merge/?with={first.pk}" in page
        page = clerk.get(f"/admin/foi/{copy.pk}/merge/?with={first.pk}").content.decode()
        assert f'value="{first.register_no}"' in page
        sent = {"into": first.register_no, "reason": "重复收件", "on": now_desk.today.isoformat()}
        assert clerk.post(f"/admin/foi/{copy.pk}/merge/", sent).status_code == 302
        copy.refresh_from_db()
        assert copy.stage == Stage.MERGED.value

    def test_a_repeat_is_drafted_from_the_comparison(self, now_desk: Desk, clerk: Client) -> None:
        earlier, again = now_desk.granted(now_desk.today), now_desk.taken().application
        sent = {"on": now_desk.today.isoformat()}
        assert clerk.post(f"/admin/foi/{again.pk}/like/{earlier.pk}/repeat/", sent).status_code == 302
        page = clerk.get(f"/admin/foi/{again.pk}/").content.decode()
        assert "重复申请" in page and f"前次申请 {earlier.register_no}" in page

    def test_other_units_get_404(self, now_desk: Desk, other: Client) -> None:
        one, two = now_desk.taken().application, now_desk.taken().application
        for page in ("split/", "move/", "merge/", f"like/{two.pk}/"):
            assert other.get(f"/admin/foi/{one.pk}/{page}").status_code == 404
        assert other.post(f"/admin/foi/{one.pk}/like/{two.pk}/repeat/", {}).status_code == 404


class TestRemedyPages:
    @pytest.fixture
    def row(self, now_desk: Desk) -> CaseRemedy:
        application = now_desk.granted(now_desk.today)
        now_desk.do(application, c.FileRemedy(on=now_desk.today, kind=RemedyKind.RECONSIDERATION, ref="3号"))
        return application.remedies.get()

    def test_from_the_case_to_the_answer(self, now_desk: Desk, clerk: Client, row: CaseRemedy) -> None:
        today = now_desk.today.isoformat()
        page = clerk.get(f"/admin/foi/{row.application_id}/").content.decode()
        assert f"/admin/foi/remedies/{row.pk}/" in page
        sent = {"on": today, "organ": "青溪县人民政府", "procedure": "simple", "seen": "0"}
        assert clerk.post(f"/admin/foi/remedies/{row.pk}/do/notify/", sent).status_code == 302
        page = clerk.get(f"/admin/foi/remedies/{row.pk}/").content.decode()
        assert "还有 5 个工作日" in page and "怎么算的" in page
        board = clerk.get("/admin/foi/remedies/").content.decode()
        assert "3号" in board and NAME not in board
        upload = SimpleUploadedFile("答复书.png", PNG)
        sent = {"on": today, "upload": upload, "text": "已送达"}
        assert clerk.post(f"/admin/foi/remedies/{row.pk}/do/answer/", sent).status_code == 302
        assert "证据目录" in clerk.get(f"/admin/foi/remedies/{row.pk}/evidence/").content.decode()
        row.refresh_from_db()
        assert row.answered_on == now_desk.today

    def test_a_decision_needs_its_order_and_says_so(self, now_desk: Desk, clerk: Client, row: CaseRemedy) -> None:
        sent = {"on": now_desk.today.isoformat(), "outcome": "corrected", "redo": "yes", "unit": "working"}
        answer = clerk.post(f"/admin/foi/remedies/{row.pk}/do/receive_decision/", sent)
        assert answer.status_code == 422 and "要求做什么" in answer.content.decode()
        sent |= {"text": "责令重新答复", "days": "10"}
        assert clerk.post(f"/admin/foi/remedies/{row.pk}/do/receive_decision/", sent).status_code == 302
        page = clerk.get(f"/admin/foi/remedies/{row.pk}/").content.decode()
        assert "责令重新答复" in page and "结果纠正" in page

    def test_other_units_get_404_and_an_empty_board(self, other: Client, row: CaseRemedy) -> None:
        assert "3号" not in other.get("/admin/foi/remedies/").content.decode()
        for page in ("", "evidence/"):
            assert other.get(f"/admin/foi/remedies/{row.pk}/{page}").status_code == 404
        assert other.post(f"/admin/foi/remedies/{row.pk}/do/notify/", {}).status_code == 404


class TestAmendmentPages:
    @pytest.fixture
    def row(self, now_desk: Desk) -> AmendmentRequest:
        return now_desk.amendment(proofs=(SimpleUploadedFile("户口簿.png", PNG),)).amendment

    def test_is_entered_at_the_desk(self, now_desk: Desk, clerk: Client) -> None:
        sent = {
            "unit": str(now_desk.unit.pk),
            "channel": "in_person",
            "on": now_desk.today.isoformat(),
            "kind": "natural_person",
            "name": NAME,
            "phone": PHONE,
            "shown": "on",
            "record": "参保登记",
            "wrong": WRONG,
            "wanted": WANTED,
        }
        answer = clerk.post("/admin/foi/amendments/new/", sent)
        row = AmendmentRequest.objects.get()
        assert code_shown(row.query_code.for_machine()) in answer.content.decode()
        refused = clerk.post("/admin/foi/amendments/new/", {**sent, "name": "", "wrong": ""})
        assert refused.status_code == 422 and AmendmentRequest.objects.count() == 1

    def test_hides_what_is_wrong_until_it_is_opened_with_a_reason(
        self, now_desk: Desk, clerk: Client, row: AmendmentRequest
    ) -> None:
        path = f"/admin/foi/amendments/{row.pk}/"
        board = clerk.get("/admin/foi/amendments/").content.decode()
        page = clerk.get(path).content.decode()
        assert not any(one in board + page for one in (NAME, NUMBER, WRONG, WANTED))
        opened = clerk.post(f"{path}open/", {"reason": "与底册核对"}).content.decode()
        assert WRONG in opened and WANTED in opened and NAME in opened
        assert Entry.objects.filter(summary__contains="与底册核对").exists()
        paper = row.papers.get()
        got = clerk.post(f"/admin/foi/amendments/papers/{paper.pk}/", {"reason": "核对"})
        assert got.content == PNG
        assert clerk.get(f"/admin/files/{paper.file_id}/").status_code in (403, 404)

    def test_goes_by_steps_to_its_letter(self, now_desk: Desk, clerk: Client, row: AmendmentRequest) -> None:
        path, today = f"/admin/foi/amendments/{row.pk}/", now_desk.today.isoformat()
        page = clerk.post(f"{path}do/check/", {"on": today, "text": "已核对"}, follow=True).content.decode()
        assert "下一步：作出处理" in page and "由单位负责人" in page and "还没有证据" not in page
        leader = signed_in(now_desk.world, Role.UNIT_LEADER, now_desk.unit)
        sent = {"on": today, "outcome": "transferred", "organ": "青溪县税务局"}
        assert leader.post(f"{path}do/decide/", sent).status_code == 302
        page = clerk.post(f"{path}letter/", {"do": "preview", "delivery": "post", "sealed": "on"}).content.decode()
        assert "青溪县税务局" in page and NAME in page
        opened = Entry.objects.filter(action="sealed.value.unmask", summary__contains="预览").order_by("pk")
        assert [entry.details["fields"] for entry in opened] == [["wrong", "wanted"], ["name"]]
        assert clerk.post(f"{path}letter/", {"do": "write", "delivery": "post", "sealed": "on"}).status_code == 302
        assert clerk.post(f"{path}do/tell/", {"on": today, "text": "邮寄"}).status_code == 302
        assert "更正申请转送告知书" in clerk.get(path).content.decode()

    def test_a_preview_tells_that_the_template_of_the_office_is_outdated(
        self, now_desk: Desk, clerk: Client, row: AmendmentRequest, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        day = now_desk.today
        for verb, who in ((AmendmentVerb.CHECK, now_desk.clerk), (AmendmentVerb.DECIDE, now_desk.leader)):
            command = AmendmentCommand(verb=verb, on=day, outcome=AmendmentOutcome.TRANSFERRED, organ="税务局")
            services.amendment_do(actor=who, amendment_id=row.pk, command=command, now=moment(day, 20))
        issue = Issue("foi.template.outdated", "letter", {"letter": "告知书", "number": 2, "reason": "规则变了"})
        monkeypatch.setattr(letter_form, "own_template", lambda **given: (None, (issue,)))
        sent = {"do": "preview", "delivery": "post", "sealed": "on"}
        answer = clerk.post(f"/admin/foi/amendments/{row.pk}/letter/", sent)
        assert answer.status_code == 422 and "规则变了" in answer.content.decode()

    def test_evidence_is_uploaded_or_described(self, now_desk: Desk, clerk: Client, row: AmendmentRequest) -> None:
        path, today = f"/admin/foi/amendments/{row.pk}/", now_desk.today.isoformat()
        assert clerk.post(f"{path}do/ask_evidence/", {"on": today, "text": "请提交户口簿"}).status_code == 302
        answer = clerk.post(f"{path}do/receive_evidence/", {"on": today})
        assert answer.status_code == 422 and "写明是什么" in answer.content.decode()
        assert clerk.post(f"{path}do/receive_evidence/", {"on": today, "text": "户口簿原件"}).status_code == 302

    def test_other_units_get_404(self, now_desk: Desk, other: Client, row: AmendmentRequest) -> None:
        path = f"/admin/foi/amendments/{row.pk}/"
        assert row.register_no not in other.get("/admin/foi/amendments/").content.decode()
        assert [other.get(one).status_code for one in (path, f"{path}letter/")] == [404, 404]
        posts = (f"{path}open/", f"{path}do/check/", f"/admin/foi/amendments/papers/{row.papers.get().pk}/")
        assert [other.post(one, {"reason": "看看"}).status_code for one in posts] == [404, 404, 404]

    def test_an_outcome_without_letter_has_no_letter_page(
        self, now_desk: Desk, clerk: Client, row: AmendmentRequest
    ) -> None:
        day = now_desk.today
        for verb, who in ((AmendmentVerb.CHECK, now_desk.clerk), (AmendmentVerb.DECIDE, now_desk.leader)):
            command = AmendmentCommand(verb=verb, on=day, outcome=AmendmentOutcome.DIRECTED, organ="税务局")
            services.amendment_do(actor=who, amendment_id=row.pk, command=command, now=moment(day, 20))
        assert clerk.get(f"/admin/foi/amendments/{row.pk}/letter/").status_code == 404
