"""One item: everything about it, and the one thing to do next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gongkai.domain.items import State, Verb
from gongkai.features.disclosure.selectors.access import item_get
from gongkai.features.disclosure.selectors.detail import item_detail
from gongkai.features.disclosure.selectors.publications import ending_of, publication_history
from gongkai.features.disclosure.selectors.revisions import revision_list
from gongkai.features.disclosure.selectors.values import ItemDetail
from gongkai.features.disclosure.services import attributes, circulation, items, revisions
from gongkai.features.disclosure.services.writing import signed_names
from gongkai.features.disclosure.staff.item_forms import (
    AttributeForm,
    CirculateForm,
    OptionalReasonForm,
    ReaderForm,
    ReasonForm,
)
from gongkai.features.disclosure.staff.pages import ITEMS, REFUSED, attempt, disclosure_view, form_errors
from gongkai.features.disclosure.staff.review_page import item_round, progress_context
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.selectors import users_of_units
from gongkai.kernel.accounts.web import show_refusal
from gongkai.kernel.clocks.selectors import clock_list, clock_read
from gongkai.kernel.errors import NotPermitted, Refused
from gongkai.kernel.orgs.selectors import authority_unit_ids

TARGET = "disclosure.item"
SHOWN_REVISIONS = 8


@dataclass(frozen=True)
class NextStep:
    """What to do next, in words, and where: an address to open, or the verb of a form on the page."""

    title: str
    text: str
    url: str = ""
    action: str = ""
    verb: str = ""
    tone: str = "blue"


@dataclass(frozen=True)
class Command:
    """Something that is done from the item's page: its form, who does it, and what is said afterwards."""

    name: str
    form: type[Any]
    run: Callable[..., Any]
    done: str
    verb: Verb
    danger: bool = False
    hint: str = ""


COMMANDS = {
    "circulate": Command("送审", CirculateForm, circulation.item_circulate, "已送审。", Verb.CIRCULATE),
    "recall": Command(
        "撤回送审",
        ReasonForm,
        circulation.item_recall,
        "已撤回，可以继续修改。",
        Verb.RECALL,
        hint="撤回后已有的签批作废，修改后重新送审。",
    ),
    "abandon": Command(
        "放弃修订",
        OptionalReasonForm,
        lambda *, actor, item_id, reason, now: revisions.revision_abandon(actor=actor, item_id=item_id, now=now),
        "已放弃修订，恢复为正在公开的版本。",
        Verb.ABANDON,
        hint="正在公开的版本重新成为最新版本，改动留在版本记录中。",
    ),
    "archive": Command("归档", OptionalReasonForm, items.item_archive, "已归档。", Verb.ARCHIVE),
    "reopen": Command("重新启用", ReasonForm, items.item_reopen, "已重新启用，回到拟稿。", Verb.REOPEN),
    "discard": Command(
        "作废",
        ReasonForm,
        items.item_discard,
        "已作废。",
        Verb.DISCARD,
        danger=True,
        hint="只能作废没有公开过的草稿；作废后不再出现在列表中，可以由本单位公开机构重新启用。",
    ),
}
MAIN = ("circulate",)


@require_GET
@disclosure_view
def detail(request: HttpRequest, item_id: int) -> HttpResponse:
    """Show an item."""
    return item_page(request, item_id)


def item_page(request: HttpRequest, item_id: int, *, opened: str = "", form: Any = None) -> HttpResponse:
    """Show an item; a refused form stands open with what was typed, and the answer is 422."""
    now = timezone.now()
    today = timezone.localdate(now)
    item = item_get(actor=request.actor, item_id=item_id)
    found = item_detail(actor=request.actor, item_id=item_id, today=today)
    progress = progress_context(request.actor, item_round(item_id), now=now)
    cards = _cards(found, opened, form)
    context = {
        "page_title": item.title,
        "breadcrumbs": [ITEMS, {"label": item.title, "url": ""}],
        "item": item,
        "detail": found,
        "row": found.row,
        "content": found.content,
        "next": next_step(found, progress["signing"], progress["progress"]),
        "main": [card for card in cards if card["code"] in MAIN],
        "more": [card for card in cards if card["code"] not in MAIN],
        "opened": opened,
        "publications": [(one, ending_of(one)) for one in publication_history(item_id=item_id)],
        "clocks": _clocks(item_id, now),
        "revisions": revision_list(actor=request.actor, item_id=item_id)[:SHOWN_REVISIONS],
        "reader_form": form if opened == "reader" else _reader_form(request.actor, found, now),
        "limit_form": form if opened == "limit" else ReasonForm(prefix="limit"),
        "facts": _facts(found),
        "today": today,
        **progress,
    }
    status = REFUSED if form is not None else 200
    return render(request, "disclosure/staff/items/item_detail.html", context, status=status)


