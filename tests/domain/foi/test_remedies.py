"""The remedies told in a letter: the organ of the law, the periods of the law, and none of the old phrases."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai.domain.foi.dispositions import Route
from gongkai.domain.foi.model import Delivery
from gongkai.domain.foi.remedies import IssuerKind, RemedyBlock, Role, issuer_kind_of, remedy_block
from gongkai.domain.organizations.kinds import UnitKind
from gongkai.rulebook import shipped
from gongkai.rulebook.foi_remedies import remedy_rules
from gongkai.rulebook.messages import describe

ON = date(2026, 11, 20)
RULES = remedy_rules(shipped(), on=ON)
NAMES = {
    Role.OWN_GOVERNMENT: "青麓市人民政府",
    Role.UPPER_GOVERNMENT: "云州市人民政府",
    Role.SEAT_GOVERNMENT: "溪口区人民政府",
    Role.UPPER_AUTHORITY: "云州市税务局",
    Role.UPPER_JUSTICE: "云州市司法局",
    Role.BASIC_COURT: "青麓市人民法院",
    Role.INTERMEDIATE_COURT: "云州市中级人民法院",
    Role.REVIEW_CHANNEL: "“掌上复议”小程序",
}
TRAPS = (
    "三个月",
    "3个月",
    "3月",
    "15个工作日",
    "十五个工作日",
    "15个日",
    "或者上一级主管部门",
    "或上一级主管部门",
    "第492号",
    "两年",
    "2年",
)


def block(
    route: Route = Route.FREE_CHOICE,
    issuer: IssuerKind = IssuerKind.DEPARTMENT,
    delivery: Delivery = Delivery.POST,
    names: dict[Role, str] | None = None,
    tell_unsettled: bool | None = None,
    tell_complaint: bool = False,
) -> RemedyBlock:
    return remedy_block(
        RULES,
        route=route,
        issuer=issuer,
        issuer_name="江西省人民政府",
        decided_on=ON,
        delivery=delivery,
        names=NAMES if names is None else names,
        tell_unsettled=tell_unsettled,
        tell_complaint=tell_complaint,
    )


class TestReviewOrgan:
    @pytest.mark.parametrize(
        ("issuer", "organs", "court"),
        [
            ("department", ("青麓市人民政府",), "青麓市人民法院"),
            ("town", ("云州市人民政府",), "青麓市人民法院"),
            ("county_government", ("云州市人民政府",), "云州市中级人民法院"),
            ("city_government", ("云州市人民政府",), "云州市中级人民法院"),
            ("province_government", ("江西省人民政府",), "云州市中级人民法院"),
            ("street", ("青麓市人民政府",), "青麓市人民法院"),
            ("authorized_body", ("青麓市人民政府",), "青麓市人民法院"),
            ("department_branch", ("青麓市人民政府",), "青麓市人民法院"),
            ("city_department_branch", ("青麓市人民政府", "溪口区人民政府"), "青麓市人民法院"),
            ("vertical", ("云州市税务局",), "青麓市人民法院"),
            ("justice", ("青麓市人民政府", "云州市司法局"), "青麓市人民法院"),
            ("disclosure_office", ("青麓市人民政府",), "青麓市人民法院"),
            ("management_committee", ("青麓市人民政府",), "青麓市人民法院"),
        ],
    )
    def test_follows_from_the_kind_of_organ(self, issuer: str, organs: tuple[str, ...], court: str) -> None:
        found = block(issuer=IssuerKind(issuer))
        assert (found.organs, found.court) == (organs, court)
        assert all(name in found.paragraphs[0] for name in (*organs, court))
        assert found.basis

    def test_what_is_not_certain_of_an_issuer_is_told_to_the_officer_only(self) -> None:
        found = block(issuer=IssuerKind.DISCLOSURE_OFFICE)
        assert "司法行政部门" in found.pending[0]
        assert "核实" not in "".join(found.paragraphs)


class TestRoutes:
    def test_review_first_names_the_review_alone_and_the_suit_after_it(self) -> None:
        found = block(Route.REVIEW_FIRST)
        assert found.paragraphs[0] == (
            "如不服本告知书中不予公开政府信息的决定，应当自收到本告知书之日起60日内，先向青麓市人民政府申请行政复议。"
        )
        assert "15日内，依法向人民法院提起行政诉讼" in found.paragraphs[1]
        assert "6个月" not in "".join(found.paragraphs)
        assert (found.court, found.suit) == ("", None)
        assert "foi.remedies.review_first" in {basis.rule for basis in found.basis}

    def test_free_choice_names_both_with_their_periods(self) -> None:
        assert block(Route.FREE_CHOICE).paragraphs == (
            "如不服本告知书，可以自收到本告知书之日起60日内向青麓市人民政府申请行政复议，"
            "也可以自收到本告知书之日起6个月内向青麓市人民法院提起行政诉讼。",
            "可以通过以下互联网渠道申请行政复议：“掌上复议”小程序。",
        )

    def test_procedural_letters_say_nothing_on_any_day(self) -> None:
        assert block(Route.PROCEDURAL).paragraphs == ()
        early = remedy_block(
            None,
            route=Route.PROCEDURAL,
            issuer=IssuerKind.TOWN,
            issuer_name="甲镇人民政府",
            decided_on=date(2023, 1, 1),
            delivery=Delivery.POST,
        )
        assert (early.paragraphs, early.issues) == ((), ())

    def test_an_unsettled_route_is_told_until_a_legal_officer_switches_it_off(self) -> None:
        told, off = block(Route.UNSETTLED), block(Route.UNSETTLED, tell_unsettled=False)
        assert told.paragraphs == block(Route.FREE_CHOICE).paragraphs
        assert off.paragraphs == ()
        assert "待核" in told.pending[0]
        assert off.pending == told.pending

    def test_a_complaint_may_be_told_beside(self) -> None:
        found = block(tell_complaint=True)
        assert "投诉、举报" in found.paragraphs[-1]
        assert "第五十一条" in found.basis[-2].citation


class TestDelivery:
    def test_online_the_channel_for_the_review_is_named(self) -> None:
        found = block(delivery=Delivery.ONLINE)
        assert found.paragraphs[-1] == "可以通过以下互联网渠道申请行政复议：“掌上复议”小程序。"

    def test_online_without_a_channel_the_letter_cannot_go_out(self) -> None:
        names = {role: name for role, name in NAMES.items() if role is not Role.REVIEW_CHANNEL}
        found = block(delivery=Delivery.ONLINE, names=names)
        assert [issue.code for issue in found.issues] == ["foi.remedy.channel_missing"]
        assert found.paragraphs == ()
        assert block(delivery=Delivery.POST, names=names).issues == ()


class TestMissing:
    def test_every_missing_name_is_told_at_once(self) -> None:
        found = block(issuer=IssuerKind.JUSTICE, delivery=Delivery.ONLINE, names={})
        assert [issue.field for issue in found.issues] == [
            "own_government",
            "upper_justice",
            "basic_court",
            "review_channel",
        ]
        assert all("填写" in describe(issue) for issue in found.issues)

    @pytest.mark.parametrize("name", ["或者云州市政府", "市政府或者上一级主管部门", "市政府\n县政府"])
    def test_a_name_that_would_bring_back_old_phrases_is_refused(self, name: str) -> None:
        found = block(names={**NAMES, Role.OWN_GOVERNMENT: name})
        assert [issue.code for issue in found.issues] == ["foi.remedy.name_unfit"]
        assert describe(found.issues[0])

    def test_no_block_is_made_for_days_before_the_law_of_2023(self) -> None:
        early = date(2023, 12, 31)
        rules = remedy_rules(shipped(), on=early)
        assert rules is None
        found = remedy_block(
            rules,
            route=Route.FREE_CHOICE,
            issuer=IssuerKind.TOWN,
            issuer_name="甲镇人民政府",
            decided_on=early,
            delivery=Delivery.POST,
        )
        assert "2023-12-31" in describe(found.issues[0])


class TestIssuerKind:
    @pytest.mark.parametrize(
        ("kind", "division", "expected"),
        [
            (UnitKind.GOVERNMENT, "360000", IssuerKind.PROVINCE_GOVERNMENT),
            (UnitKind.GOVERNMENT, "360700", IssuerKind.CITY_GOVERNMENT),
            (UnitKind.GOVERNMENT, "360783", IssuerKind.COUNTY_GOVERNMENT),
            (UnitKind.TOWN, "", IssuerKind.TOWN),
            (UnitKind.DEPARTMENT, "", IssuerKind.DEPARTMENT),
            (UnitKind.INTERNAL_OFFICE, "", None),
            (UnitKind.VILLAGE, "", None),
        ],
    )
    def test_follows_from_the_kind_of_unit(self, kind: UnitKind, division: str, expected: IssuerKind | None) -> None:
        assert issuer_kind_of(kind, division=division) is expected

    def test_the_office_of_a_government_may_reply_in_its_own_name(self) -> None:
        office = issuer_kind_of(UnitKind.INTERNAL_OFFICE, own_name_office=True)
        assert office is IssuerKind.DISCLOSURE_OFFICE


ORGAN = st.text("青云赣县市区镇人民政府法院和平税务局司", min_size=2, max_size=12)


class TestLaws:
    @settings(deadline=None)
    @given(
        route=st.sampled_from(Route),
        issuer=st.sampled_from(IssuerKind),
        delivery=st.sampled_from(Delivery),
        names=st.fixed_dictionaries({}, optional=dict.fromkeys(NAMES, ORGAN)),
        unsettled=st.sampled_from([None, True, False]),
        complaint=st.booleans(),
    )
    def test_old_phrases_can_never_be_produced(
        self,
        route: Route,
        issuer: IssuerKind,
        delivery: Delivery,
        names: dict[Role, str],
        unsettled: bool | None,
        complaint: bool,
    ) -> None:
        found = block(route, issuer, delivery, names, unsettled, complaint)
        text = "".join(found.paragraphs)
        assert [trap for trap in TRAPS if trap in text] == []
        assert not (found.issues and found.paragraphs)
        if found.paragraphs:
            assert "60日" in text
            assert (route is Route.REVIEW_FIRST) == ("先向" in text)
            assert (route is Route.REVIEW_FIRST) != ("6个月" in text)
            assert delivery is not Delivery.ONLINE or "互联网渠道" in text
