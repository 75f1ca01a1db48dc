"""The audit rows of signing in: done, failed, locked out. A password that was typed as a name never gets on record."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db.models import Q

from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.models import User
from gongkai.kernel.audit.actions import register_actions
from gongkai.kernel.audit.selectors import entry_list
from gongkai.kernel.audit.services import record

register_actions(
    {
        "accounts.session.sign_in": "登录",
        "accounts.session.failed": "登录失败",
        "accounts.session.locked": "登录锁定",
    }
)


def sign_in_record(*, user: User, address: str, now: datetime) -> None:
    """Record that a person signed in from a network address."""
    actor = Actor(user_id=user.pk, name=user.get_full_name())
    _record(actor, "accounts.session.sign_in", user, f"“{user}”登录", address, now)


def sign_in_failed_record(*, username: str, address: str, now: datetime) -> None:
    """Record a failed attempt; a name that nobody has is not written down."""
    user = User.objects.filter(username=username).first()
    summary = f"“{user}”登录失败" if user else "以不存在的账号登录失败"
    _record(Actor.anonymous(), "accounts.session.failed", user, summary, address, now)


def lock_out_record(*, username: str, address: str, now: datetime) -> None:
    """Record the failure that locked an account for an address, and the lock-out.

    Attempts while it is locked are not recorded, so that nobody can flood the trail.
    """
    user = User.objects.filter(username=username).first()
    if _is_locked(user, address, now):
        return
    sign_in_failed_record(username=username, address=address, now=now)
    summary = f"“{user}”因多次登录失败被暂时锁定" if user else "不存在的账号因多次登录失败被暂时锁定"
    _record(Actor.anonymous(), "accounts.session.locked", user, summary, address, now)


def _is_locked(user: User | None, address: str, now: datetime) -> bool:
    """Tell whether the trail already says that the account is locked for the address."""
    ends = Q(action="accounts.password.reset")
    here = Q(action__in=["accounts.session.locked", "accounts.session.sign_in"], details__address=address)
    entries = entry_list(target_type="accounts.user", target_id=user.pk if user else 0).filter(ends | here)
    latest = entries.order_by("-sequence").first()
    return (
        latest is not None
        and latest.action == "accounts.session.locked"
        and now - latest.at < settings.AXES_COOLOFF_TIME
    )


def _record(actor: Actor, action: str, user: User | None, summary: str, address: str, now: datetime) -> None:
    record(
        actor=actor,
        action=action,
        target_type="accounts.user",
        target_id=user.pk if user else 0,
        summary=summary,
        details={"address": address},
        now=now,
    )
