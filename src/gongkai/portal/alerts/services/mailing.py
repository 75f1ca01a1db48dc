"""Sending the mails that wait.

That a mail is begun is written down, and committed, before the mail server is asked; that it was sent, after. A mail
that was begun and whose end nobody knows (the process was killed, the connection broke while the text was on its way)
is not sent again: who asked for alerts is rather told once too little than twice. Where the server says no, or cannot
be reached at all, nothing has gone out, and the mail is tried again.

Errors of the mail server may name the address: only their kind is logged.
"""

from __future__ import annotations

import logging
import smtplib
from datetime import datetime, timedelta
from typing import Any

from django.core.mail import get_connection
from django.db import transaction

from gongkai.kernel.sealed import SealBroken
from gongkai.portal.alerts.letters import letter_of
from gongkai.portal.models import AlertMail

logger = logging.getLogger(__name__)

MOST = 500
"""Mails sent by one run."""
TRIES = 8
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=6)
_SAID_NO = (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused, smtplib.SMTPNotSupportedError)
"""Answers of the server by which the mail has not been taken."""


def mails_send(*, at: datetime) -> int:
    """Send what waits; returns how many mails went out. A mail server that cannot be reached ends the run."""
    waiting = AlertMail.objects.filter(
        begun_at__isnull=True, sent_at__isnull=True, ended_at__isnull=True, again_at__lte=at
    )
    sent = 0
    connection: Any = None
    try:
        for mail_id in list(waiting.order_by("pk").values_list("pk", flat=True)[:MOST]):
            if connection is None:
                connection = get_connection()
                try:
                    connection.open()
                except (OSError, smtplib.SMTPException) as error:
                    logger.warning("the mail server cannot be reached: %s", type(error).__name__)
                    return sent
            if not _begin(mail_id, at):
                continue
            done = _send(mail_id, connection, at)
            sent += done
            if not done:
                connection.close()
                connection = None
    finally:
        if connection is not None:
            connection.close()
    return sent


def _begin(mail_id: int, at: datetime) -> bool:
    """Take a mail for this process; False where another one was faster, or it was stopped meanwhile."""
    mine = AlertMail.objects.filter(pk=mail_id, begun_at__isnull=True, sent_at__isnull=True, ended_at__isnull=True)
    return bool(mine.update(begun_at=at))


def _send(mail_id: int, connection: Any, at: datetime) -> bool:
    rows = AlertMail.objects.filter(pk=mail_id)
    mail = rows.select_related("reader", "alert").first()
    if mail is None:  # the reader has stopped everything
        return False
    try:
        message = letter_of(mail, at=at)
    except SealBroken:
        logger.error("mail %s has an address sealed with another key and is not sent", mail_id)
        message = None
    if message is None:
        rows.update(ended_at=at, begun_at=None)
        return False
    message.connection = connection
    try:
        message.send()
    except _SAID_NO as error:
        _refused(mail, type(error).__name__, at)
        return False
    except (OSError, smtplib.SMTPException) as error:
        logger.warning("whether mail %s went out is not known: %s", mail_id, type(error).__name__)
        return False
    rows.update(sent_at=at)
    return True


def _refused(mail: AlertMail, error: str, at: datetime) -> None:
    logger.warning("mail %s was refused by the mail server: %s", mail.pk, error)
    with transaction.atomic():
        tries = mail.tries + 1
        wait = min(FIRST_WAIT * 4 ** (tries - 1), LONGEST_WAIT)
        AlertMail.objects.filter(pk=mail.pk).update(
            begun_at=None, tries=tries, again_at=at + wait, ended_at=at if tries >= TRIES else None
        )
