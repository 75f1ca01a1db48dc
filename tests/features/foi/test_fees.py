"""The processing fee is reckoned from the month's applications, decided by a person, and kept with its proof."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from gongkai.domain.foi import commands as c
from gongkai.domain.foi.fees import FEN, FeeMethod, Scope
from gongkai.domain.foi.model import Delivery, Stage
from gongkai.features.foi.models import Applicant, Application, CasePaper, FeeDecision
from gongkai.features.foi.selectors.access import NotFound
from gongkai.features.foi.selectors.course import case_course
from gongkai.features.foi.selectors.fee_year import fee_csv, fee_year
from gongkai.features.foi.selectors.fees import FeeSheet, before_now, fee_rules_on, fee_sheet, places_now
from gongkai.features.foi.selectors.letters import letter_form, letter_known
from gongkai.features.foi.services import fees as services
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.audit.models import Entry
from gongkai.kernel.errors import NotPermitted, Refused
from tests.factories.foi import NAME, NUMBER, PHONE, Desk, person
from tests.factories.world import TODAY, moment

pytestmark = pytest.mark.django_db
CASES, PAGES = FeeMethod.PER_CASE, FeeMethod.PER_PAGE
FEBRUARY, LATER = date(2026, 2, 27), date(2026, 3, 20)


def before(desk: Desk, number: int, on: date = TODAY, **more: Any) -> list[Application]:
    """So many applications of the same person, received that day, by the shortest way."""
    made = []
    for count in range(number):
        applicant = Applicant(kind="natural_person", name=NAME, id_number=NUMBER, phone=PHONE)
        applicant.save()
        fields: dict[str, Any] = {
            "unit": desk.unit,
            "register_no": f"{on:%Y%m}-B{count:04d}",
            "query_code": f"CODE{on:%m}{count:06d}",
            "applicant": applicant,
            "channel": "in_person",
            "subject": "某文件",
            "description": "某文件",
            "wanted_form": "electronic",
            "wanted_delivery": "online",
            "started_on": on,
            "received_on": on,
            "created_at": moment(on),
            "changed_at": moment(on),
            "stage": Stage.HANDLING.value,
        }
        made.append(Application.objects.create(**{**fields, **more}))
    return made


def handled(desk: Desk, on: date = TODAY, **more: Any) -> Application:
    return desk.do(desk.taken(on=on, **more).application, c.Accept(on=on))


def sheet(desk: Desk, application: Application, on: date = TODAY) -> FeeSheet:
    found = fee_sheet(actor=desk.clerk, application_id=application.pk, today=on)
    assert found is not None
    return found


def decide(desk: Desk, application: Application, **more: Any) -> FeeDecision:
    fields: dict[str, Any] = {
        "actor": desk.clerk,
        "application_id": application.pk,
        "method": CASES,
        "units": 1,
        "decided_by": "王局长",
        "now": moment(TODAY, 10),
    }
    return services.fee_decide(**{**fields, **more})


def notify(desk: Desk, application: Application, on: date = TODAY) -> Application:
    return services.fee_notify(actor=desk.clerk, application_id=application.pk, on=on, now=moment(on, 11))


class TestMonth:
    @pytest.mark.parametrize(
        ("earlier", "yuan"), [(9, 0), (10, 100), (29, 100), (30, 200), (39, 200), (40, 300), (49, 300), (50, 400)]
    )
    def test_prices_at_the_edges_of_the_tiers(self, desk: Desk, earlier: int, yuan: int) -> None:
        before(desk, earlier)
        application = handled(desk)
        assert sheet(desk, application).before == earlier
        if not yuan:
            with pytest.raises(Refused) as refused:
                decide(desk, application)
            assert refused.value.codes() == ["foi.fee.nothing_due"]
            return
        assert decide(desk, application).amount_fen == yuan * FEN

    def test_several_parts_run_across_a_tier_and_are_told_line_by_line(self, desk: Desk) -> None:
        before(desk, 9)
        decision = decide(desk, handled(desk), units=3, units_reason="含三个项目的批复，按一事一申请计三件")
        assert decision.amount_fen == 200 * FEN
        assert decision.lines == ["第10件：不收费", "第11至第12件：2件×100元=200元"]

    def test_another_month_another_unit_and_another_person_do_not_count(self, desk: Desk) -> None:
        before(desk, 10, FEBRUARY)
        before(desk, 5, unit=desk.world.finance)
        desk.taken(person=person(name="诸葛青云", id_number="360721198801011234", phone="13979700000"))
        assert sheet(desk, handled(desk)).before == 0

    def test_the_month_is_that_of_the_receipt_not_of_the_day_it_is_looked_at(self, desk: Desk) -> None:
        before(desk, 10, FEBRUARY)
        application = handled(desk, FEBRUARY)
        assert sheet(desk, application, TODAY).before == 10
        assert sheet(desk, application).month == date(2026, 2, 1)

    def test_what_was_withdrawn_split_moved_or_merged_does_not_count_and_what_was_given_up_does(
        self, desk: Desk
    ) -> None:
        closed = {"closed_on": TODAY}
        before(desk, 1, stage=Stage.SPLIT.value, register_no="a", query_code="A" * 12, **closed)
        before(desk, 1, stage=Stage.MERGED.value, register_no="b", query_code="B" * 12, **closed)
        before(desk, 1, stage=Stage.MOVED.value, register_no="c", query_code="C" * 12, **closed)
        withdrawn = {"stage": Stage.WITHDRAWN.value, "disposition": "other_withdrawn", **closed}
        before(desk, 1, register_no="d", query_code="D" * 12, **withdrawn)
        lapsed = {"stage": Stage.CLOSED_NO_SUPPLEMENT.value, "disposition": "other_no_supplement", **closed}
        before(desk, 1, register_no="e", query_code="E" * 12, **lapsed)
        found = sheet(desk, handled(desk))
        assert found.before == 1
        told = {one.register_no: (one.place, one.why_not) for one in found.cases}
        assert told["d"] == (None, "已撤回") and told["e"][0] == 1 and told["a"] == (None, "已拆分")

    def test_a_supplement_leaves_month_and_place_as_they_are(self, desk: Desk) -> None:
        before(desk, 10)
        application = handled(desk)
        desk.do(application, c.NotifySupplement(on=TODAY, items=("文号",)))
        desk.do(application, c.DeliverSupplementNotice(on=TODAY))
        desk.do(application, c.ReceiveSupplement(on=date(2026, 3, 10)))
        application.refresh_from_db()
        assert application.received_on == TODAY and sheet(desk, application, LATER).before == 10

    def test_by_a_rule_of_the_place_all_units_are_added_up_and_nothing_else_of_theirs_is_told(self, desk: Desk) -> None:
        before(desk, 3, unit=desk.world.finance)
        application = handled(desk)
        rules = fee_rules_on(TODAY)
        assert rules is not None
        place = replace(rules, scope=Scope.PLACE)
        assert before_now(application, rules) == 0 and before_now(application, place) == 3
        assert len(places_now(application, place)[0]) == 4

    def test_counting_withdrawn_ones_is_for_the_rule_to_say(self, desk: Desk) -> None:
        before(desk, 2, stage=Stage.WITHDRAWN.value, disposition="other_withdrawn", closed_on=TODAY)
        application = handled(desk)
        rules = fee_rules_on(TODAY)
        assert rules is not None
        assert before_now(application, rules) == 0
        assert before_now(application, replace(rules, withdrawn_count=True)) == 2

    def test_says_what_is_not_verified(self, desk: Desk) -> None:
        pages, counting = sheet(desk, handled(desk)).unverified
        assert "A4" in pages and "原文未核" in pages and "没有写明" in counting

    def test_an_application_that_is_not_received_yet_has_no_sheet(self, desk: Desk) -> None:
        application = desk.online().application
        assert fee_sheet(actor=desk.clerk, application_id=application.pk, today=TODAY) is None


class TestByPages:
    @pytest.mark.parametrize(
        ("pages", "yuan"), [(31, 10), (100, 700), (101, 720), (200, 2700), (201, 2740), (250, 4700)]
    )
    def test_prices_at_the_edges_of_the_tiers(self, desk: Desk, pages: int, yuan: int) -> None:
        decision = decide(desk, handled(desk), method=PAGES, units=pages, units_reason="纸质卷宗页数")
        assert decision.amount_fen == yuan * FEN

    def test_thirty_pages_are_free(self, desk: Desk) -> None:
        with pytest.raises(Refused) as refused:
            decide(desk, handled(desk), method=PAGES, units=30, units_reason="纸质卷宗页数")
        assert refused.value.codes() == ["foi.fee.nothing_due"]

    def test_pages_of_several_applications_are_not_added_up(self, desk: Desk) -> None:
        for _ in range(2):
            decision = decide(desk, handled(desk), method=PAGES, units=40, units_reason="纸质")
            assert decision.amount_fen == 100 * FEN

    def test_a_number_that_the_papers_do_not_show_wants_a_reason(self, desk: Desk) -> None:
        with pytest.raises(Refused) as refused:
            decide(desk, handled(desk), method=PAGES, units=40)
        assert refused.value.codes() == ["foi.fee.pages_reason"]

    def test_not_where_the_reply_only_tells_what_is_public(self, desk: Desk) -> None:
        with pytest.raises(Refused) as refused:
            decide(desk, handled(desk), method=PAGES, units=40, units_reason="纸质", already_public=True)
        assert refused.value.codes() == ["foi.fee.already_public"]


class TestDecision:
    def test_needs_somebody_who_decided(self, desk: Desk) -> None:
        before(desk, 10)
        with pytest.raises(Refused) as refused:
            decide(desk, handled(desk), decided_by=" ")
        assert refused.value.codes() == ["foi.fee.nobody_decided"]

    @pytest.mark.parametrize(
        ("amount", "reason", "code"),
        [
            (0, "", "foi.fee.reason"),
            (5000, "", "foi.fee.reason"),
            (5050, "困难", "foi.fee.whole_yuan"),
            (10001, "困难", "foi.fee.more_than_due"),
            (20000, "困难", "foi.fee.more_than_due"),
        ],
    )
    def test_another_amount_is_not_typed_without_reason_nor_more_than_is_due(
        self, desk: Desk, amount: int, reason: str, code: str
    ) -> None:
        before(desk, 10)
        with pytest.raises(Refused) as refused:
            decide(desk, handled(desk), amount_fen=amount, reason=reason)
        assert refused.value.codes() == [code]

    def test_nothing_is_charged_with_a_reason_and_no_notice_goes_out(self, desk: Desk) -> None:
        before(desk, 10)
        application = handled(desk)
        decision = decide(desk, application, amount_fen=0, reason="申请人生活困难，决定不收")
        assert (decision.amount_fen, decision.reckoned_fen) == (0, 100 * FEN)
        with pytest.raises(Refused) as refused:
            notify(desk, application)
        assert refused.value.codes() == ["foi.fee.waived"]

    def test_a_new_decision_replaces_the_old_one_which_stays_on_record(self, desk: Desk) -> None:
        before(desk, 10)
        application = handled(desk)
        decide(desk, application)
        decide(desk, application, method=PAGES, units=50, units_reason="纸质")
        found = sheet(desk, application)
        assert found.held is not None and found.held.method == PAGES.value and len(found.earlier) == 1
        with pytest.raises(IntegrityError), transaction.atomic():
            FeeDecision.objects.update(replaced_at=None)

    @pytest.mark.parametrize("who", ["lawyer", "leader"])
    def test_only_the_office_writes_it_down(self, desk: Desk, who: str) -> None:
        before(desk, 10)
        with pytest.raises(NotPermitted):
            decide(desk, handled(desk), actor=getattr(desk, who))

    def test_another_unit_sees_neither_sheet_nor_decision(self, desk: Desk) -> None:
        before(desk, 10)
        application = handled(desk)
        other = desk.world.actor(Role.DISCLOSURE_OFFICE, desk.world.finance)
        with pytest.raises(NotFound):
            fee_sheet(actor=other, application_id=application.pk, today=TODAY)
        with pytest.raises(NotFound):
            decide(desk, application, actor=other)

    def test_the_audit_names_nobody(self, desk: Desk) -> None:
        before(desk, 10)
        decide(desk, handled(desk), reason="", units_reason=f"{NAME}的说明")
        told = "".join(f"{one.summary}{one.details}" for one in Entry.objects.filter(action="foi.fee.decide"))
        assert "100元" in told and NAME not in told


class TestNoticeAndPayment:
    def test_from_the_decision_to_the_proof(self, desk: Desk) -> None:
        before(desk, 12)
        application = handled(desk)
        decide(desk, application)
        assert notify(desk, application).stage == Stage.FEE_WAIT.value
        fee = case_course(application=application).state.fee
        assert fee is not None and fee.amount == 100
        desk.do(application, c.DeliverFeeNotice(on=TODAY))
        paid = services.fee_pay(
            actor=desk.clerk,
            application_id=application.pk,
            on=LATER,
            paid_fen=100 * FEN,
            receipt_no="赣财0001",
            now=moment(LATER),
        )
        held = sheet(desk, application, LATER).held
        assert held is not None and held.proof is not None
        assert (paid.stage, held.receipt_no, held.paid_fen) == (Stage.HANDLING.value, "赣财0001", 100 * FEN)
        assert CasePaper.objects.filter(application=application, title__startswith="缴费凭证").count() == 1
        assert paid.due_on is not None and paid.due_on > date(2026, 4, 15)

    @pytest.mark.parametrize(
        ("paid", "receipt", "codes"),
        [
            (9900, "1号", ["foi.fee.paid_amount"]),
            (10000, "", ["foi.fee.proof"]),
            (10100, "", ["foi.fee.paid_amount", "foi.fee.proof"]),
        ],
    )
    def test_payment_is_in_full_and_proven(self, desk: Desk, paid: int, receipt: str, codes: list[str]) -> None:
        before(desk, 12)
        application = handled(desk)
        decide(desk, application)
        notify(desk, application)
        with pytest.raises(Refused) as refused:
            services.fee_pay(
                actor=desk.clerk,
                application_id=application.pk,
                on=TODAY,
                paid_fen=paid,
                receipt_no=receipt,
                now=moment(TODAY, 12),
            )
        assert refused.value.codes() == codes

    def test_the_year_costs_as_many_statements_with_many_that_wait_as_with_one(self, desk: Desk) -> None:
        before(desk, 12)
        counted = []
        for more in (1, 2):
            for _ in range(more):
                application = handled(desk)
                decide(desk, application)
                notify(desk, application)
                desk.do(application, c.DeliverFeeNotice(on=TODAY))
            with CaptureQueriesContext(connection) as queries:
                found = fee_year(actor=desk.clerk, year=2026, today=LATER)
            counted.append(len(queries))
        assert [one.due_on is not None for one in found.notices] == [True] * 3
        assert counted[0] == counted[1]

    def test_no_notice_without_a_decision(self, desk: Desk) -> None:
        with pytest.raises(Refused) as refused:
            notify(desk, handled(desk))
        assert refused.value.codes() == ["foi.fee.not_decided"]

    def test_a_place_that_moved_since_stops_the_notice(self, desk: Desk) -> None:
        first = desk.taken().application
        before(desk, 10)
        application = handled(desk)
        assert decide(desk, application).before == 11
        desk.do(first, c.Withdraw(on=TODAY, statement="不要了"))
        assert sheet(desk, application).moved
        with pytest.raises(Refused) as refused:
            notify(desk, application)
        assert refused.value.codes() == ["foi.fee.moved"]
        assert decide(desk, application).before == 10
        assert notify(desk, application).stage == Stage.FEE_WAIT.value

    def test_a_place_that_moved_after_a_notice_is_shown(self, desk: Desk) -> None:
        first = desk.taken().application
        before(desk, 11)
        charged = handled(desk)
        decide(desk, charged)
        notify(desk, charged)
        desk.do(first, c.Withdraw(on=TODAY, statement="不要了"))
        line = next(one for one in sheet(desk, charged).cases if one.here)
        assert (line.place, line.then) == (12, 13)

    def test_notice_is_given_once(self, desk: Desk) -> None:
        before(desk, 12)
        application = handled(desk)
        decide(desk, application)
        notify(desk, application)
        with pytest.raises(Refused) as refused:
            decide(desk, application)
        assert refused.value.codes() == ["foi.fee.once"]

    def test_the_letter_says_what_was_decided(self, desk: Desk) -> None:
        before(desk, 12)
        application = handled(desk)
        decide(desk, application, amount_fen=6000, reason="部分内容重复")
        form = letter_form(code="L09_fee", on=TODAY)
        assert form is not None
        known, _ = letter_known(
            application=application,
            course=case_course(application=application),
            form=form,
            on=TODAY,
            delivery=Delivery.POST,
        )
        assert (known["method"], known["amount"]) == ("按件计收", "60元")
        assert known["fee_lines"] == ["第13件：1件×100元=100元", "按标准共100元，减按60元收取：部分内容重复"]


class TestYear:
    def test_counts_by_month_what_was_sent_paid_let_off_and_lapsed(self, desk: Desk) -> None:
        before(desk, 12)
        paid, waived = handled(desk), handled(desk)
        decide(desk, paid)
        notify(desk, paid)
        desk.do(paid, c.DeliverFeeNotice(on=TODAY))
        services.fee_pay(
            actor=desk.clerk,
            application_id=paid.pk,
            on=LATER,
            paid_fen=100 * FEN,
            receipt_no="1",
            now=moment(LATER),
        )
        decide(desk, waived, amount_fen=0, reason="不收")
        found = fee_year(actor=desk.leader, year=2026, today=LATER)
        march = found.months[2]
        assert (march.sent, march.asked, march.paid, march.received) == (1, "100元", 1, "100元")
        assert (march.reduced, march.let_off, found.total.lapsed) == (1, "100元", 0)
        assert "收费通知1件" in found.figures.sentence and found.notices[0].standing == "已缴"
        assert fee_csv(found).decode("utf-8-sig").splitlines()[3] == "2026-03,1,100.00,1,100.00,0,1,100.00"

    def test_a_notice_that_waits_tells_its_last_day_and_one_that_lapsed_its_end(self, desk: Desk) -> None:
        before(desk, 12)
        application = handled(desk)
        decide(desk, application)
        notify(desk, application)
        desk.do(application, c.DeliverFeeNotice(on=TODAY))
        waiting = fee_year(actor=desk.clerk, year=2026, today=LATER).notices[0]
        assert waiting.due_on == date(2026, 3, 30) and waiting.standing == "等待缴费"
        over = date(2026, 4, 2)
        assert fee_year(actor=desk.clerk, year=2026, today=over).notices[0].standing == "缴费期满，待处理"
        desk.do(application, c.LapseFee(on=over))
        lapsed = fee_year(actor=desk.clerk, year=2026, today=over)
        assert lapsed.notices[0].standing == "逾期未缴，不再处理" and lapsed.months[3].lapsed == 1

    def test_another_unit_sees_none_and_outsiders_are_kept_out(self, desk: Desk) -> None:
        before(desk, 12)
        application = handled(desk)
        decide(desk, application)
        notify(desk, application)
        other = desk.world.actor(Role.DISCLOSURE_OFFICE, desk.world.finance)
        assert fee_year(actor=other, year=2026, today=TODAY).notices == ()
        with pytest.raises(NotPermitted):
            fee_year(actor=desk.world.actor(Role.DRAFTER, desk.unit), year=2026, today=TODAY)
