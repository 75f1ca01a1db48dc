"""What an office sets up for its letters: what is wrong with it, how numbers and contact read."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from gongkai.domain.foi.office import OfficeEntry, check_office
from gongkai.domain.foi.remedies import IssuerKind, Role, needed_roles
from gongkai.rulebook import shipped
from gongkai.rulebook.foi_remedies import remedy_rules

DAY = date(2026, 3, 2)


class TestCheck:
    def test_an_empty_entry_and_a_whole_one_are_fine(self) -> None:
        assert check_office(OfficeEntry(), from_on=DAY, today=DAY) == ()
        whole = OfficeEntry(
            issuer_kind=IssuerKind.VERTICAL,
            names={Role.UPPER_AUTHORITY: "临州市税务局", Role.REVIEW_CHANNEL: "https://example.test/主管部门"},
            doc_code="青税",
            doc_pattern="{unit}公开〔{year}〕第{number:3}号",
        )
        assert check_office(whole, from_on=DAY + timedelta(days=300), today=DAY) == ()

    @pytest.mark.parametrize(
        ("entry", "code"),
        [
            (OfficeEntry(names={Role.BASIC_COURT: "甲法院\n乙法院"}), "foi.office.name_unfit"),
            (OfficeEntry(names={Role.OWN_GOVERNMENT: "或者上级"}), "foi.office.name_unfit"),
            (OfficeEntry(names={Role.ITSELF: "本机关"}), "foi.office.name_unfit"),
            (OfficeEntry(doc_code="青教 字"), "foi.office.doc_code"),
            (OfficeEntry(doc_pattern="没有流水号"), "registers.pattern.no_number"),
            (OfficeEntry(doc_pattern="{number"), "registers.pattern.braces"),
        ],
        ids=["two courts", "a choice", "itself", "code with a blank", "no number", "broken braces"],
    )
    def test_tells_what_cannot_stand_in_a_letter(self, entry: OfficeEntry, code: str) -> None:
        assert [issue.code for issue in check_office(entry, from_on=DAY, today=DAY)] == [code]


class TestWords:
    def test_numbers_use_the_code_of_the_office_or_that_of_the_unit(self) -> None:
        assert OfficeEntry().doc_no(year=2026, number=7, code="县教体局") == "县教体局公开〔2026〕7号"
        own = OfficeEntry(doc_code="青教", doc_pattern="{unit}〔{year}〕{number:3}号")
        assert own.doc_no(year=2026, number=7, code="县教体局") == "青教〔2026〕007号"

    def test_contact_takes_what_is_empty_from_the_directory(self) -> None:
        entry = OfficeEntry(contact="办公室", office_hours="工作日")
        assert entry.contact_words(phone="0000-1", address="学府路") == "办公室 0000-1，地址：学府路，办公时间：工作日"
        assert OfficeEntry().contact_words() == ""


class TestNeeded:
    def test_roles_follow_the_table_of_issuers(self) -> None:
        rules = remedy_rules(shipped(), on=DAY)
        assert rules is not None
        assert needed_roles(rules.issuers[IssuerKind.PROVINCE_GOVERNMENT]) == (
            Role.INTERMEDIATE_COURT,
            Role.REVIEW_CHANNEL,
        )
        assert Role.SEAT_GOVERNMENT in needed_roles(rules.issuers[IssuerKind.CITY_DEPARTMENT_BRANCH])
