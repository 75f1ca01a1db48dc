"""What can be counted of plans and ledger in a year, for reports and assessments; the labels stand in ``metrics``."""

from __future__ import annotations

from datetime import date

from django.db.models import Count, F, Q

from gongkai.domain.ledger import FINISHED, State, Verb
from gongkai.features.workplans.models import Check, LedgerEntry, SupervisionNotice, WorkItem
from gongkai.features.workplans.selectors.access import owed, units_scope
from gongkai.features.workplans.selectors.lights import count_lights


def ledger_measures(*, year: int, today: date, unit_id: int | None = None) -> dict[str, int]:
    """Return every number of ``metrics.MEASURES`` for the plans of a year, for one unit or (None) for all; six queries.

    A unit's numbers count the items it owes in any role, groups resolved as of today. Meant for other features, which
    ask their own permission; nothing of a single item shows.
    """
    items = WorkItem.objects.filter(plan__year=year).exclude(plan__state="draft")
    notices = SupervisionNotice.objects.filter(item__plan__year=year)
    if unit_id is not None:
        items = items.filter(pk__in=owed(units_scope(unit_ids=[unit_id], today=today)).values("item_id"))
        notices = notices.filter(unit_id=unit_id)
    lights = count_lights(items, today=today)
    finished = items.filter(state__in=[state.value for state in FINISHED], due_on__isnull=False)
    checks = Check.objects.filter(item__in=items).aggregate(
        kept=Count("pk", filter=Q(state=Check.State.KEPT)), missed=Count("pk", filter=Q(state=Check.State.MISSED))
    )
    sent = notices.aggregate(
        issued=Count("pk"),
        answered=Count("pk", filter=Q(answered_at__isnull=False)),
        late=Count(
            "pk",
            filter=Q(answered_at__date__gt=F("answer_due_on")) | Q(answered_at__isnull=True, answer_due_on__lt=today),
        ),
    )
    return {
        "workplans.items": lights.total,
        "workplans.done": lights.done,
        "workplans.overdue": lights.overdue,
        "workplans.on_time": finished.filter(submitted_on__lte=F("due_on")).count(),
        "workplans.carried_over": items.filter(due_on__lt=date(today.year, 1, 1))
        .exclude(state__in=[state.value for state in (*FINISHED, State.CANCELED)])
        .count(),
        "workplans.returned": LedgerEntry.objects.filter(item__in=items, verb=Verb.RETURN.value).count(),
        "workplans.checks_kept": checks["kept"],
        "workplans.checks_missed": checks["missed"],
        "workplans.notices": sent["issued"],
        "workplans.notices_answered": sent["answered"],
        "workplans.notices_late": sent["late"],
    }
