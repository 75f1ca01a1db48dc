"""The body of an item as a reader reads it, for staff pages and public ones alike."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import PurePath
from typing import Any

from django import template
from django.template.context import Context
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from gongkai.domain.items.content import ItemContent
from gongkai.domain.items.layout import parts_of
from gongkai.domain.items.markup import plain_form
from gongkai.features.disclosure.selectors.public_files import address_name, picture_names

register = template.Library()

LOWEST = 6


@register.filter
def gk_plain_html(value: Any) -> SafeString:
    """Return a paragraph, list or quote as HTML with the few marks a body may have; anything else is taken out."""
    return mark_safe(plain_form(str(value or "")))


@register.filter
def gk_file_type(file: Any) -> str:
    """Return what kind of file an attachment is, in the letters of its name: ``PDF``, ``DOCX``."""
    return PurePath(str(getattr(file, "name", "") or "")).suffix.lstrip(".").upper()[:8] or "文件"


@register.filter
def gk_file_address(name: Any) -> str:
    """Return the name of an attachment as its address has it."""
    return address_name(str(name))


@register.inclusion_tag("disclosure/_item_body_blocks.html")
def gk_item_body(
    content: ItemContent | Mapping[str, Any], *, uid: Any = None, under: int = 1, token: str = ""
) -> dict[str, Any]:
    """Show the blocks of ``content``. Headings stand ``under`` a heading of that level (1 on the item's own page).

    With ``uid`` pictures are asked for at the public address of the item, with ``token`` at that of a one-time link,
    else at the back office's.
    """
    body = content.body if isinstance(content, ItemContent) else content.get("body") or ()
    parts = parts_of(body)
    names = _picture_names(body) if uid and not token else {}
    blocks = [_shown(block, uid, under, token, names) | {"part": parts.get(at, "")} for at, block in enumerate(body)]
    return {"blocks": blocks}


@register.simple_tag(takes_context=True)
def gk_item_uid(context: Context) -> Any:
    """Return the public id of the item that a public page shows, None on a page of the back office."""
    request = context.get("request")
    public = request is not None and not request.path.startswith(reverse("wagtailadmin_home"))
    return getattr(context.get("item"), "uid", None) if public else None


def _picture_names(body: Iterable[Mapping[str, Any]]) -> dict[int, str]:
    values = [block.get("value") for block in body if block.get("type") == "image"]
    return picture_names(file_ids=[value["file_id"] for value in values if isinstance(value, Mapping)])


def _shown(block: Mapping[str, Any], uid: Any, under: int, token: str, names: Mapping[int, str]) -> dict[str, Any]:
    value = block.get("value")
    shown = {"id": block.get("id"), "type": block.get("type"), "value": value}
    if block.get("type") == "heading" and isinstance(value, Mapping):
        level = value.get("level")
        shown["tag"] = f"h{min((level if isinstance(level, int) else 2) + under - 1, LOWEST)}"
    elif block.get("type") == "image" and isinstance(value, Mapping):
        file_id = value.get("file_id")
        if token:
            shown["url"] = reverse("disclosure:signing:file", args=[token, file_id])
        elif uid:
            shown["url"] = reverse(
                "disclosure:public:item_file", args=[uid, file_id, names.get(int(file_id or 0), "picture")]
            )
        else:
            shown["url"] = reverse("files:staff:download", args=[file_id])
    return shown
