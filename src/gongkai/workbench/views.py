"""The search of the sidebar and the page of one's own account."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from gongkai.kernel.accounts.selectors import post_list
from gongkai.kernel.accounts.web import staff_view
from gongkai.workbench.forms import AppearanceForm
from gongkai.workbench.services import appearance_set


@staff_view
@require_GET
def find(request: HttpRequest) -> HttpResponse:
    """Look for ``?q=`` in the ledger: number, title and clause of every work item the person may see."""
    words = request.GET.get("q", "").strip()
    address = reverse("workplans:staff:item_list")
    return redirect(f"{address}?{urlencode({'text': words})}" if words else address)


@staff_view
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """Show who one is here, which posts one holds, and where to change password, e-mail and appearance.

    It stands in the place of Wagtail's account page: names and posts are kept by the system administrator.
    """
    actor = request.actor
    profile = getattr(request.user, "wagtail_userprofile", None)
    chosen = {name: getattr(profile, name, "system") for name in AppearanceForm.base_fields}
    form = AppearanceForm(request.POST or None, initial=chosen)
    if request.method == "POST" and form.is_valid():
        appearance_set(actor=actor, **form.cleaned_data)
        messages.success(request, "外观已保存。")
        return redirect("wagtailadmin_account")
    posts = post_list(actor=actor, today=timezone.localdate(), user_id=actor.user_id)
    context = {
        "page_title": "我的账号",
        "breadcrumbs": [("工作台", reverse("wagtailadmin_home")), ("我的账号", None)],
        "form": form,
        "posts": posts,
    }
    return render(request, "workbench/account.html", context)
