"""What the events of a case file mean to the machine from the draft of the reply to the end, and after it."""

from __future__ import annotations

from datetime import date

from gongkai.domain.foi import commands as c
from gongkai.domain.foi.dispositions import Category, Route
from gongkai.domain.foi.evolving import NO_PAYMENT, NO_SUPPLEMENT, WITHDRAWN
from gongkai.domain.foi.model import (
    SIGNED_FOR,
    ConsultationKind,
    Delivery,
    Opinion,
    RemedyKind,
    RemedyOutcome,
    Stage,
)
from gongkai.domain.foi.replay.asking import lapse_fee, lapse_supplement
from gongkai.domain.foi.replay.outcome import route_of
from gongkai.domain.foi.replay.player import NOT_TOLD, UNSTATED, Player
from gongkai.domain.foi.replay.script import Told
from gongkai.domain.foi.replay.source import read_date
from gongkai.domain.foi.table import TABLE
from gongkai.domain.foi.verbs import Verb

_GIVEN_UP = (Stage.CLOSED_NO_SUPPLEMENT, Stage.CLOSED_NO_PAYMENT, Stage.WITHDRAWN)


def finish(player: Player) -> None:
    """Close the case where the file tells the reply and no later end."""
    answer = player.state.answer
    if player.state.ended or answer is None or answer.replied_on is None:
        return
    if answer.disposition == UNSTATED:
        player.remark("foi.replay.disposition_missing", on=answer.replied_on)
        return
    player.imply(c.Close(on=max(player.last_day(), answer.replied_on)))


def draft(player: Player, told: Told) -> None:
    """A reply drafted."""
    player.silent(told.on)
    _drafted(player, told, told.on)


def _drafted(player: Player, told: Told, on: date) -> bool:
    known = player.state.answer
    code = told.disposition or (known.disposition if known is not None and known.drafted_on else "") or UNSTATED
    if known is not None and known.disposition == code and player.state.stage is Stage.DECIDING:
        return True
    interest = told.public_interest
    if not interest and _against_will(player, code):
        interest = NOT_TOLD
        player.remark("foi.replay.public_interest", disposition=code)
    return player.do(c.Draft(on=on, disposition=code, grounds=told.grounds, public_interest=interest))


def _against_will(player: Player, code: str) -> bool:
    """Tell whether it discloses what a third party refused to have disclosed."""
    known = player.run.law.dispositions.dispositions.get(code)
    refused = [one for one in player.state.consultations if one.opinion is Opinion.REFUSES]
    refused = [one for one in refused if one.kind is ConsultationKind.THIRD_PARTY]
    return known is not None and known.category is Category.GRANTED and bool(refused)


def legality(player: Player, told: Told) -> None:
    """Reviewed for legality."""
    passed = told.passed is not False
    player.do(c.ReviewLegality(on=told.on, passed=passed, reason=told.reason or NOT_TOLD))


def counsel(player: Player, told: Told) -> None:
    """The counsel heard."""
    player.do(c.HearCounsel(on=told.on, opinion=told.reason or NOT_TOLD))


def sign(player: Player, told: Told) -> None:
    """“签收” of a registered letter is told with the same word in some files; here the reply is signed."""
    player.do(c.Sign(on=told.on, signed_by=told.by or NOT_TOLD))


def reply(player: Player, told: Told) -> None:
    """Draft, signature and dispatch of one day, where they are not told before; or the end that the result names."""
    if told.disposition in (NO_SUPPLEMENT, NO_PAYMENT, WITHDRAWN) and player.state.stage not in _GIVEN_UP:
        return _ENDS[told.disposition](player, told)
    if player.state.stage in _GIVEN_UP:
        player.attempt(c.Send(on=told.on, delivery=_delivery(player, told)))
        return None
    answer = player.state.answer
    told_again = (
        player.state.stage is Stage.SENT and answer is not None and told.disposition in ("", answer.disposition)
    )
    if player.state.stage is not Stage.SIGNED and not told_again:
        player.silent(told.on)
        if not _drafted(player, told, told.on):
            return None
        if not player.imply(c.Sign(on=told.on, signed_by=NOT_TOLD)):
            return None
    for one in player.state.consultations:
        answer = player.state.answer
        refused = one.kind is ConsultationKind.THIRD_PARTY and one.opinion is Opinion.REFUSES and one.told_on is None
        if refused and answer is not None and _against_will(player, answer.disposition):
            player.imply(c.TellThirdParty(on=told.on, ref=one.ref, reason=NOT_TOLD))
    delivery = _delivery(player, told)
    if player.attempt(c.Send(on=told.on, delivery=delivery)) and delivery in SIGNED_FOR:
        served = [one for one in player.run.script.told if one.kind == "served" and one.on >= told.on]
        if not served:
            player.imply(c.Serve(on=told.on))
            player.remark("foi.replay.delivery_taken", letter="答复", on=told.on)
    return None


def _delivery(player: Player, told: Told) -> Delivery:
    known = told.delivery or player.run.script.delivery
    if known is None:
        player.remark("foi.replay.delivery_way_taken")
    return known or Delivery.POST


