"""The primary site is there after every migration, with a first page to edit."""

from __future__ import annotations

from typing import Any

from django.db import connections
from django.utils import timezone

from gongkai.kernel.accounts.actor import Actor
from gongkai.portal.pages.services.websites import primary_ensure

NEEDED = frozenset(
    {"portal_website", "portal_pagepublication", "portal_homepage", "wagtailcore_page", "wagtailcore_revision"}
    | {"audit_entry", "orgs_unit", "wordlists_wordliststate"}
)
"""Tables without which no first page can be made: a migration may have stopped half-way."""


def put_primary(**signal: Any) -> None:
    """After a migration: make the primary site where it is not there yet, once the tables are."""
    tables = set(connections[signal.get("using", "default")].introspection.table_names())
    if any(backwards for _, backwards in signal.get("plan") or ()) or not tables >= NEEDED:
        return
    primary_ensure(actor=Actor.system("安装"), now=timezone.now())
