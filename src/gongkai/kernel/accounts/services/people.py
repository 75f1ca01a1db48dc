"""People: added, corrected, deactivated, never deleted; passwords reset by an administrator or changed by oneself."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from axes.utils import reset as clear_lock_out
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from gongkai.domain.issues import Issue
from gongkai.kernel.accounts import permissions
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.models import User
from gongkai.kernel.accounts.passwords import one_time_password
from gongkai.kernel.accounts.selectors import administrators_left
from gongkai.kernel.audit.actions import register_actions, register_targets
from gongkai.kernel.audit.services import record
from gongkai.kernel.errors import NotPermitted, Refused
from gongkai.kernel.fingerprints import require_unchanged

register_targets({"accounts.user": "人员"})
register_actions(
    {
        "accounts.user.create": "新增人员",
        "accounts.user.update": "修改人员",
        "accounts.user.deactivate": "停用人员",
        "accounts.user.activate": "恢复人员",
        "accounts.password.reset": "重置密码",
        "accounts.password.change": "修改密码",
    }
)
UPDATABLE = ("display_name", "phone", "email")
_USERNAME = re.compile(r"[\w.@+-]{2,60}")


def user_create(
    *,
    actor: Actor,
    username: str,
    display_name: str,
    now: datetime,
    phone: str = "",
    email: str = "",
    encoded_password: str = "",
    must_change_password: bool = True,
) -> tuple[User, str]:
    """Add a person; returns the person and the one-time password, which is kept nowhere else.

    ``encoded_password`` is for set-up (the sample city): one hash for many people, since hashing takes its time; the
    password returned is empty then. Raises NotPermitted or Refused.
    """
    with transaction.atomic():
        if not permissions.can_manage_users(actor):
            raise NotPermitted(ability="新增人员")
        username, display_name = username.strip(), display_name.strip()
        issues = [] if display_name else [Issue("accounts.name.missing", "display_name")]
        if not _USERNAME.fullmatch(username):
            issues.append(Issue("accounts.username.shape", "username", {"username": username}))
        elif User.objects.filter(username__iexact=username).exists():
            issues.append(Issue("accounts.username.taken", "username", {"username": username}))
        if issues:
            raise Refused(issues)
        secret = "" if encoded_password else one_time_password()
        user = User(
            username=username,
            display_name=display_name,
            phone=phone.strip(),
            email=email.strip(),
            must_change_password=must_change_password,
            created_at=now,
            date_joined=now,
        )
        if encoded_password:
            user.password = encoded_password
        else:
            user.set_password(secret)
        user.save()
        _record(actor, "accounts.user.create", user, f"新增人员“{user}”（{username}）", {}, now)
    return user, secret


def user_update(*, actor: Actor, user_id: int, fields: Mapping[str, str], now: datetime, seen: str = "") -> User:
    """Correct a person's name, phone or e-mail; raises NotPermitted or Refused.

    ``seen``: the fingerprint of ``UPDATABLE`` when the form was opened; somebody's change since then is a refusal.
    """
    if unknown := set(fields) - set(UPDATABLE):
        raise ValueError(f"not to be changed: {sorted(unknown)}")
    with transaction.atomic():
        user = User.objects.select_for_update(no_key=True).get(pk=user_id)
        if not permissions.can_manage_users(actor):
            raise NotPermitted(ability="修改人员")
        require_unchanged(user, UPDATABLE, seen)
        changed = {key: value.strip() for key, value in fields.items() if getattr(user, key) != value.strip()}
        if changed.get("display_name") == "":
            raise Refused(Issue("accounts.name.missing", "display_name"))
        before = {key: getattr(user, key) for key in changed}
        for key, value in changed.items():
            setattr(user, key, value)
        if changed:
            user.save(update_fields=list(changed))
            what = "、".join(str(User._meta.get_field(key).verbose_name) for key in changed)
            details = {"before": before, "after": changed}
            _record(actor, "accounts.user.update", user, f"修改人员“{user}”：{what}", details, now)
    return user


def user_deactivate(*, actor: Actor, user_id: int, now: datetime) -> User:
    """Shut a person out: signed out at once, posts stay on record. Nobody shuts out himself or the last administrator."""
    with transaction.atomic():
        user = User.objects.select_for_update(no_key=True).get(pk=user_id)
        if not permissions.can_manage_users(actor):
            raise NotPermitted(ability="停用人员")
        issues = []
        if actor.user_id == user.pk:
            issues.append(Issue("accounts.user.self_deactivate", values={"name": user.get_full_name()}))
        today = timezone.localdate(now)
        if administrators_left(today=today) and not administrators_left(without_user_id=user.pk, today=today):
            issues.append(Issue("accounts.user.last_administrator", values={"name": user.get_full_name()}))
        if issues:
            raise Refused(issues)
        user.is_active = False
        user.save(update_fields=["is_active"])
        _record(actor, "accounts.user.deactivate", user, f"停用人员“{user}”", {}, now)
    return user


def user_activate(*, actor: Actor, user_id: int, now: datetime) -> User:
    """Let a person in again; raises NotPermitted."""
    with transaction.atomic():
        user = User.objects.select_for_update(no_key=True).get(pk=user_id)
        if not permissions.can_manage_users(actor):
            raise NotPermitted(ability="恢复人员")
        user.is_active = True
        user.save(update_fields=["is_active"])
        _record(actor, "accounts.user.activate", user, f"恢复人员“{user}”", {}, now)
    return user


def password_reset(*, actor: Actor, user_id: int, now: datetime) -> str:
    """Give a person a new one-time password and lift a lock-out; returns the password, which is kept nowhere else."""
    with transaction.atomic():
        user = User.objects.select_for_update(no_key=True).get(pk=user_id)
        if not permissions.can_manage_users(actor):
            raise NotPermitted(ability="重置密码")
        secret = one_time_password()
        user.set_password(secret)
        user.must_change_password = True
        user.save(update_fields=["password", "must_change_password"])
        clear_lock_out(username=user.username)
        _record(actor, "accounts.password.reset", user, f"重置“{user}”的密码并解除登录锁定", {}, now)
    return secret


def password_change(*, actor: Actor, old: str, new: str, now: datetime) -> User:
    """Change one's own password; raises Refused with everything that is wrong with the new one."""
    with transaction.atomic():
        user = User.objects.select_for_update(no_key=True).get(pk=actor.user_id)
        issues = []
        if not user.check_password(old):
            issues.append(Issue("accounts.password.wrong", "old"))
        elif old == new:
            issues.append(Issue("accounts.password.same", "new"))
        try:
            validate_password(new, user)
        except ValidationError as error:
            issues += [Issue("accounts.password.weak", "new", {"reason": reason}) for reason in error.messages]
        if issues:
            raise Refused(issues)
        user.set_password(new)
        user.must_change_password = False
        user.password_changed_at = now
        user.save(update_fields=["password", "must_change_password", "password_changed_at"])
        _record(actor, "accounts.password.change", user, f"“{user}”修改了自己的密码", {}, now)
    return user


def _record(actor: Actor, action: str, user: User, summary: str, details: Mapping[str, object], now: datetime) -> None:
    record(
        actor=actor,
        action=action,
        target_type="accounts.user",
        target_id=user.pk,
        summary=summary,
        details=details,
        now=now,
    )
