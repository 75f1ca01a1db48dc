"""A round of approval in the sample city: who signs which step, with what on the forms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from gongkai.features.disclosure.services import circulation
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.approvals import services as approvals
from gongkai.kernel.approvals.selectors import approval_list_for

if TYPE_CHECKING:
    from gongkai.cli.demo.crew import Crew
    from gongkai.cli.demo.loading import World

SYSTEM = Actor.system("示例市")
TARGET = "disclosure.item"
_FORMS: Mapping[str, Mapping[str, str]] = {
    "confidentiality": {
        "state_secret": "no",
        "work_secret": "no",
        "trade_secret": "no",
        "privacy": "no",
        "aggregation": "no",
        "national_security": "no",
        "public_security": "no",
        "economic_security": "no",
        "social_stability": "no",
        "attachments": "none",
        "conclusion": "publish",
    },
    "legality": {"authority": "yes", "procedure": "yes", "superior_law": "yes", "rights": "no", "conclusion": "lawful"},
    "fair_competition": {
        "market_entry": "no",
        "free_flow": "no",
        "costs": "no",
        "conduct": "no",
        "opinions": "heard",
        "conclusion": "passes",
    },
}


@dataclass
class Table:
    """The table around which an item is signed: its crew, whether lists of persons or files hang on it."""

    world: World
    crew: Crew
    masked: bool = False
    files: bool = False

    def as_(self, username: str, now: datetime) -> Actor:
        """Return somebody as an actor."""
        return self.world.actor(username, now.date())

    def form(self, code: str) -> dict[str, str] | None:
        """Return what is ticked on the form of a step."""
        if not code:
            return None
        ticked = dict(_FORMS[code])
        if code == "confidentiality":
            ticked["privacy"] = "handled" if self.masked else "no"
            ticked["attachments"] = "checked" if self.files else "none"
        return ticked

    def sign(self, approval: Any, step: Any, now: datetime, *, verdict: str = "sign", remark: str = "") -> None:
        """Let the one whose turn it is sign one step, or return the text."""
        approvals.approval_sign(
            actor=self.as_(self.crew.signer(step.code), now),
            approval_id=approval.pk,
            step=step.code,
            digest=approval.digest,
            verdict=verdict,
            remark=remark,
            form=self.form(step.form_code) if verdict == "sign" else None,
            now=now,
        )

    def follow(self, approval: Any, now: datetime) -> None:
        """Bring the item in line with what became of its round."""
        circulation.round_followed(actor=SYSTEM, approval_id=approval.pk, now=now)


def steps_of(approval: Any, *, until: str = "", count: int | None = None) -> list[Any]:
    """Return the steps of a round in their order: all, the first ``count``, or all before ``until`` can be taken.

    What stands beside ``until`` is among them.
    """
    steps = sorted(approval.steps.all(), key=lambda step: step.position)
    if until:
        order = next(step.order for step in steps if step.code == until)
        steps = [step for step in steps if step.order <= order and step.code != until]
    return steps[:count]


def after_review_of(item_id: int) -> Any:
    """Return the review that an emergency release of the item owes."""
    return next(one for one in approval_list_for(TARGET, item_id) if one.purpose == "after_review")
