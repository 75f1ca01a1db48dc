"""What the staff pages of the search share."""

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
from gongkai.portal.search import permissions

SEARCH = {"label": "站内检索", "url": reverse_lazy("search:staff:miss_list")}
TABS = (
    ("search:staff:miss_list", "没有找到的"),
    ("search:staff:synonym_list", "同义词"),
    ("search:staff:pinned_list", "置顶"),
    ("alerts:staff:query_list", "检索提醒"),
)
PER_PAGE = 50


def tabs(current: str) -> list[dict[str, Any]]:
    """Return the tabs of the search."""
    return [{"url": reverse_lazy(name), "label": label, "current": name == current} for name, label in TABS]


def need_keeper(actor: Actor, ability: str) -> None:
    """Raise NotPermitted unless the actor keeps the words, before a form is shown that could not be sent."""
    if not permissions.can_keep_search(actor):
        raise NotPermitted(ability=ability)


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
