"""A route of every kind of step for the tests: three reviews by three persons, two proofreadings, a form, a special review."""

from __future__ import annotations

from hashlib import sha256

from gongkai.domain.approval import (
    Capacity,
    Form,
    Place,
    Question,
    Route,
    Signature,
    Signer,
    Step,
    StepKind,
    Verdict,
)

READ = sha256(b"read").hexdigest()
EDITED = sha256(b"edited").hexdigest()
FORM = Form(
    "confidentiality",
    "保密审查表",
    (
        Question("secret", "是否涉密", {"no": "不涉及", "yes": "涉及"}, stops=("yes",)),
        Question("handled", "是否已处理", {"no": "不需要", "done": "已处理"}, notes=("done",)),
        Question("remark", "其他说明", required=False),
    ),
)
FORMS = {"confidentiality": FORM}
CLEAN = {"secret": "no", "handled": "no"}
ROUTE = Route(
    code="full",
    name="三审两校",
    steps=(
        Step("first_review", "初审", StepKind.REVIEW, 1, ("first_reviewer",), separate_from=("author", "final_review")),
        Step("first_proof", "一校", StepKind.PROOF, 1, ("proofreader",), separate_from=("author", "second_proof")),
        Step("second_proof", "二校", StepKind.PROOF, 2, ("proofreader",), separate_from=("author",)),
        Step(
            "confidentiality_review",
            "保密审查",
            StepKind.CONFIDENTIALITY,
            2,
            ("confidentiality_reviewer",),
            separate_from=("author",),
            form="confidentiality",
        ),
        Step(
            "legality_review",
            "合法性审查",
            StepKind.LEGALITY,
            2,
            ("legality_reviewer",),
            Place.ABOVE,
            separate_from=("author",),
            only_if=("legality",),
            links=True,
        ),
        Step(
            "final_review", "终审", StepKind.SIGN_OFF, 3, ("final_reviewer", "unit_leader"), separate_from=("author",)
        ),
    ),
)
ROLE_OF = {step.code: step.roles[0] for step in ROUTE.steps}
SAME = frozenset({Place.SAME, Place.ABOVE})


def holder(person: str, *roles: str, giver: str | None = None, places: frozenset[Place] = SAME) -> Signer:
    """Somebody who holds these roles in the text's own unit."""
    return Signer(person, person, tuple(Capacity(role, places, giver) for role in roles))


def of_step(step: str, person: str = "") -> Signer:
    """The person whose post the step asks."""
    return holder(person or f"user:{step}", ROLE_OF[step])


def signed(step: str, person: str = "", digest: str = READ, verdict: Verdict = Verdict.SIGN) -> Signature:
    """A signature as it was given."""
    return Signature(step, digest, verdict, person or f"user:{step}", name=person or step)


def up_to(step: str) -> tuple[Signature, ...]:
    """The signatures that have to be there before the step is open (without the special review)."""
    order = next(one.order for one in ROUTE.steps if one.code == step)
    return tuple(signed(one.code) for one in ROUTE.steps if one.order < order and not one.only_if)
