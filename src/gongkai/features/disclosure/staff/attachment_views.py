"""Attachments and pictures of an item: each button does its one thing at once and comes back to the editor."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from gongkai.features.disclosure.services import attachments
from gongkai.features.disclosure.staff.item_forms import AttachmentForm
from gongkai.features.disclosure.staff.pages import disclosure_view, form_errors, is_missing
from gongkai.kernel.errors import NotPermitted, Refused

MOST_AT_ONCE = 20


@require_POST
@disclosure_view
def attachment_add(request: HttpRequest, item_id: int) -> HttpResponse:
    """Attach the files sent; each that is refused says why, the others stay."""

    def add(upload: Any, void: bool) -> None:
        attachments.attachment_add(
            actor=request.actor,
            item_id=item_id,
            name=upload.name,
            upload=upload,
            void_signatures=void,
            now=timezone.now(),
        )

    return _each(request, item_id, add, "附件")


@require_POST
@disclosure_view
def picture_add(request: HttpRequest, item_id: int) -> HttpResponse:
    """Keep pictures for the body."""

    def add(upload: Any, _: bool) -> None:
        attachments.picture_add(
            actor=request.actor, item_id=item_id, name=upload.name, upload=upload, now=timezone.now()
        )

    return _each(request, item_id, add, "图片")


def _each(request: HttpRequest, item_id: int, add: Callable[[Any, bool], None], what: str) -> HttpResponse:
    uploads = request.FILES.getlist("file")
    if not uploads:
        messages.warning(request, f"请先选择{what}文件。")
    if len(uploads) > MOST_AT_ONCE:
        messages.error(request, f"一次最多上传 {MOST_AT_ONCE} 个文件，其余的没有上传，请分次上传。")
    done = []
    for upload in uploads[:MOST_AT_ONCE]:
        try:
            # What the first file voided is void for the others, too.
            add(upload, "void_signatures" in request.POST or bool(done))
        except NotPermitted:
            raise
        except Refused as refused:
            if is_missing(refused):
                raise
            for sentence in refused.sentences():
                messages.error(request, f"{upload.name}：{sentence}")
        else:
            done.append(upload.name)
    if done:
        messages.success(request, f"已上传{what}：{'、'.join(done)}。")
    return _back(request, item_id)


def _back(request: HttpRequest, item_id: int) -> HttpResponse:
    return redirect(f"{reverse('disclosure:staff:item_edit', args=[item_id])}#attachments")


@require_POST
@disclosure_view
def attachment_replace(request: HttpRequest, item_id: int, file_id: int) -> HttpResponse:
    """Put another file in an attachment's place."""
    upload = request.FILES.get("file")
    if upload is None:
        messages.warning(request, "请先选择文件。")
        return _back(request, item_id)
    return _change(
        request,
        item_id,
        lambda: attachments.attachment_replace(
            actor=request.actor,
            item_id=item_id,
            file_id=file_id,
            name=upload.name,
            upload=upload,
            void_signatures="void_signatures" in request.POST,
            now=timezone.now(),
        ),
        f"已更换为{upload.name}。",
    )


@require_POST
@disclosure_view
def attachment_remove(request: HttpRequest, item_id: int, file_id: int) -> HttpResponse:
    """Take an attachment off."""
    return _change(
        request,
        item_id,
        lambda: attachments.attachment_remove(
            actor=request.actor,
            item_id=item_id,
            file_id=file_id,
            void_signatures="void_signatures" in request.POST,
            now=timezone.now(),
        ),
        "附件已移除，旧版本中仍然保留。",
    )


def _change(request: HttpRequest, item_id: int, change: Callable[[], Any], done: str) -> HttpResponse:
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
    return _back(request, item_id)


@require_POST
@disclosure_view
def attachment_rename(request: HttpRequest, item_id: int, file_id: int) -> HttpResponse:
    """Give an attachment another title or alternative text."""
    form = AttachmentForm(request.POST)
    if not form.is_valid():
        form_errors(request, form)
        return _back(request, item_id)
    return _arrange(request, item_id, file_id, "名称已保存。", **form.cleaned_data)


@require_POST
@disclosure_view
def attachment_move(request: HttpRequest, item_id: int, file_id: int) -> HttpResponse:
    """Move an attachment up or down by one place."""
    step = -1 if request.POST.get("to") == "up" else 1
    return _arrange(request, item_id, file_id, "次序已调整。", step=step)


def _arrange(request: HttpRequest, item_id: int, file_id: int, done: str, **changes: Any) -> HttpResponse:
    return _change(
        request,
        item_id,
        lambda: attachments.attachment_arrange(
            actor=request.actor,
            item_id=item_id,
            file_id=file_id,
            void_signatures="void_signatures" in request.POST,
            now=timezone.now(),
            **changes,
        ),
        done,
    )
