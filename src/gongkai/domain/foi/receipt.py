"""The day of receipt (收到申请之日) by channel, from dated facts; 政府信息公开条例 art. 31.

In person it is the day of submission, by registered mail the day the organ signs, by ordinary mail the day the organ has
confirmed with the applicant after the letter was in its hands, online, by fax and by e-mail the day by which both sides
have confirmed, orally the day by which the form is filled in for the applicant and the applicant has confirmed it.
The law sets no limit for the confirmation itself, so a receipt that waits names who must still do what.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from gongkai.domain.calendars import Calendar
from gongkai.domain.deadlines import ClockRule, Fact, read_clock
from gongkai.domain.issues import Issue, Severity


class Channel(StrEnum):
    """How an application came in; ``sent_to_wrong_unit`` is a letter that reached another unit of the organ first."""

    IN_PERSON = "in_person"
    REGISTERED_MAIL = "registered_mail"
    ORDINARY_MAIL = "ordinary_mail"
    WRONG_UNIT = "sent_to_wrong_unit"
    ONLINE = "online"
    FAX = "fax"
    EMAIL = "email"
    ORAL = "oral"


CHANNEL_NAMES: Mapping[Channel, str] = {
    Channel.IN_PERSON: "当面",
    Channel.REGISTERED_MAIL: "挂号信等签收邮寄",
    Channel.ORDINARY_MAIL: "平常信函",
    Channel.WRONG_UNIT: "误寄其他单位或者个人",
    Channel.ONLINE: "网络",
    Channel.FAX: "传真",
    Channel.EMAIL: "电子邮件",
    Channel.ORAL: "口头",
}


class ReceiptFact(StrEnum):
    """What can happen to an application before its day of receipt is certain."""

    SUBMITTED = "submitted"
    SIGNED = "signed"
    IN_HAND = "in_hand"
    FORM_FILLED = "form_filled"
    CONFIRMED_BY_ORGAN = "confirmed_by_organ"
    CONFIRMED_BY_APPLICANT = "confirmed_by_applicant"


FACT_NAMES: Mapping[ReceiptFact, str] = {
    ReceiptFact.SUBMITTED: "申请人提交",
    ReceiptFact.SIGNED: "行政机关签收",
    ReceiptFact.IN_HAND: "工作机构实际收到",
    ReceiptFact.FORM_FILLED: "代为填写申请表",
    ReceiptFact.CONFIRMED_BY_ORGAN: "行政机关确认",
    ReceiptFact.CONFIRMED_BY_APPLICANT: "申请人确认",
}

_BOTH = (ReceiptFact.CONFIRMED_BY_ORGAN, ReceiptFact.CONFIRMED_BY_APPLICANT)
# The facts of which the latest is the day of receipt, in the order in which they happen.
NEEDED: Mapping[Channel, tuple[ReceiptFact, ...]] = {
    Channel.IN_PERSON: (ReceiptFact.SUBMITTED,),
    Channel.REGISTERED_MAIL: (ReceiptFact.SIGNED,),
    Channel.ORDINARY_MAIL: (ReceiptFact.IN_HAND, *_BOTH),
    Channel.WRONG_UNIT: (ReceiptFact.IN_HAND, *_BOTH),
    Channel.ONLINE: (ReceiptFact.SUBMITTED, *_BOTH),
    Channel.FAX: (ReceiptFact.SUBMITTED, *_BOTH),
    Channel.EMAIL: (ReceiptFact.SUBMITTED, *_BOTH),
    Channel.ORAL: (ReceiptFact.FORM_FILLED, ReceiptFact.CONFIRMED_BY_APPLICANT),
}
_CONFIRMING = frozenset(_BOTH)
_OF_APPLICANT = frozenset({ReceiptFact.SUBMITTED, ReceiptFact.CONFIRMED_BY_APPLICANT})
# Which clock tells how long the confirmation may take, and from what.
CONFIRMATION_RULES: Mapping[Channel, tuple[str, str, ReceiptFact]] = {
    Channel.ORDINARY_MAIL: ("foi.ordinary_mail_confirmation", "letter_in_hand", ReceiptFact.IN_HAND),
    Channel.WRONG_UNIT: ("foi.ordinary_mail_confirmation", "letter_in_hand", ReceiptFact.IN_HAND),
    Channel.ONLINE: ("foi.online_confirmation", "submitted", ReceiptFact.SUBMITTED),
    Channel.FAX: ("foi.online_confirmation", "submitted", ReceiptFact.SUBMITTED),
    Channel.EMAIL: ("foi.online_confirmation", "submitted", ReceiptFact.SUBMITTED),
}


@dataclass(frozen=True, slots=True)
class ReceiptWait:
    """One thing that is still missing: what, who has to do it (``organ`` or ``applicant``), and since when."""

    fact: ReceiptFact
    who: str
    since: date | None


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the facts say of the day of receipt.

    ``received_on`` is None while something is missing (``waits``). ``confirm_due_on`` is the day by which the
    confirmation should be made, ``late_days`` the working days it is late; ``alarm`` is true from that day on while it
    is missing. ``unreachable`` tells that the applicant could not be reached: the application stays registered and the
    period begins when contact is restored.
    """

    channel: Channel
    received_on: date | None
    waits: tuple[ReceiptWait, ...]
    confirm_due_on: date | None
    late_days: int
    alarm: bool
    unreachable: bool
    issues: tuple[Issue, ...]


