"""Before an application: drafts by their codes, and how often a published answer was enough."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q

from gongkai.features.foi.models import ApplicationDraft, Suggestion
from gongkai.features.foi.selectors.access import NotFound, plain_code
from gongkai.kernel.sealed import matching


def draft_row(*, code: str, today: date, lock: bool = False) -> ApplicationDraft | None:
    """Return the draft that a code opens, or None; one whose time is over is none. With ``lock`` in a transaction only."""
    written = plain_code(code)
    if not written:
        return None
    rows = ApplicationDraft.objects.select_for_update(no_key=True) if lock else ApplicationDraft.objects.all()
    return rows.filter(kept_until__gte=today, **matching("code_digest", written, ApplicationDraft)).first()


def draft_values(*, code: str, today: date) -> dict[str, str]:
    """Return what was typed into a draft, to its owner; raises NotFound."""
    row = draft_row(code=code, today=today)
    if row is None:
        raise NotFound("与此草稿码对应的草稿")
    return dict(row.values.for_machine())


@dataclass(frozen=True, slots=True)
class SuggestionFigures:
    """What came of looking before applying in a year: how often something was shown, and what people did then."""

    asked: int
    shown: int
    helped: int
    continued: int

    @property
    def left(self) -> int:
        """Return how many did neither."""
        return self.shown - self.helped - self.continued

    @property
    def helped_percent(self) -> int:
        """Return how many of a hundred to whom something was shown did not apply then because they had found it."""
        return round(100 * self.helped / self.shown) if self.shown else 0


def suggestion_figures(*, year: int) -> SuggestionFigures:
    """Return the figures of a year of the whole installation, by one statement."""
    rows = Suggestion.objects.filter(shown_on__range=(date(year, 1, 1), date(year, 12, 31)))
    some = Q(results__gt=0)
    found = rows.aggregate(
        asked=Count("id"),
        shown=Count("id", filter=some),
        helped=Count("id", filter=some & Q(outcome=Suggestion.Outcome.HELPED)),
        continued=Count("id", filter=some & Q(outcome=Suggestion.Outcome.CONTINUED)),
    )
    return SuggestionFigures(**found)
