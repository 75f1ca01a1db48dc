"""Where a round stands, step by step, and how urgent each step is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from gongkai.domain.approval.model import Route, Signature, Step, Verdict
from gongkai.domain.approval.signing import counting, current_steps


class StepState(StrEnum):
    """Where one step stands."""

    DONE = "done"
    OPEN = "open"
    WAITING = "waiting"
    RETURNED = "returned"
    VOIDED = "voided"


STATE_NAMES = {
    StepState.DONE: "已签",
    StepState.OPEN: "待签",
    StepState.WAITING: "未到",
    StepState.RETURNED: "退回",
    StepState.VOIDED: "已失效",
}


@dataclass(frozen=True, slots=True)
class StepProgress:
    """One step with its latest signature; a voided one is a signature that no longer counts."""

    step: Step
    state: StepState
    signature: Signature | None = None


def progress(
    route: Route, signatures: Sequence[Signature], digest: str, flags: Iterable[str] = ()
) -> tuple[StepProgress, ...]:
    """Return every needed step in order with where it stands for this digest."""
    flags = frozenset(flags)
    counted = {signature.step: signature for signature in counting(signatures, digest)}
    latest = {signature.step: signature for signature in signatures}
    last = signatures[-1] if signatures else None
    current = current_steps(route, signatures, digest, flags)
    rows = []
    for step in route.needed(flags):
        if step.code in counted:
            rows.append(StepProgress(step, StepState.DONE, counted[step.code]))
        elif last is not None and last.step == step.code and last.verdict is Verdict.RETURN and last.digest == digest:
            rows.append(StepProgress(step, StepState.RETURNED, last))
        elif step.code in latest:
            rows.append(StepProgress(step, StepState.VOIDED, latest[step.code]))
        else:
            rows.append(StepProgress(step, StepState.OPEN if step in current else StepState.WAITING))
    return tuple(rows)


class Light(StrEnum):
    """How urgent a step is, as shown everywhere in the product."""

    RED = "red"
    YELLOW = "yellow"
    GREEN = "green"
    GREY = "grey"


@dataclass(frozen=True, slots=True)
class Due:
    """A light and its words."""

    light: Light
    words: str


def due_light(
    due_on: date | None, *, today: date, warn_from: date | None = None, working_days: int | None = None
) -> Due:
    """Return how urgent something due on a day is; yellow from ``warn_from`` on (its last working day before).

    ``working_days`` are those left after today, for steps whose time is counted in them; without it days are told.
    """
    if due_on is None:
        return Due(Light.GREY, "未定期限")
    left = (due_on - today).days
    if left < 0:
        return Due(Light.RED, f"逾期{-left}天")
    if left == 0:
        return Due(Light.YELLOW, "今天到期")
    length = f"{left}天" if working_days is None else f"{working_days}个工作日"
    light = Light.YELLOW if warn_from is not None and today >= warn_from else Light.GREEN
    return Due(light, f"还有{length}")
