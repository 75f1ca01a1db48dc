"""Applying: what there is to know, and the form. Works without JavaScript and without an account."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from gongkai.domain.foi.receipt import Channel
from gongkai.domain.site import column_page
from gongkai.features.foi import services
from gongkai.features.foi.asking import AskingForm
from gongkai.features.foi.public.throttle import applied_too_often
from gongkai.features.foi.selectors.terms import reply_terms
from gongkai.features.foi.selectors.units import receiving_units
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.pages import REFUSED, attempt

TITLE = "依申请公开"
HOME = ("首页", "/")


class ApplyForm(AskingForm):
    """The public form; ``website`` is filled in by machines only."""

    agreed = forms.BooleanField(label="我确认填写的内容属实，并知道在收到确认联系之前，答复期限还没有开始计算")
    website = forms.CharField(required=False, label="请不要填写这一栏")

    def trapped(self) -> bool:
        """Tell whether a machine has filled in what people do not see."""
        return bool(self.cleaned_data.get("website"))


@require_GET
def start(request: HttpRequest) -> HttpResponse:
    """Say how to apply, and where to follow an application."""
    today = timezone.localdate()
    context = {
        "page_title": TITLE,
        "gk_page": column_page(TITLE, "向行政机关申请公开政府信息：怎样申请、多久答复、怎样查询"),
        "breadcrumbs": [HOME, (TITLE, "")],
        "units": receiving_units(on=today),
        "terms": reply_terms(on=today),
    }
    return render(request, "foi/public/start.html", context)


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def application_new(request: HttpRequest) -> HttpResponse:
    """Take in an application; number and query code are shown once."""
    units = receiving_units(on=timezone.localdate())
    form = ApplyForm(request.POST or None, request.FILES or None, units=units, initial=_initial(request))
    if request.method == "POST" and form.is_valid():
        if form.trapped() or applied_too_often(request):
            form.add_error(None, "提交得太频繁了。请过一小时再试，或者当面、邮寄提交申请。")
        else:
            taken = attempt(form, lambda: _submit(form))
            if taken is not None:
                return _taken(request, taken)
    context = {
        "page_title": "在线申请",
        "gk_page": column_page("在线申请", "填写政府信息公开申请表"),
        "breadcrumbs": [HOME, (TITLE, "/apply/"), ("在线申请", "")],
        "form": form,
        "units": units,
    }
    return render(request, "foi/public/apply.html", context, status=REFUSED if form.is_bound and form.errors else 200)


def _initial(request: HttpRequest) -> dict[str, Any]:
    """Take over which unit was chosen and what was looked for."""
    unit = request.GET.get("unit", "")
    wanted = {"subject": request.GET.get("subject", "").replace("\x00", "")[:200]}
    return wanted | ({"unit": int(unit)} if unit.isascii() and unit.isdigit() and len(unit) < 16 else {})


def _submit(form: ApplyForm) -> services.Taken:
    return services.application_submit(
        actor=Actor.anonymous(),
        unit_id=form.cleaned_data["unit"],
        channel=Channel.ONLINE,
        person=form.person(),
        request=form.request(),
        identity=form.cleaned_data.get("identity"),
        now=timezone.now(),
    )


def _taken(request: HttpRequest, taken: services.Taken) -> HttpResponse:
    context = {
        "page_title": "申请已提交",
        "gk_page": column_page("申请已提交", "公开申请的登记编号和查询码"),
        "breadcrumbs": [HOME, (TITLE, "/apply/"), ("已提交", "")],
        "application": taken.application,
        "code": services.code_shown(taken.query_code),
    }
    return render(request, "foi/public/taken.html", context)
