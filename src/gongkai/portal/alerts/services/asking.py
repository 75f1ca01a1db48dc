"""Saving a search, confirming it, changing it and stopping it; all of it by people without an account.

Nobody learns from an answer whether an address is known: whatever is asked of it, the page says the same, and the rest
stands in a mail that only its owner reads.
"""

from __future__ import annotations

import hashlib
import json
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction

from gongkai.domain.issues import Issue
from gongkai.domain.search import fold, parse_query
from gongkai.domain.search.alerts import Frequency, next_look
from gongkai.kernel.errors import Refused
from gongkai.kernel.sealed import matching
from gongkai.portal.alerts import MOST_ALERTS
from gongkai.portal.alerts.addresses import read_address
from gongkai.portal.alerts.selectors import LinkOver, SavedSearch, email_ready, saved_search
from gongkai.portal.models import AlertMail, AlertReader, SearchAlert
from gongkai.portal.search.asking import Filters
from gongkai.portal.search.services.misses import without_persons

MOST_WAITING = 5_000
"""Searches that wait to be confirmed, in all: a machine that leaves addresses without a pause fills no more."""
MOST_LETTERS_A_DAY = 5
"""Mails that strangers can cause to one address within a day."""
PAUSE = timedelta(minutes=10)
"""The shortest time between two mails about the same search to be confirmed."""


def alert_ask(*, address: str, text: str, filters: Filters, frequency: Frequency, now: datetime) -> None:
    """Save a search for an address, to be confirmed by a mail to it; open to everybody.

    Raises Refused with everything that is wrong with what was given; of the address it only tells whether it is one. An
    address that has this search, or many, gets a mail with the link to its list; one that got mails enough gets none.
    """
    query = parse_query(text)
    to = read_address(address)
    kept = {name: filters.chosen[name] for name in filters.active}
    issues = []
    if not email_ready():
        issues.append(Issue("alerts.no_email"))
    if not to:
        issues.append(Issue("alerts.address", "address"))
    if query.empty and not kept:
        issues.append(Issue("alerts.query_empty"))
    if without_persons(query.text) != query.text:
        issues.append(Issue("alerts.query_personal"))
    if SearchAlert.objects.filter(confirmed_at__isnull=True).count() >= MOST_WAITING:
        issues.append(Issue("alerts.enough"))
    if issues:
        raise Refused(issues)
    key = hashlib.sha256(json.dumps([fold(query.text), sorted(kept.items())]).encode()).hexdigest()
    with transaction.atomic():
        reader = _reader(to, now)
        alert = reader.alerts.filter(query_key=key).first()
        if not _may_write(reader, alert, now):
            return
        if (alert is not None and alert.confirmed_at) or (alert is None and reader.alerts.count() >= MOST_ALERTS):
            _mail(reader, AlertMail.Kind.LINK, now)
            return
        if alert is None:
            alert = SearchAlert(reader=reader, text=query.text, filters=kept, query_key=key)
        alert.frequency, alert.asked_at = frequency.value, now
        alert.save()
        _mail(reader, AlertMail.Kind.CONFIRM, now, alert)


def alert_confirm(*, uid: UUID | None, now: datetime) -> SavedSearch:
    """Let a saved search work from now on; a second time changes nothing. Raises LinkOver when its time is over."""
    with transaction.atomic():
        alert = SearchAlert.objects.select_for_update(no_key=True).filter(uid=uid).first() if uid else None
        if alert is None or (alert.confirmed_at is None and alert.asked_at < now - confirm_within()):
            raise LinkOver
        if alert.confirmed_at is None:
            alert.confirmed_at = alert.since = now
            alert.due_at = next_look(Frequency(alert.frequency), after=now)
            alert.save(update_fields=["confirmed_at", "since", "due_at"])
    return saved_search(alert)


def alert_change(*, reader_uid: UUID | None, uid: UUID, frequency: Frequency, now: datetime) -> SavedSearch:
    """Change how often a reader is told of one of their searches. Raises LinkOver where it is not theirs, or gone."""
    with transaction.atomic():
        alert = (
            SearchAlert.objects.select_for_update(no_key=True)
            .filter(uid=uid, reader__uid=reader_uid, confirmed_at__isnull=False)
            .first()
        )
        if alert is None or reader_uid is None:
            raise LinkOver
        alert.frequency, alert.due_at = frequency.value, next_look(frequency, after=now)
        alert.save(update_fields=["frequency", "due_at"])
    return saved_search(alert)


def alert_stop(*, uid: UUID | None, reader_uid: UUID | None = None) -> bool:
    """Forget one saved search, and its address with the last; ``reader_uid``: only if it is that reader's.

    Returns whether there was one; stopping twice is no error.
    """
    with transaction.atomic():
        found = SearchAlert.objects.filter(uid=uid) if uid else SearchAlert.objects.none()
        if reader_uid is not None:
            found = found.filter(reader__uid=reader_uid)
        alert = found.first()
        if alert is None:
            return False
        reader = AlertReader.objects.select_for_update(no_key=True).filter(pk=alert.reader_id).first()
        alert.delete()
        if reader is not None and not reader.alerts.exists():
            reader.delete()
    return True


def alerts_stop(*, reader_uid: UUID | None) -> bool:
    """Forget an address with everything that was saved for it. Returns whether there was one."""
    if reader_uid is None:
        return False
    return bool(AlertReader.objects.filter(uid=reader_uid).delete()[0])


def link_ask(*, address: str, now: datetime) -> None:
    """Send an address the link to its list, if it has one; nobody learns whether. Raises Refused for what is no address."""
    to = read_address(address)
    issues = [] if email_ready() else [Issue("alerts.no_email")]
    if not to:
        issues.append(Issue("alerts.address", "address"))
    if issues:
        raise Refused(issues)
    with transaction.atomic():
        reader = _known(to)
        if reader is None or not reader.alerts.filter(confirmed_at__isnull=False).exists():
            return
        if _may_write(reader, None, now):
            _mail(reader, AlertMail.Kind.LINK, now)


def confirm_within() -> timedelta:
    """Return how long a saved search waits to be confirmed."""
    return timedelta(days=settings.ALERT_CONFIRM_DAYS)


def _reader(address: str, now: datetime) -> AlertReader:
    """The reader of an address, locked; made where there is none."""
    found = _known(address)
    if found is not None:
        return found
    try:
        with transaction.atomic():
            return AlertReader.objects.create(address=address, made_at=now)
    except IntegrityError:  # another process was faster
        return AlertReader.objects.select_for_update(no_key=True).get(**matching("address_key", address, AlertReader))


def _known(address: str) -> AlertReader | None:
    rows = AlertReader.objects.select_for_update(no_key=True)
    return rows.filter(**matching("address_key", address, AlertReader)).first()


def _may_write(reader: AlertReader, alert: SearchAlert | None, now: datetime) -> bool:
    asked = reader.mails.exclude(kind=AlertMail.Kind.NEWS)
    if asked.filter(made_at__gt=now - timedelta(days=1)).count() >= MOST_LETTERS_A_DAY:
        return False
    return alert is None or not asked.filter(alert=alert, made_at__gt=now - PAUSE).exists()


def _mail(reader: AlertReader, kind: AlertMail.Kind, now: datetime, alert: SearchAlert | None = None) -> None:
    AlertMail.objects.create(reader=reader, kind=kind, alert=alert, made_at=now, again_at=now)
