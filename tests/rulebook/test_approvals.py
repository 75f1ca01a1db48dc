"""The shipped routes and forms, and what is said about an office's own that cannot be read."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from gongkai.domain.approval import Purpose, StepKind, separate_steps
from gongkai.rulebook import Rulebook, RulebookInvalid, shipped
from gongkai.rulebook.approvals import approval_forms, approval_routes
from gongkai.rulebook.messages import describe

ON = date(2026, 3, 2)
FLAGS = ("legality", "fair_competition")


class TestShippedRoutes:
    def test_are_three_of_which_one_is_for_emergencies(self) -> None:
        routes = approval_routes(shipped(), on=ON)
        assert {code: route.purpose for code, route in routes.items()} == {
            "three_review_three_proof": Purpose.ORDINARY,
            "town_short": Purpose.ORDINARY,
            "emergency_release": Purpose.EMERGENCY,
        }

    def test_three_reviews_and_three_proofreadings_need_three_persons_each(self) -> None:
        route = approval_routes(shipped(), on=ON)["three_review_three_proof"]
        for group in (
            {"first_review", "second_review", "final_review"},
            {"first_proof", "second_proof", "third_proof"},
        ):
            for code in group:
                step = route.step(code)
                assert step is not None
                assert group - {code} <= separate_steps(route, step, FLAGS)
        assert all("author" in step.separate_from for step in route.steps)

    @pytest.mark.parametrize("code", ["three_review_three_proof", "town_short", "emergency_release"])
    def test_every_route_has_the_confidentiality_review_with_its_form(self, code: str) -> None:
        steps = approval_routes(shipped(), on=ON)[code].steps
        (review,) = [step for step in steps if step.kind is StepKind.CONFIDENTIALITY]
        assert (review.form, review.only_if) == ("confidentiality", ())

    def test_unverified_bases_are_marked(self) -> None:
        assert not any(route.verified for route in approval_routes(shipped(), on=ON).values())
        assert all(route.basis and route.note for route in approval_routes(shipped(), on=ON).values())

    @pytest.mark.parametrize("on", [date(2019, 5, 15), date(2024, 7, 31), date(2024, 8, 1)])
    def test_are_whole_on_every_day_since_the_regulations(self, on: date) -> None:
        assert set(approval_forms(shipped(), on=on)) == {"confidentiality", "legality", "fair_competition"}
        assert len(approval_routes(shipped(), on=on)) == 3


class TestShippedForms:
    def test_the_confidentiality_form_asks_for_every_kind_of_secret_and_the_four_dangers(self) -> None:
        form = approval_forms(shipped(), on=ON)["confidentiality"]
        assert {question.code for question in form.questions} >= {
            "state_secret",
            "work_secret",
            "trade_secret",
            "privacy",
            "aggregation",
            "national_security",
            "public_security",
            "economic_security",
            "social_stability",
            "conclusion",
        }

    def test_no_answer_is_a_truth_value_by_accident(self) -> None:
        for form in approval_forms(shipped(), on=ON).values():
            for question in form.questions:
                assert not {"True", "False"} & set(question.options)
                assert set(question.stops) | set(question.notes) <= set(question.options)


class TestOwnFolder:
    def book(self, folder: Path, content: str) -> Rulebook:
        place = folder / "cn-3607"
        place.mkdir()
        (place / "routes.yaml").write_text("layer: cn-3607\nrules:\n" + content, encoding="utf-8")
        return Rulebook.load([folder])

    def test_tells_what_is_wrong_with_a_route(self, tmp_path: Path) -> None:
        content = """
  - id: approval.route.own
    title: 本市路线
    kind: internal
    versions:
      - in_force_from: 2024-01-01
        citations: [内部管理]
        status: verified
        values:
          purpose: ordinary
          steps:
            - {code: final_review, name: 终审, kind: sign_off, order: 1, roles: [drafter], due_working_days: 1}
"""
        book = self.book(tmp_path, content)
        assert "own" not in approval_routes(book, on=ON)
        with pytest.raises(RulebookInvalid) as caught:
            approval_routes(book, on=ON, layer="cn-3607")
        found = {issue.code for issue in caught.value.issues}
        assert found == {
            "approvals.route.step_role",
            "approvals.route.no_decision",
            "approvals.route.no_confidentiality",
        }

    @pytest.mark.parametrize(
        "values", ["{steps: 三步}", "{}", "{steps: [{code: a}]}", "{steps: [{code: a, kind: odd}]}"]
    )
    def test_tells_of_a_route_that_cannot_be_read(self, tmp_path: Path, values: str) -> None:
        content = f"""
  - id: approval.route.own
    title: 本市路线
    kind: internal
    versions:
      - in_force_from: 2024-01-01
        citations: [内部管理]
        status: verified
        values: {values}
"""
        with pytest.raises(RulebookInvalid) as caught:
            approval_routes(self.book(tmp_path, content), on=ON, layer="cn-3607")
        (issue,) = caught.value.issues
        assert issue.code == "approvals.rules.unreadable"
        assert "approval.route.own" in describe(issue)

    @pytest.mark.parametrize("questions", ["[]", "[{code: a, text: 问, options: {b: 否}, stops: [c]}]", "一问"])
    def test_tells_of_a_form_that_cannot_be_read(self, tmp_path: Path, questions: str) -> None:
        content = f"""
  - id: approval.form.own
    title: 本市表单
    kind: internal
    versions:
      - in_force_from: 2024-01-01
        citations: [内部管理]
        status: verified
        values: {{questions: {questions}}}
"""
        with pytest.raises(RulebookInvalid) as caught:
            approval_forms(self.book(tmp_path, content), on=ON, layer="cn-3607")
        assert {issue.code for issue in caught.value.issues} == {"approvals.rules.unreadable"}
