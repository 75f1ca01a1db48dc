"""Results of an application: grounds from the closed list, evidence complete, the right route."""

from __future__ import annotations

from datetime import date

import pytest

from gongkai.domain.foi.dispositions import Route, check_decision, evidence_missing, evidence_wanted
from gongkai.domain.issues import Issue, has_errors
from gongkai.rulebook import shipped
from gongkai.rulebook.foi import disposition_rules
from gongkai.rulebook.messages import describe

RULES = disposition_rules(shipped(), on=date(2026, 11, 20))


def complete(code: str, grounds: tuple[str, ...] = ()) -> list[str]:
    """One code of every line of the checklist."""
    missing = evidence_missing(RULES.dispositions[code], grounds, ())
    return [line[0].code for line in missing]


def check(code: str, grounds: tuple[str, ...] = (), evidence: list[str] | None = None) -> tuple[Issue, ...]:
    kept = complete(code, grounds) if evidence is None else evidence
    return check_decision(RULES, disposition=code, grounds=grounds, evidence=kept)


class TestCheckDecision:
    @pytest.mark.parametrize("code", list(RULES.dispositions))
    def test_a_result_with_its_ground_and_evidence_passes(self, code: str) -> None:
        known = RULES.dispositions[code]
        assert check(code, known.choose[:1]) == ()

    @pytest.mark.parametrize("code", list(RULES.dispositions))
    def test_each_line_of_evidence_is_asked_for(self, code: str) -> None:
        known = RULES.dispositions[code]
        kept = complete(code, known.choose[:1])
        for left_out in kept:
            issues = check(code, known.choose[:1], [one for one in kept if one != left_out])
            assert [issue.code for issue in issues] == ["foi.evidence.missing"]
            assert left_out in str(issues[0].values["codes"])

    def test_a_result_that_does_not_exist_names_those_that_do(self) -> None:
        (issue,) = check_decision(RULES, disposition="denied", grounds=(), evidence=())
        assert "denied_internal" in describe(issue)

    @pytest.mark.parametrize("code", ["partial", "denied_third_party", "denied_internal", "denied_process"])
    def test_where_the_law_lists_classes_one_must_be_chosen(self, code: str) -> None:
        issues = check(code, evidence=[item.code for item in RULES.dispositions[code].evidence])
        assert [issue.code for issue in issues] == ["foi.ground.missing"]

    def test_a_ground_of_another_result_is_refused_with_the_choices(self) -> None:
        issues = check("granted_provide", ("art14_secret",))
        assert [issue.code for issue in issues] == ["foi.ground.not_of_disposition"]
        assert "第三十六条第二项" in describe(issues[0])

    def test_all_that_is_wrong_is_told_at_once(self) -> None:
        issues = check("denied_process", ("art99", "art10"), ["file_stage", "shopping_list"])
        assert [issue.code for issue in issues] == [
            "foi.ground.unknown",
            "foi.ground.not_of_disposition",
            "foi.ground.missing",
            "foi.evidence.missing",
            "foi.evidence.missing",
            "foi.evidence.not_asked",
        ]
        assert all(describe(issue) for issue in issues)

    def test_evidence_nothing_asked_for_does_not_stop(self) -> None:
        issues = check("other_withdrawn", evidence=["withdrawal_statement", "photo"])
        assert len(issues) == 1
        assert not has_errors(issues)

    def test_a_denial_may_rest_on_a_further_refusal_ground(self) -> None:
        assert check("denied_internal", ("art16_personnel", "art15_privacy")) == ()


class TestEvidence:
    def test_the_answer_of_the_third_party_or_its_silence_will_do(self) -> None:
        kept = ["consultation_letter", "consultation_delivery", "third_party_silence", "interest_balance"]
        assert check("denied_third_party", ("art15_trade",), kept) == ()

    def test_a_partial_decision_asks_for_the_evidence_of_the_withheld_parts_only(self) -> None:
        partial = RULES.dispositions["partial"]
        plain = {item.code for item in evidence_wanted(partial, ["art36_4"])}
        secret = {item.code for item in evidence_wanted(partial, ["art14_secret"])}
        assert plain == {"redaction_list", "redacted_copy", "full_copy"}
        assert "secrecy_mark" in secret - plain
        assert "consultation_letter" not in secret

    def test_a_promise_is_kept_after_the_case_is_closed(self) -> None:
        later = RULES.dispositions["granted_later"]
        assert [[item.code for item in line] for line in evidence_missing(later, (), ())] == [["promised_on"]]
        (line,) = evidence_missing(later, (), ("promised_on",), later=True)
        assert line[0].code == "later_publication"


class TestRoute:
    @pytest.mark.parametrize("ground", [code for code, one in RULES.grounds.items() if one.refusal])
    def test_partial_with_anything_under_articles_14_to_16_is_review_first(self, ground: str) -> None:
        assert RULES.route("partial", [ground]) is Route.REVIEW_FIRST
        assert RULES.route("partial", ["art36_4", ground]) is Route.REVIEW_FIRST

    @pytest.mark.parametrize("ground", ["art36_4", "art36_5", "art36_7", "art38", "art2"])
    def test_partial_on_other_grounds_only_is_a_free_choice(self, ground: str) -> None:
        assert RULES.route("partial", [ground]) is Route.FREE_CHOICE

    def test_a_register_with_a_law_of_its_own_stands_under_denied_but_is_not_review_first(self) -> None:
        assert RULES.route("denied_inquiry_matter", ()) is Route.UNSETTLED


class TestCited:
    def test_grounds_cited_always_and_the_chosen_ones_stand_in_the_order_of_the_law(self) -> None:
        cited = RULES.cited("denied_internal", ["art16_workflow", "art14_secret"])
        assert [ground.code for ground in cited] == ["art14_secret", "art16_workflow", "art36_3"]

    def test_a_ground_shows_article_words_and_its_mark(self) -> None:
        assert RULES.grounds["art35"].label == "第三十五条：申请的数量、频次明显超过合理范围且理由不合理"
        assert RULES.grounds["withdrawn"].label == "申请人自愿撤回申请（待核）"
