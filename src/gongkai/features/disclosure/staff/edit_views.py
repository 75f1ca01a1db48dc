"""Making an item and writing it: the first page, the editor, autosave, who else is here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from gongkai.domain.issues import Issue
from gongkai.domain.items import ItemContent
from gongkai.domain.items.compare import Comparison, compare
from gongkai.features.disclosure import permissions
from gongkai.features.disclosure.selectors import drafts as draft_selectors
from gongkai.features.disclosure.selectors import revisions as revision_selectors
from gongkai.features.disclosure.selectors.access import item_get
from gongkai.features.disclosure.selectors.catalogs import similar_titles
from gongkai.features.disclosure.services import attributes, drafts, items, revisions
from gongkai.features.disclosure.services.writing import signed_names
from gongkai.features.disclosure.staff.compare_rows import FIELD_LABELS, field_rows
from gongkai.features.disclosure.staff.edit_form import ContentForm, content_changes, pictures_of
from gongkai.features.disclosure.staff.edit_options import options_of
from gongkai.features.disclosure.staff.item_forms import FilesForm, ItemForm
from gongkai.features.disclosure.staff.pages import CONFLICT, ITEMS, REFUSED, disclosure_view, is_missing
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.web import show_refusal
from gongkai.kernel.errors import NotPermitted, Refused
from gongkai.kernel.orgs.selectors import unit_list

NOT_MINE = frozenset({"attachments", "attribute", "grounds", "ground_note"})
"""Fields that the editor does not write: when only they changed meanwhile, nobody's text is in the way."""


@require_http_methods(["GET", "HEAD", "POST"])
@disclosure_view
def item_new(request: HttpRequest) -> HttpResponse:
    """Ask what it is, whose it is and, first of all, whether it is disclosed and why; then open the editor."""
    if not permissions.can_create_items(request.actor):
        raise NotPermitted(ability="新建公开信息")
    units = _own_units(request.actor)
    form = ItemForm(request.POST or None, units=units, initial={"unit": units[0][0] if len(units) == 1 else None})
    similar: list[Any] = []
    if request.method == "POST" and form.is_valid():
        similar = similar_titles(actor=request.actor, title=form.cleaned_data["title"])
        if not similar or "anyway" in request.POST:
            item = _create(request, form)
            if item is not None:
                return redirect("disclosure:staff:item_edit", item.pk)
    context = {
        "page_title": "新建公开信息",
        "breadcrumbs": [ITEMS, {"label": "新建", "url": ""}],
        "form": form,
        "similar": similar,
    }
    return render(
        request, "disclosure/staff/items/item_new.html", context, status=REFUSED if form.errors or similar else 200
    )


def _own_units(actor: Actor) -> list[tuple[int, str]]:
    today = timezone.localdate()
    return [
        (unit.pk, unit.display_name)
        for unit in unit_list(actor=actor, on=today)
        if permissions.can_create_item(actor, unit.pk)
    ]


def _create(request: HttpRequest, form: ItemForm) -> Any:
    """Make the item and decide its attribute; a refusal of either is shown in the form, with what was done."""
    data, now = form.cleaned_data, timezone.now()
    try:
        item = items.item_create(
            actor=request.actor,
            unit_id=data["unit"],
            kind=data["kind"],
            title=data["title"],
            access_limited=data["access_limited"],
            now=now,
        )
    except NotPermitted:
        raise
    except Refused as refused:
        show_refusal(form, refused)
        return None
    if not data["attribute"]:
        messages.warning(request, "已建立。公开属性还没有确定：确定公开属性并写明依据以前，这条信息不能送审。")
        return item
    try:
        attributes.attribute_decide(actor=request.actor, item_id=item.pk, now=now, **form.decision())
    except Refused as refused:
        for sentence in refused.sentences():
            messages.error(request, f"已建立，但是公开属性没有确定：{sentence}")
    else:
        messages.success(request, "已建立，公开属性和依据已记录。现在可以写正文。")
    return item


