"""What happens when somebody signs in, fails to, or is locked out: an audit row each.

Attempts made while an account is locked are not recorded one by one, so that nobody can flood the trail.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.signals import user_logged_in, user_login_failed
from django.http import HttpRequest
from django.utils import timezone

from gongkai.kernel.accounts import services


def connect() -> None:
    """Listen to Django's and axes' signals; called once when the app is ready."""
    from axes.signals import user_locked_out

    user_logged_in.connect(on_signed_in, dispatch_uid="accounts.signed_in")
    user_login_failed.connect(on_failed, dispatch_uid="accounts.failed")
    user_locked_out.connect(on_locked_out, dispatch_uid="accounts.locked_out")


def on_signed_in(sender: Any, request: HttpRequest | None, user: Any, **more: Any) -> None:
    """Record a sign-in through a page."""
    if request is not None:
        services.sign_in_record(user=user, address=_address(request), now=timezone.now())


def on_failed(sender: Any, credentials: dict[str, Any], request: HttpRequest | None = None, **more: Any) -> None:
    """Record a failed attempt; runs before axes counts it."""
    if request is None:
        return
    request.already_locked_out = getattr(request, "axes_locked_out", False)  # type: ignore[attr-defined]
    if not request.already_locked_out:  # type: ignore[attr-defined]
        name = str(credentials.get("username", ""))
        services.sign_in_failed_record(username=name, address=_address(request), now=timezone.now())


def on_locked_out(sender: Any, request: HttpRequest, username: str | None = None, **more: Any) -> None:
    """Record that the limit was reached, once a lock-out."""
    if not getattr(request, "already_locked_out", False):
        services.lock_out_record(username=username or "", address=_address(request), now=timezone.now())


def _address(request: HttpRequest) -> str:
    return str(getattr(request, "axes_ip_address", "") or request.META.get("REMOTE_ADDR", ""))
