"""The pages of what comes after an answer: every role, every unit, refusals beside what was typed, no person in an address."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from gongkai.features.disclosure.models import Item
from gongkai.features.foi.models import (
    Application,
    CaseHold,
    DestructionLine,
    DestructionList,
    LogEntry,
    LogObjection,
    ProactiveProposal,
    ProposalCase,
)
from gongkai.features.foi.selectors import log_entries
from gongkai.features.foi.selectors.after_rules import rules_on
from gongkai.kernel.accounts.roles import Role
from tests.factories.foi import NAME, NUMBER, PHONE, Desk
from tests.factories.foi_after import archived
from tests.factories.world import World
from tests.features.foi.staff.test_pages import signed_in

pytestmark = pytest.mark.django_db
OFFICE = (Role.DISCLOSURE_OFFICE, Role.DISCLOSURE_OFFICE_HEAD)
WORDS = {"title": "环评批复的答复", "asked": "申请公开环评文件。", "answered": "已提供批复。"}


@pytest.fixture
def desk(world: World) -> Desk:
    """A desk on the real day, as the pages read the clock."""
    return Desk(world, timezone.localdate())


@pytest.fixture
def case(desk: Desk) -> Application:
    return archived(desk, desk.today)


@pytest.fixture
def entry(desk: Desk, case: Application) -> LogEntry:
    return LogEntry.objects.create(application=case, proposed_on=desk.today, ready_on=desk.today)


@pytest.fixture
def proposal(desk: Desk, case: Application) -> ProactiveProposal:
    found = ProactiveProposal.objects.create(
        unit=desk.unit,
        source="repeated",
        subject=case.subject,
        applicants=3,
        since=desk.today,
        until=desk.today,
        opened_on=desk.today,
        due_on=desk.today + timedelta(days=30),
    )
    ProposalCase.objects.create(proposal=found, application=case, why=["wording"])
    return found


@pytest.fixture
def line(desk: Desk, case: Application) -> DestructionLine:
    found = DestructionList.objects.create(
        unit=desk.unit, year=desk.today.year, drawn_by_name="甲", drawn_at=timezone.now()
    )
    return DestructionLine.objects.create(list=found, application=case, kept_until=desk.today)


@pytest.fixture
def clerk(desk: Desk) -> Client:
    return signed_in(desk.world, Role.DISCLOSURE_OFFICE, desk.unit)


@pytest.fixture
def head(desk: Desk) -> Client:
    return signed_in(desk.world, Role.DISCLOSURE_OFFICE_HEAD, desk.unit)


def to(name: str, *args: object, **query: str) -> str:
    address = reverse(f"foi:staff:{name}", args=args)
    return address + ("?" + "&".join(f"{key}={value}" for key, value in query.items()) if query else "")


def page(response: Any) -> str:
    return str(response.content.decode())


class TestDoors:
    """What stands behind each address is the unit's: others read 404 or are turned away."""

    @pytest.mark.parametrize("role", list(Role))
    def test_no_other_unit_opens_one_of_them(
        self,
        world: World,
        role: Role,
        entry: LogEntry,
        proposal: ProactiveProposal,
        line: DestructionLine,
        case: Application,
    ) -> None:
        stranger = signed_in(world, role, world.office)
        looks = (to("log_entry", entry.pk), to("proposal", proposal.pk), to("retention_list", line.list_id))
        for address in looks:
            answer = stranger.get(address)
            assert answer.status_code == 404, address
        presses = (
            (to("log_entry", entry.pk), WORDS),
            (to("log_decline", entry.pk), {"reason": "不"}),
            (to("log_take_down", entry.pk), {"reason": "不"}),
            (to("log_propose", case.pk), {}),
            (to("log_object", case.pk), {}),
            (to("proposal_step", proposal.pk, "already"), {"address": "/info/x/"}),
            (
                to("retention_lines", line.list_id),
                {"do": "judge", "lines": line.pk, "verdict": "destroy", "reason": "x"},
            ),
            (to("certificate", line.list_id), {}),
            (to("hold_place", case.pk), {"reason": "x"}),
        )
        for address, data in presses:
            assert stranger.post(address, data).status_code == 404, address
        for address in (to("log"), to("proposals"), to("retention")):
            answer = stranger.get(address)
            assert answer.status_code in (200, 403)
            assert not [word for word in (NAME, "学府路", case.register_no) if word in page(answer)]
        assert (LogObjection.objects.count(), CaseHold.objects.count(), Item.objects.count()) == (0, 0, 0)

    @pytest.mark.parametrize("role", list(Role))
    def test_in_the_unit_by_role(
        self, world: World, desk: Desk, role: Role, entry: LogEntry, line: DestructionLine
    ) -> None:
        client = signed_in(world, role, desk.unit)
        assert (client.get(to("log")).status_code == 200) == (role in OFFICE)
        assert (client.get(to("proposals")).status_code == 200) == (role in OFFICE)
        assert (client.get(to("retention")).status_code == 200) == (role in (*OFFICE, Role.UNIT_LEADER))

    def test_visitors_are_led_to_the_door(self, entry: LogEntry) -> None:
        for name in ("log", "proposals", "retention"):
            assert Client().get(to(name)).status_code in (302, 403)


