"""Reading people, posts and the actor of a request. Nothing is cached: a post that ended yesterday gives nothing today."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from gongkai.domain.organizations.kinds import UnitKind
from gongkai.kernel.accounts import permissions
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.models import Post, User
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.errors import NotPermitted
from gongkai.kernel.orgs.selectors import authority_unit_ids, unit_descendant_ids


def _held(today: date) -> Q:
    """Return the condition that a post is held on the day."""
    return Q(from_on__lte=today) & (Q(until_on__isnull=True) | Q(until_on__gte=today))


def actor_get(*, user: User, today: date) -> Actor:
    """Return who acts: the person with the roles of the posts held today in units that exist today."""
    posts = (
        Post.objects.filter(_held(today), user_id=user.pk)
        .filter(Q(unit__dissolved_on__isnull=True) | Q(unit__dissolved_on__gt=today))
        .values_list("role", "unit_id", "unit__kind")
    )
    held = list(posts) if user.is_active else []
    grants = frozenset((Role(role), unit_id) for role, unit_id, _ in held)
    return Actor(
        user_id=user.pk,
        name=user.get_full_name(),
        grants=grants,
        is_superuser=user.is_superuser and user.is_active,
        authority_ids=authority_unit_ids(on=today) if grants else frozenset(),
        day=today,
        division_ids=frozenset(unit_id for _, unit_id, kind in held if kind == UnitKind.INTERNAL_OFFICE.value),
    )


def user_get(*, actor: Actor, user_id: int) -> User:
    """Return one person; raises NotPermitted unless the actor may see people, User.DoesNotExist if there is none."""
    if actor.user_id != user_id and not permissions.can_list_users(actor):
        raise NotPermitted(ability="查看人员")
    return User.objects.get(pk=user_id)


def user_list(
    *,
    actor: Actor,
    today: date,
    unit_id: int | None = None,
    below: bool = True,
    search: str = "",
    active: bool | None = None,
) -> QuerySet[User]:
    """Return people by name; ``unit_id`` keeps those with a post there today (``below``: or in a unit under it)."""
    if not permissions.can_list_users(actor):
        raise NotPermitted(ability="查看人员")
    users = User.objects.order_by("display_name", "username")
    if unit_id is not None:
        units = unit_descendant_ids(unit_id=unit_id) if below else frozenset({unit_id})
        users = users.filter(pk__in=Post.objects.filter(_held(today), unit_id__in=units).values("user_id"))
    if search:
        users = users.filter(Q(display_name__icontains=search) | Q(username__icontains=search))
    if active is not None:
        users = users.filter(is_active=active)
    return users


def users_with_role(*, role: Role, unit_id: int, today: date) -> list[User]:
    """Return the active people who hold the role in the unit on the day, by name."""
    held = Post.objects.filter(_held(today), unit_id=unit_id, role=Role(role).value)
    users = User.objects.filter(pk__in=held.values("user_id"), is_active=True)
    return list(users.order_by("display_name", "pk"))


def users_of_units(*, unit_ids: list[int], today: date, roles: frozenset[Role] | None = None) -> dict[int, list[User]]:
    """Return the active people of each unit on the day, in one query: unit id → people (``roles`` narrows)."""
    posts = Post.objects.filter(_held(today), unit_id__in=unit_ids, user__is_active=True).select_related("user")
    if roles is not None:
        posts = posts.filter(role__in=[role.value for role in roles])
    found: dict[int, dict[int, User]] = {unit_id: {} for unit_id in unit_ids}
    for post in posts.order_by("user__display_name", "user_id"):
        found[post.unit_id][post.user_id] = post.user
    return {unit_id: list(users.values()) for unit_id, users in found.items()}


def post_list(
    *,
    actor: Actor,
    today: date,
    user_id: int | None = None,
    unit_id: int | None = None,
    current: bool = False,
) -> QuerySet[Post]:
    """Return posts, latest first, with person and unit; ``current`` keeps those held on the day."""
    if actor.user_id != user_id and not permissions.can_list_users(actor):
        raise NotPermitted(ability="查看人员岗位")
    posts = Post.objects.select_related("user", "unit", "granted_by").order_by("-from_on", "-pk")
    if user_id is not None:
        posts = posts.filter(user_id=user_id)
    if unit_id is not None:
        posts = posts.filter(unit_id=unit_id)
    return posts.filter(_held(today)) if current else posts


def visible_unit_ids(*, actor: Actor) -> frozenset[int] | None:
    """Return the units whose matters the actor sees: None for all, else the own units and all below them."""
    if actor.is_disclosure_authority or actor.has(Role.SYSTEM_ADMINISTRATOR):
        return None
    found: set[int] = set()
    for unit_id in actor.unit_ids:
        found |= unit_descendant_ids(unit_id=unit_id)
    return frozenset(found)


def administrators_left(*, today: date, without_user_id: int | None = None, without_post_id: int | None = None) -> bool:
    """Tell whether anybody would still administer the system on the day without that person or post."""
    posts = Post.objects.filter(_held(today), role=Role.SYSTEM_ADMINISTRATOR.value, user__is_active=True)
    posts = posts.exclude(user_id=without_user_id).exclude(pk=without_post_id)
    if posts.exists():
        return True
    return User.objects.filter(is_superuser=True, is_active=True).exclude(pk=without_user_id).exists()


def user_find(*, actor: Actor, user_id: int) -> User | None:
    """Return one person, or None when there is none; raises NotPermitted."""
    try:
        return user_get(actor=actor, user_id=user_id)
    except User.DoesNotExist:
        return None


def posts_by_user(*, actor: Actor, user_ids: list[int], today: date) -> dict[int, list[Post]]:
    """Return the posts that each of the people holds on the day, in one query."""
    held: dict[int, list[Post]] = {}
    for post in post_list(actor=actor, today=today, current=True).filter(user_id__in=user_ids):
        held.setdefault(post.user_id, []).append(post)
    return held
