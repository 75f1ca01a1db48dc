"""The list of items: every item the actor sees, narrowed, counted by state, and as a spreadsheet."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from gongkai.domain.items import STATE_NAMES, State
from gongkai.features.disclosure import permissions
from gongkai.features.disclosure.selectors.catalogs import column_list
from gongkai.features.disclosure.selectors.filters import ItemFilters
from gongkai.features.disclosure.selectors.items import item_counts, item_list
from gongkai.features.disclosure.staff.edit_options import ATTRIBUTE_NAMES, kind_choices
from gongkai.features.disclosure.staff.fields import DateField
from gongkai.features.disclosure.staff.pages import disclosure_view, page_number
from gongkai.kernel.orgs.selectors import unit_list

PER_PAGE = 50
MORE_FILTERS = ("kind", "column", "since", "until", "order", "limited", "review", "ended")
"""Conditions that are folded away unless one of them is set."""
ORDERS = [
    ("changed", "最近修改的在前"),
    ("created", "最近建立的在前"),
    ("issued", "印发日期近的在前"),
    ("unit", "按单位"),
    ("title", "按标题"),
    ("review", "复核日期先到的在前"),
]
INDENT = "　"
ENDED = (State.ARCHIVED, State.DISCARDED)


class ItemFilterForm(forms.Form):
    """What the list may be narrowed by; the names are those that ``ItemFilters.from_query`` reads."""

    text = forms.CharField(label="标题、文号或索引号", required=False, max_length=100)
    unit = forms.ChoiceField(label="单位", required=False)
    attribute = forms.ChoiceField(
        label="公开属性", required=False, choices=[("", "全部"), *ATTRIBUTE_NAMES.items(), ("none", "未确定")]
    )
    kind = forms.ChoiceField(label="信息种类", required=False)
    column = forms.ChoiceField(label="栏目", required=False)
    since = DateField(label="修改日期自", required=False)
    until = DateField(label="修改日期至", required=False)
    order = forms.ChoiceField(label="排序", required=False, choices=ORDERS)
    mine = forms.BooleanField(label="只看我写的", required=False)
    late = forms.BooleanField(label="只看超过公开时限的", required=False)
    limited = forms.BooleanField(label="只看限制知悉的", required=False)
    review = forms.BooleanField(label="只看该复核的", required=False)
    ended = forms.BooleanField(label="包括已归档和已作废的", required=False)

    def __init__(self, *args: Any, units: list[tuple[int, str]], columns: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = [("", "全部"), *units]
        self.fields["kind"].choices = [("", "全部"), *kind_choices()]
        self.fields["column"].choices = [("", "全部"), *columns]


@require_GET
@disclosure_view
def items(request: HttpRequest) -> HttpResponse:
    """Show a page of the list."""
    today = timezone.localdate()
    filters = ItemFilters.from_query(request.GET)
    found = item_list(
        actor=request.actor,
        filters=filters,
        order=request.GET.get("order", "changed"),
        page=page_number(request),
        size=PER_PAGE,
        today=today,
    )
    counts = item_counts(actor=request.actor, filters=replace(filters, states=(), ended=True), today=today)
    shown = found.total if not filters.states else sum(counts[s] for s in State if filters.ended or s not in ENDED)
    context = {
        "page_title": "公开信息",
        "form": ItemFilterForm(
            request.GET or None,
            units=[(unit.pk, unit.display_name) for unit in unit_list(actor=request.actor, on=today)],
            columns=[(row.code, INDENT * row.depth + row.name) for row in column_list(on=today)],
        ),
        "items": found,
        "page": Paginator(range(found.total), found.size).get_page(found.page),
        "tabs": [
            (state.value, STATE_NAMES[state], counts[state], state in filters.states)
            for state in State
            if counts[state] or state in filters.states
        ],
        "total": shown,
        "states": filters.states,
        "narrowed": replace(filters, states=()) != ItemFilters(),
        "more_open": any(request.GET.get(name) for name in MORE_FILTERS),
        "may_create": permissions.can_create_items(request.actor),
        "today": today,
    }
    return render(request, "disclosure/staff/items/item_list.html", context)
