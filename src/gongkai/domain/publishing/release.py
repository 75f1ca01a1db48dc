"""Whether an item may go out: its attribute decided, signed by everybody for exactly this content, the gate passed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from gongkai.domain.issues import Issue


class ApprovalStanding(StrEnum):
    """How the newest round of approval stands to the content that is to go out.

    ``USED``: everybody signed this content once, for a publication before; it was edited and put back since, or taken
    down as an error, so it has to be signed anew.
    """

    MISSING = "missing"
    OPEN = "open"
    ENDED = "ended"
    USED = "used"
    OTHER_CONTENT = "other_content"
    COMPLETE = "complete"


class GateStanding(StrEnum):
    """How the newest run of the gate stands to the content that is to go out."""

    MISSING = "missing"
    OTHER_CONTENT = "other_content"
    FAILED = "failed"
    PASSED = "passed"


@dataclass(frozen=True, slots=True)
class ReleaseState:
    """What is known of an item when it is to be published.

    ``state`` and ``attribute`` are those of the item, ``state_name`` is how people call the state. ``content_attribute``
    stands in the signed content itself. ``same_as_public`` tells that exactly this content is before the public already;
    ``bundle`` names a bundle that the item belongs to and must go out with (empty for none, or when it goes out now).
    """

    title: str
    state: str
    state_name: str
    attribute: str
    content_attribute: str
    has_content: bool
    approval: ApprovalStanding
    gate: GateStanding
    gate_findings: int = 0
    same_as_public: bool = False
    bundle: str = ""


RELEASABLE = frozenset({"approved", "scheduled"})
"""States in which the newest revision is through its round and not out yet; withdrawn content may come back."""
_AGAIN = "withdrawn"


def check_publication(state: ReleaseState) -> tuple[Issue, ...]:
    """Return every reason why the item may not go out now; nothing means that it may.

    条例 art. 17 (审查机制): nothing is published that was not reviewed; the local three-review rule stands in the routes.
    """
    return tuple(_reasons(state))


def _reasons(state: ReleaseState) -> list[Issue]:
    named = {"item": state.title}
    found: list[Issue] = []
    if not state.has_content:
        return [Issue("publication.content.missing", values=named)]
    if state.attribute != "proactive" or state.content_attribute != "proactive":
        found.append(Issue("publication.attribute.not_proactive", field="attribute", values=named))
    if state.same_as_public:
        found.append(Issue("publication.already_public", values=named))
    elif state.state not in RELEASABLE and state.state != _AGAIN:
        found.append(Issue("publication.state.not_approved", values={**named, "state": state.state_name}))
    if state.approval is not ApprovalStanding.COMPLETE:
        found.append(Issue(f"publication.approval.{state.approval.value}", field="approval", values=named))
    if state.gate is not GateStanding.PASSED:
        found.append(
            Issue(f"publication.gate.{state.gate.value}", field="gate", values={**named, "number": state.gate_findings})
        )
    if state.bundle:
        found.append(Issue("publication.bundle.together", values={**named, "bundle": state.bundle}))
    return found
