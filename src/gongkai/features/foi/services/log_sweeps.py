"""Nightly looks at the log of answers: what may enter it, what is ready, what must come down. Safe late and twice."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from itertools import islice

from django.db import transaction
from django.urls import reverse

from gongkai.domain.similarity.shingles import normalized
from gongkai.features.foi.items_port import items
from gongkai.features.foi.models import Application, LogEntry
from gongkai.features.foi.permissions import OFFICE
from gongkai.features.foi.selectors.after_rules import results_of, rules_on
from gongkai.features.foi.selectors.log_entries import objected_ids
from gongkai.features.foi.services.after_actions import KIND_LOG
from gongkai.features.foi.services.log_objections import objection_tell
from gongkai.features.foi.services.writing import day_of
from gongkai.kernel.accounts.selectors import users_of_units
from gongkai.kernel.clocks.selectors import calendar_current
from gongkai.kernel.notices.services import notice_send

LOOK_BACK = timedelta(days=365)
"""How far back closed cases are looked at; older ones an office proposes by hand. A technical bound."""
MOST = 1000
"""Entries that one look proposes at most; the next look goes on."""
CHUNK = 2000


def log_entries_propose(*, now: datetime) -> int:
    """Propose answers that gave information; returns how many entries are new.

    Of many cases that ask for the same in the same words one is proposed: the log tells things once. Cases whose applicant
    objected, or which were destroyed, are left out.
    """
    today = day_of(now)
    rules = rules_on(today).log
    rows = (
        Application.objects.filter(
            closed_on__range=(today - LOOK_BACK, today),
            disposition__in=results_of(rules.categories, on=today),
            log_entry__isnull=True,
            log_objection__isnull=True,
            applicant__erased_at__isnull=True,
        )
        .order_by("closed_on", "pk")
        .values_list("pk", "unit_id", "subject", "closed_on")
    )
    known = {
        (unit_id, normalized(subject))
        for unit_id, subject in LogEntry.objects.values_list("application__unit_id", "application__subject")
    }
    asked = ((pk, (unit_id, normalized(subject)), day) for pk, unit_id, subject, day in rows.iterator(chunk_size=CHUNK))
    calendar, new = calendar_current(), list[LogEntry]()
    while len(new) < MOST and (chunk := list(islice((one for one in asked if one[1] not in known), CHUNK))):
        said = objected_ids([pk for pk, *_ in chunk])
        for pk, key, closed_on in chunk:
            if pk in said or key in known:  # one that stays out does not keep others out that ask for the same
                continue
            known.add(key)
            ready = max(calendar.add_working_days(closed_on, rules.waiting, strict=False), today)
            new.append(LogEntry(application_id=pk, proposed_on=today, ready_on=ready))
    with transaction.atomic():
        LogEntry.objects.bulk_create(new[:MOST], ignore_conflicts=True)
    return len(new[:MOST])


def log_entries_remind(*, now: datetime) -> int:
    """Tell offices once a week what may be put into words, and every day what must come down; returns the notices sent."""
    today = day_of(now)
    year, week, _ = today.isocalendar()
    ready = LogEntry.objects.filter(
        state=LogEntry.State.WAITING, ready_on__lte=today, application__log_objection__isnull=True
    )
    counted = Counter(ready.values_list("application__unit_id", flat=True))
    people = users_of_units(unit_ids=sorted(counted), today=today, roles=OFFICE)
    sent = 0
    for unit_id, number in counted.items():
        sent += notice_send(
            recipients=[user.pk for user in people.get(unit_id, ())],
            kind=KIND_LOG,
            title=f"{number} 件答复可以列入答复公开目录",
            body="等待期已过，申请人没有表示不同意。请用自己的话写明申请了什么、怎样答复，或者写明不列入的理由。",
            url=reverse("foi:staff:log"),
            dedupe_key=f"foi.log.ready.{unit_id}.{year}-{week}",
            now=now,
        )
    return sent + _remind_to_take_down(now)


def _remind_to_take_down(now: datetime) -> int:
    """What still stands although the applicant objected; a draft that went back to its author is discarded meanwhile."""
    rows = LogEntry.objects.filter(state=LogEntry.State.DRAFTED, item_id__isnull=False)
    said = objected_ids(list(rows.values_list("application_id", flat=True)))
    sent, found = 0, list(rows.filter(application_id__in=said).select_related("application", "application__unit"))
    stands = items().stands(item_ids=[entry.item_id or 0 for entry in found], at=now) if found else {}
    for entry in found:
        stand = stands.get(entry.item_id or 0)
        over = stand is None or stand.gone or (stand.ended != "" and not stand.public)
        if over or items().drop(item_id=entry.item_id or 0, reason="不再列入答复公开目录", now=now):
            with transaction.atomic():
                LogEntry.objects.filter(pk=entry.pk).update(state=LogEntry.State.OBJECTED.value)
            continue
        sent += objection_tell(entry=entry, application=entry.application, now=now)
    return sent
