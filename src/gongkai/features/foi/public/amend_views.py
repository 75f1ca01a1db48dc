"""Asking for the amendment of a record about oneself (条例 art. 41): the form, and what its applicant does later by code."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from gongkai.domain.foi.receipt import Channel
from gongkai.domain.site import column_page
from gongkai.features.foi import services
from gongkai.features.foi.amending import AmendingForm
from gongkai.features.foi.public import throttle
from gongkai.features.foi.public.apply_views import HOME, TITLE
from gongkai.features.foi.public.code_pages import CodeForm, WithdrawForm, change
from gongkai.features.foi.selectors.amendments import amendment_followed
from gongkai.features.foi.selectors.units import receiving_units
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.pages import REFUSED, attempt, is_missing
from gongkai.kernel.errors import Refused
from gongkai.kernel.proof_of_work.forms import ProofMixin

NAME = "更正本人信息"


class AmendForm(ProofMixin, AmendingForm):
    """The public form; ``website`` is filled in by machines only."""

    proof_purpose = "foi.apply"
    agreed = forms.BooleanField(
        label="我确认填写的内容属实，要更正的是我本人（本单位）的信息",
        error_messages={"required": "提交前请确认，在这里打勾。"},
    )
    website = forms.CharField(required=False, label="请不要填写这一栏")

    def trapped(self) -> bool:
        """Tell whether a machine has filled in what people do not see."""
        return bool(self.cleaned_data.get("website"))


class ProofForm(CodeForm):
    """The query code with the evidence that was asked for."""

    proof = forms.FileField(label="补充的证据", required=False)


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def amend(request: HttpRequest) -> HttpResponse:
    """Take in a request; number and code are shown once."""
    units = receiving_units(on=timezone.localdate())
    form = AmendForm(request.POST or None, request.FILES or None, units=units, now=timezone.now())
    if request.method == "POST" and form.is_valid():
        if form.trapped() or throttle.applied_too_often(request):
            form.add_error(None, "提交得太频繁了。请过一小时再试，或者当面、邮寄提出。")
        else:
            taken = attempt(form, lambda: _submit(form))
            if taken is not None:
                return _taken(request, taken)
    context = {
        "page_title": NAME,
        "gk_page": column_page(NAME, "行政机关记录的本人信息不准确的，可以申请更正"),
        "breadcrumbs": [HOME, (TITLE, "/apply/"), (NAME, "")],
        "form": form,
    }
    status = REFUSED if form.is_bound and form.errors else 200
    return render(request, "foi/public/amend.html", context, status=status)


@sensitive_variables()
def _submit(form: AmendForm) -> services.AmendmentTaken:
    return services.amendment_submit(
        actor=Actor.anonymous(), channel=Channel.ONLINE, now=timezone.now(), **form.arguments()
    )


def _taken(request: HttpRequest, taken: services.AmendmentTaken) -> HttpResponse:
    context = {
        "page_title": "更正申请已提交",
        "gk_page": column_page("更正申请已提交", "更正申请的登记编号和查询码"),
        "breadcrumbs": [HOME, (TITLE, "/apply/"), ("已提交", "")],
        "row": taken.amendment,
        "code": services.code_shown(taken.query_code),
    }
    return render(request, "foi/public/amend_taken.html", context)


@never_cache
@sensitive_post_parameters()
@require_POST
def prove(request: HttpRequest) -> HttpResponse:
    """The applicant hands in the evidence that was asked for."""
    return change(
        request,
        ProofForm(request.POST, request.FILES),
        lambda data, now: services.amendment_prove(
            query_code=data["code"], proofs=(data["proof"],) if data["proof"] else (), now=now
        ),
        "已收到您补充的证据。",
        show=show_amendment,
    )


@never_cache
@sensitive_post_parameters()
@require_POST
def withdraw(request: HttpRequest) -> HttpResponse:
    """The applicant takes the request back."""
    return change(
        request,
        WithdrawForm(request.POST),
        lambda data, now: services.amendment_withdraw(query_code=data["code"], statement=data["statement"], now=now),
        "已撤回申请。",
        show=show_amendment,
    )


@sensitive_variables()
def show_amendment(request: HttpRequest, code: str, *, status: int = 200, **more: Any) -> HttpResponse | None:
    """Show the own request to the holder of its code; None where the code opens none."""
    try:
        found = amendment_followed(query_code=code, today=timezone.localdate())
    except Refused as refused:
        if is_missing(refused):
            return None
        raise
    context = {
        "page_title": f"申请 {found.row.register_no}",
        "gk_page": column_page("查询申请", "更正申请的办理进度"),
        "breadcrumbs": [HOME, (TITLE, "/apply/"), ("办理进度", "")],
        "found": found,
        "row": found.row,
        "code": code,
        **more,
    }
    return render(request, "foi/public/amend_followed.html", context, status=status)
