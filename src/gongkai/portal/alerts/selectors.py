"""What is known of saved searches: those of a reader by a signed link, and how many there are for the office."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Max, Q

from gongkai.domain.issues import Issue
from gongkai.domain.search.alerts import Frequency
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.errors import NotPermitted, Refused
from gongkai.portal.models import AlertMail, AlertReader, SearchAlert
from gongkai.portal.search import permissions
from gongkai.portal.search.asking import Filters
from gongkai.portal.search.facets import filter_words

NO_EMAIL = "django.core.mail.backends.dummy.EmailBackend"
UNCERTAIN_AFTER = timedelta(hours=1)
"""From when on a mail that was begun and not sent counts as uncertain: its process is gone."""


class LinkOver(Refused):
    """A link is not ours, or its time is over, or what it was about is gone; views answer 410."""

    def __init__(self) -> None:
        super().__init__(Issue("alerts.link_over"))


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """A saved search as it is shown: the words typed, and in words what it is narrowed by."""

    uid: UUID
    text: str
    words: tuple[str, ...]
    filters: Filters
    frequency: Frequency
    confirmed: bool
    asked_at: datetime

    @property
    def title(self) -> str:
        """Return the search in a few words."""
        return "，".join([f"“{self.text}”"] * bool(self.text) + list(self.words))


@dataclass(frozen=True, slots=True)
class Mine:
    """The saved searches of a reader, and the address in part."""

    reader_uid: UUID
    address: str
    searches: tuple[SavedSearch, ...]


@dataclass(frozen=True, slots=True)
class QueryRow:
    """How many are told of one search, by frequency; no address."""

    title: str
    at_once: int
    daily: int
    weekly: int
    total: int
    newest: datetime


@dataclass(frozen=True, slots=True)
class AlertStanding:
    """Numbers for the office: confirmed searches and readers, waiting ones, and what became of the mails of 30 days."""

    confirmed: int
    readers: int
    waiting: int
    sent: int
    refused: int
    uncertain: int
    ready: bool


def email_ready() -> bool:
    """Tell whether this installation sends mail."""
    return settings.EMAIL_BACKEND != NO_EMAIL


def saved_search(alert: SearchAlert) -> SavedSearch:
    """Return an alert as it is shown."""
    filters = Filters(alert.filters)
    return SavedSearch(
        uid=alert.uid,
        text=alert.text,
        words=filter_words(filters),
        filters=filters,
        frequency=Frequency(alert.frequency),
        confirmed=alert.confirmed_at is not None,
        asked_at=alert.asked_at,
    )


def alert_get(*, uid: UUID | None) -> SavedSearch:
    """Return one saved search; raises LinkOver where it is gone."""
    found = SearchAlert.objects.filter(uid=uid).first() if uid else None
    if found is None:
        raise LinkOver
    return saved_search(found)


def mine_get(*, uid: UUID | None) -> Mine:
    """Return the confirmed saved searches of a reader; raises LinkOver where the reader is gone."""
    reader = AlertReader.objects.filter(uid=uid).first() if uid else None
    if reader is None:
        raise LinkOver
    rows = reader.alerts.filter(confirmed_at__isnull=False)
    return Mine(reader.uid, str(reader.address), tuple(saved_search(row) for row in rows))


def query_list(*, actor: Actor) -> list[QueryRow]:
    """Return the searches that are saved and confirmed with how many are told of each, most first; raises NotPermitted."""
    _need_view(actor)
    rows = SearchAlert.objects.filter(confirmed_at__isnull=False).order_by().values("query_key")
    counted = rows.annotate(
        said=Max("text"),
        one=Max("pk"),
        newest=Max("confirmed_at"),
        total=Count("pk"),
        **{name.value: Count("pk", filter=Q(frequency=name)) for name in Frequency},
    )
    samples = SearchAlert.objects.in_bulk([row["one"] for row in counted])
    found = [
        QueryRow(
            title=saved_search(samples[row["one"]]).title,
            **{name: row[name] for name in ("at_once", "daily", "weekly", "total", "newest")},
        )
        for row in counted
    ]
    return sorted(found, key=lambda row: (-row.total, row.title))


def alert_standing(*, actor: Actor, at: datetime) -> AlertStanding:
    """Return the numbers for the office; raises NotPermitted."""
    _need_view(actor)
    alerts = SearchAlert.objects.order_by()
    begun = Q(begun_at__lt=at - UNCERTAIN_AFTER, sent_at__isnull=True, ended_at__isnull=True)
    mails = AlertMail.objects.filter(made_at__gt=at - timedelta(days=30)).aggregate(
        sent=Count("pk", filter=Q(sent_at__isnull=False)),
        refused=Count("pk", filter=Q(ended_at__isnull=False, tries__gt=0)),
        uncertain=Count("pk", filter=begun),
    )
    confirmed = alerts.filter(confirmed_at__isnull=False)
    return AlertStanding(
        confirmed=confirmed.count(),
        readers=confirmed.values("reader").distinct().count(),
        waiting=alerts.filter(confirmed_at__isnull=True).count(),
        ready=email_ready(),
        **mails,
    )


def titles(alerts: Iterable[SavedSearch]) -> str:
    """Return several searches in a few words: the first, and how many more."""
    found = [alert.title for alert in alerts]
    return found[0] if len(found) == 1 else f"{found[0]}等 {len(found)} 项检索"


def _need_view(actor: Actor) -> None:
    if not permissions.can_view_search(actor):
        raise NotPermitted(ability="查看检索提醒")
