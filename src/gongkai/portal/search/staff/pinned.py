"""Pinned results: list, pinning one, taking one down."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gongkai.domain.search import clean
from gongkai.domain.wording.word_rows import split_phrases
from gongkai.kernel.accounts.web import staff_view
from gongkai.portal.search import lists, permissions
from gongkai.portal.search.services import keeping
from gongkai.portal.search.staff.pages import PER_PAGE, SEARCH, need_keeper, press, show_form, tabs, try_change

LIST = "search:staff:pinned_list"


class DateField(forms.DateField):
    """A day, with the browser's calendar."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class PinnedForm(forms.Form):
    """An item to stand above the others."""

    words = forms.CharField(
        label="检索词",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="一行一个，或用顿号分开。与检索框里输入的完全一样时才置顶。",
    )
    address = forms.CharField(
        label="信息的网址", max_length=300, help_text="打开要置顶的公开信息，复制地址栏里的网址。"
    )
    from_on = DateField(label="开始日期", required=False)
    until_on = DateField(label="结束日期", required=False, help_text="含当日；留空则一直置顶。")


@require_GET
@staff_view
def pinned_list(request: HttpRequest) -> HttpResponse:
    """Show the pinned results with their days."""
    ended, today = request.GET.get("ended") == "1", timezone.localdate()
    page = Paginator(lists.pinned_list(actor=request.actor, ended=ended), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page_title": "检索置顶",
        "tabs": tabs(LIST),
        "page": page,
        "rows": [(row, row.until_on is not None and row.until_on < today) for row in page],
        "ended": ended,
        "may_keep": permissions.can_keep_search(request.actor),
    }
    return render(request, "search/staff/pinned_list.html", context)


@require_http_methods(["GET", "POST"])
@staff_view
def pinned_add(request: HttpRequest) -> HttpResponse:
    """Pin an item."""
    need_keeper(request.actor, "置顶检索结果")
    form = PinnedForm(request.POST or None, initial={"words": clean(request.GET.get("words", ""), longest=60)})
    if form.is_valid():
        data = form.cleaned_data
        pinned = try_change(
            form,
            lambda: keeping.pinned_add(
                actor=request.actor,
                words=split_phrases(data["words"]),
                address=data["address"],
                from_on=data["from_on"],
                until_on=data["until_on"],
                now=timezone.now(),
            ),
        )
        if pinned is not None:
            messages.success(request, f"已置顶《{pinned.title}》。")
            return redirect(LIST)
    crumbs = [SEARCH, {"label": "置顶", "url": "/admin/site-search/pinned/"}, {"label": "新增", "url": ""}]
    return show_form(request, "search/staff/form.html", form, page_title="新增置顶", breadcrumbs=crumbs)


@require_POST
@staff_view
def pinned_end(request: HttpRequest, pinned_id: int) -> HttpResponse:
    """Take a pinned result down."""
    return press(
        request,
        lambda: keeping.pinned_end(actor=request.actor, pinned_id=pinned_id, now=timezone.now()),
        "已取消置顶。",
        LIST,
    )
