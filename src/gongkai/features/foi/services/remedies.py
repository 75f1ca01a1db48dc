"""Steps of the organ in a reconsideration or suit: notified, answered, heard, decided, done (复议法 arts. 48-54, 诉讼法 art. 67)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction

from gongkai.domain.foi import commands as c
from gongkai.domain.foi.defense import (
    DEFENSE_VERB_NAMES,
    DefenseCommand,
    DefenseVerb,
    decide_defense,
    defense_to_data,
)
from gongkai.domain.foi.model import OUTCOME_NAMES, RemedyKind, RemedyOutcome
from gongkai.domain.foi.verbs import Verb
from gongkai.domain.issues import Issue
from gongkai.features.foi import permissions
from gongkai.features.foi.models import CasePaper, CaseRemedy, RemedyStep
from gongkai.features.foi.selectors.access import NotFound
from gongkai.features.foi.selectors.remedy_course import remedy_course
from gongkai.features.foi.services.commands import step_write
from gongkai.features.foi.services.papers import paper_write
from gongkai.features.foi.services.remedy_actions import REMEDY_ACTIONS
from gongkai.features.foi.services.remedy_rows import columns_set
from gongkai.features.foi.services.writing import audit_case, case_lock, day_of
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.audit.services import gathered
from gongkai.kernel.errors import NotPermitted, Refused


def remedy_step(
    *,
    actor: Actor,
    remedy_id: int,
    command: DefenseCommand,
    seen: int | None = None,
    upload: Any = None,
    outcome: RemedyOutcome | None = None,
    decided_on: date | None = None,
    now: datetime,
) -> CaseRemedy:
    """Record one step of a reconsideration or suit, with the paper that proves it.

    With the decision comes its ``outcome``, made on ``decided_on`` (the day it was received where not given): that is an
    event of the case, too, and counts in table four of the annual report. ``seen`` is the number of steps the actor had
    before the eyes. Raises NotFound, NotPermitted, Refused with all reasons.
    """
    with transaction.atomic(), gathered():
        found = CaseRemedy.objects.filter(pk=remedy_id).values_list("application_id", flat=True).first()
        if found is None:
            raise NotFound("复议诉讼")
        case = case_lock(actor=actor, application_id=found)
        application = case.application
        if not permissions.can_do(actor, Verb.FILE_REMEDY, application.unit_id):
            raise NotPermitted(ability=DEFENSE_VERB_NAMES[command.verb])
        row = CaseRemedy.objects.select_for_update(no_key=True).get(pk=remedy_id)
        course = remedy_course(row, row.steps.all(), today=day_of(now))
        issues = list(decide_defense(course.state, command, today=day_of(now)).issues)
        if seen is not None and seen != row.step_count:
            issues.append(Issue("foi.defense.changed_meanwhile"))
        own = set(application.papers.filter(removed_at__isnull=True).values_list("pk", flat=True))
        if not set(command.papers) <= own:
            issues.append(Issue("foi.defense.paper", "papers"))
        pending = row.outcome == RemedyOutcome.PENDING.value
        if command.verb is DefenseVerb.RECEIVE_DECISION and pending and outcome in (None, RemedyOutcome.PENDING):
            issues.append(Issue("foi.remedy.outcome", "outcome"))
        if issues:
            raise Refused(issues)
        if command.verb is DefenseVerb.RECEIVE_DECISION and pending and outcome is not None:
            decided = c.DecideRemedy(
                on=decided_on or command.on, by=actor.name, kind=RemedyKind(row.kind), outcome=outcome, ref=row.ref
            )
            step_write(course=case, actor=actor, command=decided, now=now)
            row.refresh_from_db()
        if upload is not None:
            paper_write(
                application=application,
                actor=actor,
                kind=CasePaper.Kind.REMEDY.value,
                title=f"{row.get_kind_display()}：{DEFENSE_VERB_NAMES[command.verb]}",
                upload=upload,
                now=now,
            )
        step = RemedyStep.objects.create(
            remedy=row,
            number=row.step_count + 1,
            kind=command.verb.value,
            on=command.on,
            data=defense_to_data(command),
            by_id=actor.user_id,
            by_name=actor.name[:150],
            at=now,
        )
        row.step_count = step.number
        columns_set(course=remedy_course(row, [*course.steps, step], today=day_of(now)), now=now)
        row.save()
        audit_case(
            application=application,
            actor=actor,
            action=REMEDY_ACTIONS[command.verb],
            summary=_summary(row, command, outcome),
            remedy=row.pk,
            step=step.number,
            now=now,
        )
    return row


def _summary(row: CaseRemedy, command: DefenseCommand, outcome: RemedyOutcome | None) -> str:
    told = f"，{OUTCOME_NAMES[outcome]}" if outcome is not None else ""
    return f"{row.get_kind_display()}：{DEFENSE_VERB_NAMES[command.verb]}（{command.on.isoformat()}）{told}"
