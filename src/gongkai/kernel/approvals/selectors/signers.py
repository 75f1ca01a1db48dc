"""Who may sign: posts and delegations of a day as capacities, and the people who could take a step."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from gongkai.domain import approval as domain
from gongkai.kernel.accounts.models import Post, User
from gongkai.kernel.approvals.models import Delegation
from gongkai.kernel.approvals.selectors.rounds import Round, person_of
from gongkai.kernel.orgs.models import Unit
from gongkai.kernel.orgs.selectors import authority_unit_ids
from gongkai.rulebook.approvals import SIGNING_ROLES


@dataclass(frozen=True)
class Places:
    """How units stand to each other on a day: superiors of each unit, and the disclosure authority."""

    parents: Mapping[int, int | None]
    authority: frozenset[int]

    def chain(self, unit_id: int) -> tuple[int, ...]:
        """Return the unit and those above it, nearest first."""
        found: list[int] = []
        here: int | None = unit_id
        while here is not None and here not in found:
            found.append(here)
            here = self.parents.get(here)
        return tuple(found)

    def seen_from(self, home: int, unit_id: int) -> frozenset[domain.Place]:
        """Return how a post in ``unit_id`` stands to a text of ``home``."""
        places = set()
        if unit_id == home:
            places.add(domain.Place.SAME)
        if unit_id in self.chain(home):
            places.add(domain.Place.ABOVE)
        if unit_id in self.authority:
            places.add(domain.Place.TOP)
        return frozenset(places)


def places_on(day: date) -> Places:
    """Return how the units stand to each other (two queries, whatever is asked of it afterwards)."""
    return Places(dict(Unit.objects.order_by().values_list("pk", "parent_id")), authority_unit_ids(on=day))


@dataclass(frozen=True, slots=True)
class Right:
    """A post, or a delegation of one, as it stands before it is seen from a text's unit."""

    user_id: int
    role: str
    unit_id: int
    giver_id: int | None = None
    delegation_id: int | None = None

    @property
    def ref(self) -> str:
        """The mark by which a service finds the right again: unit, and delegation where there is one."""
        return f"{self.unit_id}:{self.delegation_id or ''}"


def held_posts(day: date) -> QuerySet[Post]:
    """Return the posts that count on a day: held, in a unit that exists, by an active person."""
    return Post.objects.filter(
        Q(until_on__isnull=True) | Q(until_on__gte=day),
        Q(unit__dissolved_on__isnull=True) | Q(unit__dissolved_on__gt=day),
        from_on__lte=day,
        user__is_active=True,
        role__in=sorted(SIGNING_ROLES),
    )


def delegations_on(day: date) -> QuerySet[Delegation]:
    """Return the delegations that hold on a day; whether the giver holds the post is asked beside."""
    return Delegation.objects.filter(
        from_on__lte=day, until_on__gte=day, revoked_at__isnull=True, to__is_active=True, giver__is_active=True
    )


def rights_of(user_id: int, *, day: date) -> list[Right]:
    """Return every right to sign that a person has on a day: own posts, and delegations whose giver is in office."""
    own = [
        Right(user_id, role, unit)
        for role, unit in held_posts(day).filter(user=user_id).order_by().values_list("role", "unit_id")
    ]
    given = list(delegations_on(day).filter(to=user_id).order_by())
    return own + _with_post(given, day)


def _with_post(given: Iterable[Delegation], day: date) -> list[Right]:
    given = list(given)
    if not given:
        return []
    held = set(
        held_posts(day).filter(user__in=[one.giver_id for one in given]).values_list("user_id", "role", "unit_id")
    )
    return [
        Right(one.to_id, one.role, one.unit_id, one.giver_id, one.pk)
        for one in given
        if (one.giver_id, one.role, one.unit_id) in held
    ]


def rights_for(units: Iterable[int], *, day: date) -> list[Right]:
    """Return the rights of all people in these units on a day (three queries)."""
    wanted = sorted(set(units))
    own = [Right(*row) for row in held_posts(day).filter(unit__in=wanted).values_list("user_id", "role", "unit_id")]
    return own + _with_post(delegations_on(day).filter(unit__in=wanted), day)


def signer_of(user_id: int, name: str, rights: Iterable[Right], *, home: int, places: Places) -> domain.Signer:
    """Return a person with his rights as seen from a text's unit."""
    return domain.Signer(
        person=person_of(user_id),
        name=name,
        capacities=tuple(
            domain.Capacity(
                role=right.role,
                places=places.seen_from(home, right.unit_id),
                giver=person_of(right.giver_id) if right.giver_id else None,
                ref=right.ref,
            )
            for right in rights
        ),
    )


@dataclass(frozen=True, slots=True)
class Able:
    """Somebody who may take a step now."""

    user_id: int
    name: str
    on_behalf_of: int | None = None


def able_people(
    rounds: Sequence[Round], *, day: date, places: Places | None = None
) -> dict[tuple[int, str], list[Able]]:
    """Return who may take each open step of the rounds: (approval id, step code) → people by name.

    Separation is taken into account: an author, or who signed a separate step, is not among them. Constant queries.
    """
    places = places or places_on(day)
    units: set[int] = set(places.authority)
    for one in rounds:
        units.update(places.chain(one.approval.unit_id))
    by_user: dict[int, list[Right]] = defaultdict(list)
    for right in rights_for(units, day=day):
        by_user[right.user_id].append(right)
    names = {user.pk: user.get_full_name() for user in User.objects.filter(pk__in=list(by_user))}
    found: dict[tuple[int, str], list[Able]] = {}
    for one in rounds:
        signers = [
            (user_id, signer_of(user_id, names[user_id], rights, home=one.approval.unit_id, places=places))
            for user_id, rights in by_user.items()
            if user_id in names
        ]
        for step in one.current:
            able = []
            for user_id, signer in signers:
                capacity, issues = domain.capacity_for(
                    one.route, one.signatures, one.approval.digest, one.authors, signer, step
                )
                if capacity is not None and not issues:
                    giver = int(capacity.giver.removeprefix("user:")) if capacity.giver else None
                    able.append(Able(user_id, signer.name, giver))
            found[one.approval.pk, step.code] = sorted(able, key=lambda person: (person.name, person.user_id))
    return found
