"""The inbox: unread notices first."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gongkai.kernel.accounts.web import staff_view
from gongkai.kernel.notices import selectors, services
from gongkai.kernel.notices.kinds import kind_label, kind_labels
from gongkai.kernel.notices.staff.forms import EmailForm, FilterForm

PER_PAGE = 30


@require_GET
@staff_view
def notice_list(request: HttpRequest) -> HttpResponse:
    """Show the actor's notices."""
    form = FilterForm(request.GET, kinds=selectors.notice_kinds(actor=request.actor))
    chosen = form.cleaned_data if form.is_valid() else {"state": "", "kind": "", "level": ""}
    found = selectors.notice_list(
        actor=request.actor, unread_only=chosen["state"] == "unread", kind=chosen["kind"], level=chosen["level"]
    )
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page_title": "通知",
        "form": form,
        "narrowed": any(chosen.values()),
        "page": page,
        "rows": [(notice, kind_label(notice.kind)) for notice in page.object_list],
        "unread": selectors.notice_unread_count(actor=request.actor),
    }
    return render(request, "notices/staff/notice_list.html", context)


@require_POST
@staff_view
def notices_mark_read(request: HttpRequest) -> HttpResponse:
    """Mark the chosen notices read, or all of them."""
    ticked = [one for one in request.POST.getlist("notice") if one.isascii() and one.isdigit() and len(one) < 16]
    chosen = None if "all" in request.POST else [int(one) for one in ticked]
    number = services.notice_mark_read(actor=request.actor, notice_ids=chosen, now=timezone.now())
    if chosen == []:
        messages.warning(request, "没有选中任何通知。")
    else:
        messages.success(request, f"已将 {number} 条通知标为已读。")
    return redirect("notices:staff:notice_list")


@require_POST
@staff_view
def notice_open(request: HttpRequest, notice_id: int) -> HttpResponse:
    """Mark one notice read and go where it leads."""
    notice = selectors.notice_list(actor=request.actor).filter(id=notice_id).first()
    if notice is None:
        raise Http404
    services.notice_mark_read(actor=request.actor, notice_ids=[notice_id], now=timezone.now())
    if notice.url and url_has_allowed_host_and_scheme(notice.url, allowed_hosts={request.get_host()}):
        return redirect(notice.url)
    return redirect("notices:staff:notice_list")


@require_http_methods(["GET", "POST"])
@staff_view
def email_preferences(request: HttpRequest) -> HttpResponse:
    """Let a person choose which notices come by e-mail too."""
    declined = selectors.email_opt_outs(actor=request.actor)
    sent = request.POST if request.method == "POST" else None
    form = EmailForm(sent, initial={"wanted": [kind for kind in kind_labels() if kind not in declined]})
    if sent is not None and form.is_valid():
        services.email_preferences_set(actor=request.actor, declined=form.declined())
        messages.success(request, "邮件设置已保存。")
        return redirect("notices:staff:email_preferences")
    context = {
        "page_title": "邮件设置",
        "form": form,
        "address": request.user.email,
        "days": settings.NOTICE_EMAIL_DAYS,
        "sends": settings.EMAIL_BACKEND != services.NO_EMAIL,
    }
    return render(request, "notices/staff/email_preferences.html", context)
