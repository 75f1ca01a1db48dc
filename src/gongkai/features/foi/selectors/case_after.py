"""What the page of a case tells about what comes after the answer: the log, suggestions, retention."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from gongkai.features.foi import after_permissions
from gongkai.features.foi.models import Application, LogEntry, LogObjection, ProactiveProposal
from gongkai.features.foi.selectors.after_rules import results_of, rules_on
from gongkai.features.foi.selectors.log_entries import objected_ids
from gongkai.features.foi.selectors.proposals import ToldSuggestion, suggestions_told
from gongkai.features.foi.selectors.retention import CaseRetention, case_retention
from gongkai.kernel.accounts.actor import Actor


@dataclass(frozen=True, slots=True)
class CaseAfter:
    """All of it, for one case; ``may_propose`` tells that the answer may still be proposed for the log."""

    entry: LogEntry | None
    objection: LogObjection | None
    proposals: tuple[ProactiveProposal, ...]
    retention: CaseRetention
    may_edit: bool
    may_propose: bool


@dataclass(frozen=True, slots=True)
class FollowedAfter:
    """What the applicant's page tells about what comes after: objection and own suggestions."""

    objected: bool
    destroyed: bool
    suggestions: tuple[ToldSuggestion, ...]


def followed_after(*, application: Application, now: datetime, today: date) -> FollowedAfter:
    """Return what the holder of a query code sees of it."""
    return FollowedAfter(
        objected=bool(objected_ids([application.pk])),
        destroyed=application.applicant.erased_at is not None,
        suggestions=suggestions_told(application=application, now=now, today=today),
    )


def case_after(*, actor: Actor, application: Application, today: date) -> CaseAfter:
    """Return what comes after the answer of a case that the actor sees."""
    entry = LogEntry.objects.filter(application_id=application.pk).first()
    objection = LogObjection.objects.filter(application_id=application.pk).first()
    retention = case_retention(actor=actor, application_id=application.pk, today=today)
    may_edit = after_permissions.can_edit_log(actor, application.unit_id) and not retention.destroyed
    answered = application.closed_on is not None and application.disposition in results_of(
        rules_on(today).log.categories, on=today
    )
    return CaseAfter(
        entry=entry,
        objection=objection,
        proposals=tuple(ProactiveProposal.objects.filter(cases__application_id=application.pk).order_by("-pk")[:5]),
        retention=retention,
        may_edit=may_edit,
        may_propose=may_edit and answered and entry is None and not objected_ids([application.pk]),
    )
