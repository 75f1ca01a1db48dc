"""What the pages of the lists share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy

from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.web import show_refusal
from gongkai.kernel.errors import NotPermitted, Refused
from gongkai.kernel.wordlists import permissions

WORDS = {"label": "词库", "url": reverse_lazy("wordlists:staff:word_list")}
TABS = (
    ("wordlists:staff:word_list", "错敏词"),
    ("wordlists:staff:allowed_list", "放行词"),
    ("wordlists:staff:leader_list", "领导名录"),
)
PER_PAGE = 50


def need_keeper(actor: Actor, ability: str) -> None:
    """Raise NotPermitted unless the actor keeps some list, before a form is shown that could not be sent."""
    if not permissions.keeps_any(actor):
        raise NotPermitted(ability=ability)


def need_leader_keeper(actor: Actor, ability: str) -> None:
    """Raise NotPermitted unless the actor keeps the table of leaders."""
    if not permissions.can_keep_leaders(actor):
        raise NotPermitted(ability=ability)


def tabs(current: str) -> list[dict[str, Any]]:
    """Return the tabs of the lists."""
    return [{"url": reverse_lazy(name), "label": label, "current": name == current} for name, label in TABS]


def try_change(form: forms.Form, change: Callable[[], Any]) -> Any:
    """Run a service; put a refusal into the form and return None."""
    try:
        return change()
    except NotPermitted:
        raise
    except Refused as refused:
        show_refusal(form, refused)
        return None


def press(request: HttpRequest, change: Callable[[], Any], done: str, to: str) -> HttpResponse:
    """Run the service of a button, say what came of it, and go back."""
    try:
        change()
    except NotPermitted:
        raise
    except Refused as refused:
        for sentence in refused.sentences():
            messages.error(request, sentence)
    else:
        messages.success(request, done)
    return redirect(to)


def show_form(request: HttpRequest, template: str, form: forms.Form, **context: Any) -> HttpResponse:
    """Show a page with a form; a form with errors answers 422."""
    return render(request, template, {"form": form, **context}, status=422 if form.is_bound and form.errors else 200)