class TestLog:
    def test_each_tab_tells_what_it_holds(self, clerk: Client, entry: LogEntry) -> None:
        assert entry.application.register_no in page(clerk.get(to("log")))
        assert f"等待期 {rules_on(timezone.localdate()).log.waiting} 个工作日" in page(
            clerk.get(to("log_entry", entry.pk))
        )
        for tab in ("waiting", "drafted", "objected", "declined"):
            assert "这里没有条目" in page(clerk.get(to("log", tab=tab)))

    def test_words_become_a_draft_and_the_page_leads_there(self, clerk: Client, entry: LogEntry) -> None:
        answer = clerk.post(to("log_entry", entry.pk), WORDS, follow=True)
        item = Item.objects.get()
        assert answer.status_code == 200 and f"/admin/disclosure/items/{item.pk}/" in page(answer)
        assert NAME not in page(answer)

    def test_a_refusal_stands_beside_what_was_typed(self, clerk: Client, entry: LogEntry) -> None:
        answer = clerk.post(to("log_entry", entry.pk), {**WORDS, "answered": f"已答复{NAME}"})
        assert answer.status_code == 422
        assert "怎样答复里有申请人的姓名或者名称" in page(answer) and WORDS["asked"] in page(answer)
        assert "no-store" in answer["Cache-Control"]

    def test_declined_with_its_reason(self, clerk: Client, entry: LogEntry) -> None:
        assert clerk.post(to("log_decline", entry.pk), {"reason": ""}).status_code == 422
        clerk.post(to("log_decline", entry.pk), {"reason": "只涉及个人"})
        assert "只涉及个人" in page(clerk.get(to("log_entry", entry.pk)))

    def test_taking_down_nothing_is_refused_on_the_page(self, clerk: Client, entry: LogEntry) -> None:
        answer = clerk.post(to("log_take_down", entry.pk), {"reason": "不要"})
        assert answer.status_code == 422 and "没有可以撤下的内容" in page(answer)

    def test_somebody_who_was_slower_is_told_why_nothing_was_done(self, clerk: Client, entry: LogEntry) -> None:
        clerk.post(to("log_decline", entry.pk), {"reason": "只涉及个人"})
        for address, data in ((to("log_decline", entry.pk), {"reason": "不"}), (to("log_entry", entry.pk), WORDS)):
            late = clerk.post(address, data)
            assert late.status_code == 422 and "这一条现在是“不列入”" in page(late), address

    def test_a_number_that_a_place_has_verified_bears_no_mark(
        self, clerk: Client, entry: LogEntry, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert "待核" in page(clerk.get(to("log")))
        rules = rules_on(timezone.localdate())
        own = tuple(replace(one, status="verified") for one in rules.log.basis)
        held = replace(rules, log=replace(rules.log, basis=own))
        monkeypatch.setattr(log_entries, "rules_on", lambda day: held)
        assert "待核" not in page(clerk.get(to("log")))

    def test_objection_and_proposal_from_the_case(self, clerk: Client, case: Application) -> None:
        assert "列入答复公开目录" in page(clerk.get(to("case", case.pk)))
        clerk.post(to("log_propose", case.pk))
        assert LogEntry.objects.get().application_id == case.pk
        clerk.post(to("log_object", case.pk))
        assert LogEntry.objects.get().state == "objected"
        assert "不列入答复目录" in page(clerk.get(to("case", case.pk)))


class TestProposals:
    def test_evidence_without_the_applicant(self, clerk: Client, proposal: ProactiveProposal) -> None:
        shown = page(clerk.get(to("proposal", proposal.pk)))
        assert proposal.subject in shown
        assert not [word for word in (NAME, NUMBER, PHONE) if word in shown]
        assert proposal.subject in page(clerk.get(to("proposals")))

    @pytest.mark.parametrize(
        ("step", "wrong", "right", "result"),
        [
            ("accept", {"title": "x"}, {"kind": "notice", "title": "环评批复", "text": "批复全文。"}, "drafted"),
            ("already", {"address": "x"}, {"address": "/info/x/"}, "already"),
            ("refuse", {"reason": "x"}, {"ground": "", "reason": "涉及商业秘密"}, "refused"),
        ],
        ids=["accept", "already", "refuse"],
    )
    def test_each_result_from_its_form(
        self,
        clerk: Client,
        proposal: ProactiveProposal,
        step: str,
        wrong: dict[str, str],
        right: dict[str, str],
        result: str,
    ) -> None:
        from gongkai.features.foi.services.proposals import refusal_grounds

        assert clerk.post(to("proposal_step", proposal.pk, step), wrong).status_code == 422
        if step == "refuse":
            right = {**right, "ground": next(iter(refusal_grounds(on=timezone.localdate())))}
        assert clerk.post(to("proposal_step", proposal.pk, step), right).status_code == 302
        proposal.refresh_from_db()
        assert proposal.result == result
        assert proposal.get_result_display() in page(clerk.get(to("proposals", decided="1")))

    def test_an_evaluator_of_the_office(self, desk: Desk, head: Client, proposal: ProactiveProposal) -> None:
        head.post(to("proposal_step", proposal.pk, "assign"), {"evaluator": desk.clerk.user_id})
        proposal.refresh_from_db()
        assert proposal.evaluator_id == desk.clerk.user_id

    def test_each_kind_tells_the_rule_of_its_own_day(self, clerk: Client, proposal: ProactiveProposal) -> None:
        rules = rules_on(timezone.localdate())
        shown = page(clerk.get(to("proposal", proposal.pk)))
        assert f"次日起 {rules.repeated.evaluation} 个工作日" in shown
        assert rules.repeated.note in shown and rules.examination_note not in shown
        ProactiveProposal.objects.update(
            source="suggested", wish="大家都想知道", application=proposal.cases.get().application
        )
        shown = page(clerk.get(to("proposal", proposal.pk)))
        assert rules.examination_note in shown and rules.repeated.note not in shown
        assert rules.examination_basis[0].citation in shown and "待核" in shown

    def test_somebody_who_was_slower_is_told_why_nothing_was_done(
        self, clerk: Client, proposal: ProactiveProposal
    ) -> None:
        first = {"address": "/info/x/"}
        assert clerk.post(to("proposal_step", proposal.pk, "already"), first).status_code == 302
        late = clerk.post(to("proposal_step", proposal.pk, "already"), {"address": "/info/y/"})
        assert late.status_code == 422 and "已经有评估结果：已经主动公开" in page(late)

    def test_no_other_step(self, clerk: Client, proposal: ProactiveProposal) -> None:
        assert clerk.post(to("proposal_step", proposal.pk, "burn")).status_code == 404


class TestRetention:
    def test_nothing_due_is_said(self, desk: Desk, clerk: Client) -> None:
        answer = clerk.post(to("retention"), {"unit": desk.unit.pk, "year": desk.today.year})
        assert answer.status_code == 422 and "没有新的到期案卷" in page(answer)

    def test_judged_by_one_and_agreed_to_by_another(self, clerk: Client, head: Client, line: DestructionLine) -> None:
        address = to("retention_lines", line.list_id)
        chosen = {"lines": line.pk}
        assert clerk.post(address, {**chosen, "do": "judge", "verdict": "destroy"}).status_code == 422
        judged = {**chosen, "do": "judge", "verdict": "destroy", "reason": "期满"}
        assert clerk.post(address, judged).status_code == 302
        assert clerk.post(address, {**chosen, "do": "agree"}).status_code == 403
        assert head.post(address, {**chosen, "do": "agree"}).status_code == 302
        line.refresh_from_db()
        assert line.erased_at is not None
        shown = page(head.get(to("case", line.application_id)))
        assert "已销毁" in shown and "学府路" not in shown
        assert "已销毁" in page(head.get(to("retention_list", line.list_id)))

    def test_a_line_says_why_its_case_cannot_be_destroyed(self, clerk: Client, line: DestructionLine) -> None:
        address = to("retention_list", line.list_id)
        assert "不能销毁" not in page(clerk.get(address))
        clerk.post(to("hold_place", line.application_id), {"reason": "审计需要"})
        assert "案卷处于冻结状态，不能销毁。" in page(clerk.get(address))

    def test_nothing_chosen_is_told(self, clerk: Client, line: DestructionLine) -> None:
        data = {"do": "judge", "verdict": "destroy", "reason": "期满"}
        answer = clerk.post(to("retention_lines", line.list_id), data)
        assert answer.status_code == 422 and "请至少选择一件" in page(answer)

    def test_the_certificate_is_a_table(self, clerk: Client, line: DestructionLine) -> None:
        answer = clerk.post(to("certificate", line.list_id))
        assert answer["Content-Type"].startswith("text/csv")
        assert line.application.register_no in answer.content.decode("utf-8-sig")

    def test_the_case_tells_how_long_it_is_kept_and_how_that_is_reckoned(
        self, clerk: Client, case: Application
    ) -> None:
        assert case.closed_on is not None
        years = rules_on(timezone.localdate()).retention.ordinary_years
        shown = page(clerk.get(to("case", case.pk)))
        assert f"{case.closed_on.year + years}年12月31日" in shown and f"{years} 年，从办结的次年起算" in shown

    def test_a_hold_is_placed_shown_and_lifted(self, clerk: Client, case: Application) -> None:
        clerk.post(to("hold_place", case.pk), {"reason": "审计需要"})
        hold = CaseHold.objects.get()
        assert "审计需要" in page(clerk.get(to("case", case.pk)))
        clerk.post(to("hold_lift", hold.pk), {"reason": "结束"})
        hold.refresh_from_db()
        assert hold.lifted_at is not None
