"""Documents handed in: the queue, the upload, the screen on which a person confirms what is proposed."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gongkai.domain.intake import ATTRIBUTE_NAMES, CONFIDENCE_NAMES, FIELD_NAMES, FIELDS
from gongkai.domain.items import ItemContent
from gongkai.features.disclosure import permissions
from gongkai.features.disclosure.selectors import intake as selectors
from gongkai.features.disclosure.selectors.near_duplicates import near_duplicates
from gongkai.features.disclosure.services import intake as services
from gongkai.features.disclosure.services import ocr
from gongkai.features.disclosure.staff.edit_options import options_of, usual_grounds
from gongkai.features.disclosure.staff.intake_forms import ConfirmForm, UploadForm, initial_of
from gongkai.features.disclosure.staff.pages import ITEMS, REFUSED, attempt, disclosure_view, page_number, press
from gongkai.features.disclosure.staff.reading import reading_of
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.errors import NotPermitted, Refused
from gongkai.kernel.orgs.selectors import unit_list

INTAKE = {"label": "收件", "url": "/admin/disclosure/intake/"}
STATES = (("", "待办"), ("open", "待核对"), ("recognizing", "识别中"), ("confirmed", "已转为信息"), ("all", "全部"))
PARTS = {
    "masthead": "发文机关标志",
    "number": "发文字号",
    "title": "标题",
    "remark": "附注",
    "imprint": "版记",
    "label": "信息表",
    "navigation": "网页导航",
    "rule": "页码或分隔线",
}
REFRESH = "5"
"""Seconds after which a page that shows work under way is asked for again; works without JavaScript."""


def own_units(actor: Actor) -> list[tuple[int, str]]:
    """Return the units for which the actor may hand documents in."""
    today = timezone.localdate()
    return [
        (unit.pk, unit.display_name)
        for unit in unit_list(actor=actor, on=today)
        if permissions.can_create_item(actor, unit.pk)
    ]


@require_GET
@disclosure_view
def intake_list(request: HttpRequest) -> HttpResponse:
    """Show the documents that were handed in."""
    state = request.GET.get("state", "")
    page = selectors.intake_list(actor=request.actor, state=state, page=page_number(request))
    context = {
        "page_title": "收件",
        "breadcrumbs": [ITEMS, {"label": "收件", "url": ""}],
        "page_obj": page,
        "state": state,
        "states": STATES,
        "may_upload": permissions.can_create_items(request.actor),
    }
    response = render(request, "disclosure/staff/intake/list.html", context)
    if any(row.state == "recognizing" for row in page):
        response["Refresh"] = REFRESH
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@disclosure_view
def intake_upload(request: HttpRequest) -> HttpResponse:
    """Take documents, each on its own: what cannot be taken is told and the others are kept."""
    if not permissions.can_create_items(request.actor):
        raise NotPermitted(ability="上传文件")
    sent = request.method == "POST"
    units = own_units(request.actor)
    form = UploadForm(
        request.POST if sent else None,
        {"files": request.FILES.getlist("files")} if sent else None,
        units=units,
        limit_mb=settings.UPLOAD_LIMIT_BYTES // 1024 // 1024,
        initial={"unit": units[0][0] if len(units) == 1 else None},
    )
    refused: list[str] = []
    taken: list[Any] = []
    if sent and form.is_valid():
        for file in form.cleaned_data["files"]:
            try:
                row = services.intake_upload(
                    actor=request.actor, unit_id=form.cleaned_data["unit"], upload=file, now=timezone.now()
                )
                taken.append(row)
            except NotPermitted:
                raise
            except Refused as problem:
                refused += problem.sentences()
        if not refused and len(taken) == 1:
            return redirect("disclosure:staff:intake_detail", taken[0].pk)
        if not refused:
            messages.success(request, f"已上传 {len(taken)} 个文件，请逐个核对。")
            return redirect("disclosure:staff:intake_list")
    context = {
        "page_title": "上传文件",
        "breadcrumbs": [ITEMS, INTAKE, {"label": "上传", "url": ""}],
        "form": form,
        "refused": refused,
        "taken": taken,
    }
    return render(
        request, "disclosure/staff/intake/upload.html", context, status=REFUSED if refused or form.errors else 200
    )


@require_http_methods(["GET", "HEAD", "POST"])
@disclosure_view
def intake_detail(request: HttpRequest, intake_id: int) -> HttpResponse:
    """Show the source beside the proposed fields; confirming makes the draft of an item."""
    actor, now = request.actor, timezone.now()
    intake = selectors.intake_get(actor=actor, intake_id=intake_id)
    context: dict[str, Any] = {
        "page_title": intake.name,
        "breadcrumbs": [ITEMS, INTAKE, {"label": intake.name, "url": ""}],
        "intake": intake,
    }
    if intake.state != intake.State.OPEN:
        response = render(request, "disclosure/staff/intake/closed.html", context)
        if intake.state == intake.State.RECOGNIZING:
            response["Refresh"] = REFRESH
        return response
    options = options_of(actor=actor, today=timezone.localdate(now))
    initial = initial_of(intake.proposals)
    same = selectors.duplicates(
        actor=actor,
        unit_id=intake.unit_id,
        sha256=intake.sha256,
        text_digest=intake.text_digest,
        doc_no=initial["doc_no"],
        title=initial["title"],
        written_on=initial["written_on"],
        besides=intake.pk,
    )
    known = {one.item_id for one in same}
    text = ItemContent(kind="", title=initial["title"], body=tuple(intake.body)).plain_text()
    alike = near_duplicates(actor=actor, unit_id=intake.unit_id, title=initial["title"], text=text)
    sent = request.method == "POST"
    form = ConfirmForm(
        request.POST if sent else None,
        options=options,
        duplicates=any(one.item_id for one in same) or "accept_duplicate" in request.POST,
        usual=usual_grounds(request.POST.get("kind") or initial["kind"]),
        initial=initial,
    )
    if sent and form.is_valid():
        data = form.cleaned_data
        item = attempt(
            form,
            lambda: services.intake_confirm(
                actor=actor,
                intake_id=intake.pk,
                content=form.content(intake.body),
                keep_file=data["keep_file"],
                access_limited=data["access_limited"],
                accept_duplicate=data.get("accept_duplicate", False),
                now=now,
                **form.decision(),
            ),
        )
        if item is not None:
            messages.success(request, f"已建立草稿《{item.title}》，可以继续修改和送审。")
            return redirect("disclosure:staff:item_edit", item.pk)
    context |= {
        "form": form,
        "options": options,
        "duplicates": same,
        "alike": [one for one in alike if one.item_id not in known],
        "hints": hints(intake.proposals),
        "others": others(intake.proposals),
        "source": source_of(intake.source),
        "left_out": [{**one, "part": PARTS.get(one["part"], one["part"])} for one in intake.left_out],
        "body_lines": body_preview(intake.body),
        "reading": reading_of(ItemContent(kind="", title="", body=tuple(intake.body)), on=timezone.localdate()),
    }
    return render(request, "disclosure/staff/intake/detail.html", context, status=REFUSED if form.errors else 200)


def hints(proposals: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """Return for each field where its proposals come from, the best first."""
    found: dict[str, list[dict[str, Any]]] = {}
    for proposal in proposals:
        name = proposal["field"]
        shown = ATTRIBUTE_NAMES.get(proposal["shown"], proposal["shown"])
        found.setdefault(name, []).append(
            {**proposal, "shown": shown, "words": CONFIDENCE_NAMES[proposal["confidence"]]}
        )
    return found


SHOWN_APART = ("document_kind", "normative", "addressee", "attachments", "cited", "index_no", "published_on")


def others(proposals: list[dict[str, Any]]) -> list[tuple[str, list[dict[str, Any]]]]:
    """Return what was found that has no field of its own: name and proposals."""
    by_field = hints(proposals)
    return [(FIELD_NAMES[name], by_field[name]) for name in FIELDS if name in SHOWN_APART and name in by_field]


def source_of(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the lines of the source with the name of the part they belong to; doubtful pieces are cut out to be marked."""
    shown = []
    for line in lines:
        pieces = [(line["text"], False)]
        for doubt in line.get("doubt", []):
            pieces = [
                piece
                for text, marked in pieces
                for piece in ([(text, marked)] if marked or doubt not in text else _cut(text, doubt))
            ]
        shown.append({**line, "part": PARTS.get(line.get("part", ""), ""), "pieces": pieces})
    return shown


def _cut(text: str, doubt: str) -> list[tuple[str, bool]]:
    before, _, after = text.partition(doubt)
    return [piece for piece in ((before, False), (doubt, True), (after, False)) if piece[0]]


def body_preview(body: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """Return kind and text of each block, for a look before the draft is made."""
    content = [(block["type"], ItemContent(kind="", title="", body=(block,)).plain_text()) for block in body]
    return [(kind, text) for kind, text in content if text]


@require_POST
@disclosure_view
def intake_discard(request: HttpRequest, intake_id: int) -> HttpResponse:
    """Put a document aside."""
    return press(
        request,
        lambda: services.intake_discard(
            actor=request.actor, intake_id=intake_id, reason=request.POST.get("reason", "")[:500], now=timezone.now()
        ),
        "已放弃这份文件。",
        "disclosure:staff:intake_list",
    )


@require_POST
@disclosure_view
def intake_recognize(request: HttpRequest, intake_id: int) -> HttpResponse:
    """Try a recognition again."""
    return press(
        request,
        lambda: ocr.ocr_retry(actor=request.actor, intake_id=intake_id, now=timezone.now()),
        "已重新开始识别。",
        "disclosure:staff:intake_detail",
        intake_id,
    )
