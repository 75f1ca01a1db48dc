"""Writes to the database of a running installation and prints what was acknowledged; run as a program by test_kill.py.

``writer.py people`` makes a person to sign in with and prints their number. ``writer.py write NUMBER`` then writes until it
is ended: each turn one transaction with a register number, an audit entry and a notice whose e-mail is a deferred job.
``writer.py recover`` does now what the worker does for lost jobs a minute after their worker has died.
"""

from __future__ import annotations

import contextlib
import sys
import time
from datetime import UTC, datetime, timedelta

import django

django.setup()

from django.contrib.auth import get_user_model  # noqa: E402
from django.db import DatabaseError, connection, transaction  # noqa: E402

from gongkai.kernel.accounts.actor import Actor  # noqa: E402
from gongkai.kernel.audit.actions import register_actions  # noqa: E402
from gongkai.kernel.audit.selectors import chain_verify  # noqa: E402
from gongkai.kernel.audit.services import record  # noqa: E402
from gongkai.kernel.jobs.services import jobs_recover  # noqa: E402
from gongkai.kernel.notices.services import notice_send  # noqa: E402
from gongkai.kernel.registers.services import number_take  # noqa: E402

ACTION = "story.number.take"
register_actions({ACTION: "取号"})


def say(*words: object) -> None:
    """Tell the test."""
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


def people() -> None:
    """Make the person who signs in and gets the notices."""
    user = get_user_model().objects.create_superuser("keeper", "keeper@example.invalid", "unbroken-2026")
    say(user.pk)


def write(user_id: int) -> None:
    """Write and acknowledge until ended; a turn that fails is not acknowledged and is not repeated."""
    while True:
        try:
            with transaction.atomic():
                number = number_take(series="story", year=2026)
                now = datetime.now(UTC)
                title = f"第 {number} 号"
                notice_send(
                    recipients=[user_id],
                    kind="story",
                    title=title,
                    body="",
                    url="/",
                    dedupe_key=f"story:{number}",
                    now=now,
                )
                entry = record(
                    actor=Actor.system("story"),
                    action=ACTION,
                    target_type="story",
                    target_id=number,
                    summary=title,
                    now=now,
                )
            say(number, entry.sequence)
        except DatabaseError:
            connection.close()
        time.sleep(0.05)


def recover() -> None:
    """Put lost jobs back, let the waiting ones begin, check the audit chain; tells how many jobs and how many breaks."""
    recovered = jobs_recover(now=datetime.now(UTC) + timedelta(minutes=5))
    with connection.cursor() as cursor:  # a job that failed while the database was away waits up to a minute
        cursor.execute(
            "UPDATE procrastinate_jobs SET scheduled_at = now() WHERE status = 'todo' AND scheduled_at > now()"
        )
    say(recovered, len(chain_verify()))


if __name__ == "__main__":
    task, *arguments = sys.argv[1:]
    with contextlib.suppress(BrokenPipeError):  # the test has stopped listening
        {"people": people, "write": write, "recover": recover}[task](*map(int, arguments))
