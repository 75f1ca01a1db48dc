"""Deleting what is not needed any more: searches nobody confirmed, addresses without a search, old mails."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef

from gongkai.portal.alerts.services.asking import confirm_within
from gongkai.portal.models import AlertMail, AlertNews, AlertReader, SearchAlert

MAILS_KEPT = timedelta(days=60)
"""How long it is known what was sent: longer than any look goes back."""


def alerts_forget(*, at: datetime) -> int:
    """Delete what is over; returns how many searches that nobody confirmed were deleted."""
    over = SearchAlert.objects.filter(confirmed_at__isnull=True, asked_at__lt=at - confirm_within())
    number = over.count()
    over.delete()
    AlertReader.objects.filter(
        ~Exists(SearchAlert.objects.filter(reader_id=OuterRef("pk"))), made_at__lt=at - timedelta(hours=1)
    ).delete()
    AlertNews.objects.filter(mail__made_at__lt=at - MAILS_KEPT).delete()
    AlertMail.objects.filter(made_at__lt=at - MAILS_KEPT).delete()
    return number
