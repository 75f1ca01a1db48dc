"""What is possible at which stage: one table of commands by stage, and its drawing for ``docs/domain/foi-cases.md``.

Each cell names the stages that may follow. Several stand there where it depends on what else is still awaited, on the
channel, or on the outcome of a step. A cell that is missing is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from gongkai.domain.foi.model import STAGE_NAMES, Stage
from gongkai.domain.foi.verbs import VERB_NAMES, Verb

S, V = Stage, Verb
Cells = dict[tuple[Stage, Verb], tuple[Stage, ...]]

_UNDECIDED = (S.HANDLING, S.THIRD_PARTY_WAIT, S.ORGAN_WAIT, S.REASON_WAIT)
_ASKING = (S.THIRD_PARTY_WAIT, S.ORGAN_WAIT)
_EARLY = (S.SUBMITTED, S.RECEIVED, S.CHECKING, S.HANDLING)
_GIVEN_UP = (S.CLOSED_NO_SUPPLEMENT, S.CLOSED_NO_PAYMENT, S.WITHDRAWN)
_ELSEWHERE = (S.SPLIT, S.MOVED, S.MERGED)
# From the day of receipt to the signature: the case is open and its reply not out.
_OPEN = (S.RECEIVED, S.CHECKING, S.SUPPLEMENT_WAIT, *_UNDECIDED, S.FEE_WAIT, S.DECIDING, S.SIGNED)
_ANSWERED = (S.SENT, S.DELIVERED, S.CLOSED, *_GIVEN_UP, S.ARCHIVED)


def _to(verb: Verb, stages: Iterable[Stage], *after: Stage) -> Cells:
    """The verb leads from each of these stages to one of ``after``."""
    return {(stage, verb): after for stage in stages}


def _stays(verb: Verb, *stages: Stage) -> Cells:
    """The verb leaves each of these stages as it is."""
    return {(stage, verb): (stage,) for stage in stages}


TABLE: Mapping[tuple[Stage, Verb], tuple[Stage, ...]] = {
    # Receiving
    **_to(V.SUBMIT, [S.NEW], S.SUBMITTED, S.RECEIVED),
    **_to(V.RECORD_RECEIPT, [S.SUBMITTED], S.SUBMITTED, S.RECEIVED, S.CHECKING),
    **_stays(V.NOTE_UNREACHABLE, S.SUBMITTED),
    **_stays(V.CORRECT_RECEIPT, *_OPEN, S.SENT, S.DELIVERED),
    # A letter whose sender cannot be reached is registered too; its period has not begun.
    **_stays(V.REGISTER, S.SUBMITTED),
    **_to(V.REGISTER, [S.RECEIVED], S.CHECKING),
    **_to(V.ACCEPT, [S.CHECKING], S.HANDLING),
    **_to(V.SPLIT, _EARLY, S.SPLIT),
    **_to(V.MOVE, _EARLY, S.MOVED),
    **_to(V.MERGE, _EARLY, S.MERGED),
    # The supplement
    **_to(V.NOTIFY_SUPPLEMENT, [S.CHECKING, S.HANDLING], S.SUPPLEMENT_WAIT),
    **_stays(V.DELIVER_SUPPLEMENT_NOTICE, S.SUPPLEMENT_WAIT),
    **_to(V.SUPPLEMENT, [S.SUPPLEMENT_WAIT], S.HANDLING),
    **_to(V.LAPSE_SUPPLEMENT, [S.SUPPLEMENT_WAIT], S.CLOSED_NO_SUPPLEMENT),
    # Opinions
    **_to(V.CONSULT, [S.HANDLING, S.ORGAN_WAIT, S.REASON_WAIT], *_ASKING),
    **_stays(V.CONSULT, S.THIRD_PARTY_WAIT),
    **_stays(V.DELIVER_CONSULTATION, *_ASKING),
    **_to(V.ANSWER_CONSULTATION, [S.THIRD_PARTY_WAIT], *_UNDECIDED),
    **_to(V.ANSWER_CONSULTATION, [S.ORGAN_WAIT], S.HANDLING, S.ORGAN_WAIT, S.REASON_WAIT),
    # An opinion that comes after its period changes nothing about the time, but it is kept and may be weighed.
    **_stays(V.ANSWER_CONSULTATION, S.HANDLING, S.REASON_WAIT, S.FEE_WAIT, S.DECIDING),
    **_to(V.LAPSE_CONSULTATION, [S.THIRD_PARTY_WAIT], *_UNDECIDED),
    **_to(V.LAPSE_CONSULTATION, [S.ORGAN_WAIT], S.HANDLING, S.ORGAN_WAIT, S.REASON_WAIT),
    **_stays(V.TELL_THIRD_PARTY, S.HANDLING, S.DECIDING, S.SIGNED, S.SENT, S.DELIVERED),
    # Reasons for very many requests; the period goes on meanwhile
    **_to(V.ASK_REASONS, [S.HANDLING], S.REASON_WAIT),
    **_stays(V.ASK_REASONS, *_ASKING),
    **_stays(V.DELIVER_REASON_NOTICE, S.REASON_WAIT, *_ASKING),
    **_to(V.GIVE_REASONS, [S.REASON_WAIT], S.HANDLING),
    **_stays(V.GIVE_REASONS, *_ASKING),
    **_to(V.LAPSE_REASONS, [S.REASON_WAIT], S.HANDLING),
    **_stays(V.LAPSE_REASONS, *_ASKING),
    # The fee
    **_to(V.NOTIFY_FEE, [S.HANDLING], S.FEE_WAIT),
    **_stays(V.DELIVER_FEE_NOTICE, S.FEE_WAIT),
    **_to(V.PAY_FEE, [S.FEE_WAIT], S.HANDLING),
    **_to(V.LAPSE_FEE, [S.FEE_WAIT], S.CLOSED_NO_PAYMENT),
    # The period
    **_stays(V.EXTEND, *_UNDECIDED, S.DECIDING),
    **_stays(V.UNDO_EXTENSION, *_UNDECIDED, S.DECIDING),
    **_stays(V.DELAY, S.HANDLING, *_ASKING, S.DECIDING),
    # Looking for the records
    **_stays(V.ASSIGN, *_UNDECIDED, S.DECIDING),
    **_stays(V.RETURN_ASSIGNMENT, *_UNDECIDED, S.FEE_WAIT, S.DECIDING),
    # The reply
    **_to(V.DRAFT, [S.CHECKING, S.HANDLING, S.DECIDING], S.DECIDING),
    **_to(V.REVIEW_LEGALITY, [S.DECIDING], S.DECIDING, S.HANDLING),
    **_stays(V.HEAR_COUNSEL, S.DECIDING),
    **_to(V.SIGN, [S.DECIDING], S.SIGNED),
    **_to(V.SEND, [S.SIGNED, S.SENT], S.SENT),
    **_stays(V.SEND, *_GIVEN_UP),
    **_to(V.SERVE, [S.SENT], S.DELIVERED),
    **_stays(V.SERVE, *_GIVEN_UP),
    # What was entered wrongly is put right even when the case is over; the old day stays in its course.
    **_stays(V.CORRECT_SERVICE, S.DELIVERED, S.CLOSED, *_GIVEN_UP, S.ARCHIVED),
    # The end
    **_to(V.WITHDRAW, [S.SUBMITTED, *_OPEN], S.WITHDRAWN),
    **_to(V.CLOSE, [S.SENT, S.DELIVERED], S.CLOSED),
    **_to(V.ARCHIVE, [S.CLOSED, *_GIVEN_UP, *_ELSEWHERE], S.ARCHIVED),
    # After it; a case that is not answered can be taken to review as well
    **_stays(V.FILE_REMEDY, *_OPEN, *_ANSWERED),
    **_stays(V.DECIDE_REMEDY, *_OPEN, *_ANSWERED),
    **_to(V.REOPEN, _ANSWERED, S.HANDLING),
    **_stays(V.CARRY_OVER, *_OPEN, S.SENT),
}


def possible(stage: Stage) -> tuple[Verb, ...]:
    """Return the verbs that the table allows at ``stage``, in the order of ``Verb``."""
    return tuple(verb for verb in Verb if (stage, verb) in TABLE)


def draw_table() -> str:
    """Return the table in Markdown: a row a command, with the stages it is possible at and what may follow."""
    rows = ["| Command | At | Then |", "|---|---|---|"]
    for verb in Verb:
        for number, (stages, after) in enumerate(_grouped(verb)):
            name = f"**{VERB_NAMES[verb]}**<br>`{verb}`" if number == 0 else ""
            rows.append(f"| {name} | {_list(stages)} | {_list(after) if after else 'as before'} |")
    return "\n".join(rows)


def draw_stages() -> str:
    """Return the stages and the steps between them as a Mermaid diagram; steps that change nothing are left out."""
    names = [f"    {stage}: {STAGE_NAMES[stage]}" for stage in Stage if stage is not Stage.NEW]
    steps = [
        f"    {'[*]' if stage is Stage.NEW else stage} --> {after}: {verb}"
        for (stage, verb), afters in TABLE.items()
        for after in afters
        if after is not stage
    ]
    return "\n".join(["stateDiagram-v2", *names, *steps])


def _grouped(verb: Verb) -> Iterator[tuple[tuple[Stage, ...], tuple[Stage, ...]]]:
    """The stages of a verb that lead to the same; an empty second part where each stays as it is."""
    groups: dict[tuple[Stage, ...], list[Stage]] = {}
    for stage in Stage:
        after = TABLE.get((stage, verb))
        if after is not None:
            groups.setdefault(() if after == (stage,) else after, []).append(stage)
    for after, stages in groups.items():
        yield tuple(stages), after


def _list(stages: tuple[Stage, ...]) -> str:
    return ", ".join(f"`{stage}`" for stage in stages)