def receipt_day(channel: Channel, facts: Mapping[ReceiptFact, date]) -> date | None:
    """Return the day of receipt, or None while a fact that it needs is missing."""
    days = [facts.get(fact) for fact in NEEDED[channel]]
    known = [day for day in days if day is not None]
    return max(known) if len(known) == len(days) else None


def missing_facts(channel: Channel, facts: Mapping[ReceiptFact, date]) -> tuple[ReceiptFact, ...]:
    """Name what is still needed, in the order in which it happens."""
    return tuple(fact for fact in NEEDED[channel] if fact not in facts)


def read_receipt(
    channel: Channel,
    facts: Mapping[ReceiptFact, date],
    *,
    rules: Mapping[str, ClockRule],
    calendar: Calendar,
    today: date,
    unreachable_on: date | None = None,
) -> Receipt:
    """Say what the day of receipt is, or who must still do what for it, with an alarm while the confirmation is due.

    ``rules`` are clock rules by id; the confirmation's own period comes from them (平常信函: the same day).
    """
    received_on = receipt_day(channel, facts)
    last = max(facts.values(), default=None)
    waits = tuple(
        ReceiptWait(fact, "applicant" if fact in _OF_APPLICANT else "organ", last)
        for fact in missing_facts(channel, facts)
    )
    due, late = _confirmation(channel, facts, rules, calendar, received_on or today)
    missing = any(wait.fact in _CONFIRMING for wait in waits)
    return Receipt(
        channel=channel,
        received_on=received_on,
        waits=waits,
        confirm_due_on=due,
        late_days=late,
        alarm=missing and due is not None and today >= due,
        unreachable=received_on is None and unreachable_on is not None,
        issues=(*order_issues(channel, facts, today=today),),
    )


def order_issues(channel: Channel, facts: Mapping[ReceiptFact, date], *, today: date) -> tuple[Issue, ...]:
    """Name every fact of receipt that lies before the one it must follow, or after today."""
    issues: list[Issue] = []
    chain = [fact for fact in (ReceiptFact.SUBMITTED, *_middle(channel)) if fact in facts]
    for before, fact in zip(chain, chain[1:], strict=False):
        if facts[fact] < facts[before]:
            issues.append(_before(fact, facts[fact], before, facts[before]))
    base = chain[-1] if chain else None
    if base is not None:
        early = [fact for fact in _BOTH if fact in facts and facts[fact] < facts[base]]
        issues.extend(_before(fact, facts[fact], base, facts[base]) for fact in early)
    for fact, day in facts.items():
        if day > today:
            values = {"what": FACT_NAMES[fact], "on": day, "today": today}
            issues.append(Issue("foi.day.future", fact.value, values, Severity.ERROR))
    return tuple(issues)


def _middle(channel: Channel) -> tuple[ReceiptFact, ...]:
    return tuple(fact for fact in NEEDED[channel] if fact not in _CONFIRMING and fact is not ReceiptFact.SUBMITTED)


def _before(fact: ReceiptFact, day: date, before: ReceiptFact, before_on: date) -> Issue:
    values = {"what": FACT_NAMES[fact], "on": day, "before": FACT_NAMES[before], "before_on": before_on}
    return Issue("foi.day.before", fact.value, values)


def _confirmation(
    channel: Channel,
    facts: Mapping[ReceiptFact, date],
    rules: Mapping[str, ClockRule],
    calendar: Calendar,
    as_of: date,
) -> tuple[date | None, int]:
    """The day by which the confirmation should be made, and how many working days it is late."""
    if channel not in CONFIRMATION_RULES:
        return None, 0
    rule_id, kind, from_fact = CONFIRMATION_RULES[channel]
    if rule_id not in rules or from_fact not in facts:
        return None, 0
    reading = read_clock(rules[rule_id], [Fact(kind, facts[from_fact])], calendar, today=as_of)
    return reading.due_on, reading.overdue_days
