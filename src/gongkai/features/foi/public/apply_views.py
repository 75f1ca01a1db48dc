"""Applying: what there is to know, and the form. Works without JavaScript and without an account."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from functools import wraps
from types import SimpleNamespace
from typing import Any

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gongkai.domain.foi.receipt import Channel
from gongkai.domain.site import column_page
from gongkai.features.foi import services
from gongkai.features.foi.public import throttle
from gongkai.features.foi.public.asking_forms import ApplyForm, DraftForm, begun, whole
from gongkai.features.foi.selectors.asking import draft_values
from gongkai.features.foi.selectors.terms import reply_terms
from gongkai.features.foi.selectors.units import receiving_units
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.pages import REFUSED, attempt, is_missing
from gongkai.kernel.errors import Refused

logger = logging.getLogger(__name__)
TITLE = "依申请公开"
HOME = ("首页", "/")
TOO_OFTEN = 429
UNAVAILABLE = 503
AGAIN_SECONDS = 60
"""After how long a browser or a program may try again; a technical bound."""
DRAFT = "draft"
_units_known: Sequence[Any] = ()
"""The units that can be asked, as this process read them last: the form is given back without the database."""


def given_back(view: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Where the database does not answer, give the form back as it was filled in: nothing of it may be lost."""

    @wraps(view)
    def answered(request: HttpRequest) -> HttpResponse:
        try:
            return view(request)
        except (OperationalError, InterfaceError):
            logger.warning("an application could not be taken in: the database does not answer")
            return _give_back(request)

    return answered


def units_asked() -> Sequence[Any]:
    """Return the units that can be asked today."""
    global _units_known
    _units_known = receiving_units(on=timezone.localdate())
    return _units_known


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
@given_back
def application_new(request: HttpRequest) -> HttpResponse:
    """Take in an application, or keep it as a draft; number and codes are shown once."""
    units = units_asked()
    first = begun(request.GET.get("subject", ""), whole(request.GET.get("unit", "")))
    form = ApplyForm(request.POST or None, request.FILES or None, units=units, initial=first, now=timezone.now())
    if request.method == "POST" and request.POST.get("do") == DRAFT:
        return _keep(request, form)
    if request.method == "POST" and form.is_valid():
        if form.trapped() or throttle.applied_too_often(request):
            form.add_error(None, "提交得太频繁了。请过一小时再试，或者当面、邮寄提交申请。")
        else:
            taken = attempt(form, lambda: _submit(form))
            if taken is not None:
                return _taken(request, taken)
    return form_page(request, form, REFUSED if form.is_bound and form.errors else 200)


def form_page(request: HttpRequest, form: ApplyForm, status: int = 200, **more: Any) -> HttpResponse:
    """Show the form of an application."""
    context = {
        "page_title": "填写申请表",
        "gk_page": column_page("填写申请表", "填写政府信息公开申请表"),
        "breadcrumbs": [HOME, (TITLE, "/apply/"), ("填写申请表", "")],
        "form": form,
        "draft_days": services.DRAFT_DAYS,
        **more,
    }
    return render(request, "foi/public/apply.html", context, status=status)


@sensitive_variables()
def _give_back(request: HttpRequest) -> HttpResponse:
    """The form with everything that was typed, without asking the database for anything."""
    sent = ApplyForm(request.POST or None, units=_units_known, now=timezone.now())
    typed = sent.given_back() if sent.is_bound else {}
    unit = whole(typed.get("unit", ""))
    units = list(_units_known) or [SimpleNamespace(pk=unit, name="刚才选择的单位")] * (unit is not None)
    first = {name: value for name, value in typed.items() if value or name != "once"}
    form = ApplyForm(units=units, initial=first, now=timezone.now())
    answer = form_page(request, form, UNAVAILABLE, unsent=True, lost_file=bool(request.FILES), sent=sent.is_bound)
    answer["Retry-After"] = str(AGAIN_SECONDS)
    return answer


