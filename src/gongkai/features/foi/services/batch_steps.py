"""What a batch does with a chunk of its lines: one function a kind of step, which looks first and writes then.

Each gets a chunk, says of every line whether it passes or why not, and with ``write`` does it for those that pass. All are
written with as many statements as one; a line that is refused stops no other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from gongkai.domain.foi import commands as c
from gongkai.domain.foi.command_data import command_from_data
from gongkai.domain.foi.model import ELSEWHERE, Delivery, Stage
from gongkai.domain.foi.verbs import VERB_NAMES, Verb
from gongkai.domain.issues import Issue, Severity
from gongkai.domain.similarity.shingles import shared, shingles
from gongkai.features.foi import permissions
from gongkai.features.foi.models import Application, BatchLine, BatchRun, CampaignMember, CasePaper
from gongkai.features.foi.selectors.alike import asked_text
from gongkai.features.foi.selectors.course import Course
from gongkai.features.foi.services.beginning import register_command
from gongkai.features.foi.services.bulk import Judged, cases_lock, cases_read, rows_update, step_judge, steps_write
from gongkai.features.foi.services.sweeps import OFFICE
from gongkai.features.foi.services.writing import case_entry, day_of
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.selectors import users_of_units
from gongkai.kernel.audit.actions import register_actions
from gongkai.kernel.audit.services import record_many
from gongkai.kernel.errors import NotPermitted
from gongkai.rulebook.messages import describe

HANDLER, JOIN, LEAVE, LETTER = "handler", "join", "leave", "letter"
STEP_NAMES: Mapping[str, str] = {
    HANDLER: "指定经办人",
    JOIN: "归入同类申请",
    LEAVE: "移出同类申请",
    LETTER: "制作文书",
}
VERBS = (
    Verb.RECORD_RECEIPT,
    Verb.REGISTER,
    Verb.ACCEPT,
    Verb.NOTIFY_SUPPLEMENT,
    Verb.DELIVER_SUPPLEMENT_NOTICE,
    Verb.LAPSE_SUPPLEMENT,
    Verb.EXTEND,
    Verb.DRAFT,
    Verb.REVIEW_LEGALITY,
    Verb.HEAR_COUNSEL,
    Verb.SIGN,
    Verb.SEND,
    Verb.SERVE,
    Verb.CLOSE,
    Verb.ARCHIVE,
)
"""Steps of a case that make sense for many at once, in the usual order; what answers to one side alone is not among them."""
AT_ONCE = frozenset({HANDLER, JOIN, LEAVE})
"""Steps that need no trial: they change nothing of a case but its place in the office."""

register_actions(
    {
        "foi.application.handler": "公开申请：指定经办人",
        "foi.application.join": "公开申请：归入同类申请",
        "foi.application.leave": "公开申请：移出同类申请",
    }
)


@dataclass(frozen=True)
class Chunk:
    """Some lines of a batch that are looked at or done together, and who does it."""

    run: BatchRun
    actor: Actor
    lines: Sequence[BatchLine]
    now: datetime
    refused: list[BatchLine] = field(default_factory=list)

    @property
    def today(self) -> date:
        """The day of the office."""
        return day_of(self.now)

    @property
    def ids(self) -> list[int]:
        """The cases of the lines."""
        return [line.application_id for line in self.lines]

    def refuse(self, line: BatchLine, *issues: Issue) -> None:
        """Note why nothing is done with the case of a line."""
        line.state = BatchLine.State.REFUSED.value
        errors = [_short(one) for one in issues if one.severity is Severity.ERROR]
        line.told = "\n".join(dict.fromkeys(describe(one) for one in errors))
        line.done_at = self.now

    def settle(self, line: BatchLine, *, write: bool, issues: Iterable[Issue] = ()) -> None:
        """Note that it is done, or could be; what wants a look is told beside it."""
        line.state = (BatchLine.State.DONE if write else BatchLine.State.PASSED).value
        line.told = "\n".join(dict.fromkeys(describe(one) for one in issues))
        line.done_at = self.now

    def require(self, allowed: bool) -> None:
        """Raise NotPermitted where the person may not do this (any more)."""
        if not allowed:
            raise NotPermitted(ability=f"批量办理：{step_name(self.run.step)}")


def _short(issue: Issue) -> Issue:
    """Leave out what could be done with one case instead: among many it is noise."""
    if issue.code != "foi.state.not_possible":
        return issue
    return Issue("foi.batch.not_at_stage", issue.field, {name: issue.values[name] for name in ("stage", "what")})


def verb_step(chunk: Chunk, *, write: bool) -> None:
    """Do a step of the law with each case, as ``case_do`` would."""
    run, actor = chunk.run, chunk.actor
    pattern = replace(command_from_data(run.values["command"]), by=actor.name)
    chunk.require(permissions.can_do(actor, pattern.verb, run.unit_id))
    load = cases_lock if write else cases_read
    cases = load(unit_id=run.unit_id, application_ids=chunk.ids)
    kept = _evidence_kept(chunk.ids) if pattern.verb is Verb.CLOSE else {}
    judged = []
    for line in chunk.lines:
        course = cases.get(line.application_id)
        if course is None:
            chunk.refuse(line, Issue("foi.not_found", values={"what": "公开申请"}))
            continue
        command = _command(pattern, course, run.values, kept.get(line.application_id, ()))
        seen = line.seen if write else None
        decision = step_judge(actor=actor, course=course, command=command, seen=seen, today=chunk.today)
        line.seen = course.application.event_count
        if decision.allowed:
            judged.append(Judged(course, command, decision))
            chunk.settle(line, write=write, issues=decision.issues)
        else:
            chunk.refuse(line, *decision.issues)
    if write:
        after = steps_write(actor=actor, judged=judged, now=chunk.now)
        if pattern.verb is Verb.RECORD_RECEIPT:
            _register(after, chunk)


def _command(pattern: c.Command, course: Course, values: Mapping[str, Any], kept: Iterable[str]) -> c.Command:
    """Return the command for one case: its own number, its own way of delivery, its own evidence."""
    application = course.application
    if isinstance(pattern, c.Register):
        return replace(pattern, register_no=application.register_no)
    if isinstance(pattern, c.Send) and values.get("as_wanted"):
        return replace(pattern, delivery=Delivery(application.wanted_delivery))
    if isinstance(pattern, c.Close) and kept:
        return replace(pattern, evidence=tuple(dict.fromkeys((*pattern.evidence, *sorted(kept)))))
    return pattern


def _evidence_kept(ids: Sequence[int]) -> dict[int, set[str]]:
    """Return by case which lines of its checklist papers settle (one statement)."""
    kept: dict[int, set[str]] = defaultdict(set)
    rows = CasePaper.objects.filter(application_id__in=ids, removed_at__isnull=True).exclude(evidence="")
    for application_id, evidence in rows.values_list("application_id", "evidence"):
        kept[application_id].add(evidence)
    return kept


def _register(courses: Sequence[Course], chunk: Chunk) -> None:
    """Enter into the register what is received for certain now, as ``receipt_record`` does."""
    judged = []
    for course in courses:
        command = register_command(course=course, by=chunk.actor.name, today=chunk.today)
        if command is not None:
            decision = step_judge(actor=chunk.actor, course=course, command=command, seen=None, today=chunk.today)
            if decision.allowed:
                judged.append(Judged(course, command, decision))
    steps_write(actor=chunk.actor, judged=judged, now=chunk.now)


def handler_step(chunk: Chunk, *, write: bool) -> None:
    """Give open cases to a person of the unit's office."""
    run, actor = chunk.run, chunk.actor
    chunk.require(permissions.can_handle_case(actor, run.unit_id))
    people = users_of_units(unit_ids=[run.unit_id], today=chunk.today, roles=OFFICE)[run.unit_id]
    person = next((one for one in people if one.pk == run.values["user"]), None)
    changed = []
    for line, one in _plain_cases(chunk, write=write):
        if person is None:
            chunk.refuse(line, Issue("foi.batch.handler_unknown"))
        elif one.closed_on is not None:
            chunk.refuse(line, Issue("foi.batch.closed", values={"closed": one.closed_on}))
        elif one.handler_id == person.pk:
            chunk.refuse(line, Issue("foi.batch.handler_same", values={"name": person.get_full_name()}))
        else:
            one.handler_id = person.pk
            changed.append(one)
            chunk.settle(line, write=write)
    if write and changed and person is not None:
        rows_update(changed, ["handler"])
        words = f"指定经办人：{person.get_full_name()}"
        _record(chunk, changed, "foi.application.handler", words, handler=person.pk)


