"""Following an application: the code is sent in a form and never stands in an address, a cookie or a log."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from gongkai.domain.site import column_page
from gongkai.features.foi import services
from gongkai.features.foi.public import throttle
from gongkai.features.foi.public.amend_views import show_amendment
from gongkai.features.foi.selectors.case_after import followed_after
from gongkai.features.foi.selectors.follow import followed
from gongkai.features.foi.services.log_objections import applicant_object
from gongkai.features.foi.services.proposals import applicant_suggest
from gongkai.kernel.accounts.pages import REFUSED, is_missing
from gongkai.kernel.errors import Refused

_CRUMBS = [("首页", "/"), ("依申请公开", "/apply/")]
TOO_OFTEN = 429


class CodeForm(forms.Form):
    """The query code."""

    code = forms.CharField(
        label="查询码",
        max_length=40,
        help_text="提交申请时给出的 12 位查询码，大小写、横线都可以不管。",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


class SuggestForm(CodeForm):
    """A suggestion: which information should be public for everybody, and why."""

    subject = forms.CharField(label="信息的名称", required=False, max_length=200)
    wish = forms.CharField(
        label="为什么应当主动公开",
        required=False,
        max_length=2000,
        help_text="不用写姓名、证件号码等个人信息。",
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class WithdrawForm(CodeForm):
    """Code and statement of a withdrawal."""

    statement = forms.CharField(label="撤回说明", required=False, max_length=500)


@never_cache
@sensitive_post_parameters()
@sensitive_variables("code")
@require_http_methods(["GET", "POST"])
def follow(request: HttpRequest) -> HttpResponse:
    """Ask for the code, then show the application."""
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if throttle.tried_too_often(request):
            form.add_error(None, "试错的次数太多了。请过一刻钟再试，或者打电话向受理单位查询。")
            return _ask(request, form, TOO_OFTEN)
        shown = _show(request, form.cleaned_data["code"])
        if shown is not None:
            return shown
        throttle.tried_in_vain(request)
        form.add_error("code", "没有与这个查询码对应的申请。请核对后再输入。")
    return _ask(request, form, REFUSED if form.is_bound else 200)


@never_cache
@sensitive_post_parameters()
@require_POST
def confirm(request: HttpRequest) -> HttpResponse:
    """The applicant confirms the application."""
    return _change(
        request,
        CodeForm(request.POST),
        lambda data, now: services.applicant_confirm(query_code=data["code"], now=now),
        "已记录您的确认。",
    )


@never_cache
@sensitive_post_parameters()
@require_POST
def withdraw(request: HttpRequest) -> HttpResponse:
    """The applicant takes the application back."""
    return _change(
        request,
        WithdrawForm(request.POST),
        lambda data, now: services.applicant_withdraw(query_code=data["code"], statement=data["statement"], now=now),
        "已撤回申请。",
    )


@never_cache
@sensitive_post_parameters()
@require_POST
def object_log(request: HttpRequest) -> HttpResponse:
    """The applicant does not want the answer in the log of answers."""
    return _change(
        request,
        CodeForm(request.POST),
        lambda data, now: applicant_object(query_code=data["code"], now=now),
        "已记录：不列入答复公开目录。",
    )


@never_cache
@sensitive_post_parameters()
@require_POST
def suggest(request: HttpRequest) -> HttpResponse:
    """The applicant suggests to disclose information proactively; what is missing stands beside what was typed."""
    form = SuggestForm(request.POST)
    return _change(
        request,
        form,
        lambda data, now: applicant_suggest(
            query_code=data["code"], subject=data["subject"], wish=data["wish"], now=now
        ),
        "已收到您的建议，审核后在这里告诉您结果。",
        suggest_form=form,
    )


def _change(
    request: HttpRequest, form: Any, change: Callable[[Any, Any], Any], done: str, **typed: Any
) -> HttpResponse:
    if throttle.tried_too_often(request):
        form.add_error(None, "试错的次数太多了。请过一刻钟再试，或者打电话向受理单位查询。")
        return _ask(request, form, TOO_OFTEN)
    if not form.is_valid():
        return _ask(request, form, REFUSED)
    try:
        change(form.cleaned_data, timezone.now())
    except Refused as refused:
        if is_missing(refused):
            throttle.tried_in_vain(request)
            form.add_error("code", "没有与这个查询码对应的申请。请核对后再输入。")
            return _ask(request, form, REFUSED)
        shown = _show(request, form.cleaned_data["code"], problems=refused.sentences(), status=REFUSED, **typed)
    else:
        shown = _show(request, form.cleaned_data["code"], done=done)
    return shown or _ask(request, CodeForm(), REFUSED)


def _show(request: HttpRequest, code: str, *, status: int = 200, **more: Any) -> HttpResponse | None:
    try:
        found = followed(query_code=code, today=timezone.localdate())
    except Refused as refused:
        if is_missing(refused):
            return show_amendment(request, code, status=status, **more)
        raise
    context = {
        "page_title": f"申请 {found.application.register_no}",
        "gk_page": column_page("查询申请", "公开申请的办理进度"),
        "breadcrumbs": [*_CRUMBS, ("办理进度", "")],
        "found": found,
        "application": found.application,
        "code": code,
        "today": timezone.localdate(),
        "after": followed_after(application=found.application, now=timezone.now(), today=timezone.localdate()),
        "suggest_form": SuggestForm(),
        **more,
    }
    return render(request, "foi/public/followed.html", context, status=status)


def ask_code(request: HttpRequest, status: int) -> HttpResponse:
    """Ask for the code again, where one opened nothing."""
    form = CodeForm({"code": ""})
    form.add_error(None, "没有与这个查询码对应的申请，或者试错的次数太多。请核对后再输入。")
    return _ask(request, form, status)


def _ask(request: HttpRequest, form: Any, status: int) -> HttpResponse:
    context = {
        "page_title": "查询申请",
        "gk_page": column_page("查询申请", "用查询码查看公开申请的办理进度"),
        "breadcrumbs": [*_CRUMBS, ("查询申请", "")],
        "form": form if type(form) is CodeForm else CodeForm(),
        "problems": form.non_field_errors() if form.is_bound else [],
    }
    return render(request, "foi/public/follow.html", context, status=status)
