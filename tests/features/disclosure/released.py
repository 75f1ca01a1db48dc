"""An office with everybody whom the three-review route asks, and items brought to any point of their way out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

from gongkai.domain.items import ItemContent
from gongkai.domain.items.content import UnitRef
from gongkai.features.disclosure.models import Item, Publication, Revision
from gongkai.features.disclosure.services.attributes import attribute_decide
from gongkai.features.disclosure.services.circulation import item_circulate, round_followed
from gongkai.features.disclosure.services.columns import directory_ensure
from gongkai.features.disclosure.services.items import item_create
from gongkai.features.disclosure.services.publishing import publication_make
from gongkai.features.disclosure.services.revisions import item_save
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.models import Post, User
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.accounts.selectors import actor_get
from gongkai.kernel.approvals.models import Approval, ApprovalStep, Signature
from gongkai.kernel.approvals.services import approval_sign, route_assign
from gongkai.kernel.orgs.models import Unit
from tests.factories.world import NOW, SYSTEM, TODAY, World

_numbers = count(1)
SIGNERS = (
    Role.FIRST_REVIEWER,
    Role.SECOND_REVIEWER,
    Role.FINAL_REVIEWER,
    Role.CONFIDENTIALITY_REVIEWER,
    Role.LEGALITY_REVIEWER,
    Role.UNIT_LEADER,
)
TEXT = "<p>各单位要按照要求及时公开本单位的有关信息，做到内容完整、便于群众查阅。</p>"


class House:
    """A unit of the small county with its drafter, disclosure office, all reviewers and three proofreaders."""

    def __init__(self, world: World | None = None, unit: Unit | None = None, *, short_route: bool = False) -> None:
        self.world = world or World()
        directory_ensure(actor=SYSTEM, now=NOW)
        self.unit = unit or self.world.finance
        if short_route:
            route_assign(actor=SYSTEM, route_code="town_short", unit_id=self.unit.pk, now=NOW)
        self.drafter = self.actor(Role.DRAFTER)
        self.office = self.actor(Role.DISCLOSURE_OFFICE)
        self.signers = [self.actor(role) for role in SIGNERS] + [self.actor(Role.PROOFREADER) for _ in range(3)]
        self.leader = self.signers[5]
        # The whole house above: reviews of a route that are held in the government office.
        self.authority = self.world.actor(Role.DISCLOSURE_OFFICE, self.world.office)

    def actor(self, role: Role, unit: Unit | None = None) -> Actor:
        return self.world.actor(role, unit or self.unit)

    def content(self, **more: Any) -> ItemContent:
        number = next(_numbers)
        given: dict[str, Any] = {
            "kind": "notice",
            "title": f"关于做好第{number}项信息公开工作的通知",
            "body": ({"id": "a", "type": "paragraph", "value": TEXT},),
            "issuer": UnitRef(self.unit.pk, self.unit.name),
            "written_on": TODAY - timedelta(days=2),
            "issued_on": TODAY - timedelta(days=1),
            "columns": ("C01-3",),
        }
        return ItemContent(**{**given, **more})

    def draft(self, *, now: datetime = NOW, attribute: str = "proactive", **more: Any) -> Item:
        """An item with its attribute decided."""
        content = self.content(**more)
        item = item_create(
            actor=self.drafter, unit_id=self.unit.pk, kind=content.kind, title=content.title, content=content, now=now
        )
        grounds = {"proactive": ["art19"], "on_application": ["art27"], "withheld": ["art16_internal"]}[attribute]
        attribute_decide(
            actor=self.drafter, item_id=item.pk, attribute=attribute, grounds=grounds, note="按规定办理。", now=now
        )
        return fresh(item)

    def circulate(self, item: Item, *, now: datetime = NOW, **more: Any) -> Approval:
        return item_circulate(actor=self.drafter, item_id=item.pk, now=now, **more)

    def sign_all(self, approval: Approval, *, now: datetime = NOW, but: int = 0) -> None:
        """Sign every step in order by different people; ``but`` steps are left open at the end."""
        steps = list(ApprovalStep.objects.filter(approval=approval).order_by("order", "position"))
        used: set[int | None] = set()
        for step in steps[: len(steps) - but]:
            signer = self._signer(step, used)
            used.add(signer.user_id)
            approval_sign(
                actor=signer,
                approval_id=approval.pk,
                step=step.code,
                digest=approval.digest,
                verdict="sign",
                form=answers(step.form),
                now=now,
            )

    def _signer(self, step: ApprovalStep, used: set[int | None]) -> Actor:
        for actor in self.signers:
            if actor.user_id not in used and any(role.value in step.roles for role in actor.roles):
                return actor
        role = Role(step.roles[0])
        unit = self.unit if step.where != "top" else self.world.office
        self.signers.append(self.actor(role, unit))
        return self.signers[-1]

    def approved(self, *, now: datetime = NOW, emergency: bool = False, **more: Any) -> Item:
        """An item that everybody has signed."""
        item = self.draft(now=now, **more)
        return self.approve(item, now=now, emergency=emergency)

    def approve(self, item: Item, *, now: datetime = NOW, emergency: bool = False) -> Item:
        """Send an item round and let everybody sign."""
        approval = self.circulate(
            item, now=now, emergency=emergency, reason="汛情紧急，须即时发布。" if emergency else ""
        )
        self.sign_all(approval, now=now)
        round_followed(actor=SYSTEM, approval_id=approval.pk, now=now)
        return fresh(item)

    def published(self, *, now: datetime = NOW, **more: Any) -> Publication:
        item = self.approved(now=now, **more)
        return publication_make(actor=self.office, item_id=item.pk, now=now)

    def edit(self, item: Item, *, now: datetime = NOW, **changes: Any) -> Revision:
        """Save another text over the newest revision."""
        item = fresh(item)
        assert item.head is not None
        content = ItemContent.from_data(item.head.content)
        changes = changes or {"summary": f"第{next(_numbers)}次修改"}
        return item_save(
            actor=self.drafter,
            item_id=item.pk,
            content=replace(content, **changes),
            base=item.head.number,
            void_signatures=True,
            now=now,
        )


def answers(form: dict[str, Any]) -> dict[str, str]:
    """The answers with which a form lets one agree."""
    given: dict[str, str] = {}
    for question in form.get("questions", []):
        options = [code for code in question.get("options") or {} if code not in question.get("stops", ())]
        plain = [code for code in options if code not in question.get("notes", ())]
        given[question["code"]] = (plain or options or ["经审查，可以公开。"])[0]
        if given[question["code"]] in question.get("notes", ()):
            given[f"{question['code']}_note"] = "已核对。"
    return given


def fresh(item: Item) -> Item:
    return Item.objects.select_related("unit", "head").get(pk=item.pk)


def superuser() -> Actor:
    """A superuser without any post."""
    user = User.objects.create_superuser(f"root{next(_numbers)}", "root@example.invalid", "p")
    return actor_get(user=user, today=TODAY)


__all__ = ["NOW", "TODAY", "House", "Post", "Signature", "answers", "date", "fresh", "superuser"]
