"""A unit with everybody that three reviews and three proofreadings need, and rounds to try them on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.models import User
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.accounts.selectors import actor_get
from gongkai.kernel.approvals import services
from gongkai.kernel.approvals.models import Approval, Signature
from gongkai.kernel.orgs.models import Unit
from tests.factories.world import NOW, TODAY, World

DIGEST = sha256("关于印发青溪县政务公开工作要点的通知".encode()).hexdigest()
OTHER = sha256("改过的内容".encode()).hexdigest()
CLEAN = {
    "state_secret": "no",
    "work_secret": "no",
    "trade_secret": "no",
    "privacy": "handled",
    "aggregation": "no",
    "national_security": "no",
    "public_security": "no",
    "economic_security": "no",
    "social_stability": "no",
    "attachments": "none",
    "conclusion": "publish",
}
LAWFUL = {"authority": "yes", "procedure": "yes", "superior_law": "yes", "rights": "no", "conclusion": "lawful"}
FAIR = {
    "market_entry": "no",
    "free_flow": "no",
    "costs": "no",
    "conduct": "no",
    "opinions": "heard",
    "conclusion": "passes",
}
FORMS: Mapping[str, Mapping[str, str]] = {
    "confidentiality_review": CLEAN,
    "legality_review": LAWFUL,
    "fair_competition_review": FAIR,
}
ORDER = (
    "first_review",
    "first_proof",
    "second_review",
    "second_proof",
    "confidentiality_review",
    "third_proof",
    "final_review",
)


class Team:
    """The people of one unit by step; ``author`` drafts, ``office`` is the unit's disclosure office."""

    def __init__(self, world: World, unit: Unit | None = None) -> None:
        self.world = world
        self.unit = unit or world.finance
        person = world.person
        self.author = person(Role.DRAFTER, self.unit, "易文")
        self.office = person(Role.DISCLOSURE_OFFICE, self.unit, "欧阳办")
        self.by_step: dict[str, User] = {
            "first_review": person(Role.FIRST_REVIEWER, self.unit, "楚审"),
            "second_review": person(Role.SECOND_REVIEWER, self.unit, "付审"),
            "final_review": person(Role.FINAL_REVIEWER, self.unit, "钟审"),
            "first_proof": person(Role.PROOFREADER, self.unit, "焦一"),
            "second_proof": person(Role.PROOFREADER, self.unit, "焦二"),
            "third_proof": person(Role.PROOFREADER, self.unit, "焦三"),
            "confidentiality_review": person(Role.CONFIDENTIALITY_REVIEWER, self.unit, "包密"),
            "legality_review": person(Role.LEGALITY_REVIEWER, self.unit, "何法"),
            "emergency_sign_off": person(Role.UNIT_LEADER, self.unit, "单凌"),
        }
        self.by_step["fair_competition_review"] = self.by_step["legality_review"]

    def acting(self, who: User | str) -> Actor:
        """Return the actor of a person or of the person of a step."""
        user = self.by_step[who] if isinstance(who, str) else who
        return actor_get(user=user, today=TODAY)

    def open(self, now: datetime = NOW, **more: Any) -> Approval:
        """Open a round over a text of the unit."""
        fields: dict[str, Any] = {
            "target_type": "test.text",
            "target_id": "1",
            "title": "关于印发青溪县政务公开工作要点的通知",
            "url": "/admin/",
            "unit_id": self.unit.pk,
            "digest": DIGEST,
            "author_ids": [self.author.pk],
        }
        return services.approval_open(**{"actor": self.acting(self.author), "now": now, **fields, **more})

    def sign(self, approval: Approval, step: str, who: User | str | None = None, **more: Any) -> Signature:
        """Sign a step by its person, with a clean form where it has one."""
        fields: dict[str, Any] = {
            "digest": approval.digest,
            "verdict": "sign",
            "form": FORMS.get(step),
            "now": NOW + timedelta(minutes=5),
        }
        actor = self.acting(who if who is not None else step)
        return services.approval_sign(actor=actor, approval_id=approval.pk, step=step, **{**fields, **more})

    def sign_all(self, approval: Approval, steps: Iterable[str] = ORDER) -> Approval:
        """Sign the steps one after the other and return the round as it stands then."""
        for step in steps:
            self.sign(approval, step)
        approval.refresh_from_db()
        return approval
