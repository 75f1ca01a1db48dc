"""People and units for tests of screens: one top unit with its government office, one bureau, one person a role."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import count

from django.contrib.auth.models import Group
from django.test import Client

from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.models import Post, User
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.accounts.selectors import actor_get
from gongkai.kernel.orgs.models import Unit

DAY = date(2026, 3, 2)
_numbers = count(1)


@dataclass(frozen=True)
class Place:
    """A small county: its government, the government office (disclosure authority) and one bureau."""

    government: Unit
    office: Unit
    bureau: Unit


def make_place() -> Place:
    """Make the county's units."""
    number = next(_numbers)
    government = Unit.objects.create(kind="government", name=f"青溪县{number}人民政府", sort_key="a")
    office = Unit.objects.create(
        kind="department", name="县政府办公室", parent=government, sort_key="b", is_disclosure_authority=True
    )
    bureau = Unit.objects.create(kind="department", name="县教育局", parent=government, sort_key="c")
    return Place(government, office, bureau)


def make_person(role: Role | None, unit: Unit | None, *, name: str = "", email: str = "") -> User:
    """Make a person with one post (none when ``role`` is None) who may enter the back office."""
    username = f"person{next(_numbers)}"
    user = User.objects.create_user(username, email=email, password="p", display_name=name or username)
    user.groups.add(Group.objects.get(name="工作人员"))
    if role is not None and unit is not None:
        moment = datetime(2020, 1, 1, tzinfo=UTC)
        Post.objects.create(user=user, unit=unit, role=role, from_on=moment.date(), granted_at=moment)
    return user


def actor_of(user: User) -> Actor:
    """The person as an actor, by the posts held on 2 March 2026."""
    return actor_get(user=user, today=DAY)


def signed_in(user: User) -> Client:
    """A browser in which the person is signed in."""
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client
