"""The mails as they are written: plain text and simple HTML, with what lets a mail program stop them by one press."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from gongkai.features.disclosure.selectors.publications import public_publications
from gongkai.portal.alerts.selectors import SavedSearch, saved_search, titles
from gongkai.portal.alerts.tokens import Purpose, sign
from gongkai.portal.models import AlertMail, AlertNews, SearchAlert

SHOWN = 20
"""Publications of one search that a mail lists; of the others it tells how many."""


@dataclass(frozen=True, slots=True)
class Line:
    """A publication in a mail."""

    title: str
    url: str
    unit_name: str
    doc_no: str
    published_at: datetime
    again: bool


@dataclass(frozen=True, slots=True)
class Part:
    """What one search found: the newest lines, how many more, and links to all of them and to stop it."""

    search: SavedSearch
    lines: tuple[Line, ...]
    more: int
    url: str
    stop_url: str


def letter_of(mail: AlertMail, *, at: datetime) -> EmailMultiAlternatives | None:
    """Return a mail as it is sent at the moment; None where nothing is left to be told. Raises SealBroken."""
    made = {
        AlertMail.Kind.CONFIRM: _confirm,
        AlertMail.Kind.LINK: _link,
        AlertMail.Kind.NEWS: _news,
    }[AlertMail.Kind(mail.kind)](mail, at)
    if made is None:
        return None
    name, subject, context = made
    reader = mail.reader
    told = {
        **context,
        "site": site_name(),
        "site_url": settings.BASE_URL,
        "manage_url": address("mine", sign(Purpose.MANAGE, reader.uid, on=timezone.localdate(at))),
        "stop_all_url": address("stop_all", sign(Purpose.STOP_ALL, reader.uid)),
    }
    message = EmailMultiAlternatives(
        subject=" ".join(f"{settings.EMAIL_SUBJECT_PREFIX}{subject}".split())[:150],
        body=render_to_string(f"alerts/mail/{name}.txt", told),
        to=[reader.address.for_machine()],
        headers=_headers(mail, told["stop_all_url"]),
    )
    message.attach_alternative(render_to_string(f"alerts/mail/{name}.html", told), "text/html")
    return message


def site_name() -> str:
    """Return the name of the site that signs."""
    return settings.SITE["name"] or f"{settings.PLACE}政务公开"


def address(view: str, token: str) -> str:
    """Return the whole address of a page for a token."""
    return settings.BASE_URL + reverse(f"alerts:public:{view}", args=[token])


def search_url(search: SavedSearch, *, by_date: bool = False) -> str:
    """Return the address of the results of a saved search, without the site."""
    told = {"q": search.text, **search.filters.chosen, **({"order": "date"} if by_date else {})}
    return f"{reverse('search:public:page')}?{urlencode({name: value for name, value in told.items() if value})}"


def _headers(mail: AlertMail, stop_url: str) -> dict[str, str]:
    host = urlsplit(settings.BASE_URL).hostname or "localhost"
    return {
        "Message-ID": f"<alert-{mail.pk}-{mail.reader.uid.hex[:12]}@{host}>",
        "Auto-Submitted": "auto-generated",
        "List-Id": f"<search-alerts.{host}>",
        "List-Unsubscribe": f"<{stop_url}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def _confirm(mail: AlertMail, at: datetime) -> tuple[str, str, dict[str, Any]] | None:
    if mail.alert is None or mail.alert.confirmed_at is not None:
        return None
    context = {
        "search": saved_search(mail.alert),
        "confirm_url": address("confirm", sign(Purpose.CONFIRM, mail.alert.uid)),
        "days": settings.ALERT_CONFIRM_DAYS,
    }
    return "confirm", f"请确认：{site_name()}的新结果提醒", context


def _link(mail: AlertMail, at: datetime) -> tuple[str, str, dict[str, Any]] | None:
    searches = [saved_search(row) for row in mail.reader.alerts.filter(confirmed_at__isnull=False)]
    return ("link", f"{site_name()}：您的检索提醒", {"searches": searches}) if searches else None


def _news(mail: AlertMail, at: datetime) -> tuple[str, str, dict[str, Any]] | None:
    """What is public still of what was found; a search that was stopped since is left out."""
    news = list(mail.news.filter(alert__isnull=False).select_related("alert"))
    ids = [row.publication_id for row in news]
    public = {row.pk: row for row in public_publications(at=at).filter(pk__in=ids).select_related("item")}
    by_alert: dict[int, tuple[SearchAlert, list[AlertNews]]] = {}
    for row in news:
        if row.alert is not None and row.publication_id in public:
            by_alert.setdefault(row.alert.pk, (row.alert, []))[1].append(row)
    if not by_alert:
        return None
    parts = [
        _part(alert, rows, public)
        for alert, rows in sorted(by_alert.values(), key=lambda pair: (pair[0].asked_at, pair[0].pk))
    ]
    number = sum(len(rows) for _, rows in by_alert.values())
    subject = f"{number} 条新公开的信息：{titles(part.search for part in parts)}"
    return "news", subject, {"parts": parts, "number": number}


def _part(alert: SearchAlert, rows: Iterable[AlertNews], public: dict[int, Any]) -> Part:
    search = saved_search(alert)
    found = [public[row.publication_id] for row in rows]
    lines = [
        Line(
            title=one.title,
            url=settings.BASE_URL + reverse("disclosure:public:item_detail", args=[one.item.uid]),
            unit_name=one.unit_name,
            doc_no=one.doc_no,
            published_at=one.published_at,
            again=one.number > 1,
        )
        for one in found[:SHOWN]
    ]
    return Part(
        search=search,
        lines=tuple(lines),
        more=max(0, len(found) - SHOWN),
        url=settings.BASE_URL + search_url(search, by_date=True),
        stop_url=address("stop", sign(Purpose.STOP, alert.uid)),
    )