def join_step(chunk: Chunk, *, write: bool) -> None:
    """Put cases into a campaign; one that is in a campaign already stays where it is."""
    run, actor = chunk.run, chunk.actor
    chunk.require(permissions.can_handle_case(actor, run.unit_id))
    where = dict(
        CampaignMember.objects.filter(application_id__in=chunk.ids).values_list("application_id", "campaign_id")
    )
    model = Application.objects.filter(pk=run.values.get("like"), unit_id=run.unit_id).first()
    base = shingles(asked_text(model)) if model is not None else frozenset()
    joined = []
    for line, one in _plain_cases(chunk, write=write, words=bool(base)):
        if one.pk in where:
            here = where[one.pk] == run.campaign_id
            chunk.refuse(line, Issue("foi.campaign.member_already" if here else "foi.campaign.member_elsewhere"))
        elif Stage(one.stage) in ELSEWHERE:
            chunk.refuse(line, Issue("foi.campaign.gone_elsewhere"))
        else:
            joined.append(one)
            chunk.settle(line, write=write)
    if write and joined:
        CampaignMember.objects.bulk_create(
            CampaignMember(
                campaign_id=run.campaign_id,
                application=one,
                share=int(shared(base, shingles(asked_text(one))) * 100) if base else None,
                added_by_id=actor.user_id,
                added_by_name=actor.name[:150],
                added_at=chunk.now,
            )
            for one in joined
        )
        _record(chunk, joined, "foi.application.join", f"归入同类申请第{run.campaign_id}号", campaign=run.campaign_id)


