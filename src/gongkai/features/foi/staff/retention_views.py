"""Retention: the yearly list, what one finds and another agrees to, the certificate, and holds."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gongkai.features.foi.selectors.after_rules import rules_on
from gongkai.features.foi.selectors.retention import ListDetail, destruction_lists, hold_case, list_detail
from gongkai.features.foi.services import certificates, holds
from gongkai.features.foi.services import retention as services
from gongkai.features.foi.staff.after_forms import AGREE, JUDGE, DrawForm, LinesForm
from gongkai.features.foi.staff.crumbs import board_crumb
from gongkai.kernel.accounts.pages import REFUSED, attachment, attempt, found_view, page_number, press

TITLE = "案卷保管和销毁"
_TOLD = {
    "judge": "已记录 {} 件的鉴定意见，请由另一人复核。",
    "agree": "已复核 {} 件。",
    "return": "已退回 {} 件，请重新鉴定。",
}


@require_http_methods(["GET", "POST"])
@found_view
def retention(request: HttpRequest) -> HttpResponse:
    """Show the lists of the actor's units; a year's list is drawn here."""
    lists, units = destruction_lists(actor=request.actor)
    today = timezone.localdate()
    form = DrawForm(request.POST or None, units=[(unit.pk, unit.name) for unit in units], today=today)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        done = attempt(
            form,
            lambda: services.list_draw(
                actor=request.actor, unit_id=data["unit"], year=data["year"], now=timezone.now()
            ),
        )
        if done is not None:
            messages.success(request, f"已编制 {done.year} 年的清单。")
            return redirect("foi:staff:retention_list", done.pk)
    context = {
        "page_title": TITLE,
        "breadcrumbs": [board_crumb(), {"label": TITLE, "url": ""}],
        "lists": lists,
        "form": form if units else None,
        "terms": rules_on(today).retention,
    }
    return render(request, "foi/staff/retention.html", context, status=REFUSED if form.is_bound else 200)


@require_GET
@found_view
def retention_list(request: HttpRequest, list_id: int) -> HttpResponse:
    """Show a list with what was found, agreed and destroyed."""
    detail = list_detail(actor=request.actor, list_id=list_id, number=page_number(request), today=timezone.localdate())
    return _show(request, detail, LinesForm(line_ids=[], initial={"do": JUDGE}))


@require_POST
@found_view
def retention_lines(request: HttpRequest, list_id: int) -> HttpResponse:
    """Say what is to become of chosen cases, agree to it, or send it back."""
    detail = list_detail(actor=request.actor, list_id=list_id, number=page_number(request), today=timezone.localdate())
    form = LinesForm(request.POST, line_ids=[one.line.pk for one in detail.lines])
    if form.is_valid():
        done = attempt(form, lambda: _do(request, list_id, form))
        if done is not None:
            messages.success(request, _TOLD[form.cleaned_data["do"]].format(done))
            address = reverse("foi:staff:retention_list", args=[list_id])
            return redirect(f"{address}?page={detail.number}" if detail.number > 1 else address)
    return _show(request, detail, form, REFUSED)


def _do(request: HttpRequest, list_id: int, form: LinesForm) -> int:
    data, now = form.cleaned_data, timezone.now()
    chosen = {"actor": request.actor, "list_id": list_id, "line_ids": data["lines"], "now": now}
    if data["do"] == JUDGE:
        return services.lines_judge(
            **chosen, verdict=data["verdict"], reason=data["reason"], new_until=data["new_until"]
        )
    if data["do"] == AGREE:
        return services.lines_agree(**chosen)
    return services.lines_return(**chosen, reason=data["return_reason"])


def _show(request: HttpRequest, detail: ListDetail, form: LinesForm, status: int = 200) -> HttpResponse:
    context = {
        "page_title": f"{detail.list.unit.name} {detail.list.year} 年销毁鉴定清单",
        "breadcrumbs": [
            board_crumb(),
            {"label": TITLE, "url": reverse("foi:staff:retention")},
            {"label": f"{detail.list.year} 年", "url": ""},
        ],
        "detail": detail,
        "form": form,
        "chosen": form.data.getlist("lines") if form.is_bound else [],
        "today": timezone.localdate(),
    }
    return render(request, "foi/staff/retention_list.html", context, status=status)


@require_POST
@found_view
def certificate(request: HttpRequest, list_id: int) -> HttpResponse:
    """Hand out the certificate of a list; a button, because it is written down."""
    name, data = certificates.destruction_certificate(actor=request.actor, list_id=list_id, now=timezone.now())
    return attachment(data, name, "text/csv; charset=utf-8")


@require_POST
@found_view
def hold_place(request: HttpRequest, application_id: int) -> HttpResponse:
    """Keep a case from being destroyed."""
    return press(
        request,
        lambda: holds.hold_place(
            actor=request.actor,
            application_id=application_id,
            reason=request.POST.get("reason", "")[:1000],
            now=timezone.now(),
        ),
        "已冻结，解除以前不会销毁。",
        "foi:staff:case",
        application_id,
    )


@require_POST
@found_view
def amendment_hold(request: HttpRequest, amendment_id: int) -> HttpResponse:
    """Keep a request for amendment from being destroyed."""
    return press(
        request,
        lambda: holds.hold_place(
            actor=request.actor,
            amendment_id=amendment_id,
            reason=request.POST.get("reason", "")[:1000],
            now=timezone.now(),
        ),
        "已冻结，解除以前不会销毁。",
        "foi:staff:amendment",
        amendment_id,
    )


@require_POST
@found_view
def hold_lift(request: HttpRequest, hold_id: int) -> HttpResponse:
    """Lift a hold."""
    page, number = hold_case(actor=request.actor, hold_id=hold_id)
    return press(
        request,
        lambda: holds.hold_lift(
            actor=request.actor, hold_id=hold_id, reason=request.POST.get("reason", "")[:1000], now=timezone.now()
        ),
        "已解除冻结。",
        f"foi:staff:{page}",
        number,
    )
