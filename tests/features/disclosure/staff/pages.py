"""Browsers of the people of a bureau, and what a form of the editor sends."""

from __future__ import annotations

from typing import Any

from django.test import Client

from gongkai.domain.items import ItemContent
from gongkai.features.disclosure.models import Item
from gongkai.features.disclosure.staff.blocks import stream_of
from gongkai.features.disclosure.staff.plain_text import plain_of
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.models import User


def browser(actor: Actor) -> Client:
    """A browser in which that person is signed in."""
    client = Client()
    client.force_login(User.objects.get(pk=actor.user_id), backend="django.contrib.auth.backends.ModelBackend")
    return client


def address(item: Item, rest: str = "") -> str:
    """An address below the item's page."""
    return f"/admin/disclosure/items/{item.pk}/{rest}"


def words(response: Any) -> str:
    """The text of a page."""
    return response.content.decode()


def typed(item: Item, **changes: Any) -> dict[str, Any]:
    """What the editor's form sends in its plain way, with some fields changed."""
    item.refresh_from_db()
    assert item.head is not None
    content = ItemContent.from_data(item.head.content)
    form = {
        "plain": "1",
        "base": item.head.number,
        "draft_version": item.draft_version,
        "kind": content.kind,
        "title": content.title,
        "doc_no": content.doc_no,
        "issuer": content.issuer.name if content.issuer else "",
        "joint": "\n".join(unit.name for unit in content.joint),
        "written_on": content.written_on or "",
        "issued_on": content.issued_on or "",
        "effective_on": content.effective_on or "",
        "expires_on": content.expires_on or "",
        "summary": content.summary,
        "subject": content.subject,
        "keywords": "、".join(content.keywords),
        "columns": list(content.columns),
        "body": plain_of(stream_of(content.body)),
        "note": "",
    }
    return {**form, **changes}