def form_begun(request: HttpRequest, words: str, unit_id: int | None, **more: Any) -> HttpResponse:
    """Show the form with what was looked for."""
    units = units_asked()
    return form_page(request, ApplyForm(units=units, initial=begun(words, unit_id), now=timezone.now()), **more)


@sensitive_variables()
def _submit(form: ApplyForm) -> services.Taken:
    taken = services.application_submit_once(
        actor=Actor.anonymous(),
        number=services.number_of(form.cleaned_data["once"]),
        unit_id=form.cleaned_data["unit"],
        channel=Channel.ONLINE,
        person=form.person(),
        request=form.request(),
        identity=form.cleaned_data.get("identity"),
        no_log=form.cleaned_data["no_log"],
        now=timezone.now(),
    )
    if form.cleaned_data["draft"]:
        services.draft_drop(code=form.cleaned_data["draft"], now=timezone.now())
    return taken


def _taken(request: HttpRequest, taken: services.Taken) -> HttpResponse:
    context = {
        "page_title": "申请已提交",
        "gk_page": column_page("申请已提交", "公开申请的登记编号和查询码"),
        "breadcrumbs": [HOME, (TITLE, "/apply/"), ("已提交", "")],
        "application": taken.application,
        "code": services.code_shown(taken.query_code),
    }
    return render(request, "foi/public/taken.html", context)


@sensitive_variables()
def _keep(request: HttpRequest, form: ApplyForm) -> HttpResponse:
    """Keep what was typed, whole or not, and tell the code of the draft."""
    if request.POST.get("website") or throttle.kept_too_often(request):
        form.full_clean()
        form.add_error(None, "保存得太频繁了。请过一小时再试。")
        return form_page(request, form, TOO_OFTEN)
    kept = services.draft_keep(values=form.typed(), code=request.POST.get("draft", ""), now=timezone.now())
    context = {
        "page_title": "草稿已保存",
        "gk_page": column_page("草稿已保存", "公开申请的草稿码"),
        "breadcrumbs": [HOME, (TITLE, "/apply/"), ("草稿已保存", "")],
        "code": services.code_shown(kept.code),
        "until": kept.until,
    }
    return render(request, "foi/public/kept.html", context)


@never_cache
@sensitive_post_parameters()
@sensitive_variables()
@require_http_methods(["GET", "POST"])
def draft_open(request: HttpRequest) -> HttpResponse:
    """Ask for the code of a draft, then go on with it."""
    form = DraftForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = REFUSED
        if throttle.tried_too_often(request):
            form.add_error(None, "试错的次数太多了。请过一刻钟再试。")
            status = TOO_OFTEN
        elif form.is_valid():
            code = form.cleaned_data["code"]
            try:
                values = draft_values(code=code, today=timezone.localdate())
            except Refused as refused:
                if not is_missing(refused):
                    raise
                throttle.tried_in_vain(request)
                form.add_error("code", "没有与这个草稿码对应的草稿，可能输错了，或者已经超过保存的天数。")
            else:
                units = receiving_units(on=timezone.localdate())
                filled = ApplyForm(units=units, initial={**values, "draft": code}, now=timezone.now())
                return form_page(request, filled, opened=True)
    context = {
        "page_title": "继续填写草稿",
        "gk_page": column_page("继续填写草稿", "用草稿码继续填写公开申请"),
        "breadcrumbs": [HOME, (TITLE, "/apply/"), ("继续填写草稿", "")],
        "form": form,
    }
    return render(request, "foi/public/draft.html", context, status=status)


@never_cache
@sensitive_post_parameters()
@require_POST
def draft_drop(request: HttpRequest) -> HttpResponse:
    """Delete a draft at the wish of its owner; whether there was one is not told."""
    services.draft_drop(code=request.POST.get("code", "")[:40], now=timezone.now())
    context = {
        "page_title": "草稿已删除",
        "gk_page": column_page("草稿已删除", "公开申请的草稿"),
        "breadcrumbs": [HOME, (TITLE, "/apply/"), ("草稿已删除", "")],
    }
    return render(request, "foi/public/dropped.html", context)
