"""The processing fee: the table of 109号 at every edge, and the laws that hold at any number."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai.domain.foi.fees import (
    CountedCase,
    FeeMethod,
    Scope,
    Tariff,
    check_fee,
    fee_by_cases,
    fee_by_pages,
    moved_places,
    places_in_month,
    yuan,
)
from gongkai.rulebook import shipped
from gongkai.rulebook.foi_fees import fee_rules
from gongkai.rulebook.messages import describe

RULES = fee_rules(shipped(), on=date(2026, 11, 20))
assert RULES is not None
CASES, PAGES = RULES.tariffs[FeeMethod.PER_CASE], RULES.tariffs[FeeMethod.PER_PAGE]


class TestPerCase:
    @pytest.mark.parametrize(
        ("number", "price", "total"),
        [
            (1, 0, 0),
            (10, 0, 0),
            (11, 100, 100),
            (12, 100, 200),
            (30, 100, 2000),
            (31, 200, 2200),
            (40, 200, 4000),
            (41, 300, 4300),
            (50, 300, 7000),
            (51, 400, 7400),
            (60, 400, 11000),
            (61, 500, 11500),
            (100, 800, 37000),
            (101, 900, 37900),
        ],
    )
    def test_price_and_running_total(self, number: int, price: int, total: int) -> None:
        assert (CASES.price(number), CASES.total(number)) == (price * 100, total * 100)
        assert fee_by_cases(CASES, before=number - 1).fen == price * 100
        assert fee_by_cases(CASES, before=0, parts=number).fen == total * 100

    def test_explains_itself_line_by_line(self) -> None:
        fee = fee_by_cases(CASES, before=8, parts=34)
        assert [str(line) for line in fee.lines] == [
            "第9至第10件：不收费",
            "第11至第30件：20件×100元=2000元",
            "第31至第40件：10件×200元=2000元",
            "第41至第42件：2件×300元=600元",
        ]
        assert fee.yuan == "4600元"
        assert fee.basis[0].citation.endswith("第三条、第四条")

    @pytest.mark.parametrize(("before", "parts"), [(-1, 1), (0, 0)])
    def test_counts_at_least_one(self, before: int, parts: int) -> None:
        with pytest.raises(ValueError, match="at least once"):
            fee_by_cases(CASES, before=before, parts=parts)


class TestPerPage:
    @pytest.mark.parametrize(
        ("pages", "total"),
        [
            (0, 0),
            (1, 0),
            (30, 0),
            (31, 10),
            (100, 700),
            (101, 720),
            (200, 2700),
            (201, 2740),
            (250, 4700),
            (10_000, 394_700),
        ],
    )
    def test_total(self, pages: int, total: int) -> None:
        assert PAGES.total(pages) == total * 100
        assert fee_by_pages(PAGES, pages=pages).fen == total * 100

    def test_explains_itself_line_by_line(self) -> None:
        assert [str(line) for line in fee_by_pages(PAGES, pages=201).lines] == [
            "第1至第30页：不收费",
            "第31至第100页：70页×10元=700元",
            "第101至第200页：100页×20元=2000元",
            "第201页：1页×40元=40元",
        ]

    def test_no_negative_pages(self) -> None:
        with pytest.raises(ValueError, match="negative"):
            fee_by_pages(PAGES, pages=-1)


@pytest.mark.parametrize("tariff", [CASES, PAGES], ids=["per_case", "per_page"])
class TestLaws:
    @settings(deadline=None)
    @given(number=st.integers(1, 5000))
    def test_the_total_grows_by_the_price_and_never_falls(self, tariff: Tariff, number: int) -> None:
        assert tariff.total(number) - tariff.total(number - 1) == tariff.price(number) >= 0
        assert tariff.price(number + 1) >= tariff.price(number)

    @settings(deadline=None)
    @given(before=st.integers(0, 3000), parts=st.integers(1, 3000))
    def test_lines_add_up_without_gap_to_the_closed_form(self, tariff: Tariff, before: int, parts: int) -> None:
        lines = list(tariff.lines(before + 1, before + parts))
        assert sum(line.fen for line in lines) == tariff.total(before + parts) - tariff.total(before)
        assert [n for line in lines for n in (line.first, line.last)][:: len(lines) * 2 - 1] == [
            before + 1,
            before + parts,
        ]
        assert all(a.last + 1 == b.first and a.each < b.each for a, b in zip(lines, lines[1:], strict=False))

    @settings(deadline=None)
    @given(number=st.integers(1, 10**15))
    def test_the_closed_form_needs_no_loop(self, tariff: Tariff, number: int) -> None:
        assert tariff.total(number) >= tariff.total(number - 1)

    def test_units_count_from_one(self, tariff: Tariff) -> None:
        with pytest.raises(ValueError, match="count from 1"):
            tariff.price(0)
        with pytest.raises(ValueError, match="negative"):
            tariff.total(-1)


def case(
    ref: str, day: int, *, month: int = 11, organ: str = "甲局", parts: int = 1, counts: bool = True
) -> CountedCase:
    return CountedCase(ref, "王某", organ, date(2026, month, day), int(ref[1:]), parts, counts)


class TestPlacesInMonth:
    CASES = (
        case("c3", 30),
        case("c1", 1),
        case("c2", 1, parts=3),
        case("c4", 30, organ="乙局"),
        case("c5", 1, month=12),
        case("c6", 15, counts=False),
        CountedCase("c7", "李某", "甲局", date(2026, 11, 2), 7),
    )

    def test_one_applicant_one_calendar_month_one_organ(self) -> None:
        places = places_in_month(
            self.CASES, applicant="王某", organ="甲局", month=date(2026, 11, 20), scope=Scope.ORGAN
        )
        assert places == {"c1": 0, "c2": 1, "c3": 4}

    def test_a_place_may_add_up_all_its_organs(self) -> None:
        places = places_in_month(
            self.CASES, applicant="王某", organ="甲局", month=date(2026, 11, 20), scope=Scope.PLACE
        )
        assert places == {"c1": 0, "c2": 1, "c3": 4, "c4": 5}

    def test_a_split_or_withdrawal_moves_those_behind(self) -> None:
        old = {"c1": 0, "c2": 1, "c3": 2}
        assert moved_places(old, {"c1": 0, "c3": 1, "c4": 2}) == {"c2": (1, None), "c3": (2, 1), "c4": (None, 2)}
        assert moved_places(old, old) == {}


class TestCheckFee:
    def test_a_decided_fee_by_one_method_passes(self) -> None:
        fee = fee_by_cases(CASES, before=10)
        assert check_fee(fee, charged=[FeeMethod.PER_CASE], decided_by="张局长", already_public=True) == ()

    def test_everything_wrong_is_told_at_once(self) -> None:
        fee = fee_by_pages(PAGES, pages=30)
        issues = check_fee(fee, charged=[FeeMethod.PER_CASE], already_public=True, decided_by=" ")
        assert [issue.code for issue in issues] == [
            "foi.fee.two_methods",
            "foi.fee.already_public",
            "foi.fee.nothing_due",
            "foi.fee.nobody_decided",
        ]
        assert "按件计收" in describe(issues[0])
        assert "30" in describe(issues[2])


class TestYuan:
    @pytest.mark.parametrize(("fen", "text"), [(0, "0元"), (5, "0.05元"), (1250, "12.50元"), (430_000, "4300元")])
    def test_writes_fen_only_where_there_are_some(self, fen: int, text: str) -> None:
        assert yuan(fen) == text
