"""The page behind a one-time link: somebody without an account reads exactly one content, and signs one step of it once.

A link that is unknown, used, revoked, expired or whose round has ended answers in one and the same way, so that nobody
learns from the answer which of these it is. The page carries no menu, is kept by no cache and told to no search engine.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from gongkai.features.disclosure.public.throttle import failed, throttled
from gongkai.features.disclosure.selectors import gate as gates
from gongkai.features.disclosure.selectors import sheets, signing
from gongkai.features.disclosure.signing_forms import SignForm
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.approvals import selectors as approvals
from gongkai.kernel.approvals import services
from gongkai.kernel.errors import Refused
from gongkai.kernel.files.selectors import file_get, file_open

REFUSED = 422
GONE = 404
TOO_MANY = 429
LINK = "approvals.link."
PICTURE = "image/"


def private(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Keep a page out of caches, search engines and the addresses that other sites are told."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        response["Cache-Control"] = "private, no-store"
        response["Referrer-Policy"] = "no-referrer"
        response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        return response

    return answered


class Closed(Exception):
    """The link opens nothing (any more)."""


@sensitive_variables("token")
def _opened(request: HttpRequest, token: str) -> tuple[approvals.LinkSign, signing.SignSheet]:
    """Return what the link opens; raises Closed, and counts the failure."""
    try:
        link = approvals.link_read(token=token, now=timezone.now())
    except Refused as refused:
        failed(request)
        raise Closed from refused
    sheet = signing.sign_sheet_of_link(approval_id=link.approval.pk)
    if sheet is None or not sheet.is_current:
        raise Closed
    return link, sheet


def _closed(request: HttpRequest, status: int = GONE) -> HttpResponse:
    context = {"page_title": "链接不能使用", "too_many": status == TOO_MANY}
    return render(request, "disclosure/public/signing/closed.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@private
def sign(request: HttpRequest, token: str) -> HttpResponse:
    """Show what is to be signed, and take the signature."""
    if throttled(request):
        return _closed(request, TOO_MANY)
    try:
        link, sheet = _opened(request, token)
    except Closed:
        return _closed(request)
    digest = sheet.approval.digest
    run = gates.gate_run_latest(item_id=sheet.item.pk, digest=digest)
    form = SignForm(request.POST if request.method == "POST" else None, sheet=link.form, initial={"digest": digest})
    if request.method == "POST" and form.is_valid():
        try:
            signature = services.link_sign(token=token, now=timezone.now(), **form.arguments())
        except Refused as refused:
            if any(code.startswith(LINK) for code in refused.codes()):
                return _closed(request)
            form.refuse(refused)
        else:
            context = {"page_title": "已收到您的意见", "signature": signature, "sheet": sheet, "step": link.step}
            return render(request, "disclosure/public/signing/done.html", context)
    return render(
        request,
        "disclosure/public/signing/page.html",
        {
            "page_title": sheet.content.title,
            "link": link.link,
            "step": link.step,
            "sheet": sheet,
            "content": sheet.content,
            "meta": sheets.meta_rows(content=sheet.content, item=sheet.item),
            "files": sheets.files_of(content=sheet.content, run=run),
            "form": form,
            "token": token,
            "digest_short": sheets.short_digest(digest),
            "digest": digest,
        },
        status=REFUSED if form.is_bound and form.errors else 200,
    )


@require_safe
@private
def signing_file(request: HttpRequest, token: str, file_id: int) -> HttpResponseBase:
    """Send an attachment or picture of exactly the content that the link is for, and nothing else."""
    if throttled(request):
        return _closed(request, TOO_MANY)
    try:
        _, sheet = _opened(request, token)
    except Closed:
        return _closed(request)
    ref = signing.attachment_of(sheet=sheet, file_id=file_id)
    if ref is None:
        return _closed(request)
    reader = Actor.system("一次性签署链接")
    file = file_get(actor=reader, file_id=file_id)
    if file.sha256 != ref.sha256:
        return _closed(request)
    response = FileResponse(file_open(actor=reader, file=file), content_type=file.media_type)
    response["Content-Length"] = str(file.size)
    response["Content-Disposition"] = content_disposition_header(True, ref.name or file.name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
