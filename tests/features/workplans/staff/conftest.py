"""People of the world at the staff pages: each with a browser of their own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from gongkai.domain.ledger import State
from gongkai.features.workplans.models import WorkItem, WorkPlan
from gongkai.kernel.accounts.models import User
from gongkai.kernel.accounts.roles import Role
from tests.factories.world import World


def today() -> date:
    return timezone.localdate()


def ahead(days: int) -> date:
    return today() + timedelta(days=days)


@dataclass
class House:
    """A plan of the office with one item (finance leads, education does it), and people by what they are to it."""

    world: World
    plan: WorkPlan = field(init=False)
    item: WorkItem = field(init=False)
    people: dict[str, User] = field(init=False)

    def __post_init__(self) -> None:
        world = self.world
        self.plan = world.plan(year=today().year)
        self.item = world.item(
            self.plan,
            lead=world.finance,
            responsible=world.education,
            due_on=ahead(100),
            title="公开部门预算",
            text="县级部门按规定公开部门预算，细化到项级科目。",
            line_from=12,
            line_to=13,
        )
        self.people = {
            "office": world.person(Role.DISCLOSURE_OFFICE, world.office),
            "lead": world.person(Role.DISCLOSURE_OFFICE, world.finance),
            "leader": world.person(Role.UNIT_LEADER, world.finance),
            "doer": world.person(Role.DRAFTER, world.education),
            "other": world.person(Role.DRAFTER, world.justice),
            "supervisor": world.person(Role.SUPERVISOR, world.office),
            "administrator": world.person(Role.SYSTEM_ADMINISTRATOR, world.office),
            "nobody": world.person(None, None),
        }

    def browser(self, who: str) -> Client:
        """A browser in which that person (or nobody, for ``anonymous``) is signed in."""
        client = Client()
        if who != "anonymous":
            client.force_login(self.people[who], backend="django.contrib.auth.backends.ModelBackend")
        return client

    def again(self) -> WorkItem:
        """The item as it is in the database now."""
        return WorkItem.objects.get(pk=self.item.pk)

    def stand(self, state: State) -> None:
        """Put the item into a state that education's drafter brought it to."""
        handed_in = {"submitted_by": self.people["doer"], "submitted_on": today()}
        accepted = {"accepted_by": self.people["leader"], "accepted_at": timezone.now()}
        more: dict[str, Any] = {}
        if state in (State.SUBMITTED, State.ACCEPTED):
            more |= handed_in
        if state is State.ACCEPTED:
            more |= accepted
        WorkItem.objects.filter(pk=self.item.pk).update(state=state.value, **more)


@pytest.fixture
def house(world: World) -> House:
    return House(world)


@pytest.fixture
def browser_of(house: House) -> Callable[[str], Client]:
    return house.browser


def page_of(response: Any) -> str:
    """The text of a page."""
    return response.content.decode()
