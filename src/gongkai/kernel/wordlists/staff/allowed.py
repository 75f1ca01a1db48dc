"""The allow-list."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gongkai.kernel.accounts.web import staff_view
from gongkai.kernel.wordlists import permissions, selectors, services
from gongkai.kernel.wordlists.staff.forms import AllowedFilterForm, AllowedForm
from gongkai.kernel.wordlists.staff.pages import PER_PAGE, WORDS, need_keeper, press, show_form, tabs, try_change


@require_GET
@staff_view
def allowed_list(request: HttpRequest) -> HttpResponse:
    """Show the allowed words with who allowed them and why."""
    form = AllowedFilterForm(request.GET, on=timezone.localdate())
    wanted = form.cleaned_data if form.is_valid() else {}
    found = selectors.allowed_list(actor=request.actor, filters=selectors.WordFilters(**wanted))
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page_title": "放行词",
        "tabs": tabs("wordlists:staff:allowed_list"),
        "form": form,
        "page": page,
        "rows": [
            (word, word.ended_at is None and permissions.can_keep_words(request.actor, word.unit_id)) for word in page
        ],
        "narrowed": any(wanted.values()),
        "may_keep": permissions.keeps_any(request.actor),
    }
    return render(request, "wordlists/staff/allowed_list.html", context)


@require_http_methods(["GET", "POST"])
@staff_view
def allowed_add(request: HttpRequest) -> HttpResponse:
    """Allow a word."""
    need_keeper(request.actor, "加入放行词")
    form = AllowedForm(request.POST or None, actor=request.actor, on=timezone.localdate())
    if form.is_valid():
        data = form.cleaned_data
        allowed = try_change(
            form,
            lambda: services.allowed_add(
                actor=request.actor,
                word=data["word"],
                context=data["context"],
                reason=data["reason"],
                until_on=data["until_on"],
                unit_id=form.unit_id(),
                now=timezone.now(),
            ),
        )
        if allowed is not None:
            messages.success(request, f"已放行“{allowed}”。")
            return redirect("wordlists:staff:allowed_list")
    crumbs = [WORDS, {"label": "新增放行词", "url": ""}]
    return show_form(request, "wordlists/staff/form.html", form, page_title="新增放行词", breadcrumbs=crumbs)


@require_POST
@staff_view
def allowed_end(request: HttpRequest, allowed_id: int) -> HttpResponse:
    """Stop allowing a word."""
    return press(
        request,
        lambda: services.allowed_end(actor=request.actor, allowed_id=allowed_id, now=timezone.now()),
        "已停用。",
        "wordlists:staff:allowed_list",
    )
