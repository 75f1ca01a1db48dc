"""The actor of a request, and the door to the staff pages.

``ActorMiddleware`` sets ``request.actor`` from the signed-in person and the posts held today (looked up when first
asked for), sends people with a one-time password to the page where they choose their own, keeps people without any
post out of the back office, keeps those who are at work signed in, and turns a refusal that no view handled into a page
that says why.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import SESSION_KEY
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from gongkai.kernel.accounts import permissions
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.selectors import actor_get
from gongkai.kernel.errors import NotPermitted, Refused

# Pages of the back office that a person may open before choosing a password or without any post.
_FREE = (
    "wagtailadmin_login",
    "wagtailadmin_logout",
    "accounts:staff:password_change",
    "wagtailadmin_javascript_catalog",
    "wagtailadmin_sprite",  # put into the page and kept by the browser: the password form must not come instead
)


def actor_of(request: HttpRequest) -> Actor:
    """Return who acts in this request, by the posts held today."""
    user = request.user
    if not user.is_authenticated:
        return Actor.anonymous()
    return actor_get(user=user, today=timezone.localdate())


def acting(request: HttpRequest) -> Actor:
    """Return who acts in this request; the posts are read anew only where no middleware has been (a bare request)."""
    known: Actor | None = getattr(request, "actor", None)
    return actor_of(request) if known is None else known


SEEN = "seen_at"
SIXTIETH = 60


def stay_signed_in(request: HttpRequest) -> None:
    """Let the time without work begin anew; written at most once in a sixtieth of that time, not with every page.

    A page that has not asked who is there (a public one) does not read the session for it.
    """
    session = getattr(request, "session", None)
    if session is None or not session.accessed or SESSION_KEY not in session:
        return
    now = int(time.time())
    if now - session.get(SEEN, 0) >= settings.SESSION_COOKIE_AGE // SIXTIETH:
        session[SEEN] = now


class ActorMiddleware:
    """Sets ``request.actor`` and guards the back office; see the module's text."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Attach the actor (the posts are read only when a view asks), and note that somebody is at work."""
        request.actor = SimpleLazyObject(lambda: actor_of(request))
        response = self.get_response(request)
        stay_signed_in(request)
        if response.status_code == 405 and not response.content and _in_back_office(request):
            return _not_by_address(request, response)
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Stop people who may not use the back office (yet) before its page runs."""
        # The address comes first: public pages must not read the session.
        if not _in_back_office(request) or not request.user.is_authenticated:
            return None
        if request.user.must_change_password:
            return redirect(
                f"{reverse('accounts:staff:password_change')}?{urlencode({'next': request.get_full_path()})}"
            )
        if not permissions.can_enter_back_office(request.actor):
            return _no_post(request)
        return None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Show a refusal that no view handled: 403 when the actor may not, 409 when the matter does not allow it."""
        if not isinstance(exception, Refused):
            return None
        code = 403 if isinstance(exception, NotPermitted) else 409
        return render(request, "accounts/staff/refused.html", {"sentences": exception.sentences()}, status=code)


def _in_back_office(request: HttpRequest) -> bool:
    match = request.resolver_match
    if not request.path.startswith(reverse("wagtailadmin_home")):
        return False
    return match is None or match.view_name not in _FREE


def _no_post(request: HttpRequest) -> HttpResponse:
    sentences = ["您今天没有任何在任岗位，不能使用工作平台。如有疑问，请联系系统管理员。"]
    return render(request, "accounts/staff/refused.html", {"sentences": sentences}, status=403)


def _not_by_address(request: HttpRequest, bare: HttpResponse) -> HttpResponse:
    """Say in words what a bare 405 means: somebody opened the address of a button."""
    response = render(request, "405.html", status=405)
    response["Allow"] = bare.get("Allow", "")
    return response


def _sign_in(request: HttpRequest) -> HttpResponse:
    """Send to the sign-in page; what a form sent is lost with the session, so say it and lead back to a page."""
    wanted = request.get_full_path()
    if request.method not in ("GET", "HEAD"):
        messages.warning(request, "登录已经超时，刚才提交的内容没有保存。请重新登录后再办理。")
        wanted = _page_before(request)
    return redirect(f"{reverse('wagtailadmin_login')}?{urlencode({'next': wanted})}")


def _page_before(request: HttpRequest) -> str:
    """Return the page that the form stood on, or the workbench: the address of a button cannot be opened."""
    referer = urlsplit(request.headers.get("referer", ""))
    if referer.netloc == request.get_host() and referer.path.startswith(reverse("wagtailadmin_home")):
        return f"{referer.path}?{referer.query}" if referer.query else referer.path
    return reverse("wagtailadmin_home")


def staff_view(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Open a page to signed-in people who may enter the back office; others are sent to sign in, or told why not.

    ``request.actor`` is set for the view (also where the middleware did not run).
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return _sign_in(request)
        if not hasattr(request, "actor"):
            request.actor = actor_of(request)
        if not request.user.has_perm("wagtailadmin.access_admin"):
            return _no_post(request)
        if not permissions.can_enter_back_office(request.actor):
            return _no_post(request)
        response = view(request, *args, **kwargs)
        if not response.has_header("Cache-Control"):
            response["Cache-Control"] = "private, no-cache"  # nothing of the house is kept on the way
        return response

    return guarded


def show_refusal(form: BaseForm, refused: Refused) -> None:
    """Put every reason of a refusal into a form: beside its field where the form has it, else above the form."""
    for issue, sentence in zip(refused.issues, refused.sentences(), strict=True):
        form.add_error(issue.field if issue.field in form.fields else None, sentence)
