"""What staff pages of every feature share: 404 for the hidden, running a service and showing why it refused."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header

from gongkai.kernel.accounts.web import show_refusal, staff_view
from gongkai.kernel.errors import NotPermitted, Refused

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
REFUSED = 422
"""The answer to a form that was refused, so that nothing takes it for saved."""
CONFLICT = 409
NOT_FOUND = "not_found"


def is_missing(refused: Refused) -> bool:
    """Tell whether something was asked for that is not there, or is hidden from the actor: the answer is the same."""
    return any(code.rpartition(".")[2] == NOT_FOUND for code in refused.codes())


def found_view(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Open a page to staff; what does not exist, or is hidden from the actor, answers 404."""

    @wraps(view)
    def found(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except Refused as refused:
            if is_missing(refused):
                raise Http404(str(refused)) from refused
            raise

    return staff_view(found)


def attempt(form: forms.Form, change: Callable[[], Any]) -> Any:
    """Run a service; put a refusal into the form and return None. What does not exist or is not allowed goes on."""
    try:
        return change()
    except NotPermitted:
        raise
    except Refused as refused:
        if is_missing(refused):
            raise
        show_refusal(form, refused)
        return None


def press(request: HttpRequest, change: Callable[[], Any], done: str, to: str, *args: Any) -> HttpResponse:
    """Run the service of a button, say what came of it, and go to the address or page named."""
    try:
        change()
    except NotPermitted:
        raise
    except Refused as refused:
        if is_missing(refused):
            raise
        for sentence in refused.sentences():
            messages.error(request, sentence)
    else:
        messages.success(request, done)
    return redirect(to, *args)


def form_errors(request: HttpRequest, form: forms.Form) -> None:
    """Tell what is wrong with a small form that has no page of its own."""
    for name, errors in form.errors.items():
        label = form.fields[name].label if name in form.fields else ""
        for error in errors:
            messages.error(request, f"{label}：{error}" if label else str(error))


def show_form(request: HttpRequest, template: str, form: forms.Form, **context: Any) -> HttpResponse:
    """Show a page with a form; one with errors answers 422."""
    return render(
        request, template, {"form": form, **context}, status=REFUSED if form.is_bound and form.errors else 200
    )


def attachment(data: bytes, name: str, media_type: str) -> HttpResponse:
    """Answer with a file to keep."""
    response = HttpResponse(data, content_type=media_type)
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def whole_numbers(values: Iterable[str]) -> list[int]:
    """Return the values that are ids, in order, each once."""
    return list(
        dict.fromkeys(int(value) for value in values if value.isascii() and value.isdigit() and len(value) < 16)
    )


def page_number(request: HttpRequest) -> int:
    """Return the page that is asked for, the first one when that is no number."""
    asked = request.GET.get("page", "1")
    return max(int(asked), 1) if asked.isascii() and asked.isdigit() and len(asked) < 8 else 1
