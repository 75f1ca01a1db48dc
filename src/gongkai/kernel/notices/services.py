"""Sending notices and marking them read."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import EmailMessage
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from gongkai.kernel.jobs import enqueue
from gongkai.kernel.jobs.selectors import failed_job_ids, failed_job_names
from gongkai.kernel.notices.kinds import kind_label, kind_labels, register_kinds
from gongkai.kernel.notices.models import EmailOptOut, Level, Notice
from gongkai.kernel.notices.selectors import administrator_ids

register_kinds({"jobs.failed": "后台任务失败"})

if TYPE_CHECKING:
    from gongkai.kernel.accounts.actor import Actor

TITLE_LENGTH = Notice._meta.get_field("title").max_length or 200
NO_EMAIL = "django.core.mail.backends.dummy.EmailBackend"


def notice_send(
    *,
    recipients: Iterable[int],
    kind: str,
    title: str,
    body: str,
    url: str,
    dedupe_key: str,
    now: datetime,
    level: str = "info",
    email: bool = True,
    happened_at: datetime | None = None,
) -> int:
    """Put a notice into each recipient's inbox and, unless they declined the kind, defer an e-mail; returns how many are new.

    ``recipients`` are user numbers; inactive people get nothing. ``level`` is info, warning or urgent. ``url`` is a path
    of this site. Safe twice: a recipient who has a notice with the same ``dedupe_key`` gets no second one, also when
    two processes send at the same time.

    ``happened_at`` is when that happened which is told, ``now`` unless it is given: a listener may hear of it days later,
    after the worker stood still. What is too old for an e-mail (``too_old``) stays in the inbox.
    """
    if level not in Level.values:
        raise ValueError(f"{level!r} is no notice level")
    wanted = sorted(set(recipients))
    if not wanted:
        return 0
    with transaction.atomic():
        people = dict(get_user_model().objects.filter(id__in=wanted, is_active=True).values_list("id", "email"))
        declined = set(EmailOptOut.objects.filter(user_id__in=wanted, kind=kind).values_list("user_id", flat=True))
        by_email = email and settings.EMAIL_BACKEND != NO_EMAIL and not too_old(happened_at or now, now=now)
        rows = [
            (
                person,
                kind,
                level,
                _short(title),
                body,
                url,
                dedupe_key,
                now,
                bool(by_email and people[person] and person not in declined),
            )
            for person in wanted
            if person in people
        ]
        added = _insert(rows)
        for notice_id, wants_email in added:
            if wants_email:
                enqueue("notices.email", notice_id=notice_id)
    return len(added)


def too_old(at: datetime, *, now: datetime) -> bool:
    """Tell whether something lies too far back to be told by e-mail still (``GONGKAI_NOTICE_EMAIL_DAYS``, 0: never)."""
    days = settings.NOTICE_EMAIL_DAYS
    return days > 0 and now - at > timedelta(days=days)


def _insert(rows: list[tuple[object, ...]]) -> list[tuple[int, bool]]:
    """Insert what is new in one statement and return number and wish for e-mail of each new row.

    Plain SQL, because ``bulk_create(ignore_conflicts=True)`` cannot say which rows are new.
    """
    if not rows:
        return []
    one = "(" + ", ".join(["%s"] * len(rows[0])) + ")"
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO notices_notice (recipient_id, kind, level, title, body, url, dedupe_key, created_at, email_wanted) "
            f"VALUES {', '.join([one] * len(rows))} ON CONFLICT (recipient_id, dedupe_key) DO NOTHING "
            "RETURNING id, email_wanted",
            [value for row in rows for value in row],
        )
        return list(cursor.fetchall())


def _short(title: str) -> str:
    return title if len(title) <= TITLE_LENGTH else title[: TITLE_LENGTH - 1] + "…"


def notice_mark_read(*, actor: Actor, notice_ids: Collection[int] | None, now: datetime) -> int:
    """Mark the actor's own notices read (all of them when ``notice_ids`` is None); returns how many were unread."""
    mine = Notice.objects.filter(recipient_id=actor.user_id, read_at=None)
    if notice_ids is not None:
        mine = mine.filter(id__in=notice_ids)
    return mine.update(read_at=now)


def email_preferences_set(*, actor: Actor, declined: Collection[str]) -> None:
    """Keep which kinds the actor does not want by e-mail; kinds that are not registered are ignored."""
    kinds = set(declined) & set(kind_labels())
    with transaction.atomic():
        EmailOptOut.objects.filter(user_id=actor.user_id).exclude(kind__in=kinds).delete()
        EmailOptOut.objects.bulk_create(
            [EmailOptOut(user_id=actor.user_id, kind=kind) for kind in sorted(kinds)], ignore_conflicts=True
        )


def notice_email(*, notice_id: int, now: datetime) -> bool:
    """Send one notice by e-mail and note that; returns False when there is nothing (more) to send.

    The row is locked meanwhile, so two workers never send it both. One that has become too old while it waited, for the
    mail server or for a worker, is not sent any more. Raises whatever the mail server refuses with; the job is tried
    again then.
    """
    with transaction.atomic():
        notice = (
            Notice.objects.select_for_update(of=("self",), skip_locked=True)
            .select_related("recipient")
            .filter(id=notice_id, email_wanted=True, emailed_at=None)
            .first()
        )
        if notice is None or not notice.recipient.email or not notice.recipient.is_active:
            return False
        if too_old(notice.created_at, now=now):
            notice.email_wanted = False
            notice.save(update_fields=["email_wanted"])
            return False
        link = f"{settings.BASE_URL}{notice.url}" if notice.url.startswith("/") else notice.url
        parts = [
            notice.body,
            link,
            f"此邮件由政务公开工作平台发出（{kind_label(notice.kind)}）。可在“通知 → 邮件设置”中停收此类邮件。",
        ]
        EmailMessage(
            subject=" ".join(f"{settings.EMAIL_SUBJECT_PREFIX}{notice.title}".split()),
            body="\n\n".join(part for part in parts if part),
            to=[notice.recipient.email],
        ).send()
        notice.emailed_at = now
        notice.save(update_fields=["emailed_at"])
    return True


def failed_jobs_report(*, now: datetime) -> int:
    """Tell every system administrator about failed jobs they were not told of yet; returns how many notices were sent.

    One notice for all that failed since the last look, so that a broken mail server does not fill the inbox.
    """
    told = Notice.objects.filter(kind="jobs.failed").order_by("-id").values_list("dedupe_key", flat=True).first()
    last = int(told.rpartition(":")[2]) if told else 0
    failed = failed_job_ids(after=last)
    if not failed:
        return 0
    names = sorted(set(failed_job_names(ids=failed).values()))
    return notice_send(
        recipients=administrator_ids(today=timezone.localdate(now)),
        kind="jobs.failed",
        title=f"有 {len(failed)} 个后台任务失败",
        body=f"失败的任务：{'、'.join(names)}。请到“后台任务”查看原因，处理后重新执行。",
        url=reverse("jobs:staff:failed_list"),
        dedupe_key=f"jobs.failed:{failed[-1]}",
        now=now,
        level="warning",
        email=False,
    )
