"""Before an application: counting what suggestions led to, and keeping drafts until they are sent or given up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.views.decorators.debug import sensitive_variables

from gongkai.features.foi.models import ApplicationDraft, Suggestion
from gongkai.features.foi.selectors.asking import draft_row
from gongkai.features.foi.services.beginning import code_new
from gongkai.features.foi.services.writing import day_of
from gongkai.features.foi.suggesting import MOST

DRAFT_DAYS = 30
"""How long a draft is kept after it was saved last. Not law; the page of the form tells it."""
LONGEST_VALUE = 5000


@dataclass(frozen=True, slots=True)
class Kept:
    """A saved draft: the code that opens it, and the last day on which it does."""

    code: str
    until: date


def suggestion_show(*, results: int, now: datetime) -> UUID:
    """Count that published items were shown; returns the name under which the outcome is told later.

    Where nothing was found the applicant goes on at once, and that is the outcome.
    """
    outcome = Suggestion.Outcome.LEFT if results else Suggestion.Outcome.CONTINUED
    row = Suggestion.objects.create(shown_on=day_of(now), results=min(results, MOST), outcome=outcome)
    return row.uid


def suggestion_settle(*, uid: UUID, helped: bool) -> bool:
    """Note what the person did after looking, once; returns False for one that is unknown or settled already."""
    outcome = Suggestion.Outcome.HELPED if helped else Suggestion.Outcome.CONTINUED
    open_ones = Suggestion.objects.filter(uid=uid, outcome=Suggestion.Outcome.LEFT)
    return open_ones.update(outcome=outcome) == 1


@sensitive_variables()
def draft_keep(*, values: Mapping[str, str], code: str = "", now: datetime) -> Kept:
    """Keep what was typed, sealed; with the code of a draft that is still there it takes its place. Files are not kept."""
    written = {name: str(value)[:LONGEST_VALUE] for name, value in values.items() if value}
    with transaction.atomic():
        row = draft_row(code=code, today=day_of(now), lock=True)
        if row is None:
            row = ApplicationDraft(code=code_new())
        row.values = written
        row.saved_at, row.kept_until = now, day_of(now) + timedelta(days=DRAFT_DAYS)
        row.save()
    return Kept(code=row.code.for_machine(), until=row.kept_until)


@sensitive_variables()
def draft_drop(*, code: str, now: datetime) -> None:
    """Delete a draft: it was sent, or its owner wants it gone. One that is not there is no error."""
    with transaction.atomic():
        row = draft_row(code=code, today=day_of(now), lock=True)
        if row is not None:
            row.delete()


def drafts_sweep(*, now: datetime) -> int:
    """Delete drafts whose time is over; returns how many."""
    return ApplicationDraft.objects.filter(kept_until__lt=day_of(now)).delete()[0]
