"""Following an application by its query code, and what its applicant does there."""

from __future__ import annotations

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
from gongkai.features.foi.public.apply_views import HOME, TITLE
from gongkai.features.foi.public.code_pages import (
    TOO_MANY,
    TOO_OFTEN,
    UNKNOWN,
    CodeForm,
    FileForm,
    WithdrawForm,
    ask,
    change,
)
from gongkai.features.foi.selectors.case_after import followed_after
from gongkai.features.foi.selectors.follow import followed
from gongkai.features.foi.selectors.online import online_papers
from gongkai.features.foi.services.log_objections import applicant_object
from gongkai.features.foi.services.proposals import applicant_suggest
from gongkai.kernel.accounts.pages import REFUSED, attachment, is_missing
from gongkai.kernel.errors import Refused

GONE = "这份文件现在不能下载。请刷新页面再看，或者打电话向受理单位询问。"


class SupplyForm(CodeForm):
    """What was asked for: words, a file, or both."""

    words = forms.CharField(label="补充说明", required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 5}))
    upload = forms.FileField(
        label="文件",
        required=False,
        help_text="jpg、png、pdf、docx 等，不超过 20 兆。要交几个文件的，分几次提交。",
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


@never_cache
@sensitive_post_parameters()
@sensitive_variables("code")
@require_http_methods(["GET", "POST"])
def follow(request: HttpRequest) -> HttpResponse:
    """Ask for the code, then show the application."""
    form = CodeForm(request.POST or None)
    if not form.is_valid():
        return ask(request, form=form, status=REFUSED if form.is_bound else 200)
    if throttle.tried_too_often(request):
        return ask(request, form=form, problem=TOO_MANY, status=TOO_OFTEN)
    shown = _show(request, form.cleaned_data["code"])
    if shown is None:
        throttle.tried_in_vain(request)
        form.add_error("code", UNKNOWN)
    return shown or ask(request, form=form)


@never_cache
@sensitive_post_parameters()
@sensitive_variables("code", "form")
@require_POST
def open_file(request: HttpRequest) -> HttpResponse:
    """Hand out a letter that was put online, or what was given with it; the first time it counts as read."""
    form = FileForm(request.POST)
    if throttle.tried_too_often(request):
        return ask(request, problem=TOO_MANY, status=TOO_OFTEN)
    if not form.is_valid():
        return ask(request, form=CodeForm(request.POST))
    code = form.cleaned_data["code"]
    try:
        name, data = services.online_open(query_code=code, paper_id=form.cleaned_data["paper"], now=timezone.now())
    except Refused as refused:
        if not is_missing(refused):
            raise
        shown = _show(request, code, problems=[GONE], status=REFUSED)
        if shown is None:
            throttle.tried_in_vain(request)
        return shown or ask(request, problem=UNKNOWN)
    return attachment(data, name, "application/octet-stream")


@never_cache
@sensitive_post_parameters()
@require_POST
def confirm(request: HttpRequest) -> HttpResponse:
    """The applicant confirms the application."""
    return change(
        request,
        CodeForm(request.POST),
        lambda data, now: services.applicant_confirm(query_code=data["code"], now=now),
        "已记录您的确认。",
        show=_show,
    )


@never_cache
@sensitive_post_parameters()
@require_POST
def withdraw(request: HttpRequest) -> HttpResponse:
    """The applicant takes the application back."""
    return change(
        request,
        WithdrawForm(request.POST),
        lambda data, now: services.applicant_withdraw(query_code=data["code"], statement=data["statement"], now=now),
        "已撤回申请。",
        show=_show,
    )


@never_cache
@sensitive_post_parameters()
@sensitive_variables("form")
@require_POST
def supply(request: HttpRequest) -> HttpResponse:
    """The applicant hands in what was asked for; what is missing stands beside what was typed."""
    form = SupplyForm(request.POST, request.FILES)
    return change(
        request,
        form,
        lambda data, now: services.applicant_supply(
            query_code=data["code"], words=data["words"], uploads=[data["upload"]] if data["upload"] else [], now=now
        ),
        "已收到您提交的内容。",
        show=_show,
        supply_form=form,
    )


@never_cache
@sensitive_post_parameters()
@require_POST
def object_log(request: HttpRequest) -> HttpResponse:
    """The applicant does not want the answer in the log of answers."""
    return change(
        request,
        CodeForm(request.POST),
        lambda data, now: applicant_object(query_code=data["code"], now=now),
        "已记录：不列入答复公开目录。",
        show=_show,
    )


@never_cache
@sensitive_post_parameters()
@require_POST
def suggest(request: HttpRequest) -> HttpResponse:
    """The applicant suggests to disclose information proactively; what is missing stands beside what was typed."""
    form = SuggestForm(request.POST)
    return change(
        request,
        form,
        lambda data, now: applicant_suggest(
            query_code=data["code"], subject=data["subject"], wish=data["wish"], now=now
        ),
        "已收到您的建议，审核后在这里告诉您结果。",
        show=_show,
        suggest_form=form,
    )


@never_cache
@sensitive_post_parameters()
@sensitive_variables("code")
@require_POST
def sheet(request: HttpRequest) -> HttpResponse:
    """Show the course of an application with each day of the period, as a sheet to print."""
    form = CodeForm(request.POST)
    if throttle.tried_too_often(request):
        return ask(request, problem=TOO_MANY, status=TOO_OFTEN)
    if not form.is_valid():
        return ask(request, form=form)
    code, today = form.cleaned_data["code"], timezone.localdate()
    try:
        found = followed(query_code=code, today=today)
    except Refused as refused:
        if not is_missing(refused):
            raise
        throttle.tried_in_vain(request)
        return ask(request, problem=UNKNOWN)
    context = {
        "page_title": f"办理经过和期限：{found.application.register_no}",
        "gk_page": column_page("查询申请", "公开申请的办理经过和期限计算"),
        "breadcrumbs": [HOME, (TITLE, "/apply/"), ("办理经过和期限", "")],
        "found": found,
        "application": found.application,
        "code": code,
        "today": today,
    }
    return render(request, "foi/public/sheet.html", context)


@sensitive_variables()
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
        "breadcrumbs": [HOME, (TITLE, "/apply/"), ("办理进度", "")],
        "found": found,
        "application": found.application,
        "papers": online_papers(course=found.course),
        "code": code,
        "today": timezone.localdate(),
        "after": followed_after(application=found.application, now=timezone.now(), today=timezone.localdate()),
        "suggest_form": SuggestForm(),
        "supply_form": SupplyForm(),
        **more,
    }
    return render(request, "foi/public/followed.html", context, status=status)
