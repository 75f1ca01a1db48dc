"""Connected systems: who is let in, a new one, another token, and shutting out. The whole token is shown once."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gongkai.kernel.accounts.pages import attempt, form_errors, found_view, press, show_form
from gongkai.kernel.errors import NotPermitted
from gongkai.kernel.tokens import permissions, selectors, services
from gongkai.kernel.tokens.staff.forms import RevokeForm, SystemForm, TokenForm

LIST = {"label": "接入系统", "url": reverse_lazy("tokens:staff:token_list")}


@require_GET
@found_view
def token_list(request: HttpRequest) -> HttpResponse:
    """Show every connected system with its tokens."""
    context = {
        "page_title": "接入系统",
        "rows": selectors.system_list(actor=request.actor, today=timezone.localdate()),
        "valid": selectors.Standing.VALID,
    }
    return render(request, "tokens/staff/token_list.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
@found_view
def system_new(request: HttpRequest) -> HttpResponse:
    """Register a system and show its first token."""
    if not permissions.can_manage_tokens(request.actor):
        raise NotPermitted(ability="登记接入系统")
    form = SystemForm(request.POST or None, on=timezone.localdate())
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        issued = attempt(
            form,
            lambda: services.system_create(
                actor=request.actor,
                name=data["name"],
                contact=data["contact"],
                unit_id=data["unit"],
                now=timezone.now(),
                **form.token_values(),
            ),
        )
        if issued is not None:
            return _shown(request, issued)
    here = [LIST, {"label": "登记", "url": ""}]
    return show_form(request, "tokens/staff/token_form.html", form, page_title="登记接入系统", breadcrumbs=here)


@never_cache
@require_http_methods(["GET", "POST"])
@found_view
def token_new(request: HttpRequest, system_id: int) -> HttpResponse:
    """Issue another token to a system and show it."""
    system = selectors.system_find(actor=request.actor, system_id=system_id)
    if system is None:
        raise Http404
    form = TokenForm(request.POST or None, on=timezone.localdate())
    if request.method == "POST" and form.is_valid():
        issued = attempt(
            form,
            lambda: services.token_issue(
                actor=request.actor, system_id=system_id, now=timezone.now(), **form.token_values()
            ),
        )
        if issued is not None:
            return _shown(request, issued)
    context = {
        "page_title": f"签发令牌：{system.name}",
        "breadcrumbs": [LIST, {"label": "签发令牌", "url": ""}],
        "system": system,
    }
    return show_form(request, "tokens/staff/token_form.html", form, **context)


@require_POST
@found_view
def token_revoke(request: HttpRequest, token_id: int) -> HttpResponse:
    """Shut out whoever holds a token."""
    form = RevokeForm(request.POST)
    if not form.is_valid():
        if not permissions.can_manage_tokens(request.actor):
            raise NotPermitted(ability="吊销访问令牌")
        form_errors(request, form)
        return redirect("tokens:staff:token_list")
    return press(
        request,
        lambda: services.token_revoke(
            actor=request.actor, token_id=token_id, reason=form.cleaned_data["reason"], now=timezone.now()
        ),
        "已吊销，从现在起不能再使用。",
        "tokens:staff:token_list",
    )


def _shown(request: HttpRequest, issued: services.Issued) -> HttpResponse:
    context: dict[str, Any] = {
        "page_title": "已签发令牌",
        "breadcrumbs": [LIST, {"label": "令牌", "url": ""}],
        "issued": issued,
    }
    return render(request, "tokens/staff/token_shown.html", context)