def serve(player: Player, told: Told) -> None:
    """Served; the letter of a case given up counts as sent then."""
    if player.state.stage in _GIVEN_UP and player.state.answer is not None and player.state.answer.sent_on is None:
        player.imply(c.Send(on=told.on, delivery=told.delivery or player.run.script.delivery or Delivery.POST))
    player.do(c.Serve(on=told.on))


def correct_service(player: Player, told: Told) -> None:
    """The day of service put right; ``to`` is the right one. Reason and proof are the rule itself, so nothing stands for them."""
    served_on = read_date(told.to[0]) if told.to else None
    if served_on is None:
        return player.remark("foi.replay.corrected_to", event="service_corrected")
    player.do(c.CorrectService(on=told.on, served_on=served_on, reason=told.reason, proof=told.proof))
    return None


def withdraw(player: Player, told: Told) -> None:
    """Withdrawn."""
    player.do(c.Withdraw(on=told.on, statement=told.reason or NOT_TOLD))


def close(player: Player, told: Told) -> None:
    """The end: by itself where the result names one, else after the reply."""
    code = told.disposition or player.run.script.disposition
    if code in _ENDS and not player.state.ended:
        return _ENDS[code](player, told)
    replied = player.state.answer is not None and player.state.answer.replied_on is not None
    if not replied and code and player.state.stage is not Stage.SENT:
        told.disposition = code
        reply(player, told)
        player.remark("foi.replay.reply_taken", on=told.on)
    if not player.state.ended:
        player.attempt(c.Close(on=told.on))
    return None


def archive(player: Player, told: Told) -> None:
    """Filed away, closed first where the file does not say."""
    if (player.state.stage, Verb.CLOSE) in TABLE:
        finish(player)
    player.do(c.Archive(on=told.on))


def reconsideration(player: Player, told: Told) -> None:
    """A reconsideration filed, with its outcome where told."""
    _remedy(player, told, RemedyKind.RECONSIDERATION)


def lawsuit(player: Player, told: Told) -> None:
    """A suit: after reconsideration when one was decided, else direct."""
    reviewed = any(
        one.kind is RemedyKind.RECONSIDERATION and one.decided_on is not None for one in player.state.remedies
    )
    _remedy(player, told, RemedyKind.LAWSUIT_AFTER if reviewed else RemedyKind.LAWSUIT_DIRECT)


def _settle(player: Player, told: Told) -> None:
    """A case whose reply is out was closed before it went to review, where the file does not say otherwise later."""
    if not any(one.kind in ("served", "closed") and one.on >= told.on for one in player.run.script.told):
        finish(player)


def _remedy(player: Player, told: Told, kind: RemedyKind) -> None:
    _settle(player, told)
    if kind is RemedyKind.LAWSUIT_DIRECT and route_of(player.run) == Route.REVIEW_FIRST:
        player.remark("foi.replay.suit_first")
    done = player.do(c.FileRemedy(on=told.on, kind=kind, ref=told.ref))
    if done and told.outcome not in (None, RemedyOutcome.PENDING):
        decided = told.decided or told.on
        player.attempt(c.DecideRemedy(on=decided, kind=kind, ref=told.ref, outcome=told.outcome))


def reconsideration_decided(player: Player, told: Told) -> None:
    """A reconsideration decided."""
    _decide_remedy(player, told, (RemedyKind.RECONSIDERATION,))


def lawsuit_decided(player: Player, told: Told) -> None:
    """A suit decided."""
    _decide_remedy(player, told, (RemedyKind.LAWSUIT_DIRECT, RemedyKind.LAWSUIT_AFTER))


def _decide_remedy(player: Player, told: Told, kinds: tuple[RemedyKind, ...]) -> None:
    pending = [one for one in player.state.remedies if one.outcome is RemedyOutcome.PENDING and one.kind in kinds]
    found = next((one for one in pending if not told.ref or one.ref == told.ref), None)
    kind, ref = (found.kind, found.ref) if found is not None else (kinds[0], told.ref)
    if told.outcome is None:
        player.remark("foi.replay.outcome_missing")
        outcome = RemedyOutcome.OTHER
    else:
        outcome = told.outcome
    player.do(c.DecideRemedy(on=told.on, kind=kind, ref=ref, outcome=outcome))


def reopen(player: Player, told: Told) -> None:
    """Where the file does not tell how a pending remedy ended, reopening says that the reply was not upheld."""
    _settle(player, told)
    overturned = [one for one in player.state.remedies if one.outcome in (RemedyOutcome.CORRECTED, RemedyOutcome.OTHER)]
    pending = [one for one in player.state.remedies if one.outcome is RemedyOutcome.PENDING]
    if not overturned and pending:
        one = pending[-1]
        if player.imply(c.DecideRemedy(on=told.on, kind=one.kind, ref=one.ref, outcome=RemedyOutcome.CORRECTED)):
            player.remark("foi.replay.corrected_taken")
    player.do(
        c.Reopen(on=told.on, reason=told.reason or told.by or NOT_TOLD, days=told.days, working_days=told.working_days),
    )


_ENDS = {NO_SUPPLEMENT: lapse_supplement, NO_PAYMENT: lapse_fee, WITHDRAWN: withdraw}
