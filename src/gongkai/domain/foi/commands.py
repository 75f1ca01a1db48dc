"""What somebody wants to do with a case: one command a step, each with the day it happened and who did it.

``on`` is the day on which the thing happened, ``by`` the person who enters it (any identifier; empty for the system).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from gongkai.domain.foi.command_base import Command as Command
from gongkai.domain.foi.commands_after import CarryOver as CarryOver
from gongkai.domain.foi.commands_after import CorrectService as CorrectService
from gongkai.domain.foi.commands_after import DecideRemedy as DecideRemedy
from gongkai.domain.foi.commands_after import FileRemedy as FileRemedy
from gongkai.domain.foi.commands_after import Reopen as Reopen
from gongkai.domain.foi.model import ConsultationKind, Delivery, Opinion
from gongkai.domain.foi.receipt import Channel, ReceiptFact
from gongkai.domain.foi.verbs import Verb


@dataclass(frozen=True, slots=True, kw_only=True)
class Submit(Command):
    """An application comes in on ``on``; ``split_from`` is the register number of the paper it was split off from."""

    verb: ClassVar[Verb] = Verb.SUBMIT
    channel: Channel
    split_from: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordReceipt(Command):
    """Facts of receipt that happened on ``on``: signed, in hand, form filled in, confirmed by one side or both."""

    verb: ClassVar[Verb] = Verb.RECORD_RECEIPT
    facts: tuple[ReceiptFact, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteUnreachable(Command):
    """The applicant could not be reached for the confirmation; ``attempts`` says how it was tried."""

    verb: ClassVar[Verb] = Verb.NOTE_UNREACHABLE
    attempts: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectReceipt(Command):
    """The day of receipt was entered wrongly: it is ``received_on``, for ``reason``."""

    verb: ClassVar[Verb] = Verb.CORRECT_RECEIPT
    received_on: date
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Register(Command):
    """Enter the application in the register under ``register_no``."""

    verb: ClassVar[Verb] = Verb.REGISTER
    register_no: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Accept(Command):
    """Checked and complete: hand it over for handling."""

    verb: ClassVar[Verb] = Verb.ACCEPT


@dataclass(frozen=True, slots=True, kw_only=True)
class Split(Command):
    """Several matters in one paper go on as cases of their own (一事一申请); ``into`` are their numbers."""

    verb: ClassVar[Verb] = Verb.SPLIT
    into: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Move(Command):
    """The paper was meant for another organ: it is moved to ``to``."""

    verb: ClassVar[Verb] = Verb.MOVE
    to: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge(Command):
    """The same paper came in twice: this copy goes on under the number ``into``."""

    verb: ClassVar[Verb] = Verb.MERGE
    into: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NotifySupplement(Command):
    """Tell the applicant once what to supplement, within ``days`` working days (None: the configured number)."""

    verb: ClassVar[Verb] = Verb.NOTIFY_SUPPLEMENT
    items: tuple[str, ...]
    days: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliverSupplementNotice(Command):
    """The applicant has the supplement notice."""

    verb: ClassVar[Verb] = Verb.DELIVER_SUPPLEMENT_NOTICE


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiveSupplement(Command):
    """The supplemented application is in; after the period only with a good reason (``excuse``)."""

    verb: ClassVar[Verb] = Verb.SUPPLEMENT
    excuse: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LapseSupplement(Command):
    """Nothing came within the period and there is no good reason: the application counts as given up."""

    verb: ClassVar[Verb] = Verb.LAPSE_SUPPLEMENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Consult(Command):
    """Ask for an opinion in writing; ``ref`` tells several asked sides apart."""

    verb: ClassVar[Verb] = Verb.CONSULT
    kind: ConsultationKind
    ref: str = ""
    days: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliverConsultation(Command):
    """The asked side has the letter."""

    verb: ClassVar[Verb] = Verb.DELIVER_CONSULTATION
    kind: ConsultationKind
    ref: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerConsultation(Command):
    """The opinion is in."""

    verb: ClassVar[Verb] = Verb.ANSWER_CONSULTATION
    kind: ConsultationKind
    opinion: Opinion
    ref: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LapseConsultation(Command):
    """No opinion came within the period."""

    verb: ClassVar[Verb] = Verb.LAPSE_CONSULTATION
    kind: ConsultationKind
    ref: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TellThirdParty(Command):
    """Tell a third party in writing what will be disclosed although it refused, and why (art. 32)."""

    verb: ClassVar[Verb] = Verb.TELL_THIRD_PARTY
    ref: str = ""
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AskReasons(Command):
    """Ask for the reasons of an excessive number or frequency of requests (art. 35)."""

    verb: ClassVar[Verb] = Verb.ASK_REASONS
    days: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliverReasonNotice(Command):
    """The applicant has been asked for the reasons."""

    verb: ClassVar[Verb] = Verb.DELIVER_REASON_NOTICE


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveReasons(Command):
    """The reasons are in; ``reasonable`` is the organ's assessment."""

    verb: ClassVar[Verb] = Verb.GIVE_REASONS
    reasonable: bool | None = None
    assessment: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LapseReasons(Command):
    """No reasons were given in time."""

    verb: ClassVar[Verb] = Verb.LAPSE_REASONS