def leave_step(chunk: Chunk, *, write: bool) -> None:
    """Take cases out of a campaign; what was done with them stays done."""
    run = chunk.run
    chunk.require(permissions.can_handle_case(chunk.actor, run.unit_id))
    members = CampaignMember.objects.filter(campaign_id=run.campaign_id, application_id__in=chunk.ids)
    known = set(members.values_list("application_id", flat=True))
    gone = []
    for line, one in _plain_cases(chunk, write=write):
        if one.pk not in known:
            chunk.refuse(line, Issue("foi.campaign.not_member"))
        else:
            gone.append(one)
            chunk.settle(line, write=write)
    if write and gone:
        members.filter(application_id__in=[one.pk for one in gone]).delete()
        _record(chunk, gone, "foi.application.leave", f"移出同类申请第{run.campaign_id}号", campaign=run.campaign_id)


def _plain_cases(chunk: Chunk, *, write: bool, words: bool = False) -> list[tuple[BatchLine, Application]]:
    """Return the lines with their cases, locked for writing; lines whose case is not there are refused."""
    rows = Application.objects.filter(pk__in=chunk.ids, unit_id=chunk.run.unit_id).order_by("pk")
    rows = rows.defer("query_code", *(() if words else ("description",)))
    if write:
        rows = rows.select_for_update(of=("self",), no_key=True)
    found = {one.pk: one for one in rows}
    for line in chunk.lines:
        if line.application_id not in found:
            chunk.refuse(line, Issue("foi.not_found", values={"what": "公开申请"}))
    return [(line, found[line.application_id]) for line in chunk.lines if line.application_id in found]


def _record(chunk: Chunk, cases: Sequence[Application], action: str, words: str, **details: Any) -> None:
    entries = [case_entry(one, action, words, batch=chunk.run.pk, **details) for one in cases]
    record_many(actor=chunk.actor, entries=entries, now=chunk.now)


def step_name(step: str) -> str:
    """Return a step in words."""
    return STEP_NAMES.get(step) or VERB_NAMES[Verb(step)]


Work = Callable[..., None]
STEPS: dict[str, Work] = {
    **{verb.value: verb_step for verb in VERBS},
    HANDLER: handler_step,
    JOIN: join_step,
    LEAVE: leave_step,
}
