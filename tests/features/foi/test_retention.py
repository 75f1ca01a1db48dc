"""The yearly review: who comes onto the list, two persons, what stands against it, and what is carried out."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gongkai.domain.foi import commands as c
from gongkai.domain.foi.model import RemedyKind, RemedyOutcome
from gongkai.features.foi.models import (
    Application,
    CaseHold,
    CasePaper,
    DestructionLine,
    DestructionList,
    RetentionTerm,
)
from gongkai.features.foi.selectors.access import NotFound
from gongkai.features.foi.selectors.retention import case_retention, kept_many, list_detail
from gongkai.features.foi.services import certificates, holds, retention
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.audit.models import Entry
from gongkai.kernel.errors import NotPermitted, Refused
from gongkai.kernel.orgs.models import Unit
from tests.factories.foi import NAME, Desk
from tests.factories.foi_after import archived, closed, upload
from tests.factories.world import TODAY, World, moment

pytestmark = pytest.mark.django_db
THEN = date(2037, 3, 2)
"""The term of a case of 2026 was over when 2037 began."""
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 64


def refused(run: Any) -> list[str]:
    with pytest.raises(Refused) as caught:
        run()
    return sorted(set(caught.value.codes()))


def draw(desk: Desk, on: date = THEN, year: int = 0) -> DestructionList:
    return retention.list_draw(actor=desk.clerk, unit_id=desk.unit.pk, year=year or on.year, now=moment(on))


def judge(desk: Desk, found: DestructionList, verdict: str = "destroy", **more: Any) -> list[int]:
    ids = list(found.lines.values_list("pk", flat=True))
    given = {"reason": "保管期满，没有继续保存的价值", **more}
    retention.lines_judge(
        actor=desk.clerk, list_id=found.pk, line_ids=ids, verdict=verdict, now=moment(THEN, 10), **given
    )
    return ids


def agree(desk: Desk, found: DestructionList, ids: list[int]) -> int:
    return retention.lines_agree(actor=desk.head, list_id=found.pk, line_ids=ids, now=moment(THEN, 11))


class TestTerm:
    def test_runs_from_the_year_after_closing_once_archived(self, desk: Desk) -> None:
        one = closed(desk, TODAY)
        assert kept_many([one], today=TODAY)[one.pk].running
        one = desk.do(one, c.Archive(on=TODAY))
        assert kept_many([one], today=TODAY)[one.pk].until == date(2036, 12, 31)

    def test_is_longer_after_a_dispute(self, desk: Desk) -> None:
        one = archived(desk, TODAY)
        desk.do(one, c.FileRemedy(on=TODAY, kind=RemedyKind.RECONSIDERATION))
        kept = kept_many([one], today=TODAY)[one.pk]
        assert (kept.disputed, kept.until) == (True, date(2056, 12, 31))


class TestDraw:
    def test_lists_archived_cases_whose_term_is_over(self, desk: Desk) -> None:
        due = archived(desk, TODAY)
        closed(desk, TODAY)
        archived(desk, date(2026, 3, 3))
        Application.objects.exclude(pk=due.pk).filter(stage="archived").update(closed_on=date(2027, 1, 4))
        found = draw(desk)
        assert [(line.application_id, line.kept_until) for line in found.lines.all()] == [(due.pk, date(2036, 12, 31))]

    def test_not_a_day_early_and_no_year_to_come(self, desk: Desk) -> None:
        archived(desk, TODAY)
        assert refused(lambda: draw(desk, date(2036, 12, 31))) == ["foi.retention.nothing"]
        assert refused(lambda: draw(desk, THEN, THEN.year + 1)) == ["foi.retention.year"]

    def test_not_what_is_held_and_adds_it_when_the_hold_is_lifted(self, desk: Desk) -> None:
        archived(desk, TODAY)
        held = archived(desk, TODAY)
        hold = holds.hold_place(actor=desk.clerk, application_id=held.pk, reason="审计", now=moment(TODAY))
        found = draw(desk)
        assert held.pk not in found.lines.values_list("application_id", flat=True)
        holds.hold_lift(actor=desk.head, hold_id=hold.pk, reason="审计结束", now=moment(THEN, 12))
        assert draw(desk).pk == found.pk
        assert held.pk in found.lines.values_list("application_id", flat=True)

    def test_not_while_a_dispute_is_open(self, desk: Desk) -> None:
        one = archived(desk, TODAY)
        desk.do(one, c.FileRemedy(on=TODAY, kind=RemedyKind.LAWSUIT_DIRECT))
        late = date(2057, 3, 1)
        assert refused(lambda: draw(desk, late)) == ["foi.retention.nothing"]
        outcome = {"kind": RemedyKind.LAWSUIT_DIRECT, "outcome": RemedyOutcome.UPHELD}
        desk.do(one, c.DecideRemedy(on=date(2026, 6, 1), **outcome))
        assert draw(desk, late).lines.count() == 1

    @pytest.mark.parametrize("role", list(Role))
    def test_by_the_units_office_alone(self, desk: Desk, world: World, role: Role) -> None:
        archived(desk, TODAY)
        may = role in (Role.DISCLOSURE_OFFICE, Role.DISCLOSURE_OFFICE_HEAD)
        own, other = world.actor(role, desk.unit), world.actor(role, world.office)
        with pytest.raises(NotPermitted):
            retention.list_draw(actor=other, unit_id=desk.unit.pk, year=THEN.year, now=moment(THEN))
        if not may:
            with pytest.raises(NotPermitted):
                retention.list_draw(actor=own, unit_id=desk.unit.pk, year=THEN.year, now=moment(THEN))


class TestTwoPersons:
    @pytest.fixture
    def found(self, desk: Desk) -> DestructionList:
        archived(desk, TODAY)
        return draw(desk)

    def test_a_verdict_needs_a_reason_and_an_extension_a_day(self, desk: Desk, found: DestructionList) -> None:
        assert refused(lambda: judge(desk, found, reason=" ")) == ["foi.reason.missing"]
        assert refused(lambda: judge(desk, found, "burn")) == ["foi.retention.verdict"]
        assert refused(lambda: judge(desk, found, "extend")) == ["foi.retention.until"]
        assert refused(lambda: judge(desk, found, "extend", new_until=TODAY)) == ["foi.retention.until"]

    def test_whoever_judged_does_not_agree(self, desk: Desk, found: DestructionList) -> None:
        ids = list(found.lines.values_list("pk", flat=True))
        retention.lines_judge(
            actor=desk.head, list_id=found.pk, line_ids=ids, verdict="destroy", reason="期满", now=moment(THEN, 10)
        )
        assert refused(lambda: agree(desk, found, ids)) == ["foi.retention.same_person"]
        assert retention.lines_agree(actor=desk.leader, list_id=found.pk, line_ids=ids, now=moment(THEN, 11)) == 1

    def test_nothing_is_agreed_to_before_it_was_judged_and_nothing_twice(
        self, desk: Desk, found: DestructionList
    ) -> None:
        ids = list(found.lines.values_list("pk", flat=True))
        assert refused(lambda: agree(desk, found, ids)) == ["foi.retention.not_judged"]
        assert agree(desk, found, judge(desk, found)) == 1
        assert "foi.retention.agreed" in refused(lambda: agree(desk, found, ids))
        assert "foi.retention.agreed" in refused(lambda: judge(desk, found, "permanent"))

    def test_sent_back_it_is_open_again(self, desk: Desk, found: DestructionList) -> None:
        ids = judge(desk, found)
        retention.lines_return(
            actor=desk.head, list_id=found.pk, line_ids=ids, reason="还有参考价值", now=moment(THEN, 11)
        )
        line = DestructionLine.objects.get()
        assert (line.verdict, line.first_by_id, line.agreed) == ("", None, False)
        assert "还有参考价值" in Entry.objects.filter(action="foi.retention.agree").get().summary

    @pytest.mark.parametrize("role", list(Role))
    def test_agreed_to_by_heads_of_the_unit_alone(
        self, desk: Desk, world: World, found: DestructionList, role: Role
    ) -> None:
        ids = judge(desk, found)
        may = role in (Role.DISCLOSURE_OFFICE_HEAD, Role.UNIT_LEADER)
        with pytest.raises(NotFound):
            retention.lines_agree(
                actor=world.actor(role, world.office), list_id=found.pk, line_ids=ids, now=moment(THEN, 11)
            )
        own = world.actor(role, desk.unit)
        if may:
            retention.lines_agree(actor=own, list_id=found.pk, line_ids=ids, now=moment(THEN, 11))
        else:
            with pytest.raises((NotPermitted, NotFound)):
                retention.lines_agree(actor=own, list_id=found.pk, line_ids=ids, now=moment(THEN, 11))

    def test_lines_of_another_list_are_not_there(self, desk: Desk, found: DestructionList) -> None:
        with pytest.raises(NotFound):
            retention.lines_agree(actor=desk.head, list_id=found.pk, line_ids=[10**9], now=moment(THEN, 11))


class TestCarriedOut:
    def test_an_extension_sets_the_term(self, desk: Desk) -> None:
        one = archived(desk, TODAY)
        found = draw(desk)
        agree(desk, found, judge(desk, found, "extend", new_until=date(2046, 12, 31)))
        kept = kept_many([one], today=THEN)[one.pk]
        assert (kept.until, kept.own) == (date(2046, 12, 31), True)
        assert refused(lambda: draw(desk, date(2038, 1, 4))) == ["foi.retention.nothing"]
        assert draw(desk, date(2047, 1, 4)).lines.count() == 1

    def test_for_good_is_never_listed_again(self, desk: Desk) -> None:
        one = archived(desk, TODAY)
        found = draw(desk)
        agree(desk, found, judge(desk, found, "permanent"))
        assert kept_many([one], today=THEN)[one.pk].until is None
        assert RetentionTerm.objects.get().until is None
        assert refused(lambda: draw(desk, date(2099, 1, 4))) == ["foi.retention.nothing"]

    @pytest.mark.parametrize("what", ["hold", "dispute", "reopened"])
    def test_what_came_up_after_the_verdict_stops_it(self, desk: Desk, what: str) -> None:
        one = archived(desk, TODAY)
        found = draw(desk)
        ids = judge(desk, found)
        if what == "hold":
            holds.hold_place(actor=desk.clerk, application_id=one.pk, reason="巡察", now=moment(THEN, 10))
        else:
            desk.do(one, c.FileRemedy(on=THEN, kind=RemedyKind.RECONSIDERATION))
        if what == "reopened":
            done = {"kind": RemedyKind.RECONSIDERATION, "outcome": RemedyOutcome.CORRECTED}
            desk.do(one, c.DecideRemedy(on=THEN, **done))
            desk.do(one, c.Reopen(on=THEN, reason="复议决定"))
        assert refused(lambda: agree(desk, found, ids)) == ["foi.retention.against"]
        one.refresh_from_db()
        assert one.applicant.erased_at is None

    def test_the_certificate_names_nobody_who_asked(self, desk: Desk) -> None:
        archived(desk, TODAY)
        found = draw(desk)
        agree(desk, found, judge(desk, found, reason="=期满"))
        name, data = certificates.destruction_certificate(actor=desk.clerk, list_id=found.pk, now=moment(THEN, 12))
        text = data.decode("utf-8-sig")
        assert name.endswith("2037 年销毁清册.csv")
        assert "2026-0001" in text and "'=期满" in text and "2037-03-02 11:00" in text
        assert not [word for word in (NAME, "学府路") if word in text]
        assert Entry.objects.filter(action="foi.retention.certificate").count() == 1
        with pytest.raises(NotFound):
            certificates.destruction_certificate(
                actor=desk.world.actor(Role.DISCLOSURE_OFFICE, desk.world.office),
                list_id=found.pk,
                now=moment(THEN, 12),
            )

    def test_pages_show_how_far_it_is(self, desk: Desk) -> None:
        archived(desk, TODAY)
        found = draw(desk)
        ids = judge(desk, found)
        detail = list_detail(actor=desk.head, list_id=found.pk, number=1, today=THEN)
        assert (detail.total, detail.judged, detail.agreed, detail.destroyed) == (1, 1, 0, 0)
        agree(desk, found, ids)
        detail = list_detail(actor=desk.head, list_id=found.pk, number=1, today=THEN)
        assert (detail.agreed, detail.destroyed) == (1, 1)


class TestListPage:
    def test_costs_as_many_statements_with_many_lines_as_with_one(self, desk: Desk) -> None:
        counted = []
        for more in (1, 3):
            for _ in range(more):
                archived(desk, TODAY)
            found = draw(desk)
            with CaptureQueriesContext(connection) as queries:
                detail = list_detail(actor=desk.head, list_id=found.pk, number=1, today=THEN)
            counted.append(len(queries))
        assert len(detail.lines) == 4 and all(line.result for line in detail.lines)
        assert counted[0] == counted[1]

    def test_says_of_each_line_what_stands_against_it(self, desk: Desk) -> None:
        free, held, contested = (archived(desk, TODAY) for _ in range(3))
        found = draw(desk)
        holds.hold_place(actor=desk.clerk, application_id=held.pk, reason="审计", now=moment(THEN))
        desk.do(contested, c.FileRemedy(on=THEN, kind=RemedyKind.RECONSIDERATION))
        detail = list_detail(actor=desk.head, list_id=found.pk, number=1, today=THEN)
        against = {line.line.application_id: [one.code for one in line.against] for line in detail.lines}
        assert against == {
            free.pk: [],
            held.pk: ["foi.retention.hold"],
            contested.pk: ["foi.retention.dispute"],
        }


class TestHolds:
    def test_need_a_reason_both_ways_and_are_shown(self, desk: Desk) -> None:
        one = archived(desk, TODAY)
        place = partial(holds.hold_place, actor=desk.clerk, application_id=one.pk, now=moment(TODAY))
        assert refused(lambda: place(reason=" ")) == ["foi.reason.missing"]
        hold = place(reason="调查")
        shown = case_retention(actor=desk.leader, application_id=one.pk, today=TODAY)
        assert ([one.reason for one in shown.holds], shown.may_judge) == (["调查"], False)
        lift = partial(holds.hold_lift, actor=desk.clerk, hold_id=hold.pk, now=moment(TODAY))
        assert refused(lambda: lift(reason="")) == ["foi.reason.missing"]
        lift(reason="结束")
        assert refused(lambda: lift(reason="再来")) == ["foi.hold.lifted"]

    @pytest.mark.parametrize("role", list(Role))
    def test_placed_by_the_units_office_alone(self, desk: Desk, world: World, role: Role) -> None:
        one = archived(desk, TODAY)
        may = role in (Role.DISCLOSURE_OFFICE, Role.DISCLOSURE_OFFICE_HEAD)

        def place(unit: Unit) -> CaseHold:
            actor = world.actor(role, unit)
            return holds.hold_place(actor=actor, application_id=one.pk, reason="调查", now=moment(TODAY))

        with pytest.raises(NotFound):
            place(world.office)
        if may:
            assert place(desk.unit).pk
        else:
            with pytest.raises((NotPermitted, NotFound)):
                place(desk.unit)


class TestIdentities:
    def test_go_after_their_shorter_term_with_a_line_left(self, desk: Desk) -> None:
        archived(desk, TODAY, identity=upload("身份证.png", PNG))
        assert retention.identities_sweep(now=moment(date(2027, 3, 2))) == 0
        assert retention.identities_sweep(now=moment(date(2027, 3, 3))) == 1
        assert retention.identities_sweep(now=moment(date(2027, 3, 4))) == 0
        paper = CasePaper.objects.get(kind="identity")
        assert (paper.file, paper.note) == (None, "（已销毁）")
        assert Entry.objects.filter(action="foi.retention.identity").count() == 1

    @pytest.mark.parametrize("what", ["hold", "dispute", "open"])
    def test_stay_while_something_stands_against_it(self, desk: Desk, what: str) -> None:
        identity = upload("身份证.png", PNG)
        one = desk.taken(identity=identity).application if what == "open" else archived(desk, TODAY, identity=identity)
        if what == "hold":
            holds.hold_place(actor=desk.clerk, application_id=one.pk, reason="调查", now=moment(TODAY))
        if what == "dispute":
            desk.do(one, c.FileRemedy(on=TODAY, kind=RemedyKind.RECONSIDERATION))
        assert retention.identities_sweep(now=moment(THEN)) == 0
        assert CasePaper.objects.get(kind="identity").file is not None
