"""Jobs of the alerts: each only looks for what is to be done, every minute or every hour."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.utils import timezone

from gongkai.kernel.jobs import periodic
from gongkai.portal.alerts.services.forgetting import alerts_forget
from gongkai.portal.alerts.services.looking import alerts_look
from gongkai.portal.alerts.services.mailing import mails_send

logger = logging.getLogger(__name__)


@periodic("* * * * * 40", name="alerts.tell", longest=timedelta(hours=2))
def tell() -> None:
    """Look for news of saved searches and send the mails that wait, every minute; an index that is broken holds no mail up."""
    try:
        alerts_look(at=timezone.now())
    except (ValueError, OSError):
        logger.exception("the search index could not answer; saved searches are looked at when it can again")
    mails_send(at=timezone.now())


@periodic("50 * * * *", name="alerts.forget")
def forget() -> None:
    """Delete what nobody confirmed and what is over, every hour."""
    alerts_forget(at=timezone.now())


__all__ = ["forget", "tell"]
