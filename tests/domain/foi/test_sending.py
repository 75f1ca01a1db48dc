"""The checks before a letter is sent: result, remedies, citations, other people's data, seal, day and period agree."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from gongkai.domain.foi.dispositions import Route
from gongkai.domain.foi.letters import OUTGOING, LetterForm, citation_text, sample_values
from gongkai.domain.foi.model import Delivery
from gongkai.domain.foi.remedies import IssuerKind, RemedyBlock, Role, remedy_block
from gongkai.domain.foi.sending import Dispatch, check_before_sending
from gongkai.domain.issues import has_errors
from gongkai.rulebook import shipped
from gongkai.rulebook.foi import disposition_rules
from gongkai.rulebook.foi_letters import letter_rules
from gongkai.rulebook.foi_remedies import remedy_rules
from gongkai.rulebook.messages import describe

ON = date(2026, 11, 20)
LETTERS = letter_rules(shipped(), on=ON)
RULES = disposition_rules(shipped(), on=ON)
REMEDIES = remedy_rules(shipped(), on=ON)
DENIED = LETTERS.letters["L13_denied"]
NAMES = {Role.OWN_GOVERNMENT: "青麓市人民政府", Role.BASIC_COURT: "青麓市人民法院"}


def remedies(route: Route, names: dict[Role, str] | None = None) -> RemedyBlock:
    return remedy_block(
        REMEDIES,
        route=route,
        issuer=IssuerKind.DEPARTMENT,
        issuer_name="青麓市自然资源局",
        decided_on=ON,
        delivery=Delivery.POST,
        names=NAMES if names is None else names,
    )


def dispatch(form: LetterForm = DENIED, disposition: str = "denied_process", **changes: object) -> Dispatch:
    """A letter that may go out, changed as told; values are changed by ``values``."""
    grounds = RULES.dispositions[disposition].choose[:1] if disposition else ()
    route = RULES.route(disposition, grounds) if disposition else Route.FREE_CHOICE
    block = remedies(route) if form.tells_remedies else None
    values = sample_values(form, day=ON)
    if block is not None:
        values["remedy"] = list(block.paragraphs)
    if "withheld" in values:
        article = RULES.grounds[grounds[0]].article
        values["withheld"] = [{"part": "附件", "reason": "理由", "article": f"条例{article}"}]
    if disposition:
        values["legal_basis"] = citation_text(RULES.cited(disposition, grounds))
    values.update(changes.pop("values", {}))  # type: ignore[call-overload]
    ready = Dispatch(
        values=values, sealed=True, today=ON, due_on=ON, disposition=disposition, grounds=grounds, remedy=block
    )
    return replace(ready, **changes)  # type: ignore[arg-type]


def codes(given: Dispatch, form: LetterForm = DENIED) -> list[str]:
    issues = check_before_sending(form, given, rules=RULES, outdated=LETTERS.outdated)
    assert all(describe(issue) for issue in issues)
    return [issue.code.removeprefix("foi.") for issue in issues]


class TestReady:
    @pytest.mark.parametrize("code", [d for d, one in RULES.dispositions.items()])
    def test_the_letter_of_each_result_may_go_out(self, code: str) -> None:
        form = LETTERS.letters[RULES.dispositions[code].letter]
        assert codes(dispatch(form, code), form) == []

    @pytest.mark.parametrize(
        "code", [c for c, f in LETTERS.letters.items() if f.direction in OUTGOING and f.route.value != "by_disposition"]
    )
    def test_letters_without_a_result_may_go_out(self, code: str) -> None:
        form = LETTERS.letters[code]
        assert codes(dispatch(form, ""), form) == []

    @pytest.mark.parametrize("code", ["F02_register", "L06a_third_reply", "F01_application"])
    def test_papers_that_stay_or_come_in_are_not_sent(self, code: str) -> None:
        form = LETTERS.letters[code]
        assert codes(dispatch(form, ""), form) == ["send.not_outgoing"]


class TestEveryCombination:
    @pytest.mark.parametrize("code", list(RULES.dispositions))
    def test_each_result_of_each_issuer_by_each_delivery_makes_a_letter_that_may_go_out(self, code: str) -> None:
        known = RULES.dispositions[code]
        form = LETTERS.letters[known.letter]
        names = {role: f"某{role.value}" for role in Role}
        for ground in known.choose or ("",):
            grounds = (ground,) if ground else ()
            for issuer in IssuerKind:
                for delivery in Delivery:
                    block = remedy_block(
                        REMEDIES,
                        route=RULES.route(code, grounds),
                        issuer=issuer,
                        issuer_name="青麓市人民政府",
                        decided_on=ON,
                        delivery=delivery,
                        names=names,
                        letter=form.call,
                    )
                    article = RULES.grounds[ground].article if ground else ""
                    values = {
                        "remedy": list(block.paragraphs),
                        "legal_basis": citation_text(RULES.cited(code, grounds)),
                        **(
                            {"withheld": [{"part": "甲", "reason": "乙", "article": article}]}
                            if code == "partial"
                            else {}
                        ),
                    }
                    ready = dispatch(form, code, grounds=grounds, remedy=block, values=values)
                    assert codes(ready, form) == []


class TestResult:
    def test_a_result_needs_its_own_letter(self) -> None:
        assert codes(dispatch(disposition="granted_provide")) == ["send.other_letter"]

    def test_a_reply_without_a_result_is_stopped(self) -> None:
        assert codes(dispatch(disposition="")) == ["send.no_disposition"]

    def test_a_result_that_does_not_exist_is_named(self) -> None:
        assert "disposition.unknown" in codes(replace(dispatch(), disposition="gone"))

    def test_the_basis_is_that_of_the_grounds_chosen(self) -> None:
        given = dispatch(values={"legal_basis": "《中华人民共和国政府信息公开条例》第二十一条"})
        assert codes(given) == ["send.other_basis", "send.outdated"]

    def test_each_withheld_part_rests_on_a_ground_that_was_chosen(self) -> None:
        form = LETTERS.letters["L12_partial"]
        parts = [
            {"part": "附件一", "reason": "密级", "article": "条例第十四条"},
            {"part": "附件二", "reason": "隐私", "article": "条例第十五条"},
        ]
        given = dispatch(form, "partial", values={"withheld": parts})
        (issue,) = check_before_sending(form, given, rules=RULES)
        assert describe(issue) == "不予公开的“附件二”所引“条例第十五条”不在选定的依据里；选定的有：第十四条。"

    def test_a_renewed_decision_may_carry_any_result(self) -> None:
        form = LETTERS.letters["L34_reissue"]
        assert codes(dispatch(form, "unable_not_exist"), form) == []


class TestRemedies:
    def test_words_changed_by_hand_are_found(self) -> None:
        given = dispatch()
        lines = [str(line).replace("60日", "30日") for line in given.values["remedy"]]  # type: ignore[attr-defined]
        assert codes(dispatch(values={"remedy": lines})) == ["send.remedy_changed"]
        assert codes(dispatch(values={"remedy": []})) == ["send.remedy_changed"]

    def test_remedies_of_another_route_are_found(self) -> None:
        assert codes(dispatch(remedy=remedies(Route.FREE_CHOICE))) == ["send.other_route"]

    def test_remedies_that_were_never_computed_or_lack_a_name_stop_the_letter(self) -> None:
        assert codes(dispatch(remedy=None)) == ["send.no_remedy"]
        assert codes(dispatch(remedy=remedies(Route.REVIEW_FIRST, {}))) == ["remedy.name_missing"]

    def test_an_unsettled_route_that_was_switched_off_goes_out_without(self) -> None:
        form = LETTERS.letters["L20_repeat"]
        off = remedy_block(
            REMEDIES,
            route=Route.UNSETTLED,
            issuer=IssuerKind.DEPARTMENT,
            issuer_name="甲局",
            decided_on=ON,
            delivery=Delivery.POST,
            tell_unsettled=False,
        )
        assert codes(dispatch(form, "refused_repeat", remedy=off, values={"remedy": []}), form) == []

    def test_a_procedural_letter_tells_none(self) -> None:
        form = LETTERS.letters["L04_extension"]
        assert "send.remedy_not_wanted" in codes(dispatch(form, "", values={"remedy": ["如不服"]}), form)


class TestFrame:
    def test_seal_day_and_once(self) -> None:
        form = LETTERS.letters["L02_supplement"]
        given = dispatch(form, "", sealed=False, sent_before=True, values={"date": date(2026, 11, 21)})
        assert codes(given, form) == ["send.no_seal", "send.twice", "send.date_ahead"]

    def test_a_late_letter_goes_out_with_its_days(self) -> None:
        given = dispatch(due_on=date(2026, 11, 13))
        (issue,) = check_before_sending(DENIED, given, rules=RULES)
        assert not has_errors([issue])
        assert "7天" in describe(issue)

    def test_a_missing_value_is_told_with_the_rest(self) -> None:
        assert codes(dispatch(sealed=False, values={"doc_no": ""})) == ["letter.field_missing", "send.no_seal"]


class TestWords:
    @pytest.mark.parametrize(
        "text",
        [
            "可以在三个月内向人民法院起诉",
            "自收到之日起15个工作日内予以答复",
            "向本级人民政府或者上一级主管部门申请",
            "依照国务院令第492号",
            "不符合生产、生活、科研等特殊需要",
        ],
    )
    def test_phrases_of_law_that_is_gone_are_warned_of(self, text: str) -> None:
        issues = check_before_sending(DENIED, dispatch(values={"reason": text}), rules=RULES, outdated=LETTERS.outdated)
        assert {issue.code for issue in issues} == {"foi.send.outdated"}
        assert not has_errors(issues)

    def test_a_third_party_never_learns_who_applied(self) -> None:
        form = LETTERS.letters["L06_consult_third"]
        given = dispatch(
            form,
            "",
            hidden={"申请人姓名": "林晓", "申请人电话": "13800000000", "申请人住址": ""},
            values={"question": "林晓申请的信息是否同意公开？"},
        )
        (issue,) = check_before_sending(form, given, rules=RULES)
        assert describe(issue) == "发给第三方的文书里出现了不应让其知悉的申请人姓名，请删去。"

    def test_lists_and_parts_are_searched_too(self) -> None:
        form = LETTERS.letters["L12_partial"]
        parts = [{"part": "王五的住址", "reason": "隐私", "article": "第十四条"}]
        assert codes(dispatch(form, "partial", hidden={"第三方姓名": "王五"}, values={"withheld": parts}), form) == [
            "send.personal_data"
        ]
