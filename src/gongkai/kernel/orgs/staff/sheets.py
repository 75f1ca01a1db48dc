"""Importing and exporting the tree as a sheet: upload, see every error or every change, confirm."""

from __future__ import annotations

import base64
import binascii

from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_http_methods

from gongkai.kernel.accounts.web import staff_view
from gongkai.kernel.orgs import services
from gongkai.kernel.orgs.staff.forms import ImportForm
from gongkai.kernel.orgs.staff.pages import UNITS, need_keeper, show_form

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# The sheet travels through the confirmation page, signed; a tree of some thousand units needs a tenth of this.
LARGEST = 1_500_000
SALT = "orgs.sheet"


@require_http_methods(["GET", "POST"])
@staff_view
def unit_import(request: HttpRequest) -> HttpResponse:
    """Take a sheet, show what is wrong with it or what it would change, and write it once confirmed."""
    need_keeper(request, "导入机构名录")
    form = ImportForm(request.POST or None, request.FILES or None) if "sheet" not in request.POST else ImportForm()
    report, sheet, name = None, "", ""
    if "sheet" in request.POST:
        opened = _open(request.POST["sheet"], request.user.pk)
        if opened is None:
            messages.error(request, "确认页已失效，请重新上传。")
            return redirect("orgs:staff:unit_import")
        data, name = opened
        report = services.units_import(actor=request.actor, file=data, name=name, now=timezone.now())
        if report.written:
            messages.success(request, f"已导入：新增 {report.created} 个，修改 {report.updated} 个。")
            return redirect("orgs:staff:unit_list")
    elif form.is_bound and form.is_valid():
        upload = form.cleaned_data["file"]
        name = upload.name
        if upload.size > LARGEST:
            form.add_error("file", f"文件有 {upload.size // 1024} KB，机构名录最多 {LARGEST // 1024} KB。")
        else:
            data = upload.read()
            report = services.units_import_preview(actor=request.actor, file=data, name=name)
            sheet = "" if report.refused else _close(data, name, request.user.pk)
    return show_form(
        request,
        "orgs/staff/unit_import.html",
        form,
        page_title="导入机构名录",
        breadcrumbs=[UNITS, {"label": "导入", "url": ""}],
        report=report,
        sheet=sheet,
        name=name,
    )


@require_GET
@staff_view
def unit_export(request: HttpRequest) -> HttpResponse:
    """Give the whole tree as a sheet."""
    data = services.units_export(actor=request.actor)
    response = HttpResponse(data, content_type=XLSX)
    day = timezone.localdate().isoformat()
    response["Content-Disposition"] = content_disposition_header(True, f"机构名录-{day}.xlsx") or "attachment"
    return response


def _close(data: bytes, name: str, user_id: int) -> str:
    return signing.dumps([user_id, name, base64.b64encode(data).decode()], salt=SALT)


def _open(text: str, user_id: int) -> tuple[bytes, str] | None:
    try:
        owner, name, encoded = signing.loads(text, salt=SALT, max_age=3600)
        return (base64.b64decode(encoded), name) if owner == user_id else None
    except (signing.BadSignature, ValueError, binascii.Error):
        return None
