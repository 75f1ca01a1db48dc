"""Campaigns: begun and renamed on record, a case in one at most, its own unit's alone, counted by the database."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gongkai.domain.foi import commands as c
from gongkai.domain.foi.model import Stage
from gongkai.features.foi.models import Applicant, Application, BatchRun, Campaign, CampaignMember
from gongkai.features.foi.selectors import campaigns
from gongkai.features.foi.selectors.access import NotFound
from gongkai.features.foi.selectors.campaigns import (
    campaign_figures,
    campaign_get,
    campaign_list,
    campaign_of_case,
    member_page,
)
from gongkai.features.foi.selectors.selection import Selection
from gongkai.features.foi.services import application_move, batches
from gongkai.features.foi.services import campaigns as services
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.audit.models import Entry
from gongkai.kernel.errors import NotPermitted, Refused
from tests.factories.foi import Desk
from tests.factories.world import TODAY, moment
from tests.features.foi.campaign_kit import Campaigning

pytestmark = pytest.mark.django_db


@pytest.fixture
def kit(desk: Desk) -> Campaigning:
    return Campaigning(desk)


class TestCampaign:
    def test_is_begun_and_renamed_on_record_without_its_name_in_the_audit(self, kit: Campaigning) -> None:
        campaign = kit.campaign()
        services.campaign_change(
            actor=kit.desk.clerk, campaign_id=campaign.pk, name="学府路改造", note="三个小区", now=kit.now
        )
        campaign.refresh_from_db()
        assert (campaign.name, campaign.note) == ("学府路改造", "三个小区")
        told = Entry.objects.filter(target_type="foi.campaign", target_id=str(campaign.pk))
        assert [one.action for one in told.order_by("sequence")] == ["foi.campaign.create", "foi.campaign.change"]
        assert not [one for one in told if "学府路" in one.summary]

    def test_a_name_is_needed_and_taken_once_in_a_unit(self, kit: Campaigning) -> None:
        kit.campaign("甲")
        with pytest.raises(Refused, match="已经有叫"):
            kit.campaign(" 甲 ")
        with pytest.raises(Refused, match="填写名称"):
            kit.campaign("  ")

    def test_only_an_empty_one_for_which_nothing_was_done_is_deleted(self, kit: Campaigning) -> None:
        empty, used = kit.campaign("空"), kit.joined(kit.cases(1))
        services.campaign_delete(actor=kit.desk.clerk, campaign_id=empty.pk, now=kit.now)
        with pytest.raises(Refused, match="不能删除"):
            services.campaign_delete(actor=kit.desk.clerk, campaign_id=used.pk, now=kit.now)
        assert list(Campaign.objects.all()) == [used]

    @pytest.mark.parametrize("role", [*Role])
    def test_another_unit_finds_none_the_authority_included(self, kit: Campaigning, role: Role) -> None:
        campaign = kit.campaign()
        for unit in (kit.desk.world.office, kit.desk.world.top, kit.desk.world.finance):
            other = kit.desk.world.actor(role, unit)
            with pytest.raises(NotFound):
                campaign_get(actor=other, campaign_id=campaign.pk)
            with pytest.raises(NotFound):
                services.campaign_delete(actor=other, campaign_id=campaign.pk, now=kit.now)

    def test_whoever_only_judges_looks_and_changes_nothing(self, kit: Campaigning) -> None:
        campaign = kit.campaign()
        assert campaign_get(actor=kit.desk.lawyer, campaign_id=campaign.pk) == campaign
        with pytest.raises(NotPermitted):
            services.campaign_change(actor=kit.desk.lawyer, campaign_id=campaign.pk, name="乙", note="", now=kit.now)


class TestMembers:
    def test_join_with_an_entry_on_each_case(self, kit: Campaigning) -> None:
        cases = kit.cases(3)
        campaign = kit.joined(cases)
        assert CampaignMember.objects.filter(campaign=campaign).count() == 3
        joined = Entry.objects.filter(action="foi.application.join")
        assert {one.target_id for one in joined} == {str(one.pk) for one in cases}
        assert campaign_of_case(application_id=cases[0].pk) == campaign

    def test_a_new_one_that_nobody_joins_is_not_begun(self, kit: Campaigning) -> None:
        def join(cases: list[Application]) -> BatchRun:
            return batches.batch_join(
                actor=kit.desk.clerk,
                selection=kit.pick(cases),
                campaign_id=None,
                name="一样的",
                like=None,
                now=kit.now,
            )

        with pytest.raises(Refused):
            join([])
        assert not Campaign.objects.exists()
        kit.worked(join(kit.cases(1)))
        assert Campaign.objects.get().members.count() == 1

    def test_a_case_is_in_one_at_most(self, kit: Campaigning) -> None:
        cases = kit.cases(2)
        kit.joined(cases[:1])
        other = kit.campaign("另一组")
        run = kit.ask(kit.pick(cases), "join", campaign_id=other.pk)
        assert (run.done, run.refused) == (1, 1)
        assert "只能归入一组" in kit.told(run)[cases[0].register_no]

    def test_how_much_of_the_wording_is_in_common_is_kept(self, kit: Campaigning) -> None:
        model, same = kit.cases(2)
        (far,) = kit.cases(1, subject="水库验收报告", description="2019年东湾水库除险加固工程的验收材料。")
        kit.ask(kit.pick([same, far]), "join", {"like": model.pk}, campaign_id=kit.campaign().pk)
        shares = dict(CampaignMember.objects.values_list("application_id", "share"))
        assert shares[same.pk] == 100 and shares[far.pk] < 30

    def test_one_that_was_moved_elsewhere_is_not_grouped(self, kit: Campaigning) -> None:
        (case,) = kit.cases(1)
        application_move(
            actor=kit.desk.clerk,
            application_id=case.pk,
            to="青溪县财政局",
            reason="误投",
            on=TODAY,
            now=moment(TODAY, 10),
        )
        run = kit.ask(kit.pick([case]), "join", campaign_id=kit.campaign().pk)
        assert "移送" in kit.told(run)[case.register_no]

    def test_leave_on_record_and_what_was_done_stays(self, kit: Campaigning) -> None:
        cases = kit.cases(2)
        campaign = kit.joined(cases)
        selection = Selection(kit.desk.unit.pk, ids=(cases[0].pk,))
        run = kit.ask(selection, "leave", campaign_id=campaign.pk)
        assert (run.done, CampaignMember.objects.count()) == (1, 1)
        assert Entry.objects.get(action="foi.application.leave").target_id == str(cases[0].pk)

    def test_joining_costs_as_many_statements_with_many_as_with_one(self, kit: Campaigning) -> None:
        counted = []
        for name, cases in (("甲", kit.cases(1)), ("乙", kit.cases(12))):
            campaign = kit.campaign(name)
            with CaptureQueriesContext(connection) as queries:
                kit.ask(kit.pick(cases), "join", campaign_id=campaign.pk)
            counted.append(len(queries))
        assert counted[0] == counted[1]


class TestFigures:
    def test_count_by_stage_and_last_day(self, kit: Campaigning) -> None:
        cases = kit.cases(3)
        campaign = kit.joined(cases)
        kit.started(kit.step(cases[:1], c.Draft(on=TODAY, disposition="granted_provide")))
        kit.desk.do(cases[1], c.NotifySupplement(on=TODAY, items=("年份",), days=10))
        figures = campaign_figures(campaign=campaign, today=TODAY)
        assert {one.stage: one.number for one in figures.stages} == {
            Stage.DECIDING.value: 1,
            Stage.SUPPLEMENT_WAIT.value: 1,
            Stage.HANDLING.value: 1,
        }
        assert (figures.members, figures.open, figures.replied, figures.overdue) == (3, 3, 0, 0)
        assert sum(one.running + one.paused for one in figures.days) + figures.undated == 3
        late = campaign_figures(campaign=campaign, today=TODAY + timedelta(days=90))
        assert late.overdue >= 2

    def test_the_list_and_the_members_cost_as_many_statements_with_many(self, kit: Campaigning) -> None:
        campaign = kit.joined(kit.cases(1))
        counted = []
        for more in (0, 9):
            kit.joined(kit.cases(more), campaign) if more else None
            with CaptureQueriesContext(connection) as queries:
                campaign_list(actor=kit.desk.clerk, number=1)
                campaign_figures(campaign=campaign, today=TODAY)
                page = member_page(campaign=campaign, stage="", text="", number=1, today=TODAY)
            counted.append(len(queries))
        assert counted[0] == counted[1] and len(page.rows) == 10

    def test_of_a_destroyed_case_no_name_is_shown(self, kit: Campaigning) -> None:
        campaign = kit.joined(kit.cases(1))
        Applicant.objects.update(erased_at=kit.now)
        page = member_page(campaign=campaign, stage="", text="", number=1, today=TODAY)
        assert [row.applicant for row in page.rows] == ["已销毁"]

    def test_the_list_ends_where_it_is_paged_through(self, kit: Campaigning, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in "甲乙丙":
            kit.campaign(name)
        monkeypatch.setattr(campaigns, "PAGE", 1)
        monkeypatch.setattr(campaigns, "DEEPEST", 2)
        pages = [campaign_list(actor=kit.desk.clerk, number=number) for number in (1, 2, 3)]
        assert [(rows[0].name, more) for rows, more in pages] == [("丙", True), ("乙", False), ("乙", False)]

    def test_members_are_narrowed_and_their_applicants_masked(self, kit: Campaigning) -> None:
        cases = kit.cases(2)
        campaign = kit.joined(cases)
        page = member_page(campaign=campaign, stage="", text=cases[1].register_no, number=1, today=TODAY)
        assert [one.register_no for one in page.rows] == [cases[1].register_no]
        assert page.rows[0].applicant.startswith("赵") and "二" not in page.rows[0].applicant

    def test_the_list_holds_the_own_units_alone(self, kit: Campaigning) -> None:
        kit.campaign()
        stranger = kit.desk.world.actor(Role.DISCLOSURE_OFFICE, kit.desk.world.finance)
        assert len(campaign_list(actor=kit.desk.clerk, number=1)[0]) == 1
        assert campaign_list(actor=stranger, number=1) == ([], False)
