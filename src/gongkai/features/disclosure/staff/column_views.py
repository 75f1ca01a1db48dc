"""The columns of the directory, and how units number their items."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gongkai.domain.items.index_numbers import SCHEMES
from gongkai.features.disclosure import permissions
from gongkai.features.disclosure.selectors.catalogs import ColumnRow, column_list, index_scheme_get
from gongkai.features.disclosure.selectors.freshness import column_freshness
from gongkai.features.disclosure.services.columns import column_close as close_column
from gongkai.features.disclosure.services.columns import column_save
from gongkai.features.disclosure.services.index_schemes import index_scheme_set
from gongkai.features.disclosure.staff.pages import COLUMNS, attempt, disclosure_view, press, show_form
from gongkai.kernel.documents.numerals import chinese
from gongkai.kernel.errors import NotPermitted
from gongkai.kernel.orgs.selectors import unit_list
from gongkai.rulebook.cycles import cycle_rules
from gongkai.rulebook.schema import Status

INDENT = "　"
CLASS = re.compile(r"(\d+)(?:\.(\d+))?")


class ColumnForm(forms.Form):
    """A column of the directory."""

    code = forms.RegexField(
        r"\A[0-9A-Za-z][0-9A-Za-z-]*\Z",
        label="栏目代码",
        max_length=40,
        help_text="字母、数字和短横线，如 20-07-01。建立后不能更改。",
        error_messages={"invalid": "只能用字母、数字和短横线，如 20-07-01。"},
    )
    name = forms.CharField(label="栏目名称", max_length=100)
    parent = forms.ChoiceField(label="上级栏目", required=False)
    unit_id = forms.TypedChoiceField(
        label="负责单位", required=False, coerce=int, empty_value=None, help_text="谁保证这个栏目按时更新。"
    )
    update_days = forms.IntegerField(
        label="更新周期（天）",
        required=False,
        min_value=1,
        max_value=3660,
        help_text="最长多少天应有新内容；不承诺的不填。",
    )
    order = forms.IntegerField(label="次序", required=False, min_value=0, max_value=1_000_000, help_text="小的在前。")
    description = forms.CharField(
        label="说明", required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(
        self,
        *args: Any,
        columns: list[ColumnRow],
        units: list[tuple[int, str]],
        column: ColumnRow | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        rows = [(row.code, f"{INDENT * row.depth}{row.name}") for row in columns if column is None or row != column]
        self.fields["parent"].choices = [("", "（最上级）"), *rows]
        self.fields["unit_id"].choices = [("", "不指定"), *units]
        if column is not None:
            del self.fields["code"]
            proposed = cycle_rules().proposed(code=column.code, name=column.name)
            if proposed is not None:
                doubt = "，待核" if proposed.status is not Status.VERIFIED else ""
                self.fields[
                    "update_days"
                ].help_text += f"建议 {proposed.days} 天（{proposed.note or proposed.citation}{doubt}）；不填时按建议亮灯，不对外公布。"


class IndexSchemeForm(forms.Form):
    """How a unit numbers its items."""

    unit = forms.TypedChoiceField(label="单位", coerce=int)
    scheme = forms.ChoiceField(label="编制规则", choices=[(one.id, one.name) for one in SCHEMES.values()])
    code = forms.CharField(
        label="机构代码", max_length=18, help_text="统一社会信用代码、组织机构代码或省里分配的机构编号。"
    )

    def __init__(self, *args: Any, units: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = units


def class_words(statutory: str) -> str:
    """Say which article and item of the 条例 a column serves: 20.7 is 第二十条第七项."""
    found = CLASS.fullmatch(statutory)
    if found is None:
        return statutory
    article, item = found.groups()
    return f"第{chinese(int(article))}条" + (f"第{chinese(int(item))}项" if item else "")


def _units(request: HttpRequest) -> list[tuple[int, str]]:
    return [(unit.pk, unit.display_name) for unit in unit_list(actor=request.actor, on=timezone.localdate())]


@require_GET
@disclosure_view
def columns(request: HttpRequest) -> HttpResponse:
    """Show the tree of columns with who answers for each and how often it has to be updated."""
    names = dict(_units(request))
    rows = column_list(on=timezone.localdate(), closed="closed" in request.GET)
    fresh = column_freshness(at=timezone.now(), on=timezone.localdate())
    context = {
        "page_title": "公开栏目",
        "columns": [
            (row, names.get(row.unit_id or 0, ""), class_words(row.statutory), fresh[row.code]) for row in rows
        ],
        "closed": "closed" in request.GET,
        "may_manage": permissions.can_manage_columns(request.actor),
        "may_number": bool(_numbered(request)),
    }
    return render(request, "disclosure/staff/items/column_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@disclosure_view
def column_new(request: HttpRequest) -> HttpResponse:
    """Add a column."""
    return _edit(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@disclosure_view
def column_edit(request: HttpRequest, code: str) -> HttpResponse:
    """Change a column."""
    if not permissions.can_manage_columns(request.actor):
        raise NotPermitted(ability="维护公开栏目")
    found = next((row for row in column_list(closed=True) if row.code == code), None)
    if found is None:
        raise Http404(f"没有栏目 {code}")
    return _edit(request, found)


def _edit(request: HttpRequest, column: ColumnRow | None) -> HttpResponse:
    if not permissions.can_manage_columns(request.actor):
        raise NotPermitted(ability="维护公开栏目")
    initial = (
        {name: getattr(column, name) for name in ("name", "parent", "unit_id", "update_days", "description")}
        if column
        else {"parent": request.GET.get("parent", "")}
    )
    form = ColumnForm(
        request.POST or None,
        columns=column_list(on=timezone.localdate()),
        units=_units(request),
        column=column,
        initial=initial,
    )
    if request.method == "POST" and form.is_valid():
        data = {"code": column.code if column else "", **form.cleaned_data}
        done = attempt(form, lambda: column_save(actor=request.actor, new=column is None, now=timezone.now(), **data))
        if done is not None:
            messages.success(request, f"栏目“{done.name}”已保存。")
            return redirect("disclosure:staff:column_list")
    title = f"栏目：{column.name}" if column else "新建栏目"
    return show_form(
        request,
        "disclosure/staff/items/column_form.html",
        form,
        page_title=title,
        breadcrumbs=[COLUMNS, {"label": title, "url": ""}],
        column=column,
    )


@require_POST
@disclosure_view
def column_close(request: HttpRequest, code: str) -> HttpResponse:
    """Close a column; what stands in it stays."""
    return press(
        request,
        lambda: close_column(actor=request.actor, code=code, now=timezone.now()),
        "栏目已停用，其中已公开的信息不受影响。",
        reverse("disclosure:staff:column_list"),
    )


def _numbered(request: HttpRequest) -> list[tuple[int, str]]:
    return [one for one in _units(request) if permissions.can_set_index_scheme(request.actor, one[0])]


@require_http_methods(["GET", "HEAD", "POST"])
@disclosure_view
def index_schemes(request: HttpRequest) -> HttpResponse:
    """Say by which scheme and code a unit numbers its items from now on."""
    units = _numbered(request)
    if not units:
        raise NotPermitted(ability="设定索引号规则")
    form = IndexSchemeForm(request.POST or None, units=units)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        done = attempt(
            form,
            lambda: index_scheme_set(
                actor=request.actor, unit_id=data["unit"], scheme=data["scheme"], code=data["code"], now=timezone.now()
            ),
        )
        if done is not None:
            messages.success(request, "已设定。以后送审的信息按新规则编号，已有的索引号不变。")
            return redirect("disclosure:staff:index_schemes")
    rows = [(name, index_scheme_get(unit_id=pk)) for pk, name in units]
    return show_form(
        request,
        "disclosure/staff/items/index_schemes.html",
        form,
        page_title="索引号规则",
        breadcrumbs=[COLUMNS, {"label": "索引号规则", "url": ""}],
        rows=[(name, SCHEMES[row.scheme].name if row else "", row.code if row else "") for name, row in rows],
    )
