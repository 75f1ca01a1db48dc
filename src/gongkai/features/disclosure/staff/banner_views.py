"""Emergency banners: raise one in a minute, take it down, see what stood when."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from gongkai.features.disclosure.selectors import banners
from gongkai.features.disclosure.services.banners import banner_end, banner_raise
from gongkai.features.disclosure.staff.aftercare_forms import BannerForm, EndForm
from gongkai.features.disclosure.staff.pages import ITEMS, attempt, disclosure_view, form_errors, press, show_form

USUAL = timedelta(hours=24)


@require_http_methods(["GET", "POST"])
@disclosure_view
def banner_list(request: HttpRequest) -> HttpResponse:
    """Show the banners that stand and stood, and raise a new one."""
    now = timezone.now()
    rows = banners.banner_list(actor=request.actor, now=now)
    form = BannerForm(
        request.POST or None,
        units=banners.banner_units(actor=request.actor),
        items=banners.banner_items(actor=request.actor, at=now),
        initial={"expires_at": timezone.localtime(now + USUAL).replace(minute=0), "level": "orange"},
    )
    if form.is_bound and form.is_valid():
        done = attempt(form, lambda: banner_raise(actor=request.actor, now=now, **form.cleaned_data))
        if done is not None:
            messages.success(request, f"应急横幅“{done.title}”已经显示在所有公开页面上。")
            return redirect("disclosure:staff:banner_list")
    return show_form(
        request,
        "disclosure/staff/aftercare/banner_list.html",
        form,
        page_title="应急横幅",
        breadcrumbs=[ITEMS, {"label": "应急横幅", "url": ""}],
        running=[row for row in rows if row.running or row.waiting],
        former=[row for row in rows if not (row.running or row.waiting)],
    )


@require_POST
@disclosure_view
def banner_take_down(request: HttpRequest, banner_id: int) -> HttpResponse:
    """Take a banner down before it expires."""
    form = EndForm(request.POST)
    if not form.is_valid():
        form_errors(request, form)
        return redirect("disclosure:staff:banner_list")
    return press(
        request,
        lambda: banner_end(
            actor=request.actor, banner_id=banner_id, reason=form.cleaned_data["reason"], now=timezone.now()
        ),
        "横幅已经撤下。",
        reverse("disclosure:staff:banner_list"),
    )
