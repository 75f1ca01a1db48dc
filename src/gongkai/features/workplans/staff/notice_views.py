"""Supervision notices: the list, one notice with its answer, and the templates of the letters."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from gongkai.features.workplans import permissions, selectors, services
from gongkai.features.workplans.staff.item_forms import AnswerForm, TemplateForm
from gongkai.features.workplans.staff.pages import DOCX, NOTICES, attachment, attempt, ledger_view, show_form

PER_PAGE = 30


@require_GET
@ledger_view
def notice_list(request: HttpRequest) -> HttpResponse:
    """Show the notices that the actor may see, newest first."""
    unanswered = request.GET.get("unanswered") == "1"
    found = selectors.supervision_notice_list(actor=request.actor, today=timezone.localdate(), unanswered=unanswered)
    context = {
        "page_title": "督办单",
        "page": Paginator(found, PER_PAGE).get_page(request.GET.get("page")),
        "unanswered": unanswered,
        "may_replace": permissions.can_replace_template(request.actor),
    }
    return render(request, "workplans/staff/notice_list.html", context)


@require_http_methods(["GET", "POST"])
@ledger_view
def notice_detail(request: HttpRequest, notice_id: int) -> HttpResponse:
    """Show a notice, and let the unit answer it."""
    notice = selectors.supervision_notice_get(actor=request.actor, notice_id=notice_id, today=timezone.localdate())
    form = AnswerForm(request.POST or None)
    if form.is_bound and form.is_valid():
        done = attempt(
            form,
            lambda: services.supervision_notice_answer(
                actor=request.actor, notice_id=notice_id, text=form.cleaned_data["text"], now=timezone.now()
            ),
        )
        if done is not None:
            messages.success(request, "已答复。")
            return redirect("workplans:staff:notice_detail", notice_id)
    return show_form(
        request,
        "workplans/staff/notice_detail.html",
        form,
        page_title=f"{notice.color_name}督办单 {notice.number_text}",
        breadcrumbs=[NOTICES, {"label": notice.number_text, "url": ""}],
        notice=notice,
    )


@require_http_methods(["GET", "POST"])
@ledger_view
def template_list(request: HttpRequest) -> HttpResponse:
    """Show the templates of the letters, and let them be replaced; a wrong one is told with every missing value."""
    form = TemplateForm(request.POST or None, request.FILES or None)
    if form.is_bound and form.is_valid():
        done = attempt(
            form,
            lambda: services.notice_template_replace(
                actor=request.actor,
                color=form.cleaned_data["color"],
                upload=form.cleaned_data["upload"],
                name=form.cleaned_data["upload"].name,
                now=timezone.now(),
            ),
        )
        if done is not None:
            messages.success(request, "模板已更换，以后的督办单按新模板生成。")
            return redirect("workplans:staff:template_list")
    return show_form(
        request,
        "workplans/staff/template_list.html",
        form,
        page_title="督办单模板",
        breadcrumbs=[NOTICES, {"label": "模板", "url": ""}],
        templates=selectors.notice_template_list(),
        variables=services.SAMPLE,
        may_replace=permissions.can_replace_template(request.actor),
    )


@require_GET
@ledger_view
def template_download(request: HttpRequest, color: str) -> HttpResponse:
    """Send the template of a color that is in use."""
    names = {code: name for code, name, _ in selectors.notice_template_list()}
    if color not in names:
        raise Http404("没有这种颜色的督办单")
    return attachment(selectors.letter_template(color=color), f"{names[color]}督办单模板.docx", DOCX)
