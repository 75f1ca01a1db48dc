"""Remembering which addresses items link to, and asking them in the background whether they open."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from gongkai.domain.gate import LinkKind, find_links, link_kind
from gongkai.domain.items import ItemContent
from gongkai.features.disclosure.models import LinkCheck, LinkUse, Revision
from gongkai.features.disclosure.selectors.links import links_due
from gongkai.kernel.outgoing import Answer, links_ask, networks

MOST = 300
"""Addresses that one round asks; a technical bound, like those below."""
AGAIN = timedelta(days=7)
"""How long an address that opened is left alone."""
SOON = timedelta(hours=6)
"""When one that did not open is asked again, twice; after that once a day."""
DAILY = timedelta(days=1)
LONGEST_URL = 1000

Ask = Callable[[Iterable[str]], Iterator[list[Answer]]]


def links_keep(revision: Revision, content: ItemContent, *, own_hosts: frozenset[str], now: datetime) -> int:
    """Remember the addresses on the web that a revision links to; what was never asked is due now. Returns how many.

    Call inside a transaction. What was asked more than a day ago is asked again: the item is on its way out.
    """
    found = {
        link.url
        for link in find_links(content.body)
        if len(link.url) <= LONGEST_URL and link_kind(link.url, own_hosts=own_hosts) is LinkKind.EXTERNAL
    }
    if not found:
        return 0
    urls = sorted(found)
    LinkCheck.objects.bulk_create([LinkCheck(url=url, due_at=now) for url in urls], ignore_conflicts=True)
    checks = LinkCheck.objects.filter(url__in=urls)
    checks.filter(checked_at__lt=now - DAILY, due_at__gt=now).update(due_at=now)
    uses = [LinkUse(revision=revision, link_id=pk) for pk in checks.values_list("pk", flat=True)]
    LinkUse.objects.bulk_create(uses, ignore_conflicts=True)
    return len(urls)


def links_check(*, now: datetime, ask: Ask | None = None) -> int:
    """Ask the addresses that are due, of what is going out or public, and note what came of it; returns how many.

    Nothing is locked while the web is asked. An answer is noted host by host, so that a round that is cut off loses
    little. Does nothing where ``LINK_CHECK`` is off.
    """
    if not settings.LINK_CHECK:
        return 0
    allowed = networks(settings.LINK_CHECK_INSIDE)
    asked = 0
    for answers in (ask or (lambda urls: links_ask(urls, allowed=allowed)))(links_due(now=now, most=MOST)):
        with transaction.atomic():
            for answer in sorted(answers, key=lambda one: one.url):
                _note(answer, now)
        asked += len(answers)
    return asked


def _note(answer: Answer, now: datetime) -> None:
    row = LinkCheck.objects.select_for_update().filter(url=answer.url).first()
    if row is None:
        return
    row.failures = row.failures + 1 if answer.reachable is False else 0
    wait = AGAIN if answer.reachable is not False else SOON if row.failures < 3 else DAILY
    row.reachable, row.status, row.checked_at, row.due_at = answer.reachable, answer.status, now, now + wait
    row.problem = answer.problem.value if answer.problem else ""
    row.save(update_fields=["reachable", "status", "problem", "checked_at", "due_at", "failures"])
