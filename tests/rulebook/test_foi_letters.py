"""The letters as rules: 41 of them, each complete, and what is said about an office's own that cannot be read."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from gongkai.domain.foi.letters import OUTGOING, LetterRoute
from gongkai.rulebook import Rulebook, RulebookInvalid, shipped
from gongkai.rulebook.foi import disposition_rules
from gongkai.rulebook.foi_letters import letter_rules
from gongkai.rulebook.messages import describe
from gongkai.rulebook.schema import Status

ON = date(2026, 11, 20)
RULES = letter_rules(shipped(), on=ON)


def own(folder: Path, values: str) -> Rulebook:
    (folder / "cn-99").mkdir()
    (folder / "cn-99" / "foi.yaml").write_text(
        f"""
layer: cn-99
rules:
  - id: foi.letter.x1_own
    title: 本单位告知书
    kind: local
    versions:
      - in_force_from: 2020-01-01
        values: {values}
        citations: [本单位文件]
        status: verified
""",
        encoding="utf-8",
    )
    return Rulebook.load([folder])


class TestShippedLetters:
    def test_are_41_with_source_and_mark(self) -> None:
        assert len(RULES.letters) == 41
        assert all(form.basis and (form.verified or form.note) for form in RULES.letters.values())
        assert RULES.layout.status is Status.UNVERIFIED

    def test_every_result_has_its_letter_and_every_letter_of_a_result_is_used(self) -> None:
        used = {one.letter for one in disposition_rules(shipped(), on=ON).dispositions.values()}
        by_result = {code for code, form in RULES.letters.items() if form.route is LetterRoute.BY_DISPOSITION}
        assert used == by_result - {"L34_reissue"}

    def test_every_outgoing_letter_has_issuer_addressee_and_day(self) -> None:
        for form in RULES.letters.values():
            if form.direction in OUTGOING:
                assert {"issuer", "addressee", "date"} <= set(form.needs)

    def test_replies_quote_the_request_and_name_facts_basis_and_conclusion(self) -> None:
        for form in RULES.letters.values():
            if form.route is LetterRoute.BY_DISPOSITION and form.code != "L34_reissue":
                assert {"doc_no", "application_no", "received_on", "request", "facts", "legal_basis"} <= set(form.needs)
                assert "conclusion" in form.fixed

    def test_periods_in_fixed_words_come_from_their_rules(self) -> None:
        limits = {code: form.limit for code, form in RULES.letters.items() if form.limit}
        assert limits == {
            "L06_consult_third": "foi.third_party_opinion",
            "L08_consult_organ": "foi.joint_maker_opinion",
            "L09_fee": "foi.payment",
        }
        assert not any("{limit}" in words for form in RULES.letters.values() for words in form.fixed.values())

    def test_a_fee_is_asked_for_only_since_there_is_one(self) -> None:
        before = letter_rules(shipped(), on=date(2020, 6, 1)).letters
        assert set(RULES.letters) - set(before) == {"L09_fee", "L25_closed_no_payment"}


class TestOwnLetters:
    GOOD = (
        "{phase: decision, direction: to_applicant, route: procedural, base: outside, needs: [reason], "
        'body: ["理由：{{ reason }}"]}'
    )

    def test_a_place_may_bring_a_letter_of_its_own(self, tmp_path: Path) -> None:
        rules = letter_rules(own(tmp_path, self.GOOD), on=ON, layer="cn-99")
        assert rules.letters["X1_own"].needs == ("issuer", "doc_no", "addressee", "date", "reason")
        assert len(rules.letters) == 42

    def test_every_fault_is_told_at_once(self, tmp_path: Path) -> None:
        values = (
            "{phase: decision, direction: upward, route: procedural, base: outside, needs: [reason, nothing], "
            'fixed: {effect: "{unknown_field}"}, body: ["{{ colour }}", {rows: [[一]]}], colour: red}'
        )
        with pytest.raises(RulebookInvalid) as caught:
            letter_rules(own(tmp_path, values), on=ON, layer="cn-99")
        told = "\n".join(describe(issue) for issue in caught.value.issues)
        for word in ("direction", "nothing", "unknown_field", "colour", "rows", "“理由”", "“不办理的后果”"):
            assert word in told
