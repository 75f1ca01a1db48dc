"""Pages that a query code opens: asking for it, and what its holder changes there.

The code comes in a form and never stands in an address, a cookie or a log.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, Protocol

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from gongkai.domain.site import column_page
from gongkai.features.foi.public import throttle
from gongkai.features.foi.public.apply_views import HOME, TITLE
from gongkai.kernel.accounts.pages import REFUSED, is_missing
from gongkai.kernel.errors import Refused

TOO_OFTEN = 429
TOO_MANY = "试错的次数太多了。请过一刻钟再试，或者打电话向受理单位查询。"
UNKNOWN = "没有与这个查询码对应的申请。请核对后再输入。"


class CodeForm(forms.Form):
    """The query code."""

    code = forms.CharField(
        label="查询码",
        max_length=40,
        help_text="提交申请时给出的 12 位查询码，大小写、横线都可以不管。",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


class FileForm(CodeForm):
    """Code and the file that is wanted."""

    paper = forms.IntegerField(min_value=1)


class WithdrawForm(CodeForm):
    """Code and statement of a withdrawal."""

    statement = forms.CharField(label="撤回说明", required=False, max_length=500)


class Shown(Protocol):
    """Shows what a code opens; None where it opens nothing."""

    def __call__(self, request: HttpRequest, code: str, *, status: int = 200, **more: Any) -> HttpResponse | None:
        """Return the page with ``more`` on it."""


def ask(
    request: HttpRequest, *, form: CodeForm | None = None, problem: str = "", status: int = REFUSED
) -> HttpResponse:
    """Ask for the code, saying what was wrong with the one before."""
    context = {
        "page_title": "查询申请",
        "gk_page": column_page("查询申请", "用查询码查看公开申请的办理进度"),
        "breadcrumbs": [HOME, (TITLE, "/apply/"), ("查询申请", "")],
        "form": form or CodeForm(),
        "problems": [problem] if problem else [],
    }
    return render(request, "foi/public/follow.html", context, status=status)


@sensitive_variables()
def change(
    request: HttpRequest,
    form: CodeForm,
    do: Callable[[dict[str, Any], datetime], object],
    done: str,
    *,
    show: Shown,
    **typed: Any,
) -> HttpResponse:
    """Do what the holder of a code asks for, and show the page again: with ``done``, or with what speaks against it.

    What cannot be read is told on the page, too, together with the ``typed`` form. A code that opens nothing is counted.
    """
    if throttle.tried_too_often(request):
        return ask(request, problem=TOO_MANY, status=TOO_OFTEN)
    problems = [f"{form.fields[name].label}：{one}" for name, errors in form.errors.items() for one in errors]
    if "code" in form.errors:
        return ask(request, form=CodeForm(request.POST))
    code = form.cleaned_data["code"]
    try:
        if not problems:
            do(form.cleaned_data, timezone.now())
    except Refused as refused:
        if is_missing(refused):
            return _unknown(request)
        problems = refused.sentences()
    told = {"problems": problems, "status": REFUSED, **typed} if problems else {"done": done}
    return show(request, code, **told) or _unknown(request)


def _unknown(request: HttpRequest) -> HttpResponse:
    throttle.tried_in_vain(request)
    return ask(request, problem=UNKNOWN)
