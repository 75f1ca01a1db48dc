"""What readers said of a unit's pages: by page, and one after the other with what was done."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from gongkai.kernel.accounts.web import staff_view
from gongkai.kernel.errors import NotPermitted, Refused
from gongkai.kernel.orgs.trees import unit_display_names
from gongkai.portal.feedback import LONGEST, permissions, selectors
from gongkai.portal.feedback.services import feedback_close

PER_PAGE = 50
LIST = {"label": "页面评价", "url": reverse_lazy("feedback:staff:page_list")}


class CloseForm(forms.Form):
    """What was done."""

    note = forms.CharField(label="处理情况", max_length=LONGEST)


@require_GET
@staff_view
def page_list(request: HttpRequest) -> HttpResponse:
    """List the pages of which readers said something, with the numbers."""
    if not permissions.can_handle_any_feedback(request.actor):
        raise NotPermitted(ability="查看页面评价")
    page = Paginator(selectors.page_list(actor=request.actor), PER_PAGE).get_page(request.GET.get("page"))
    names = unit_display_names(unit_ids={row.unit_id for row in page})
    context = {
        "page_title": "页面评价",
        "page": page,
        "rows": [(row, names.get(row.unit_id, "")) for row in page],
    }
    return render(request, "feedback/staff/page_list.html", context)


@require_GET
@staff_view
def page_detail(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show what was said of a page, what is open first."""
    if not permissions.can_handle_any_feedback(request.actor):
        raise NotPermitted(ability="查看页面评价")
    try:
        rows = selectors.page_feedback(actor=request.actor, uid=uid)
    except selectors.NotFound as error:
        raise Http404("没有对这个页面的评价") from error
    context = {
        "page_title": rows[0].title,
        "breadcrumbs": [LIST, {"label": rows[0].title, "url": ""}],
        "uid": uid,
        "rows": rows,
        "most": LONGEST,
    }
    return render(request, "feedback/staff/page_detail.html", context)


@require_POST
@staff_view
def close(request: HttpRequest, feedback_id: int) -> HttpResponse:
    """Close what a reader said, with a note."""
    if not permissions.can_handle_any_feedback(request.actor):
        raise NotPermitted(ability="办结页面评价")
    try:
        feedback = selectors.feedback_get(actor=request.actor, feedback_id=feedback_id)
    except selectors.NotFound as error:
        raise Http404("没有这条评价") from error
    form = CloseForm(request.POST)
    try:
        note = form.cleaned_data["note"] if form.is_valid() else request.POST.get("note", "")
        feedback_close(actor=request.actor, feedback_id=feedback.pk, note=note, now=timezone.now())
    except Refused as refused:
        if isinstance(refused, NotPermitted):
            raise
        for sentence in refused.sentences():
            messages.error(request, sentence)
    else:
        messages.success(request, "已经办结。")
    return redirect("feedback:staff:page_detail", feedback.item_uid)