def _cards(found: ItemDetail, opened: str, form: Any) -> list[dict[str, Any]]:
    return [
        {
            "code": code,
            "name": command.name,
            "form": form if opened == code else command.form(prefix=code),
            "open": opened == code,
            "danger": command.danger,
            "hint": command.hint,
        }
        for code, command in COMMANDS.items()
        if command.verb in found.verbs or opened == code
    ]


def _facts(found: ItemDetail) -> list[tuple[str, str, bool]]:
    """Return (name, value, always shown) of what is known about the item; empty values are left out unless needed."""
    content, missing = found.content, {issue.field for issue in found.missing}
    rows: list[tuple[str, str, str]] = [
        ("kind", "信息种类", found.row.kind_name),
        ("doc_no", "文号", content.doc_no),
        ("index_no", "索引号", found.row.index_no),
        ("issuer", "发布机构", content.issuer.name if content.issuer else ""),
        ("joint", "联合发布单位", "、".join(unit.name for unit in content.joint)),
        ("subject", "主题分类", found.subject.replace("\\", "＞")),
        ("keywords", "关键词", "、".join(content.keywords)),
        ("columns", "栏目", "、".join(found.row.column_names)),
        ("summary", "内容概述", content.summary),
    ]
    return [(label, value, name in missing) for name, label, value in rows if value or name in missing]


def _clocks(item_id: int, now: datetime) -> list[tuple[str, Any]]:
    today = timezone.localdate(now)
    return [
        (clock.rule, clock_read(clock=clock, today=today))
        for clock in clock_list(target_type=TARGET, target_ids=[item_id])
    ]


def _reader_form(actor: Actor, found: ItemDetail, now: datetime) -> ReaderForm | None:
    if not (found.can_limit and found.row.access_limited):
        return None
    return ReaderForm(prefix="reader", people=_people(found, now))


def _people(found: ItemDetail, now: datetime) -> list[tuple[int, str]]:
    """Return whom one may let in: people of the item's unit and of the disclosure authority who are not in yet."""
    today = timezone.localdate(now)
    units = [found.row.unit_id, *authority_unit_ids(on=today)]
    there = {reader.user_id for reader in found.readers}
    people = {
        user.pk: user.get_full_name()
        for users in users_of_units(unit_ids=units, today=today).values()
        for user in users
    }
    return sorted(((pk, name) for pk, name in people.items() if pk not in there), key=lambda one: one[1])


def next_step(found: ItemDetail, signing: Any, progress: Any) -> NextStep | None:
    """Return the one thing to do next, by state and by what the actor may do; None when it is at rest."""
    row, edit = found.row, reverse("disclosure:staff:item_edit", args=[found.row.id])
    attribute = reverse("disclosure:staff:item_attribute", args=[found.row.id])
    release = reverse("disclosure:staff:release", args=[found.row.id])
    if signing.sign and found.approval_id is not None:
        step = next(one for one in progress.steps if one.code in signing.sign)
        sign = reverse("disclosure:staff:sign", args=[found.approval_id, step.code])
        return NextStep(f"请您签署：{step.name}", "看过全文和附件后签署意见，或者退回修改。", sign, "去签署")
    match row.state:
        case State.DRAFTING | State.RETURNED:
            if row.state is State.RETURNED and found.can_edit and not found.can_circulate:
                return NextStep("退回修改", "按审核意见修改后重新送审。", edit, "修改", tone="yellow")
            if not row.attribute:
                if not found.can_decide_attribute:
                    return NextStep("等待确定公开属性", "确定公开属性并写明依据以后才能送审。")
                text = "先确定主动公开、依申请公开还是不予公开，写明依据，然后才能送审。"
                return NextStep("先确定公开属性", text, attribute, "确定公开属性", tone="yellow")
            if row.unsaved and found.can_edit:
                text = f"{found.draft_by_name}写的内容已自动保留，存为版本以后才能送审。"
                return NextStep("有未保存的修改", text, edit, "去保存", tone="yellow")
            if row.state is State.RETURNED and found.can_edit:
                return NextStep("退回修改", "按审核意见修改后重新送审。", edit, "修改", tone="yellow")
            if found.missing and found.can_edit:
                return NextStep("补齐必填项", "这类信息还缺：" + _missing(found) + "。", edit, "去填写", tone="yellow")
            if found.can_circulate:
                return NextStep("可以送审了", "属性和依据已确定，必填项已齐。", verb="circulate", action="送审")
        case State.IN_REVIEW:
            return NextStep("正在审核", "各环节签署情况见下面的“审核进度”。")
        case State.APPROVED | State.SCHEDULED:
            words = "审核通过，可以发布" if row.state is State.APPROVED else "已定时发布"
            if found.can_publish:
                return NextStep(words, "发布前系统会再检查一遍内容、附件和签批。", release, "发布", tone="green")
            return NextStep(words, "由本单位公开机构发布。", tone="green")
        case State.PUBLISHED if found.public_path:
            return NextStep("正在公开", "公众现在看到的就是这一版。", found.public_path, "查看公开页面", tone="green")
    return None


