"""Every kind of step in every situation, and what counts for a digest."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from gongkai.domain.approval import (
    Capacity,
    Place,
    Signature,
    Signer,
    Verdict,
    capacity_for,
    counting,
    current_steps,
    is_complete,
    separate_steps,
    sign,
)
from gongkai.domain.issues import Issue
from tests.domain.approval.routes import (
    CLEAN,
    EDITED,
    FORMS,
    READ,
    ROLE_OF,
    ROUTE,
    holder,
    of_step,
    signed,
    up_to,
)

STEPS = [step.code for step in ROUTE.steps]
FLAGS = ("legality",)


def attempt(step: str, signatures: tuple[Signature, ...] = (), **more: object) -> Signature | tuple[Issue, ...]:
    fields: dict[str, object] = {
        "digest": READ,
        "read_digest": READ,
        "authors": {"user:author"},
        "signer": of_step(step),
        "step": step,
        "verdict": Verdict.SIGN,
        "form": CLEAN if step == "confidentiality_review" else None,
        "forms": FORMS,
        "flags": FLAGS,
    }
    return sign(ROUTE, signatures, **{**fields, **more})  # type: ignore[arg-type]


def codes(result: Signature | tuple[Issue, ...]) -> list[str]:
    return [] if isinstance(result, Signature) else [issue.code for issue in result]


def before(step: str) -> tuple[Signature, ...]:
    """What has to be signed before the step is open; the last step waits for the special review, too."""
    special = (signed("legality_review"),) if step == "final_review" else ()
    return (*special, *up_to(step))


# The table: what is different in each situation (arguments of ``attempt`` by step).
SITUATIONS: dict[str, Callable[[str], dict[str, object]]] = {
    "on time": lambda step: {},
    "before its turn": lambda step: {"signatures": before(step)[:-1]},
    "signed already": lambda step: {"signatures": (*before(step), signed(step))},
    "text changed since it was read": lambda step: {"read_digest": EDITED},
    "by an author": lambda step: {"authors": {f"user:{step}"}},
    "without a post": lambda step: {"signer": holder("user:x", "drafter")},
    "with a post elsewhere": lambda step: {
        "signer": holder("user:x", ROLE_OF[step], places=frozenset({Place.TOP})),
    },
    "delegated by an author": lambda step: {"signer": holder("user:x", ROLE_OF[step], giver="user:author")},
    "delegated": lambda step: {"signer": holder("user:x", ROLE_OF[step], giver="user:y")},
    "returned without a remark": lambda step: {"verdict": Verdict.RETURN},
    "returned with a remark": lambda step: {"verdict": Verdict.RETURN, "remark": "请改"},
    "by a link": lambda step: {"signer": Signer("contact:1", link=step, voucher="user:office")},
    "by a link of another step": lambda step: {
        "signer": Signer("contact:1", link="first_proof" if step == "second_proof" else "second_proof"),
    },
    "without the form": lambda step: {"form": {}},
}
# What comes of it: "" stands for a signature.
FIRST = {"first_review", "first_proof"}
EXPECTED: dict[str, dict[str, str]] = {
    "on time": dict.fromkeys(STEPS, ""),
    "before its turn": {step: "" if step in FIRST else "approvals.step.not_yet" for step in STEPS},
    "signed already": dict.fromkeys(STEPS, "approvals.step.signed"),
    "text changed since it was read": dict.fromkeys(STEPS, "approvals.digest.changed"),
    "by an author": dict.fromkeys(STEPS, "approvals.separation.author"),
    "without a post": dict.fromkeys(STEPS, "approvals.signer.no_post"),
    "with a post elsewhere": dict.fromkeys(STEPS, "approvals.signer.no_post"),
    "delegated by an author": dict.fromkeys(STEPS, "approvals.separation.author"),
    "delegated": dict.fromkeys(STEPS, ""),
    "returned without a remark": dict.fromkeys(STEPS, "approvals.return.no_remark"),
    "returned with a remark": dict.fromkeys(STEPS, ""),
    "by a link": {step: "" if step == "legality_review" else "approvals.link.other_step" for step in STEPS},
    "by a link of another step": dict.fromkeys(STEPS, "approvals.link.other_step"),
    "without the form": {step: "approvals.form.missing" if step == "confidentiality_review" else "" for step in STEPS},
}


class TestSign:
    @pytest.mark.parametrize("step", STEPS)
    @pytest.mark.parametrize("situation", list(SITUATIONS))
    def test_every_step_in_every_situation(self, situation: str, step: str) -> None:
        result = attempt(step, **{"signatures": before(step), **SITUATIONS[situation](step)})
        wanted = EXPECTED[situation][step]
        found = codes(result)
        assert (found == []) if not wanted else (set(found) == {wanted}), (situation, step, found)

    def test_tells_every_reason_at_once(self) -> None:
        result = attempt(
            "confidentiality_review",
            read_digest=EDITED,
            authors={"user:confidentiality_review"},
            form={"secret": "perhaps"},
        )
        assert codes(result) == [
            "approvals.digest.changed",
            "approvals.step.not_yet",
            "approvals.separation.author",
            "approvals.form.choice",
            "approvals.form.missing",
        ]

    def test_knows_no_step_that_the_flags_do_not_need(self) -> None:
        assert codes(attempt("legality_review", up_to("legality_review"), flags=())) == ["approvals.step.unknown"]

    def test_refuses_one_person_in_two_separate_steps_in_both_directions(self) -> None:
        same = holder("user:one", "first_reviewer", "final_reviewer")
        before = (*up_to("final_review")[1:], signed("first_review", "user:one"), signed("legality_review"))
        assert codes(attempt("final_review", before, signer=same)) == ["approvals.separation.step"]

    def test_counts_the_giver_of_a_delegation_as_having_signed(self) -> None:
        for_one = replace(signed("first_review", "user:two"), also=frozenset({"user:one"}))
        before = (*up_to("final_review")[1:], for_one, signed("legality_review"))
        assert codes(attempt("final_review", before, signer=holder("user:one", "final_reviewer"))) == [
            "approvals.separation.step"
        ]

    def test_counts_who_issued_a_link_with_its_signer(self) -> None:
        signer = Signer("contact:1", link="legality_review", voucher="user:author")
        assert codes(attempt("legality_review", up_to("legality_review"), signer=signer)) == [
            "approvals.separation.author"
        ]

    def test_keeps_no_answers_that_the_form_does_not_ask(self) -> None:
        result = attempt("confidentiality_review", up_to("confidentiality_review"), form={**CLEAN, "odd": "1"})
        assert isinstance(result, Signature)
        assert dict(result.form) == CLEAN

    def test_names_a_form_that_is_gone(self) -> None:
        before = up_to("confidentiality_review")
        assert codes(attempt("confidentiality_review", before, forms={})) == ["approvals.form.unknown"]


class TestCapacity:
    def test_prefers_an_own_post_to_a_delegation(self) -> None:
        signer = Signer(
            "user:a",
            capacities=(
                Capacity("first_reviewer", frozenset({Place.SAME}), giver="user:b", ref="given"),
                Capacity("first_reviewer", frozenset({Place.SAME}), ref="own"),
            ),
        )
        capacity, issues = capacity_for(ROUTE, (), READ, frozenset(), signer, ROUTE.steps[0])
        assert capacity is not None and capacity.ref == "own" and issues == ()

    def test_passes_over_a_delegation_that_separation_excludes(self) -> None:
        signer = Signer(
            "user:a",
            capacities=(
                Capacity("first_reviewer", frozenset({Place.SAME}), giver="user:author", ref="bad"),
                Capacity("first_reviewer", frozenset({Place.SAME}), giver="user:b", ref="good"),
            ),
        )
        capacity, _ = capacity_for(ROUTE, (), READ, frozenset({"user:author"}), signer, ROUTE.steps[0])
        assert capacity is not None and capacity.ref == "good"

    @pytest.mark.parametrize("role", ["system_administrator", "drafter"])
    def test_never_takes_a_role_that_lets_nothing_out(self, role: str) -> None:
        step = replace(ROUTE.steps[0], roles=(role,))
        assert not Capacity(role, frozenset(Place)).fits(step)


class TestCounting:
    @pytest.mark.parametrize(
        ("given", "counted"),
        [
            ([], 0),
            ([("first_review", READ, Verdict.SIGN)], 1),
            ([("first_review", READ, Verdict.SIGN), ("first_proof", READ, Verdict.RETURN)], 0),
            (
                [
                    ("first_review", READ, Verdict.SIGN),
                    ("first_proof", READ, Verdict.RETURN),
                    ("first_review", READ, Verdict.SIGN),
                ],
                1,
            ),
            ([("first_review", EDITED, Verdict.SIGN)], 0),
            (
                [
                    ("first_review", READ, Verdict.SIGN),
                    ("first_proof", EDITED, Verdict.SIGN),
                    ("first_proof", READ, Verdict.SIGN),
                ],
                1,
            ),
        ],
        ids=["nothing", "one", "returned", "again after a return", "another text", "edited and changed back"],
    )
    def test_counts_what_was_given_on_this_digest_without_a_break(
        self, given: list[tuple[str, str, Verdict]], counted: int
    ) -> None:
        signatures = [signed(step, digest=digest, verdict=verdict) for step, digest, verdict in given]
        assert len(counting(signatures, READ)) == counted


class TestCurrentSteps:
    def test_runs_steps_of_one_order_side_by_side(self) -> None:
        assert [step.code for step in current_steps(ROUTE, (), READ)] == ["first_review", "first_proof"]

    def test_goes_on_when_all_of_one_order_are_signed(self) -> None:
        before = (signed("first_review"), signed("first_proof"))
        found = [step.code for step in current_steps(ROUTE, before, READ, FLAGS)]
        assert found == ["second_proof", "confidentiality_review", "legality_review"]

    def test_is_complete_only_when_nothing_is_left(self) -> None:
        before = tuple(signed(step.code) for step in ROUTE.steps if not step.only_if)
        assert is_complete(ROUTE, before, READ)
        assert not is_complete(ROUTE, before, READ, FLAGS)
        assert not is_complete(ROUTE, before, EDITED)
        assert not is_complete(replace(ROUTE, steps=()), (), READ)


class TestSeparateSteps:
    def test_holds_both_ways(self) -> None:
        first, final = ROUTE.steps[0], ROUTE.steps[-1]
        assert separate_steps(ROUTE, first) == {"final_review"}
        assert separate_steps(ROUTE, final) == {"first_review"}
