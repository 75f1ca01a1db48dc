"""What happens when somebody signs in, fails to, or is locked out: an audit row each."""

from __future__ import annotations

import importlib
from typing import Any

from django.contrib.auth.signals import user_logged_in, user_login_failed
from django.http import HttpRequest
from django.utils import timezone

from gongkai.kernel.accounts import services


def connect() -> None:
    """Listen to Django's signals; called once when the app is ready, after axes has begun to listen itself."""
    importlib.import_module("axes.signals")  # connects axes' own counting, which has to run before on_failed
    user_logged_in.connect(on_signed_in, dispatch_uid="accounts.signed_in")
    user_login_failed.connect(on_failed, dispatch_uid="accounts.failed")


def on_signed_in(sender: Any, request: HttpRequest | None, user: Any, **more: Any) -> None:
    """Record a sign-in through a page."""
    if request is not None:
        services.sign_in_record(user=user, address=_address(request), now=timezone.now())


def on_failed(sender: Any, credentials: dict[str, Any], request: HttpRequest | None = None, **more: Any) -> None:
    """Record a failed attempt; by now axes has counted it and says whether the account is locked."""
    if request is None:
        return
    record = services.lock_out_record if getattr(request, "axes_locked_out", False) else services.sign_in_failed_record
    record(username=str(credentials.get("username", "")), address=_address(request), now=timezone.now())


def _address(request: HttpRequest) -> str:
    return str(getattr(request, "axes_ip_address", "") or request.META.get("REMOTE_ADDR", ""))