# --- The editor ------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@disclosure_view
def item_edit(request: HttpRequest, item_id: int) -> HttpResponse:
    """Show the editor; save what was typed as a new revision."""
    draft = draft_selectors.draft_get(actor=request.actor, item_id=item_id)
    if request.method == "POST":
        return _save(request, item_id, draft)
    form = _form(request, item_id, draft, base=_base(request.actor, item_id, draft.base, draft.head))
    return _page(request, item_id, draft, form)


def _form(
    request: HttpRequest,
    item_id: int,
    draft: draft_selectors.Draft,
    *,
    base: int,
    data: Any = None,
    signed: Sequence[str] = (),
) -> ContentForm:
    plain = (data or request.GET).get("plain") == "1"
    return ContentForm(
        data,
        content=draft.content,
        options=options_of(actor=request.actor, today=timezone.localdate()),
        base=base,
        draft_version=draft.version,
        plain=plain,
        signed=signed,
        pictures=pictures_of(request.actor, item_id),
    )


def _base(actor: Actor, item_id: int, base: int, head: int) -> int:
    """Return the revision to save upon: the newest, when what came since ``base`` left the writer's text alone."""
    if base == head:
        return head
    left, right = (revision_selectors.revision_content(actor=actor, item_id=item_id, number=n) for n in (base, head))
    old, new = left.as_data(), right.as_data()
    return head if all(old[name] == new[name] for name in old if name not in NOT_MINE) else base


def _signed(actor: Actor, item_id: int) -> list[str]:
    """Return who has signed what a change would void."""
    item = item_get(actor=actor, item_id=item_id)
    return signed_names(item) if item.state in revisions.REVIEWED else []


def _save(request: HttpRequest, item_id: int, draft: draft_selectors.Draft) -> HttpResponse:
    asked = request.POST.get("base", "")
    known = int(asked) if asked.isascii() and asked.isdigit() and 0 < len(asked) < 9 else draft.head
    known = min(known, draft.head)
    base = _base(request.actor, item_id, known, draft.head)
    signed = _signed(request.actor, item_id)
    form = _form(request, item_id, draft, base=base, data=request.POST, signed=signed)
    if not form.is_valid():
        return _page(request, item_id, draft, form, status=REFUSED)
    try:
        revision = revisions.item_save(
            actor=request.actor,
            item_id=item_id,
            content=form.new_content(),
            base=base,
            note=form.cleaned_data["note"],
            void_signatures=form.cleaned_data.get("void_signatures", False),
            now=timezone.now(),
        )
    except NotPermitted:
        raise
    except revisions.SaveConflict as conflict:
        return _conflict(request, item_id, draft, form, base, conflict)
    except Refused as refused:
        if is_missing(refused):
            raise
        show_refusal(form, refused)
        return _page(request, item_id, draft, form, status=REFUSED, issues=refused.issues)
    if revision.number == draft.head:
        messages.info(request, "内容没有变化，没有产生新版本。")
    else:
        messages.success(request, f"已保存为第 {revision.number} 版。")
    name = "item_edit" if request.POST.get("do") == "stay" else "item_detail"
    return redirect(f"disclosure:staff:{name}", item_id)


def _conflict(
    request: HttpRequest,
    item_id: int,
    draft: draft_selectors.Draft,
    form: ContentForm,
    base: int,
    conflict: revisions.SaveConflict,
) -> HttpResponse:
    """Somebody else saved meanwhile: nothing is saved, the text stays in the fields, theirs is shown beside it."""
    before = revision_selectors.revision_content(actor=request.actor, item_id=item_id, number=base)
    theirs = ItemContent.from_data(conflict.theirs.content)
    form.data = form.data.copy()
    form.data["base"] = str(conflict.theirs.number)
    return _page(
        request,
        item_id,
        draft,
        form,
        status=CONFLICT,
        conflict={
            "sentences": conflict.sentences(),
            "number": conflict.theirs.number,
            "theirs": _told(compare(before, theirs)),
            "mine": _told(compare(theirs, conflict.mine)),
            "url": reverse("disclosure:staff:revision_compare", args=[item_id])
            + f"?left={base}&right={conflict.theirs.number}",
        },
    )


