"""A small county with units, people in every role, a plan and items: enough for the tests of any feature."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from django.contrib.auth.models import Group

from gongkai.domain.ledger import State
from gongkai.features.workplans.models import WorkItem, WorkItemUnit, WorkPlan
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.models import Post, User
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.accounts.selectors import actor_get
from gongkai.kernel.orgs.models import Unit, UnitGroup
from gongkai.kernel.orgs.services import NewUnit, group_ensure, unit_create

TODAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # nine in the morning in Beijing
SYSTEM = Actor.system("测试")
_numbers = count(1)


def moment(day: date, hour: int = 9) -> datetime:
    """That hour of the day in Beijing."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(hours=hour - 8)


class World:
    """青溪县: the government, its office (disclosure authority), bureaus, two towns, a village; people by role and unit."""

    def __init__(self) -> None:
        self.top = self.found("青溪县人民政府", "government", None, division_code="360798")
        self.office = self.found("青溪县人民政府办公室", "department", self.top, is_disclosure_authority=True)
        self.finance = self.found("青溪县财政局", "department", self.top)
        self.justice = self.found("青溪县司法局", "department", self.top)
        self.education = self.found("青溪县教育体育局", "department", self.top)
        self.east = self.found("东湾镇人民政府", "town", self.top, division_code="360798101")
        self.west = self.found("西岭乡人民政府", "town", self.top, division_code="360798201")
        self.village = self.found("东湾村村民委员会", "village", self.east, division_code="360798101201")

    def found(self, name: str, kind: str, parent: Unit | None, **more: Any) -> Unit:
        """Found a unit by the service, with its name on file."""
        new = NewUnit(kind=kind, name=name, parent_id=parent.pk if parent else None, **more)
        return unit_create(actor=SYSTEM, new=new, now=NOW)

    def person(self, role: Role | None, unit: Unit | None, name: str = "") -> User:
        """Make a person with a post (none without role) who may enter the back office."""
        number = next(_numbers)
        username = f"w{number}"
        user = User.objects.create_user(username, password="p", display_name=name or f"{role or '无岗'}{number}")
        user.groups.add(Group.objects.get(name="工作人员"))
        if role is not None and unit is not None:
            since = datetime(2020, 1, 1, tzinfo=UTC)
            Post.objects.create(user=user, unit=unit, role=role, from_on=since.date(), granted_at=since)
        return user

    def actor(self, role: Role | None, unit: Unit | None, today: date = TODAY) -> Actor:
        """Make a person and return who acts."""
        return actor_get(user=self.person(role, unit), today=today)

    def group(self, phrase: str) -> UnitGroup:
        """Put the group that a phrase names on file."""
        return group_ensure(actor=SYSTEM, phrase=phrase, home_id=self.top.pk, on=TODAY, now=NOW)

    def plan(self, **more: Any) -> WorkPlan:
        """Make an active plan of the government office."""
        fields: dict[str, Any] = {
            "title": f"青溪县2026年政务公开工作要点（{next(_numbers)}）",
            "year": 2026,
            "owner": self.office,
            "created_at": NOW,
            "confirmed_at": NOW,
        }
        return WorkPlan.objects.create(**{**fields, **more})

    def item(
        self,
        plan: WorkPlan,
        *,
        lead: Unit | UnitGroup | None = None,
        responsible: Unit | UnitGroup | None = None,
        state: State = State.ASSIGNED,
        due_on: date | None = None,
        **more: Any,
    ) -> WorkItem:
        """Make an item with at most one lead and one responsible unit or group."""
        number = next(_numbers)
        item = WorkItem.objects.create(
            plan=plan,
            **{
                "number": str(number),
                "title": f"任务{number}",
                "text": f"做好第{number}件事。",
                "state": state.value,
                "due_on": due_on,
                "attention_on": due_on,
                "sort_order": number,
                "created_at": NOW,
                "changed_at": NOW,
                **more,
            },
        )
        for role, who in (("lead", lead), ("responsible", responsible)):
            if isinstance(who, UnitGroup):
                WorkItemUnit.objects.create(item=item, role=role, group=who, phrase=who.name)
            elif who is not None:
                WorkItemUnit.objects.create(item=item, role=role, unit=who, phrase=who.name)
        return item
