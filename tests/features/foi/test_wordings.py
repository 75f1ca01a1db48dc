"""Like applications are found wording by wording, with what differs, whatever the number of cases of each."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gongkai.domain.foi import commands as c
from gongkai.features.foi.selectors.wordings import wording_cases, wordings_alike
from tests.factories.foi import Desk, request
from tests.factories.world import TODAY, World
from tests.features.foi.campaign_kit import Campaigning

pytestmark = pytest.mark.django_db
ROADS = "请提供{}片区集体土地征收的征地补偿安置方案、听证材料、社会稳定风险评估报告和批准文件全文。"


@pytest.fixture
def kit(desk: Desk) -> Campaigning:
    return Campaigning(desk)


class TestWordings:
    def test_cases_with_one_wording_are_one_line_the_most_alike_first(self, kit: Campaigning) -> None:
        model, *_ = kit.cases(3, description=ROADS.format("学府路"))
        kit.cases(2, description=ROADS.format("沿江大道"))
        kit.cases(1, subject="水库验收报告", description="2019年东湾水库除险加固工程的验收材料。")
        found = wordings_alike(application=model)
        assert [(one.number, one.percent == 100) for one in found.found] == [(3, True), (2, False)]
        assert (found.cases, found.whole) == (5, True)

    def test_what_differs_is_shown(self, kit: Campaigning) -> None:
        (model,) = kit.cases(1, description=ROADS.format("学府路"))
        kit.cases(1, description=ROADS.format("沿江大道"))
        other = wordings_alike(application=model).shown[1]
        assert "".join(one.text for one in other.pieces if one.op == "removed") == "学府路"
        assert "".join(one.text for one in other.pieces if one.op == "added") == "沿江大道"

    def test_ended_ones_grouped_ones_and_those_of_other_units_are_not_among_them(self, kit: Campaigning) -> None:
        model, grouped, ended = kit.cases(3)
        kit.joined([grouped])
        kit.desk.do(ended, c.Withdraw(on=TODAY, statement="撤回"))
        elsewhere = Desk(kit.desk.world)
        elsewhere.unit = kit.desk.world.finance
        from gongkai.kernel.accounts.roles import Role

        elsewhere.clerk = kit.desk.world.actor(Role.DISCLOSURE_OFFICE, elsewhere.unit)
        elsewhere.taken(request=request())
        assert wordings_alike(application=model).cases == 1

    def test_the_cases_of_chosen_wordings(self, kit: Campaigning) -> None:
        cases = kit.cases(2, description=ROADS.format("学府路"))
        kit.cases(1, description=ROADS.format("沿江大道"))
        found = wordings_alike(application=cases[0])
        assert wording_cases(application=cases[0], keys=[found.found[0].key]) == [one.pk for one in cases]
        assert wording_cases(application=cases[0], keys=["' OR 1=1"]) == []

    def test_costs_two_statements_with_many_as_with_one(self, kit: Campaigning, world: World) -> None:
        (model,) = kit.cases(1)
        for more in (0, 8):
            if more:
                kit.cases(more, description=ROADS.format("学府路"))
            with CaptureQueriesContext(connection) as queries:
                _ = model.applicant
                wordings_alike(application=model, least=0.05)
            assert len(queries) <= 3