def _told(comparison: Comparison) -> dict[str, Any]:
    return {"comparison": comparison, "fields": field_rows(comparison)}


def _page(
    request: HttpRequest,
    item_id: int,
    draft: draft_selectors.Draft,
    form: ContentForm,
    *,
    status: int = 200,
    conflict: dict[str, Any] | None = None,
    issues: Sequence[Issue] = (),
) -> HttpResponse:
    now = timezone.now()
    item = item_get(actor=request.actor, item_id=item_id)
    options = options_of(actor=request.actor, today=timezone.localdate(now))
    context = {
        "page_title": item.title,
        "breadcrumbs": [
            ITEMS,
            {"label": item.title, "url": reverse("disclosure:staff:item_detail", args=[item_id])},
            {"label": "编辑", "url": ""},
        ],
        "item": item,
        "draft": draft,
        "form": form,
        "plain": form.plain,
        "options": options,
        "chosen_columns": set(_chosen(form)),
        "conflict": conflict,
        "issues": issues,
        "signed": _signed(request.actor, item_id),
        "restored": draft.typed and not form.is_bound,
        "others": draft_selectors.editing_now(item_id=item_id, now=now, without_user_id=request.actor.user_id),
        "attachments": draft.content.attachments,
        "files_form": FilesForm(),
        "field_labels": FIELD_LABELS,
    }
    return render(request, "disclosure/staff/items/item_edit.html", context, status=status)


def _chosen(form: ContentForm) -> list[str]:
    value = form["columns"].value()
    return list(value) if isinstance(value, (list, tuple)) else []


@require_POST
@disclosure_view
def item_autosave(request: HttpRequest, item_id: int) -> HttpResponse:
    """Keep what is typed, complete or not; answers JSON. Another's change meanwhile answers 409 and keeps nothing."""
    draft = draft_selectors.draft_get(actor=request.actor, item_id=item_id)
    form = _form(request, item_id, draft, base=draft.base, data=request.POST)
    asked = request.POST.get("draft_version", "")
    try:
        kept = drafts.item_autosave(
            actor=request.actor,
            item_id=item_id,
            draft_version=int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 10 else -1,
            changes=content_changes(draft.content, form.typed_content()),
            now=timezone.now(),
        )
    except drafts.DraftConflict as conflict:
        return JsonResponse({"issues": list(conflict.sentences())}, status=CONFLICT)
    except Refused as refused:
        if is_missing(refused):
            raise
        return JsonResponse({"issues": list(refused.sentences())}, status=REFUSED)
    saved_at = timezone.localtime(kept.saved_at).strftime("%H:%M:%S")
    return JsonResponse({"version": kept.version, "saved_at": saved_at})


@require_POST
@disclosure_view
def draft_discard(request: HttpRequest, item_id: int) -> HttpResponse:
    """Throw away what was typed and not saved."""
    drafts.draft_discard(actor=request.actor, item_id=item_id, now=timezone.now())
    messages.success(request, "已放弃未保存的修改。")
    return redirect("disclosure:staff:item_edit", item_id)


@require_POST
@disclosure_view
def item_presence(request: HttpRequest, item_id: int) -> HttpResponse:
    """Note that the actor has the editor open; answers who else has, and which revision is the newest."""
    now = timezone.now()
    found = drafts.item_editing(actor=request.actor, item_id=item_id, now=now)
    item = item_get(actor=request.actor, item_id=item_id)
    head = item.head
    told = {
        "names": [one.name for one in found],
        "head": head.number if head else 0,
        "head_by": head.created_by.get_full_name() if head and head.created_by else "系统",
    }
    return JsonResponse(told)
