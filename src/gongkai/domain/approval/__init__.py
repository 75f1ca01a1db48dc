"""Approval as pure rules: whose turn it is, who may sign, what counts, and which route holds.

Everything here takes values and returns values; the kernel's app ``approvals`` keeps the rows.
"""

from gongkai.domain.approval.checking import check_route
from gongkai.domain.approval.choosing import Assignment, choose
from gongkai.domain.approval.forms import Answered, form_issues, form_rows
from gongkai.domain.approval.model import (
    AUTHOR,
    FLAG_NAMES,
    KIND_NAMES,
    NEVER_SIGN,
    PLACE_NAMES,
    PURPOSE_NAMES,
    VERDICT_NAMES,
    Capacity,
    Form,
    Place,
    Purpose,
    Question,
    Route,
    Signature,
    Signer,
    Step,
    StepKind,
    Verdict,
)
from gongkai.domain.approval.progress import STATE_NAMES, Due, Light, StepProgress, StepState, due_light, progress
from gongkai.domain.approval.signing import (
    capacity_for,
    counting,
    current_steps,
    is_complete,
    separate_steps,
    sign,
)
from gongkai.domain.approval.words import Stage, separation_sentences, stages, when_needed, who_signs

__all__ = [
    "AUTHOR",
    "FLAG_NAMES",
    "KIND_NAMES",
    "NEVER_SIGN",
    "PLACE_NAMES",
    "PURPOSE_NAMES",
    "STATE_NAMES",
    "VERDICT_NAMES",
    "Answered",
    "Assignment",
    "Capacity",
    "Due",
    "Form",
    "Light",
    "Place",
    "Purpose",
    "Question",
    "Route",
    "Signature",
    "Signer",
    "Stage",
    "Step",
    "StepKind",
    "StepProgress",
    "StepState",
    "Verdict",
    "capacity_for",
    "check_route",
    "choose",
    "counting",
    "current_steps",
    "due_light",
    "form_issues",
    "form_rows",
    "is_complete",
    "progress",
    "separate_steps",
    "separation_sentences",
    "sign",
    "stages",
    "when_needed",
    "who_signs",
]
