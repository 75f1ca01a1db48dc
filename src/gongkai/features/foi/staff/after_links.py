"""Where the board leads on to what comes after an answer."""

from __future__ import annotations

from django.urls import reverse

from gongkai.features.foi import after_permissions
from gongkai.kernel.accounts.actor import Actor


def after_links(actor: Actor) -> list[tuple[str, str]]:
    """Return (name, address) of the pages that the actor has use for."""
    found = []
    if after_permissions.units_of_log(actor):
        found += [("答复公开目录", reverse("foi:staff:log")), ("转主动公开建议", reverse("foi:staff:proposals"))]
    if after_permissions.units_of_retention(actor):
        found.append(("保管和销毁", reverse("foi:staff:retention")))
    return found
