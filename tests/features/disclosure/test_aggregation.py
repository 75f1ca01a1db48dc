"""Persons whom several public items tell too much about."""

from __future__ import annotations

from datetime import timedelta

import pytest

from gongkai.features.disclosure.models import PersonMention, RiskDecision
from gongkai.features.disclosure.selectors.aggregation import risk_list
from gongkai.features.disclosure.services.aggregation import mentions_collect, risk_decide
from gongkai.features.disclosure.services.endings import publication_withdraw
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.audit.models import Entry
from gongkai.kernel.errors import NotPermitted, Refused
from tests.factories.disclosure import Bureau
from tests.factories.world import NOW, World


def table(*head: str, row: tuple[str, ...]) -> dict[str, object]:
    value = {"caption": "", "head": list(head), "rows": [list(row)]}
    return {"body": ({"id": "t", "type": "table", "value": value},)}


PAID = table("姓名", "补助金额", row=("王芳", "450"))
WORKS = table("考生姓名", "岗位", row=("王芳", "办事员"))


@pytest.fixture
def authority(world: World) -> Actor:
    return world.actor(Role.DISCLOSURE_OFFICE, world.office)


@pytest.fixture
def named_twice(bureau: Bureau) -> list[int]:
    ids = [bureau.published(**content).pk for content in (PAID, WORKS)]
    for item_id in ids:
        mentions_collect(item_id=item_id, now=NOW)
    return ids


class TestMentionsCollect:
    def test_twice_is_once(self, bureau: Bureau) -> None:
        item = bureau.published(**PAID)
        assert [mentions_collect(item_id=item.pk, now=NOW) for _ in range(2)] == [1, 1]
        mention = PersonMention.objects.get()
        assert (mention.name, mention.categories, mention.digest) == ("王芳", ["money"], item.head.digest)

    def test_an_unpublished_item_names_nobody(self, bureau: Bureau) -> None:
        assert mentions_collect(item_id=bureau.approved(**PAID).pk, now=NOW) == 0
        assert not PersonMention.objects.exists()


class TestRiskList:
    def test_reports_what_only_the_heap_tells(self, authority: Actor, named_twice: list[int]) -> None:
        [row] = risk_list(actor=authority)
        assert row.name == "王芳"
        assert [item.id for item in row.items] == sorted(named_twice)
        assert set(row.together) == {"领取金额", "工作学习"}

    def test_forgets_what_was_withdrawn(self, bureau: Bureau, authority: Actor, named_twice: list[int]) -> None:
        later = NOW + timedelta(minutes=1)
        publication_withdraw(actor=bureau.office, item_id=named_twice[0], kind="withdrawn", reason="有误", now=later)
        mentions_collect(item_id=named_twice[0], now=later)
        assert risk_list(actor=authority) == []

    @pytest.mark.parametrize("role", [r for r in Role if r is not Role.CONFIDENTIALITY_REVIEWER])
    def test_is_not_for_the_bureaus(self, bureau: Bureau, role: Role) -> None:
        with pytest.raises(NotPermitted):
            risk_list(actor=bureau.people[role])


class TestRiskDecide:
    def decide(self, actor: Actor, outcome: str = "accepted", **more: object) -> RiskDecision:
        given = {"name": "王芳", "reason": "核对后不是同一个人。", "now": NOW, **more}
        return risk_decide(actor=actor, outcome=outcome, **given)  # type: ignore[arg-type]

    def test_what_is_accepted_is_asked_again_with_a_further_item(
        self, bureau: Bureau, authority: Actor, named_twice: list[int]
    ) -> None:
        self.decide(authority)
        assert risk_list(actor=authority) == []
        assert [row.outcome for row in risk_list(actor=authority, open_only=False)] == ["accepted"]
        third = bureau.published(**table("户主姓名", "承包地面积", row=("王芳", "3亩")))
        mentions_collect(item_id=third.pk, now=NOW)
        assert [row.outcome for row in risk_list(actor=authority)] == [""]

    def test_what_has_to_be_fixed_stays_on_the_list(self, authority: Actor, named_twice: list[int]) -> None:
        self.decide(authority, "to_fix")
        assert [row.outcome for row in risk_list(actor=authority)] == ["to_fix"]

    def test_keeps_the_name_out_of_the_audit_trail(self, authority: Actor, named_twice: list[int]) -> None:
        decision = self.decide(authority)
        entry = Entry.objects.get(action="disclosure.risk.decide", target_id=str(decision.pk))
        assert "王芳" not in entry.summary
        assert "王芳" not in str(entry.details)

    def test_refuses_with_every_reason(self, authority: Actor) -> None:
        with pytest.raises(Refused) as refused:
            self.decide(authority, "maybe", name="李四", reason=" ")
        assert refused.value.codes() == [
            "disclosure.risk.unknown",
            "disclosure.risk.outcome",
            "disclosure.risk.reason_missing",
        ]
