"""Jobs: the daily looks at open cases, and telling offices what came in."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from gongkai.features.foi.events import ApplicationSubmitted
from gongkai.features.foi.services import (
    amendment_sweeps,
    amendments,
    batches,
    drafts_sweep,
    log_objections,
    log_sweeps,
    moved_tell,
    proposal_sweeps,
    remedy_rows,
    remedy_sweeps,
    retention,
    rounds,
    sweeps,
)
from gongkai.features.foi.services.carrying import cases_carry_over
from gongkai.features.foi.services.retrieval_notices import retrievals_remind
from gongkai.features.foi.services.retrieval_sweeps import retrievals_end
from gongkai.kernel.events import Event
from gongkai.kernel.jobs import job, periodic


@periodic("10 22 * * *", name="foi.sweep_clocks")
def sweep_clocks() -> None:
    """Read the clocks of open cases again (06:10 in Beijing)."""
    sweeps.cases_refresh(now=timezone.now())
    remedy_rows.remedies_refresh(now=timezone.now())
    amendments.amendments_refresh(now=timezone.now())


@periodic("40 18 * * *", name="foi.sweep_rounds")
def sweep_rounds() -> None:
    """Write what rounds of cases came to, where it is missing (02:40 in Beijing)."""
    rounds.rounds_fill()


@periodic("5 0 * * *", name="foi.sweep_reminders")
def sweep_reminders() -> None:
    """Tell offices what wants attention (08:05 in Beijing)."""
    sweeps.cases_remind(now=timezone.now())
    remedy_sweeps.remedies_remind(now=timezone.now())
    amendment_sweeps.amendments_remind(now=timezone.now())


@periodic("45 18 * * *", name="foi.sweep_drafts")
def sweep_drafts() -> None:
    """Delete drafts of applications whose time is over (02:45 in Beijing)."""
    drafts_sweep(now=timezone.now())


@job(batches.BATCH_JOB, retries=5, longest=timedelta(hours=6))
def work_batch(run_id: int) -> None:
    """Try a batch, or do it, chunk by chunk; started again after a crash it goes on with what is left."""
    while batches.batch_work(run_id=run_id, now=timezone.now()):
        pass


@periodic("*/10 * * * *", name="foi.sweep_batches")
def sweep_batches() -> None:
    """See to it that every batch under way has a job."""
    batches.batches_requeue()


@periodic("15 0 * * *", name="foi.sweep_retrievals")
def sweep_retrievals() -> None:
    """Close what divisions need not look for any more, and remind them of the rest (08:15 in Beijing)."""
    retrievals_end(now=timezone.now())
    retrievals_remind(now=timezone.now())


@periodic("20 16 * * *", name="foi.carry_over")
def carry_over() -> None:
    """Carry over what was open at the end of a year: on 1 January (00:20 in Beijing), later where that was missed."""
    cases_carry_over(now=timezone.now())


@periodic("20 18 * * *", name="foi.sweep_log")
def sweep_log() -> None:
    """Propose answers for the log, and what several ask for, for proactive disclosure (02:20 in Beijing)."""
    log_sweeps.log_entries_propose(now=timezone.now())
    proposal_sweeps.proposals_find(now=timezone.now())


@periodic("15 0 * * *", name="foi.sweep_after")
def sweep_after() -> None:
    """Tell offices of entries that are ready or must come down, and of evaluations that are due (08:15 in Beijing)."""
    log_sweeps.log_entries_remind(now=timezone.now())
    proposal_sweeps.proposals_remind(now=timezone.now())


@periodic("25 18 * * *", name="foi.sweep_identities")
def sweep_identities() -> None:
    """Delete proofs of identity whose term is over (02:25 in Beijing)."""
    retention.identities_sweep(now=timezone.now())


def on_item_published(event: Event) -> None:
    """Tell the office where an item went out although the applicant had objected meanwhile."""
    log_objections.item_published(item_id=getattr(event, "item_id", 0), now=timezone.now())


def on_submitted(event: ApplicationSubmitted) -> None:
    """Tell the unit's office that an application came in."""
    which, now, at = event.application_id, timezone.now(), event.at
    if not moved_tell(application_id=which, now=now, happened_at=at):
        sweeps.submission_tell(application_id=which, now=now, happened_at=at)