@dataclass(frozen=True, slots=True, kw_only=True)
class NotifyFee(Command):
    """Tell the applicant the processing fee, ``amount`` in yuan."""

    verb: ClassVar[Verb] = Verb.NOTIFY_FEE
    amount: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliverFeeNotice(Command):
    """The applicant has the fee notice."""

    verb: ClassVar[Verb] = Verb.DELIVER_FEE_NOTICE


@dataclass(frozen=True, slots=True, kw_only=True)
class PayFee(Command):
    """The fee is paid in full."""

    verb: ClassVar[Verb] = Verb.PAY_FEE


@dataclass(frozen=True, slots=True, kw_only=True)
class LapseFee(Command):
    """The fee was not paid within the period: the application counts as given up."""

    verb: ClassVar[Verb] = Verb.LAPSE_FEE


@dataclass(frozen=True, slots=True, kw_only=True)
class Extend(Command):
    """Extend the reply period; ``on`` is the day the applicant was told, ``approved_by`` the head who consented.

    ``days`` None means as long as the law allows; ``approved_on`` None means the same day.
    """

    verb: ClassVar[Verb] = Verb.EXTEND
    approved_by: str
    approved_on: date | None = None
    days: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoExtension(Command):
    """Take an extension back; the period is as if it had never been."""

    verb: ClassVar[Verb] = Verb.UNDO_EXTENSION
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Delay(Command):
    """The reasons are good but it cannot be done in time: reply later by ``days`` working days (art. 35)."""

    verb: ClassVar[Verb] = Verb.DELAY
    days: int
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assign(Command):
    """Ask a division ``ref`` for the records, by its own date ``due_on``."""

    verb: ClassVar[Verb] = Verb.ASSIGN
    ref: str
    due_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnAssignment(Command):
    """The division answers; ``found`` tells whether it has the records."""

    verb: ClassVar[Verb] = Verb.RETURN_ASSIGNMENT
    ref: str
    found: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft(Command):
    """Draft the reply: one disposition, the grounds chosen; ``public_interest`` says why it outweighs a refusal."""

    verb: ClassVar[Verb] = Verb.DRAFT
    disposition: str
    grounds: tuple[str, ...] = ()
    public_interest: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewLegality(Command):
    """The legality review passes the draft or sends it back with a reason."""

    verb: ClassVar[Verb] = Verb.REVIEW_LEGALITY
    passed: bool
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HearCounsel(Command):
    """The legal counsel has given an opinion."""

    verb: ClassVar[Verb] = Verb.HEAR_COUNSEL
    opinion: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign(Command):
    """The reply is signed by ``signed_by``."""

    verb: ClassVar[Verb] = Verb.SIGN
    signed_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Send(Command):
    """The reply goes out; sent again by another way while it has not been served."""

    verb: ClassVar[Verb] = Verb.SEND
    delivery: Delivery


@dataclass(frozen=True, slots=True, kw_only=True)
class Serve(Command):
    """The applicant has the reply; ``proof`` names the proof of service."""

    verb: ClassVar[Verb] = Verb.SERVE
    proof: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdraw(Command):
    """The applicant withdraws the application; ``statement`` names the written statement or recording."""

    verb: ClassVar[Verb] = Verb.WITHDRAW
    statement: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Close(Command):
    """Close the case; ``evidence`` are the codes of the result's checklist that are kept with the case."""

    verb: ClassVar[Verb] = Verb.CLOSE
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive(Command):
    """File the closed case away."""

    verb: ClassVar[Verb] = Verb.ARCHIVE
