"""Imports of many documents: asking for one, how far it is, its report."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gongkai.features.disclosure import permissions
from gongkai.features.disclosure.selectors import imports as selectors
from gongkai.features.disclosure.services import imports as services
from gongkai.features.disclosure.staff.intake_forms import BatchForm
from gongkai.features.disclosure.staff.intake_views import INTAKE, REFRESH, own_units
from gongkai.features.disclosure.staff.pages import (
    ITEMS,
    REFUSED,
    XLSX,
    attachment,
    attempt,
    disclosure_view,
    page_number,
    press,
)
from gongkai.kernel.errors import NotPermitted

IMPORTS = {"label": "批量导入", "url": "/admin/disclosure/intake/imports/"}
ROW_STATES = (("", "全部"), ("failed", "有问题"), ("duplicate", "重复"), ("done", "已导入"), ("waiting", "等待"))


@require_GET
@disclosure_view
def batch_list(request: HttpRequest) -> HttpResponse:
    """Show the imports."""
    page = selectors.batch_list(actor=request.actor, page=page_number(request))
    context = {
        "page_title": "批量导入",
        "breadcrumbs": [ITEMS, INTAKE, {"label": "批量导入", "url": ""}],
        "page_obj": page,
        "may_import": permissions.can_create_items(request.actor),
    }
    response = render(request, "disclosure/staff/intake/import_list.html", context)
    if any(batch.state in selectors.UNDER_WAY for batch in page):
        response["Refresh"] = REFRESH
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@disclosure_view
def batch_new(request: HttpRequest) -> HttpResponse:
    """Ask for an archive, a list, or both."""
    if not permissions.can_create_items(request.actor):
        raise NotPermitted(ability="批量导入")
    sent = request.method == "POST"
    units = own_units(request.actor)
    form = BatchForm(
        request.POST if sent else None,
        request.FILES if sent else None,
        units=units,
        limit_mb=settings.IMPORT_LIMIT_BYTES // 1024 // 1024,
        initial={"unit": units[0][0] if len(units) == 1 else None, "kind": "notice"},
    )
    if sent and form.is_valid():
        data = form.cleaned_data
        batch = attempt(
            form,
            lambda: services.import_request(
                actor=request.actor,
                unit_id=data["unit"],
                kind=data["kind"],
                archive=data["archive"],
                sheet=data["sheet"],
                history=data["history"],
                now=timezone.now(),
            ),
        )
        if batch is not None:
            return redirect("disclosure:staff:import_detail", batch.pk)
    context = {
        "page_title": "新建批量导入",
        "breadcrumbs": [ITEMS, INTAKE, IMPORTS, {"label": "新建", "url": ""}],
        "form": form,
    }
    return render(request, "disclosure/staff/intake/import_new.html", context, status=REFUSED if form.errors else 200)


@require_GET
@disclosure_view
def batch_template(request: HttpRequest) -> HttpResponse:
    """Hand out the empty list."""
    return attachment(selectors.template_xlsx(), "公开信息导入清单.xlsx", XLSX)


@require_GET
@disclosure_view
def batch_detail(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Show how far an import is and what became of each row; the page asks for itself again while it runs."""
    batch = selectors.batch_get(actor=request.actor, batch_id=batch_id)
    state = request.GET.get("state", "")
    under_way = batch.state in selectors.UNDER_WAY
    context = {
        "page_title": batch.name,
        "breadcrumbs": [ITEMS, INTAKE, IMPORTS, {"label": batch.name, "url": ""}],
        "batch": batch,
        "under_way": under_way,
        "progress": selectors.batch_progress(batch_id=batch.pk),
        "page_obj": selectors.row_list(actor=request.actor, batch_id=batch.pk, state=state, page=page_number(request)),
        "state": state,
        "states": ROW_STATES,
    }
    response = render(request, "disclosure/staff/intake/import_detail.html", context)
    if under_way:
        response["Refresh"] = REFRESH
    return response


@require_GET
@disclosure_view
def batch_report(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Hand out the report."""
    data = selectors.batch_report(actor=request.actor, batch_id=batch_id)
    return attachment(data, f"导入结果{batch_id}.xlsx", XLSX)


@require_POST
@disclosure_view
def batch_cancel(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Stop an import; what is done stays."""
    return press(
        request,
        lambda: services.import_cancel(actor=request.actor, batch_id=batch_id, now=timezone.now()),
        "已停止，已经导入的草稿保留。",
        "disclosure:staff:import_detail",
        batch_id,
    )


@require_POST
@disclosure_view
def batch_resume(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Go on with an import, with the rows that had problems where that was asked for."""
    return press(
        request,
        lambda: services.import_resume(
            actor=request.actor,
            batch_id=batch_id,
            retry_failed=request.POST.get("retry") == "failed",
            now=timezone.now(),
        ),
        "已继续导入。",
        "disclosure:staff:import_detail",
        batch_id,
    )
