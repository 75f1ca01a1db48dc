"""Batches: one step for many cases. Asked for, tried on all of them, confirmed, done chunk by chunk, read afterwards.

A chunk is one transaction: its cases, their events and audit entries, the lines and the counters of the batch. Whoever goes
on after a crash finds the lines that are left. Each case is judged by itself when its turn comes; a case that moved since
the trial is left alone, and a case that is refused keeps no other from being done.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import DataError, IntegrityError, connection, transaction
from django.db.models import Count
from django.urls import reverse

from gongkai.domain.foi.verbs import Verb
from gongkai.domain.issues import Issue
from gongkai.features.foi import permissions
from gongkai.features.foi.models import BatchLine, BatchRun, Campaign
from gongkai.features.foi.selectors.access import NotFound
from gongkai.features.foi.selectors.batches import UNDER_WAY
from gongkai.features.foi.selectors.selection import MOST, Selection, selection_rows
from gongkai.features.foi.services.actions import KIND_CASE
from gongkai.features.foi.services.batch_letters import letter_step
from gongkai.features.foi.services.batch_steps import AT_ONCE, JOIN, LETTER, STEPS, Chunk, step_name
from gongkai.features.foi.services.bulk import rows_update
from gongkai.features.foi.services.campaigns import campaign_create
from gongkai.features.foi.services.writing import day_of
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.selectors import actor_get
from gongkai.kernel.audit.actions import register_actions, register_targets
from gongkai.kernel.audit.services import gathered, record
from gongkai.kernel.errors import NotPermitted, Refused
from gongkai.kernel.jobs import enqueue
from gongkai.kernel.notices.services import notice_send

logger = logging.getLogger(__name__)

BATCH = "foi.batch"
BATCH_JOB = "foi.batch_work"
CHUNK, LETTERS = 500, 50
"""Cases of one transaction; letters are many times as slow to write. Technical bounds."""
SMALL = 100
"""A batch of up to so many is done while whoever asked for it waits, and tells nobody. A technical bound."""
_STEPS = {**STEPS, LETTER: letter_step}
_COUNTED = {"passed": BatchLine.State.PASSED, "done": BatchLine.State.DONE, "refused": BatchLine.State.REFUSED}

register_targets({BATCH: "公开申请批量办理"})
register_actions(
    {
        "foi.batch.ask": "公开申请批量办理：提出",
        "foi.batch.start": "公开申请批量办理：确认办理",
        "foi.batch.again": "公开申请批量办理：再次试算",
        "foi.batch.stop": "公开申请批量办理：停止",
        "foi.batch.end": "公开申请批量办理：完成",
    }
)


def batch_ask(
    *,
    actor: Actor,
    selection: Selection,
    step: str,
    values: Mapping[str, Any],
    title: str = "",
    campaign_id: int | None = None,
    now: datetime,
) -> BatchRun:
    """Ask for a step on many cases: it is tried on all of them, and done once ``batch_start`` says so.

    ``values`` are plain values: ``command`` as ``command_to_data`` gives it, for the other steps what ``batch_steps`` reads.
    Steps that change nothing of a case itself (``AT_ONCE``) are done without a trial. The cases are put on file as they are
    selected now, by one statement. Raises NotPermitted, NotFound, Refused.
    """
    if step not in _STEPS:
        raise Refused(Issue("foi.batch.step", "step", {"step": step}))
    if not _may(actor, step, selection.unit_id):
        raise NotPermitted(ability=f"批量办理：{step_name(step)}")
    at_once = step in AT_ONCE
    with transaction.atomic():
        if campaign_id is not None:
            found = Campaign.objects.filter(pk=campaign_id, unit_id=selection.unit_id)
            if not found.exists():
                raise NotFound("同类申请")
        run = BatchRun.objects.create(
            unit_id=selection.unit_id,
            campaign_id=campaign_id,
            step=step,
            title=(title or step_name(step))[:200],
            values=dict(values),
            state=BatchRun.State.RUNNING if at_once else BatchRun.State.TRYING,
            created_by_id=actor.user_id,
            created_by_name=actor.name[:150],
            created_at=now,
            started_at=now if at_once else None,
        )
        run.total = _lines_put(run, actor, selection, waiting=not at_once, now=now)
        if not 0 < run.total <= MOST:
            code = "foi.batch.nobody" if not run.total else "foi.batch.too_many"
            raise Refused(Issue(code, values={"most": MOST}))
        run.passed = run.total if at_once else 0
        run.save(update_fields=["total", "passed"])
        _record(run, actor, "ask", f"{step_name(step)}，共{run.total}件", now)
        _queue(run)
    return run


def batch_join(
    *, actor: Actor, selection: Selection, campaign_id: int | None, name: str, like: int | None, now: datetime
) -> BatchRun:
    """Ask for putting cases into a campaign: this one, or a new one with a name, which is not begun where nobody joins.

    ``like`` is the case whose wording the others have in common. Raises NotPermitted, NotFound, Refused.
    """
    with transaction.atomic():
        if campaign_id is None:
            campaign_id = campaign_create(actor=actor, unit_id=selection.unit_id, name=name, now=now).pk
        values = {"like": like} if like is not None else {}
        return batch_ask(actor=actor, selection=selection, step=JOIN, values=values, campaign_id=campaign_id, now=now)


def _may(actor: Actor, step: str, unit_id: int) -> bool:
    if step in set(Verb):
        return permissions.can_do(actor, Verb(step), unit_id)
    return permissions.can_handle_case(actor, unit_id)


def _lines_put(run: BatchRun, actor: Actor, selection: Selection, *, waiting: bool, now: datetime) -> int:
    """Put the selected cases on file as lines, in the order in which they fall due."""
    rows = selection_rows(actor=actor, selection=selection, today=day_of(now)).order_by("due_on", "pk")
    try:
        sql, values = rows.values_list("id", "event_count")[: MOST + 1].query.sql_with_params()
    except EmptyResultSet:  # known to be none without asking
        return 0
    state = BatchLine.State.WAITING if waiting else BatchLine.State.PASSED
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO foi_batchline (run_id, application_id, seen, state, told) "
            f"SELECT %s, picked.id, picked.event_count, %s, '' FROM ({sql}) AS picked",
            [run.pk, state.value, *values],
        )
        return cursor.rowcount


def _queue(run: BatchRun) -> None:
    enqueue(BATCH_JOB, run_id=run.pk, lock=f"{BATCH}:{run.pk}", once=f"{BATCH}:{run.pk}")


def batch_start(*, actor: Actor, run_id: int, now: datetime) -> BatchRun:
    """Do what was tried: the cases that passed, in the name of the person who asked for the trial.

    Raises NotFound, NotPermitted, Refused.
    """
    with transaction.atomic():
        run = _own(actor, run_id)
        if run.state != BatchRun.State.TRIED:
            raise Refused(Issue("foi.batch.not_now", values={"state": run.get_state_display()}))
        if not run.passed:
            raise Refused(Issue("foi.batch.none_passed"))
        run.state, run.started_at = BatchRun.State.RUNNING, now
        run.save(update_fields=["state", "started_at"])
        _record(run, actor, "start", f"确认办理{run.passed}件", now)
        _queue(run)
    return run


def batch_again(*, actor: Actor, run_id: int, now: datetime) -> BatchRun:
    """Try again what is left: the cases that were refused or not reached. What is done stays done.

    Raises NotFound, NotPermitted, Refused.
    """
    with transaction.atomic():
        run = _own(actor, run_id)
        if run.state in UNDER_WAY:
            raise Refused(Issue("foi.batch.not_now", values={"state": run.get_state_display()}))
        at_once = run.step in AT_ONCE
        left = BatchLine.objects.filter(run=run).exclude(state=BatchLine.State.DONE)
        number = left.update(
            state=BatchLine.State.PASSED if at_once else BatchLine.State.WAITING, told="", done_at=None
        )
        if not number:
            raise Refused(Issue("foi.batch.none_left"))
        run.state = BatchRun.State.RUNNING if at_once else BatchRun.State.TRYING
        run.finished_at, run.issues = None, []
        _count(run)
        _record(run, actor, "again", f"再次试算{number}件", now)
        _queue(run)
    return run


def batch_stop(*, actor: Actor, run_id: int, now: datetime) -> BatchRun:
    """Stop a batch, or give it up after its trial; what is done stays done. Raises NotFound, NotPermitted, Refused."""
    with transaction.atomic():
        run = _lock(run_id)
        if run is None or not permissions.can_see_case(actor, run.unit_id):
            raise NotFound("批量办理")
        if not (_may(actor, run.step, run.unit_id) or permissions.can_handle_case(actor, run.unit_id)):
            raise NotPermitted(ability="停止批量办理")
        if run.finished_at is not None:
            raise Refused(Issue("foi.batch.not_now", values={"state": run.get_state_display()}))
        run.state, run.finished_at = BatchRun.State.STOPPED, now
        _count(run)
        _record(run, actor, "stop", f"停止，已办理{run.done}件", now)
    return run


def _own(actor: Actor, run_id: int) -> BatchRun:
    """Load a batch for the person who asked for it: the trial spoke of what that person may do."""
    run = _lock(run_id)
    if run is None or not permissions.can_see_case(actor, run.unit_id):
        raise NotFound("批量办理")
    if not _may(actor, run.step, run.unit_id):
        raise NotPermitted(ability=f"批量办理：{step_name(run.step)}")
    if run.created_by_id != actor.user_id:
        raise Refused(Issue("foi.batch.somebody_else", values={"name": run.created_by_name}))
    return run


def _lock(run_id: int) -> BatchRun | None:
    return BatchRun.objects.select_for_update(of=("self",), no_key=True).filter(pk=run_id).first()


def batch_work(*, run_id: int, now: datetime) -> bool:
    """Look at, or do, the next chunk of a batch, in a transaction of its own; returns whether there is more to do now.

    A case that the database does not take, whatever the cause, is told as refused and keeps no other from being done.
    """
    try:
        return _chunk(run_id, now)
    except (DataError, IntegrityError, ArithmeticError, LookupError, TypeError, ValueError):
        lines = _next(BatchRun.objects.get(pk=run_id))
        if not lines:  # no case is to blame
            raise
        logger.exception("a chunk of batch %s could not be written", run_id)
    for line in lines:
        try:
            _chunk(run_id, now, only=line.pk)
        except (DataError, IntegrityError, ArithmeticError, LookupError, TypeError, ValueError):
            logger.exception("case %s of batch %s could not be written", line.application_id, run_id)
            _give_up(run_id, line, now)
    return True


def batch_hurry(*, run_id: int, now: datetime) -> None:
    """Work a small batch off while its person waits; a job takes it up, should this be cut off."""
    if BatchRun.objects.filter(pk=run_id, total__lte=SMALL).exists():
        while batch_work(run_id=run_id, now=now):
            pass


def batches_requeue() -> int:
    """Put batches under way for which no job waits back into the queue; returns how many were added. Safe at any time."""
    added = 0
    for run in BatchRun.objects.filter(state__in=UNDER_WAY).order_by("pk"):
        once = f"{BATCH}:{run.pk}"
        added += enqueue(BATCH_JOB, run_id=run.pk, lock=once, once=once) is not None
    return added


def _next(run: BatchRun, only: int | None = None) -> list[BatchLine]:
    wanted = BatchLine.State.WAITING if run.state == BatchRun.State.TRYING else BatchLine.State.PASSED
    rows = BatchLine.objects.filter(run=run, state=wanted).order_by("pk")
    if only is not None:
        rows = rows.filter(pk=only)
    return list(rows[: LETTERS if run.step == LETTER else CHUNK])


def _chunk(run_id: int, now: datetime, *, only: int | None = None) -> bool:
    with transaction.atomic(), gathered():
        run = _lock(run_id)
        if run is None or run.state not in UNDER_WAY:
            return False
        write = run.state == BatchRun.State.RUNNING
        lines = _next(run, only)
        actor = _actor(run, now)
        if not lines:
            return only is not None or _end(run, actor, now)
        try:
            _STEPS[run.step](Chunk(run, actor, lines, now), write=write)
        except Refused as refused:  # the whole of it: the person has lost the post, the letter is not in force any more
            run.issues = refused.sentences()
            run.state, run.finished_at = BatchRun.State.STOPPED, now
            run.save(update_fields=["state", "finished_at", "issues"])
            return False
        _close(run, lines, write=write)
    return True


def _close(run: BatchRun, lines: Sequence[BatchLine], *, write: bool) -> None:
    """Write what became of the lines, and count it."""
    rows_update(lines, ["state", "told", "seen", "paper", "done_at"])
    refused = sum(line.state == BatchLine.State.REFUSED for line in lines)
    settled = len(lines) - refused
    run.refused += refused
    run.passed += -len(lines) if write else settled
    run.done += settled if write else 0
    run.save(update_fields=["passed", "done", "refused"])


def _give_up(run_id: int, line: BatchLine, now: datetime) -> None:
    with transaction.atomic():
        run = _lock(run_id)
        assert run is not None
        chunk = Chunk(run, Actor.system("批量办理"), [line], now)
        chunk.refuse(line, Issue("foi.batch.failed"))
        _close(run, [line], write=run.state == BatchRun.State.RUNNING)


def _actor(run: BatchRun, now: datetime) -> Actor:
    """Return who acts: the person who asked, with the posts of today."""
    if run.created_by is None:
        return Actor.system(run.created_by_name)
    return actor_get(user=run.created_by, today=day_of(now))


def _end(run: BatchRun, actor: Actor, now: datetime) -> bool:
    """End the trial or the run: nothing is left to look at. Returns False: there is nothing more to do now."""
    trial = run.state == BatchRun.State.TRYING
    if trial:
        run.state = BatchRun.State.TRIED
    else:
        run.state, run.finished_at = BatchRun.State.DONE, now
    _count(run)
    if not trial:
        _record(run, actor, "end", f"完成，已办理{run.done}件，不能办理{run.refused}件", now)
    if run.total > SMALL and run.created_by_id is not None:
        told = f"可以办理 {run.passed} 件" if trial else f"已办理 {run.done} 件"
        notice_send(
            recipients=[run.created_by_id],
            kind=KIND_CASE,
            title=f"批量办理第{run.pk}号{'试算完成，请确认' if trial else '已完成'}",
            body=f"{step_name(run.step)}：{told}，不能办理 {run.refused} 件。",
            url=reverse("foi:staff:batch", args=[run.pk]),
            dedupe_key=f"{BATCH}:{run.pk}:{run.state}:{now.isoformat()}",
            now=now,
        )
    return False


def _count(run: BatchRun) -> None:
    """Set the counters to what the lines say, and save the run."""
    found = dict(BatchLine.objects.filter(run=run).values_list("state").annotate(number=Count("pk")).order_by())
    for name, state in _COUNTED.items():
        setattr(run, name, found.get(state.value, 0))
    run.save(update_fields=["state", "finished_at", "issues", *_COUNTED])


def _record(run: BatchRun, actor: Actor, action: str, what: str, now: datetime) -> None:
    record(
        actor=actor,
        action=f"foi.batch.{action}",
        target_type=BATCH,
        target_id=run.pk,
        summary=f"批量办理第{run.pk}号：{what}",
        unit_id=run.unit_id,
        details={"step": run.step, "campaign": run.campaign_id},
        now=now,
    )
