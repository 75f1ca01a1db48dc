"""Looking for publications that saved searches find, and writing down of what whom to tell.

The look writes and sends nothing: a mail and everything it tells of are rows of one transaction a reader, and a reader
is told of a publication by one row only. However often a look runs, or where it is stopped, it comes to the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from django.db import transaction

from gongkai.domain.search.alerts import Frequency, next_look
from gongkai.features.disclosure.selectors.publications import public_publications
from gongkai.portal.models import AlertMail, AlertNews, AlertReader, SearchAlert
from gongkai.portal.search.asking import Filters
from gongkai.portal.search.matching import compared_until, matching

MARGIN = timedelta(minutes=10)
"""How far a look goes back behind the one before: a transaction that published may have been open then."""
IDLE = timedelta(hours=1)
"""How far the moment up to which nothing was found may lag behind, so that not every look writes rows."""


def alerts_look(*, at: datetime) -> int:
    """Look for news of every search that is due; returns how many mails were made. Without an index nothing happens."""
    until = compared_until()
    if until is None:
        return 0
    until = min(until, at)
    due = list(
        SearchAlert.objects.filter(confirmed_at__isnull=False, due_at__lte=at).order_by("reader_id", "asked_at", "pk")
    )
    if not due:
        return 0
    oldest = min(_from(alert) for alert in due)
    fresh = public_publications(at=at).filter(published_at__gt=oldest).order_by()
    published = dict(fresh.values_list("pk", "published_at"))
    found = _matches(due, published) if published else {}
    by_reader: dict[int, list[SearchAlert]] = defaultdict(list)
    for alert in due:
        if found.get(alert.query_key) or not _idle(alert, until):
            by_reader[alert.reader_id].append(alert)
    return sum(_tell(reader, alerts, found, published, until, at) for reader, alerts in by_reader.items())


def _from(alert: SearchAlert) -> datetime:
    """The moment after which publications are news to this search; before it was confirmed nothing is."""
    assert alert.since is not None and alert.confirmed_at is not None  # the constraint of the table
    return max(alert.since - MARGIN, alert.confirmed_at)


def _idle(alert: SearchAlert, until: datetime) -> bool:
    return alert.frequency == Frequency.AT_ONCE and alert.since is not None and alert.since > until - IDLE


def _matches(alerts: Iterable[SearchAlert], published: Mapping[int, datetime]) -> dict[str, list[int]]:
    """What every search finds, each asked once however many readers saved it."""
    searches = {alert.query_key: (alert.text, Filters(alert.filters)) for alert in alerts}
    return {
        key: matching(text=text, filters=filters, publication_ids=published)
        for key, (text, filters) in searches.items()
    }


def _tell(
    reader_id: int,
    alerts: list[SearchAlert],
    found: Mapping[str, list[int]],
    published: Mapping[int, datetime],
    until: datetime,
    at: datetime,
) -> int:
    """Write down what one reader is told; returns 1 where there is a mail."""
    with transaction.atomic():
        if not AlertReader.objects.select_for_update(no_key=True).filter(pk=reader_id).exists():
            return 0  # stopped meanwhile
        still = SearchAlert.objects.filter(pk__in=[alert.pk for alert in alerts], due_at__lte=at).order_by(
            "asked_at", "pk"
        )
        fresh: dict[int, SearchAlert] = {}
        alerts = list(still)
        for alert in alerts:
            for publication_id in found.get(alert.query_key, ()):
                if published[publication_id] > _from(alert):
                    fresh.setdefault(publication_id, alert)
        told = AlertNews.objects.filter(reader_id=reader_id, publication_id__in=list(fresh))
        for publication_id in told.values_list("publication_id", flat=True):
            del fresh[publication_id]
        if fresh:
            mail = AlertMail.objects.create(reader_id=reader_id, kind=AlertMail.Kind.NEWS, made_at=at, again_at=at)
            AlertNews.objects.bulk_create(
                AlertNews(
                    reader_id=reader_id,
                    mail=mail,
                    alert=alert,
                    publication_id=publication_id,
                    published_at=published[publication_id],
                )
                for publication_id, alert in fresh.items()
            )
        for alert in alerts:
            alert.since = max(until, alert.since or until)
            alert.due_at = next_look(Frequency(alert.frequency), after=at, told=bool(fresh))
        SearchAlert.objects.bulk_update(alerts, ["since", "due_at"])
    return 1 if fresh else 0
