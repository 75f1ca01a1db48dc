"""An item as its readers will see it, before it goes out: at each width, in both sizes of letters, in each theme.

The page in the frame is the public one, from the same template; it runs no script there. What is shown is the newest
revision, or what somebody has typed since, for who writes it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from gongkai.design.themes import SIZES, THEMES, preview_css
from gongkai.domain.items import ItemContent
from gongkai.features.disclosure import permissions
from gongkai.features.disclosure.public import pages
from gongkai.features.disclosure.selectors.access import item_get
from gongkai.features.disclosure.selectors.drafts import draft_get
from gongkai.features.disclosure.selectors.public_items import PublicItem, Tombstone, public_item_get
from gongkai.features.disclosure.staff.pages import ITEMS, disclosure_view
from gongkai.kernel.accounts.web import staff_view

WIDTHS = (("1440", "电脑 1440"), ("768", "平板 768"), ("375", "手机 375"))
LETTERS = (("normal", "标准"), ("large", "大字（适老）"))
COLOURS = (("light", "浅色"), ("dark", "深色"), ("contrast", "高对比"))
POLICY = (
    "default-src 'self'; img-src 'self' data:; style-src 'self'; script-src 'self'; object-src 'none'; "
    "base-uri 'self'; form-action 'none'; frame-ancestors 'self'"
)
"""The strict policy of the public pages, for a page that shows what they will show."""


@dataclass(frozen=True)
class Choice:
    """A width, size or theme that may be chosen."""

    name: str
    url: str
    chosen: bool


@dataclass(frozen=True)
class Group:
    """Choices of which one holds."""

    name: str
    choices: list[Choice]


@dataclass(frozen=True)
class Look:
    """How an item is looked at; ``typed``: with what was typed and not saved. The choices stay on the page they are on."""

    item_id: int
    width: str = "1440"
    size: str = "normal"
    theme: str = "light"
    typed: bool = False

    def asked(self, **changes: str) -> str:
        """Return the query of this look with some of it changed."""
        asked = {"width": self.width, "size": self.size, "theme": self.theme, **changes}
        return "?" + urlencode({**asked, "typed": "1"} if self.typed else asked)

    @property
    def groups(self) -> list[Group]:
        """Return everything that can be chosen, with what is."""
        return [
            self._group("宽度", "width", WIDTHS),
            self._group("字号", "size", LETTERS),
            self._group("配色", "theme", COLOURS),
        ]

    def _group(self, name: str, key: str, offered: tuple[tuple[str, str], ...]) -> Group:
        now = getattr(self, key)
        return Group(name, [Choice(label, self.asked(**{key: value}), value == now) for value, label in offered])

    @property
    def frame_url(self) -> str:
        """Return the address of the page in the frame."""
        return reverse("disclosure:staff:preview", args=[self.item_id]) + self.asked()

    @property
    def page_url(self) -> str:
        """Return the address of the page that holds nothing but the frame."""
        return reverse("disclosure:staff:look", args=[self.item_id]) + self.asked()


def look_of(asked: Mapping[str, Any], item_id: int) -> Look:
    """Read a look from a query; what is unknown is as usual."""

    def one(key: str, offered: tuple[tuple[str, str], ...]) -> str:
        return asked[key] if asked.get(key) in dict(offered) else offered[0][0]

    return Look(
        item_id,
        width=one("width", WIDTHS),
        size=one("size", LETTERS),
        theme=one("theme", COLOURS),
        typed=asked.get("typed") == "1",
    )


@require_GET
@disclosure_view
def look(request: HttpRequest, item_id: int) -> HttpResponse:
    """Show the frame alone, with what may be chosen."""
    item = item_get(actor=request.actor, item_id=item_id)
    chosen = look_of(request.GET, item_id)
    content, what = _shown(request, item, chosen)
    edit_url = reverse("disclosure:staff:item_edit", args=[item_id])
    context = {
        "page_title": f"预览：{content.title}",
        "breadcrumbs": [
            ITEMS,
            {"label": item.title, "url": reverse("disclosure:staff:item_detail", args=[item_id])},
            {"label": "预览", "url": ""},
        ],
        "what": what,
        "look": chosen,
        "edit_url": edit_url if permissions.can_edit_item(request.actor, item) else "",
        "detail_url": reverse("disclosure:staff:item_detail", args=[item_id]),
    }
    return render(request, "disclosure/staff/release/look.html", context)


@require_GET
@disclosure_view
def preview(request: HttpRequest, item_id: int) -> HttpResponse:
    """Show an item as the public would read it; only to those who see the item, and to no search engine."""
    item, now = item_get(actor=request.actor, item_id=item_id), timezone.now()
    chosen = look_of(request.GET, item_id)
    content, what = _shown(request, item, chosen)
    context = pages.item_context(_as_public(item, content, now), at=now) | {"what": what, "look": chosen}
    response = render(request, "disclosure/staff/release/preview.html", context)
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Cache-Control"] = "private, no-store"
    response["Content-Security-Policy"] = POLICY
    return response


@require_GET
@staff_view
def preview_theme(request: HttpRequest, size: str, theme: str) -> HttpResponse:
    """Send the stylesheet of a size and a theme, whatever the reader of the preview has chosen for himself."""
    if size not in SIZES or theme not in THEMES:
        raise Http404("没有这种字号或配色")
    return HttpResponse(preview_css(size, theme), content_type="text/css; charset=utf-8")


def _shown(request: HttpRequest, item: Any, chosen: Look) -> tuple[ItemContent, str]:
    """Return the content to show and what it is; what was typed only for who may edit the item."""
    if item.head is None:
        raise Http404("还没有保存过内容")
    if chosen.typed:
        draft = draft_get(actor=request.actor, item_id=item.pk)
        if draft.typed:
            return draft.content, "正在编辑的文字，还没有存为版本"
    return ItemContent.from_data(item.head.content), f"第 {item.head.number} 版"


def _as_public(item: Any, content: ItemContent, now: datetime) -> PublicItem:
    """Return the item as if it went out now; the day it first went out and its corrections stay what they are."""
    known = public_item_get(uid=item.uid, at=now)
    before = None if isinstance(known, Tombstone) else known
    return PublicItem(
        uid=item.uid,
        item_id=item.pk,
        number=before.number if before else 1,
        kind=content.kind,
        kind_label="",
        title=content.title,
        index_no=item.index_no,
        content=content,
        unit_id=item.unit_id,
        unit_name=item.unit.display_name,
        published_at=now,
        first_published_at=before.first_published_at if before else now,
        corrections=before.corrections if before else (),
        digest=content.digest(),
        entered_at=now,
        entered_late=False,
    )
