"""People in every role of a bureau, and items in any state, brought there by the real services."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from gongkai.domain.items import ItemContent, State, UnitRef
from gongkai.features.disclosure.models import Item
from gongkai.features.disclosure.services.attributes import attribute_decide
from gongkai.features.disclosure.services.circulation import item_circulate
from gongkai.features.disclosure.services.columns import directory_ensure
from gongkai.features.disclosure.services.items import item_archive, item_create, item_discard
from gongkai.features.disclosure.services.revisions import item_save
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.approvals.models import Approval, ApprovalStep
from gongkai.kernel.approvals.services import approval_sign
from gongkai.kernel.orgs.models import Unit
from tests.factories.world import NOW, SYSTEM, TODAY, World

_numbers = count(1)
TEXT = "<p>各单位要按照要求及时公开本单位的有关信息，做到内容完整、便于群众查阅。</p>"
GROUNDS = {"proactive": ["art19"], "on_application": ["art13"], "withheld": ["art16_internal"]}
REVIEWERS = (
    Role.FIRST_REVIEWER,
    Role.SECOND_REVIEWER,
    Role.FINAL_REVIEWER,
    Role.CONFIDENTIALITY_REVIEWER,
    Role.LEGALITY_REVIEWER,
)


class Bureau:
    """A unit of the small county with a drafter, its disclosure office and its head, reviewers and proofreaders.

    ``people`` are actors by role (three proofreaders in ``proofreaders``); every one is a person of its own.
    """

    def __init__(self, world: World, unit: Unit | None = None) -> None:
        directory_ensure(actor=SYSTEM, now=NOW)
        self.world = world
        self.unit = unit or world.finance
        self.people: dict[Role, Actor] = {
            role: world.actor(role, self.unit) for role in Role if role is not Role.PROOFREADER
        }
        self.proofreaders = [world.actor(Role.PROOFREADER, self.unit) for _ in range(3)]
        self.people[Role.PROOFREADER] = self.proofreaders[0]
        self.drafter = self.people[Role.DRAFTER]
        self.office = self.people[Role.DISCLOSURE_OFFICE]

    def content(self, **more: Any) -> ItemContent:
        """Return the content of a plain notice, ready for release; ``more`` replaces fields."""
        number = next(_numbers)
        given: dict[str, Any] = {
            "kind": "notice",
            "title": f"关于做好第{number}项工作的通知",
            "body": ({"id": "a", "type": "paragraph", "value": TEXT},),
            "issuer": UnitRef(self.unit.pk, self.unit.name),
            "written_on": TODAY - timedelta(days=2),
            "issued_on": TODAY - timedelta(days=1),
            "subject": "0201",
            "columns": ("C01-3",),
        }
        return ItemContent(**{**given, **more})

    def draft(self, *, by: Actor | None = None, limited: bool = False, now: datetime = NOW, **more: Any) -> Item:
        """Make an item that is being drafted, without an attribute."""
        content = self.content(**more)
        item = item_create(
            actor=by or self.drafter,
            unit_id=self.unit.pk,
            kind=content.kind,
            title=content.title,
            content=content,
            access_limited=limited,
            now=now,
        )
        return fresh(item)

    def decide(self, item: Item, attribute: str = "proactive", *, by: Actor | None = None, **more: Any) -> Item:
        """Decide an item's attribute on a fitting ground."""
        given = {"grounds": GROUNDS[attribute], "note": "按规定办理。", "now": NOW, **more}
        attribute_decide(actor=by or self.drafter, item_id=item.pk, attribute=attribute, **given)
        return fresh(item)

    def circulate(self, item: Item, *, by: Actor | None = None, now: datetime = NOW, **more: Any) -> Approval:
        """Send an item into review."""
        return item_circulate(actor=by or self.drafter, item_id=item.pk, now=now, **more)

    def signer(self, step: ApprovalStep, used: set[int | None]) -> Actor:
        """Return somebody of this unit (or of the government office, for steps held there) who may sign the step."""
        known = [*self.proofreaders, *(self.people[role] for role in REVIEWERS), *self.people.values()]
        for actor in known:
            if actor.user_id not in used and any(role.value in step.roles for role in actor.roles):
                return actor
        unit = self.world.office if step.where == "top" else self.unit
        return self.world.actor(Role(step.roles[0]), unit)

    def sign(self, approval: Approval, *, steps: int | None = None, now: datetime = NOW) -> list[Actor]:
        """Sign the first ``steps`` steps in order (all by default), each by another person; returns who signed."""
        rows = list(ApprovalStep.objects.filter(approval=approval).order_by("order", "position"))
        signers: list[Actor] = []
        used: set[int | None] = set(approval.authors)
        for row in rows[:steps]:
            actor = self.signer(row, used)
            used.add(actor.user_id)
            signers.append(actor)
            approval_sign(
                actor=actor,
                approval_id=approval.pk,
                step=row.code,
                digest=approval.digest,
                verdict="sign",
                form=answers(row.form),
                now=now,
            )
        return signers

    def send_back(self, approval: Approval, *, remark: str = "请补充依据。", now: datetime = NOW) -> Actor:
        """Return an item at the first step."""
        row = ApprovalStep.objects.filter(approval=approval).order_by("order", "position")[0]
        actor = self.signer(row, set(approval.authors))
        approval_sign(
            actor=actor,
            approval_id=approval.pk,
            step=row.code,
            digest=approval.digest,
            verdict="return",
            remark=remark,
            now=now,
        )
        return actor

    def approved(self, attribute: str = "proactive", *, now: datetime = NOW, **more: Any) -> Item:
        """Make an item that everybody has signed: approved, or on file when it is not disclosed proactively."""
        item = self.decide(self.draft(now=now, **more), attribute)
        self.sign(self.circulate(item, now=now), now=now)
        return fresh(item)

    def published(self, *, now: datetime = NOW, **more: Any) -> Item:
        """Make an item that is before the public since ``now``."""
        from gongkai.features.disclosure.services.publishing import publication_make

        item = self.approved(now=now, **more)
        publication_make(actor=self.office, item_id=item.pk, now=now)
        return fresh(item)

    def withdrawn(self, *, now: datetime = NOW, **more: Any) -> Item:
        """Make an item that was published and taken down."""
        from gongkai.features.disclosure.services.endings import publication_withdraw

        item = self.published(now=now, **more)
        publication_withdraw(
            actor=self.office, item_id=item.pk, kind="withdrawn", reason="内容有误。", now=now + timedelta(minutes=1)
        )
        return fresh(item)

    def scheduled(self, *, now: datetime = NOW, **more: Any) -> Item:
        """Make an item that will be published tomorrow."""
        from gongkai.features.disclosure.services.schedules import schedule_set

        item = self.approved(now=now, **more)
        schedule_set(actor=self.office, item_id=item.pk, publish_at=now + timedelta(days=1), now=now)
        return fresh(item)

    def in_review(self, **more: Any) -> Item:
        """Make an item that is under review, signed by nobody yet."""
        item = self.decide(self.draft(**more))
        self.circulate(item)
        return fresh(item)

    def returned(self, **more: Any) -> Item:
        """Make an item that was returned for changes."""
        item = self.decide(self.draft(**more))
        self.send_back(self.circulate(item))
        return fresh(item)

    def discarded(self, **more: Any) -> Item:
        """Make an item that was discarded."""
        return fresh(item_discard(actor=self.office, item_id=self.draft(**more).pk, reason="不再需要", now=NOW))

    def archived(self, **more: Any) -> Item:
        """Make an archived item: one that was kept on file."""
        return fresh(item_archive(actor=self.office, item_id=self.approved("withheld", **more).pk, now=NOW))

    def in_state(self, state: State, **more: Any) -> Item:
        """Make an item in a state."""
        makers: dict[State, Callable[..., Item]] = {
            State.DRAFTING: lambda **m: self.decide(self.draft(**m)),
            State.IN_REVIEW: self.in_review,
            State.RETURNED: self.returned,
            State.APPROVED: self.approved,
            State.SCHEDULED: self.scheduled,
            State.PUBLISHED: self.published,
            State.WITHDRAWN: self.withdrawn,
            State.ON_FILE: lambda **m: self.approved("withheld", **m),
            State.ARCHIVED: self.archived,
            State.DISCARDED: self.discarded,
        }
        return makers[state](**more)

    def edit(self, item: Item, *, by: Actor | None = None, now: datetime = NOW, **changes: Any) -> Item:
        """Save another text over the newest revision, agreeing that signatures are voided."""
        head = fresh(item).head
        assert head is not None
        content = replace(ItemContent.from_data(head.content), **(changes or {"summary": f"修改{next(_numbers)}"}))
        item_save(
            actor=by or self.drafter, item_id=item.pk, content=content, base=head.number, void_signatures=True, now=now
        )
        return fresh(item)


def answers(form: dict[str, Any]) -> dict[str, str]:
    """Return answers with which a form lets one agree."""
    given: dict[str, str] = {}
    for question in form.get("questions", []):
        options = [code for code in question.get("options") or {} if code not in question.get("stops", ())]
        plain = [code for code in options if code not in question.get("notes", ())]
        given[question["code"]] = (plain or options or ["经审查，可以公开。"])[0]
        if given[question["code"]] in question.get("notes", ()):
            given[f"{question['code']}_note"] = "已核对。"
    return given


def fresh(item: Item) -> Item:
    """Return the item as it stands in the database now."""
    return Item.objects.select_related("unit", "head").get(pk=item.pk)
