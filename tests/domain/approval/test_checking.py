"""Faults of a route, each with its own reason."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from gongkai.domain.approval import Route, Step, check_route
from gongkai.rulebook.approvals import SIGNING_ROLES
from tests.domain.approval.routes import FORMS, ROUTE

CHECKED = replace(
    ROUTE,
    steps=tuple(replace(step, form="legality") if step.code == "legality_review" else step for step in ROUTE.steps),
)
KNOWN_FORMS = {*FORMS, "legality"}


def codes(route: Route) -> set[str]:
    return {issue.code for issue in check_route(route, forms=KNOWN_FORMS, roles=SIGNING_ROLES)}


def change(of: str, /, **fields: object) -> Route:
    steps = tuple(replace(step, **fields) if step.code == of else step for step in CHECKED.steps)  # type: ignore[arg-type]
    return replace(CHECKED, steps=steps)


def without(code: str) -> Route:
    steps = [step for step in CHECKED.steps if step.code != code]
    kept = tuple(replace(s, separate_from=tuple(o for o in s.separate_from if o != code)) for s in steps)
    return replace(CHECKED, steps=kept)


class TestCheckRoute:
    def test_accepts_a_whole_route(self) -> None:
        assert codes(CHECKED) == set()

    @pytest.mark.parametrize(
        ("route", "code"),
        [
            (replace(CHECKED, code="三审"), "approvals.route.code"),
            (replace(CHECKED, name=" "), "approvals.route.no_name"),
            (replace(CHECKED, steps=(*CHECKED.steps, CHECKED.steps[-1])), "approvals.route.step_twice"),
            (change("first_proof", code="author"), "approvals.route.step_code"),
            (change("first_proof", name=""), "approvals.route.step_no_name"),
            (change("first_proof", order=0), "approvals.route.step_order"),
            (change("first_proof", due_working_days=0), "approvals.route.step_due"),
            (change("first_proof", due_working_days=61), "approvals.route.step_due"),
            (change("first_proof", roles=()), "approvals.route.step_no_role"),
            (change("first_proof", roles=("system_administrator",)), "approvals.route.step_role"),
            (change("first_proof", roles=("drafter",)), "approvals.route.step_role"),
            (change("first_proof", roles=("mayor",)), "approvals.route.step_role"),
            (change("first_proof", separate_from=("nowhere",)), "approvals.route.step_separate"),
            (change("first_proof", separate_from=("first_proof",)), "approvals.route.step_separate"),
            (change("first_proof", only_if=("sometimes",)), "approvals.route.step_flag"),
            (change("first_proof", form="nothing"), "approvals.route.step_form"),
            (change("confidentiality_review", form=""), "approvals.route.step_needs_form"),
            (without("confidentiality_review"), "approvals.route.no_confidentiality"),
            (change("confidentiality_review", only_if=("legality",)), "approvals.route.no_confidentiality"),
            (without("final_review"), "approvals.route.ends_undecided"),
            (replace(CHECKED, steps=()), "approvals.route.no_decision"),
        ],
    )
    def test_names_the_fault(self, route: Route, code: str) -> None:
        assert code in codes(route)

    @pytest.mark.parametrize(
        "change_step", [lambda s: replace(s, separate_from=()), lambda s: replace(s, only_if=("legality",))]
    )
    def test_wants_a_decision_by_somebody_else_than_the_authors_that_is_always_taken(
        self, change_step: Callable[[Step], Step]
    ) -> None:
        steps = tuple(change_step(s) if s.kind in ("review", "sign_off") else s for s in CHECKED.steps)
        assert "approvals.route.no_decision" in codes(replace(CHECKED, steps=steps))


class TestRoundTrip:
    def test_data_gives_the_same_route_back(self) -> None:
        assert Route.from_data(CHECKED.as_data()) == CHECKED

    @pytest.mark.parametrize("broken", [{"steps": "x"}, {"steps": [{"code": "a"}]}, {}, {"steps": [], "code": "a"}])
    def test_data_of_another_shape_is_refused(self, broken: dict[str, object]) -> None:
        with pytest.raises((KeyError, TypeError, ValueError)):
            Route.from_data({"code": "x", **broken})
