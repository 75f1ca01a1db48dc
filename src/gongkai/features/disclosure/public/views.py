"""What everybody sees of the items: what is public at this moment, and what is said of what was.

Everything here reads publications only (``selectors.public_items``). An address of an item never dies: it shows the
item, or what became of it.
"""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist
from django.core.paginator import Paginator
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponsePermanentRedirect,
    QueryDict,
)
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from gongkai.features.disclosure.public import facts, pages
from gongkai.features.disclosure.selectors import directory, proofs, public_items
from gongkai.features.disclosure.selectors.public_files import public_files
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.errors import NotPermitted
from gongkai.kernel.files.selectors import file_get, file_open

GONE = 410
SIZE = 20
MOST_TEXT = 100
"""Characters of a search text that are looked at; the search of its own replaces this plain one later."""


@require_safe
def column_list(request: HttpRequest, code: str) -> HttpResponse:
    """List what is public in a column and below it."""
    if directory.column_get(code=code) is None:
        raise Http404("没有这个栏目")
    return _list(request, code=code)


@require_safe
def unit_list(request: HttpRequest, unit_id: int) -> HttpResponse:
    """List what is public of a unit."""
    return _list(request, unit_id=unit_id)


@require_safe
def item_list(request: HttpRequest) -> HttpResponse:
    """List what is public, newest first; narrowed by column, unit, kind, days of publication and words."""
    return _list(request)


def _list(request: HttpRequest, *, code: str = "", unit_id: int | None = None) -> HttpResponse:
    asked, now = request.GET, timezone.now()
    column = directory.column_get(code=code or asked.get("column", ""))
    of_unit, unit_id = unit_id, unit_id or _number(asked.get("unit", ""))
    kinds, units = public_items.public_kinds(at=now), public_items.public_units(at=now)
    filters = public_items.PublicFilters(
        columns=(column.code,) if column else (),
        unit_ids=(unit_id,) if unit_id else (),
        kind=_text(asked, "kind")[:40],
        text=_text(asked, "q")[:MOST_TEXT],
        since=_day(_text(asked, "since")),
        until=_day(_text(asked, "until")),
    )
    page = public_items.public_item_list(filters=filters, page=_number(asked.get("page", "")) or 1, size=SIZE, at=now)
    narrowed = bool(unit_id or filters.kind or filters.since or filters.until)
    plain, columns = not (narrowed or filters.text), directory.column_tree()
    named = column.name if column else dict(units).get(of_unit, "") if of_unit else ""
    title = named or "政府信息公开"
    context = {
        "page_title": title,
        "gk_page": facts.list_page(title, column),
        "breadcrumbs": [
            ("首页", "/"),
            ("政府信息公开", reverse("disclosure:public:item_list") if named else ""),
            *([(named, "")] if named else []),
        ],
        "page": page,
        "page_obj": Paginator(range(page.total), SIZE).get_page(page.page),
        "column": column,
        "columns": columns,
        "parts": facts.section_parts(columns) if plain and column is None and page.page == 1 else [],
        **(facts.column_head(column, page.rows) if plain and page.page == 1 else {}),
        "text": filters.text,
        "filters": filters,
        "unit_id": unit_id,
        "units": units,
        "kinds": kinds,
        "kind_names": dict(kinds),
        "narrowed": narrowed,
    }
    return render(request, "disclosure/public/item_list.html", context)


@require_safe
def item_detail(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show an item as it is public now; what was taken back answers 410 with the reason, what was merged leads on."""
    now = timezone.now()
    item = public_items.public_item_get(uid=uid, at=now)
    if item is None:
        raise Http404("没有公开这条信息")
    if isinstance(item, public_items.Tombstone):
        return _tombstone(request, item)
    context = pages.item_context(item, at=now, merged=_merged_here(request.GET.get("merged", ""), item, now))
    return render(request, pages.ITEM, context)


@require_safe
def item_proof(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show how anyone can check that this content was published at this moment and not changed since."""
    item = public_items.public_item_get(uid=uid, at=timezone.now())
    proof = proofs.publication_proof(uid=uid) if item is not None else None
    if item is None or proof is None:
        raise Http404("没有公开这条信息")
    return render(request, pages.PROOF, pages.proof_context(item, proof))


@require_safe
def item_file(request: HttpRequest, uid: UUID, file_id: int, name: str = "") -> HttpResponseBase:
    """Send an attachment or picture of an item that is public now; a withdrawn item's files are gone with it.

    An address without the file's name, as it used to be, or with another one leads to the one with it.
    """
    item = public_items.public_item_get(uid=uid, at=timezone.now())
    if item is None or isinstance(item, public_items.Tombstone):
        raise Http404("没有公开这个文件")
    public = next((one for one in public_files(content=item.content) if one.file_id == file_id), None)
    if public is None:
        raise Http404("没有公开这个文件")
    if name != public.name:
        return HttpResponsePermanentRedirect(reverse("disclosure:public:item_file", args=[uid, file_id, public.name]))
    actor = Actor.anonymous()
    try:
        file = file_get(actor=actor, file_id=file_id)
    except (ObjectDoesNotExist, NotPermitted) as error:
        raise Http404("没有公开这个文件") from error
    if file.sha256 != public.sha256:
        raise Http404("没有公开这个文件")
    response = FileResponse(file_open(actor=actor, file=file), content_type=file.media_type)
    response["Content-Length"] = str(file.size)
    disposition = content_disposition_header(not public.picture, public.name)
    response["Content-Disposition"] = disposition or ("inline" if public.picture else "attachment")
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["ETag"] = f'"{file.sha256}"'
    # Public, but asked for again each time: what is withdrawn must be gone at once.
    response["Cache-Control"] = "no-cache"
    return response


def _tombstone(request: HttpRequest, grave: public_items.Tombstone) -> HttpResponse:
    target = pages.merged_into(grave)
    if target:
        return HttpResponsePermanentRedirect(target)
    return render(request, pages.TOMBSTONE, pages.tombstone_context(grave), status=GONE)


def _merged_here(text: str, item: public_items.PublicItem, now: datetime) -> str:
    """The title of the item whose readers are sent here, when ``?merged=`` tells the truth."""
    try:
        former = public_items.public_item_get(uid=UUID(text), at=now) if text else None
    except ValueError:
        return ""
    if isinstance(former, public_items.Tombstone) and str(former.redirect_uid) == str(item.uid):
        return former.title
    return ""


def _text(asked: QueryDict, name: str) -> str:
    return asked.get(name, "").replace("\x00", "").strip()


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
