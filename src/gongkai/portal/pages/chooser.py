"""Choosing items for a page: only what the public reads at this moment, under the titles it was published with."""

from __future__ import annotations

from typing import Any

from django import forms
from django.apps import apps
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone
from django.utils.html import escape
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic.chooser import (
    ChooseResultsView,
    ChooseView,
    ChosenMultipleView,
    ChosenView,
)
from wagtail.admin.viewsets.chooser import ChooserViewSet
from wagtail.admin.widgets.chooser import BaseChooser
from wagtail.blocks import ChooserBlock

from gongkai.domain.identifiers import unified
from gongkai.features.disclosure.selectors.publications import public_publications

NO_LONGER = "（这条信息已不再公开，页面上不显示，可以移除）"
MODEL = "disclosure.Item"


def public_items() -> QuerySet[Any]:
    """Return the items that the public reads now, each with ``public_title``, ``public_unit`` and ``public_at``, newest first."""
    current = public_publications(at=timezone.now())
    of_item = current.filter(item_id=OuterRef("pk")).order_by("-number")
    return (
        apps.get_model(MODEL)
        ._default_manager.filter(pk__in=current.values("item_id"))
        .annotate(
            public_title=Subquery(of_item.values("title")[:1]),
            public_unit=Subquery(of_item.values("unit_name")[:1]),
            public_at=Subquery(of_item.values("published_at")[:1]),
            public_number=Subquery(of_item.values("doc_no")[:1]),
        )
        .order_by("-public_at", "-pk")
    )


class FilterForm(BaseFilterForm):
    """Words of the title, the document number or the index number."""

    q = forms.CharField(
        label="标题、文号或索引号", required=False, widget=forms.TextInput(attrs={"placeholder": "标题、文号或索引号"})
    )

    def filter(self, objects: QuerySet[Any]) -> QuerySet[Any]:
        """Keep the items of which any of the three holds the words."""
        from django.db.models import Q

        words = unified(self.cleaned_data.get("q", "")).split()
        for word in words:
            objects = objects.filter(
                Q(public_title__icontains=word) | Q(public_number__icontains=word) | Q(index_no__icontains=word)
            )
        self.is_searching, self.search_query = bool(words), self.cleaned_data.get("q") or None
        return objects


class _Shown:
    """Shows an item by its published title, in every view of the chooser."""

    def get_display_title(self, instance: Any) -> str:
        """Return the title it was published with."""
        return str(instance.public_title)

    def get_edit_item_url(self, instance: Any) -> None:
        """Lead nowhere: the item is another unit's, perhaps."""


class _Choose(_Shown):
    filter_form_class = FilterForm

    def get_object_list(self) -> QuerySet[Any]:
        """Return what may be chosen."""
        return public_items()

    @property
    def columns(self) -> list[Column]:
        """Return title, unit and day."""
        title = self.title_column  # type: ignore[attr-defined]
        title.accessor = "public_title"
        return [
            title,
            Column("unit", label="发布单位", accessor="public_unit"),
            Column("at", label="发布日期", accessor=lambda one: f"{timezone.localtime(one.public_at):%Y-%m-%d}"),
        ]


class ItemChooseView(_Choose, ChooseView):
    """The window in which an item is looked for."""


class ItemChooseResultsView(_Choose, ChooseResultsView):
    """The list in that window."""


class ItemChosenView(_Shown, ChosenView):
    """What is answered when an item was chosen."""

    def get_object(self, pk: str) -> Any:
        """Return the item if it may be chosen."""
        if not pk.isascii() or not pk.isdigit() or len(pk) > 18:
            raise apps.get_model(MODEL).DoesNotExist
        return public_items().get(pk=pk)


class ItemChosenMultipleView(_Shown, ChosenMultipleView):
    """The same for several."""

    def get_objects(self, pks: list[str]) -> QuerySet[Any]:
        """Return those that may be chosen."""
        return public_items().filter(pk__in=[pk for pk in pks if pk.isascii() and pk.isdigit() and len(pk) < 19])


class ItemChooser(BaseChooser):
    """The field that holds a chosen item; it tells no title but a published one."""

    show_edit_link = False

    def get_value_data(self, value: Any) -> dict[str, Any] | None:
        """Return identifier and title of the chosen item."""
        pk = getattr(value, "pk", value)
        if not pk:
            return None
        found = public_items().filter(pk=pk).first()
        return {"id": pk, "edit_url": None, "title": found.public_title if found else NO_LONGER}


class ItemBlock(ChooserBlock):
    """A block that is one item; versions of a page name it by its published title as well."""

    def render_basic(self, value: Any, context: Any = None) -> str:
        """Return the published title."""
        found = public_items().filter(pk=value.pk).first() if value else None
        return escape(found.public_title if found else NO_LONGER)


class ItemChooserViewSet(ChooserViewSet):
    """Where editors look for items."""

    model = MODEL
    icon = "gk-file"
    choose_one_text = "选择公开信息"
    choose_another_text = "换一条"
    page_title = "选择公开信息"
    per_page = 12
    register_widget = False
    choose_view_class = ItemChooseView
    choose_results_view_class = ItemChooseResultsView
    chosen_view_class = ItemChosenView
    chosen_multiple_view_class = ItemChosenMultipleView
    base_widget_class = ItemChooser
    base_block_class = ItemBlock


item_chooser = ItemChooserViewSet("item_chooser", url_prefix="item-chooser")
ItemChooserBlock = item_chooser.get_block_class(name="ItemChooserBlock", module_path="gongkai.portal.pages.chooser")
