"""Posts: granted and ended, never deleted. Nobody gives himself a reviewing role."""

from __future__ import annotations

from datetime import date, datetime

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.models import Q

from gongkai.domain.issues import Issue
from gongkai.kernel.accounts import permissions
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.models import Post, User
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.accounts.selectors import administrators_left
from gongkai.kernel.accounts.services.people import user_create
from gongkai.kernel.audit.actions import register_actions
from gongkai.kernel.audit.services import record
from gongkai.kernel.errors import NotPermitted, Refused
from gongkai.kernel.orgs.models import Unit

STAFF_GROUP = "工作人员"
register_actions({"accounts.post.grant": "授予岗位", "accounts.post.end": "终止岗位"})


def post_grant(
    *,
    actor: Actor,
    user_id: int,
    unit_id: int,
    role: Role,
    from_on: date,
    now: datetime,
    until_on: date | None = None,
    note: str = "",
) -> Post:
    """Give a person a role in a unit from one day to another (inclusive; None: until further notice).

    The person may enter the back office from then on. Raises NotPermitted, or Refused with every reason: an own
    reviewing role, a span that overlaps the same post, a unit that does not exist on those days, a deactivated person.
    """
    with transaction.atomic():
        user = User.objects.select_for_update(no_key=True).get(pk=user_id)
        unit = Unit.objects.get(pk=unit_id)
        if not permissions.can_manage_users(actor):
            raise NotPermitted(ability="授予岗位")
        role = Role(role)
        issues = []
        if not permissions.can_grant(actor, user_id=user.pk, role=role):
            issues.append(Issue("accounts.post.own_review", "role", {"role": role.label}))
        if not user.is_active:
            issues.append(Issue("accounts.post.inactive", "user", {"name": user.get_full_name()}))
        if until_on is not None and until_on < from_on:
            issues.append(Issue("accounts.post.dates", "until_on", {"from_on": from_on, "until_on": until_on}))
        if not unit.exists(from_on):
            issues.append(Issue("accounts.post.unit_gone", "unit", {"unit": unit.name, "on": from_on}))
        same = Post.objects.filter(user=user, unit=unit, role=role.value)
        running = same.filter(Q(until_on__isnull=True) | Q(until_on__gte=from_on))
        if until_on is not None:
            running = running.filter(from_on__lte=until_on)
        if other := running.first():
            until = other.until_on or "长期"
            values = {"unit": unit.name, "role": role.label, "from_on": other.from_on, "until_on": until}
            issues.append(Issue("accounts.post.overlap", "from_on", values))
        if issues:
            raise Refused(issues)
        post = Post.objects.create(
            user=user,
            unit=unit,
            role=role.value,
            from_on=from_on,
            until_on=until_on,
            granted_by_id=actor.user_id,
            granted_at=now,
            note=note.strip(),
        )
        user.groups.add(staff_group())
        until = f"至 {until_on}" if until_on else "起"
        summary = f"授予“{user}”在“{unit.name}”的岗位：{role.label}（{from_on} {until}）"
        _record(actor, "accounts.post.grant", post, summary, now)
    return post


def user_create_with_post(
    *,
    actor: Actor,
    username: str,
    display_name: str,
    unit_id: int,
    role: Role,
    from_on: date,
    now: datetime,
    phone: str = "",
    email: str = "",
) -> tuple[User, str]:
    """Add a person with a first post, both or neither; returns the person and the one-time password."""
    with transaction.atomic():
        user, secret = user_create(
            actor=actor, username=username, display_name=display_name, phone=phone, email=email, now=now
        )
        post_grant(actor=actor, user_id=user.pk, unit_id=unit_id, role=role, from_on=from_on, now=now)
    return user, secret


def post_end(*, actor: Actor, post_id: int, until_on: date, now: datetime) -> Post:
    """Let a post end; ``until_on`` is its last day, so yesterday ends it at once.

    The last administrator keeps the post. Raises NotPermitted or Refused.
    """
    with transaction.atomic():
        post = Post.objects.select_for_update(no_key=True).select_related("user", "unit").get(pk=post_id)
        if not permissions.can_manage_users(actor):
            raise NotPermitted(ability="终止岗位")
        issues = []
        if until_on < post.from_on:
            values = {"from_on": post.from_on, "until_on": until_on}
            issues.append(Issue("accounts.post.dates", "until_on", values))
        if post.until_on is not None and post.until_on < until_on:
            issues.append(Issue("accounts.post.ended", "until_on", {"until_on": post.until_on}))
        if post.role == Role.SYSTEM_ADMINISTRATOR:
            after = date.fromordinal(until_on.toordinal() + 1)
            if administrators_left(today=after) and not administrators_left(without_post_id=post.pk, today=after):
                issues.append(Issue("accounts.user.last_administrator", values={"name": post.user.get_full_name()}))
        if issues:
            raise Refused(issues)
        post.until_on = until_on
        post.ended_by_id = actor.user_id
        post.ended_at = now
        post.save(update_fields=["until_on", "ended_by", "ended_at"])
        role = Role(post.role).label
        summary = f"“{post.user}”在“{post.unit.name}”的岗位（{role}）至 {until_on} 止"
        _record(actor, "accounts.post.end", post, summary, now)
    return post


def staff_group() -> Group:
    """Return the group whose members may enter the back office; made again where it was lost."""
    group, created = Group.objects.get_or_create(name=STAFF_GROUP)
    if created:
        group.permissions.add(Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin"))
    return group


def _record(actor: Actor, action: str, post: Post, summary: str, now: datetime) -> None:
    record(
        actor=actor,
        action=action,
        target_type="accounts.user",
        target_id=post.user_id,
        unit_id=post.unit_id,
        summary=summary,
        details={"post": post.pk, "role": post.role, "from_on": post.from_on, "until_on": post.until_on},
        now=now,
    )
