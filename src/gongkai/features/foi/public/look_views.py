"""The first step: perhaps it is published already. What was looked for goes by form and is kept nowhere."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from gongkai.domain.site import column_page
from gongkai.features.foi import services
from gongkai.features.foi.public import throttle
from gongkai.features.foi.public.apply_views import HOME, TITLE, form_begun
from gongkai.features.foi.public.asking_forms import LookForm, whole
from gongkai.features.foi.suggesting import published_like
from gongkai.kernel.accounts.pages import REFUSED

HELPED = "helped"


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def look(request: HttpRequest) -> HttpResponse:
    """Ask what is wanted and show what is published like it; where nothing is, the form comes at once."""
    first = {"words": request.GET.get("subject", "").replace("\x00", "")[:200]}
    first["unit"] = str(whole(request.GET.get("unit", "")) or "")
    form = LookForm(request.POST or None, initial=first)
    found, uid = (), None
    if request.method == "POST" and form.is_valid():
        words, now = form.cleaned_data["words"], timezone.now()
        if throttle.looked_too_often(request):
            return form_begun(request, words, form.unit_id())
        found = published_like(words, at=now)
        uid = services.suggestion_show(results=len(found), now=now)
        if not found:
            return form_begun(request, words, form.unit_id(), nothing_found=True)
    context = {
        "page_title": "先看看是不是已经公开",
        "gk_page": column_page("先看看是不是已经公开", "申请公开之前，先查找已经公开的信息"),
        "breadcrumbs": [HOME, (TITLE, "/apply/"), ("在线申请", "")],
        "form": form,
        "found": found,
        "uid": uid,
    }
    return render(request, "foi/public/look.html", context, status=REFUSED if form.is_bound and form.errors else 200)


@never_cache
@sensitive_post_parameters()
@require_POST
def looked(request: HttpRequest) -> HttpResponse:
    """Note whether something published was enough; if not, go on to the form."""
    helped = request.POST.get("do") == HELPED
    uid = _uid(request.POST.get("uid", ""))
    if uid is not None:
        services.suggestion_settle(uid=uid, helped=helped)
    if not helped:
        return form_begun(request, request.POST.get("words", "")[:200], whole(request.POST.get("unit", "")))
    context = {
        "page_title": "不用申请了",
        "gk_page": column_page("不用申请了", "需要的信息已经公开"),
        "breadcrumbs": [HOME, (TITLE, "/apply/"), ("不用申请了", "")],
    }
    return render(request, "foi/public/found.html", context)


def _uid(written: str) -> UUID | None:
    try:
        return UUID(written)
    except ValueError:
        return None