def _missing(found: ItemDetail) -> str:
    return "、".join(str(issue.values["field"]) for issue in found.missing)


@require_POST
@disclosure_view
def item_do(request: HttpRequest, item_id: int, verb: str) -> HttpResponse:
    """Do one thing with the item; a refusal shows the page again with every reason."""
    command = COMMANDS.get(verb)
    if command is None:
        raise Http404(f"没有“{verb}”这个动作")
    item_get(actor=request.actor, item_id=item_id)
    form = command.form(request.POST, prefix=verb)
    if form.is_valid():
        done = attempt(
            form,
            lambda: command.run(actor=request.actor, item_id=item_id, now=timezone.now(), **form.cleaned_data),
        )
        if done is not None:
            messages.success(request, command.done)
            return redirect("disclosure:staff:item_detail", item_id)
    return item_page(request, item_id, opened=verb, form=form)


@require_http_methods(["GET", "HEAD", "POST"])
@disclosure_view
def item_attribute(request: HttpRequest, item_id: int) -> HttpResponse:
    """Decide the attribute of an item, or decide it anew."""
    item = item_get(actor=request.actor, item_id=item_id)
    found = item_detail(actor=request.actor, item_id=item_id, today=timezone.localdate())
    if not found.can_decide_attribute:
        raise NotPermitted(ability="确定这条信息的公开属性")
    signed = signed_names(item) if item.state in revisions.REVIEWED else []
    initial = {"attribute": item.attribute, "ground_note": item.ground_note, f"grounds_{item.attribute}": item.grounds}
    if not item.attribute and found.kind is not None:
        initial["grounds_proactive"] = list(found.kind.grounds)
    usual = found.kind.grounds if found.kind is not None else ()
    form = AttributeForm(request.POST or None, signed=bool(signed), usual=usual, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            attributes.attribute_decide(
                actor=request.actor,
                item_id=item_id,
                void_signatures=form.cleaned_data.get("void_signatures", False),
                now=timezone.now(),
                **form.decision(),
            )
        except NotPermitted:
            raise
        except Refused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, "公开属性和依据已记录。")
            return redirect("disclosure:staff:item_detail", item_id)
    context = {
        "page_title": "确定公开属性",
        "breadcrumbs": [
            ITEMS,
            {"label": item.title, "url": reverse("disclosure:staff:item_detail", args=[item_id])},
            {"label": "公开属性", "url": ""},
        ],
        "item": item,
        "form": form,
        "signed": signed,
        "decisions": found.decisions,
    }
    status = REFUSED if form.is_bound and form.errors else 200
    return render(request, "disclosure/staff/items/item_attribute.html", context, status=status)


# --- Who may know of it ----------------------------------------------------------------------------------------------


@require_POST
@disclosure_view
def item_limit(request: HttpRequest, item_id: int) -> HttpResponse:
    """Limit who may know of the item, or lift that."""
    item = item_get(actor=request.actor, item_id=item_id)
    form = ReasonForm(request.POST, prefix="limit")
    limited = not item.access_limited
    if form.is_valid():
        done = attempt(
            form,
            lambda: items.item_set_limited(
                actor=request.actor,
                item_id=item_id,
                limited=limited,
                reason=form.cleaned_data["reason"],
                now=timezone.now(),
            ),
        )
        if done is not None:
            messages.success(request, "已限制知悉范围。" if limited else "已解除知悉限制。")
            return redirect("disclosure:staff:item_detail", item_id)
    return item_page(request, item_id, opened="limit", form=form)


@require_POST
@disclosure_view
def reader_add(request: HttpRequest, item_id: int) -> HttpResponse:
    """Let a person read an access-limited item."""
    now = timezone.now()
    found = item_detail(actor=request.actor, item_id=item_id, today=timezone.localdate(now))
    form = ReaderForm(request.POST, prefix="reader", people=_people(found, now))
    if form.is_valid():
        items.reader_add(actor=request.actor, item_id=item_id, user_id=form.cleaned_data["user"], now=now)
        messages.success(request, "已加入知悉人员。")
    else:
        form_errors(request, form)
    return redirect(f"{reverse('disclosure:staff:item_detail', args=[item_id])}#readers")


@require_POST
@disclosure_view
def reader_remove(request: HttpRequest, item_id: int, user_id: int) -> HttpResponse:
    """Take a person off the readers."""
    items.reader_remove(actor=request.actor, item_id=item_id, user_id=user_id, now=timezone.now())
    messages.success(request, "已移出知悉人员。")
    return redirect(f"{reverse('disclosure:staff:item_detail', args=[item_id])}#readers")
