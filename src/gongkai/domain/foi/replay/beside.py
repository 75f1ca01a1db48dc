"""What stands beside an event in a case file: its days, names, results, and the delivery or answer of a letter."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from gongkai.domain.foi.model import Delivery
from gongkai.domain.foi.receipt import Channel
from gongkai.domain.foi.replay.script import Remark, Script, Told
from gongkai.domain.foi.replay.source import Node
from gongkai.domain.foi.replay.values import Values
from gongkai.domain.foi.replay.vocabulary import (
    CHANNELS,
    CONSULTED,
    DELIVERIES,
    FEE_METHODS,
    OPINIONS,
    OPTIONS,
    OUTCOMES,
    find,
    normal,
)

_WITH_RESULT = frozenset({"replied", "drafted", "closed", "disposition"})
_DELIVERED = {
    "supplement_notice": "supplement_notice_received",
    "fee_notice": "fee_notice_received",
    "reason_notice": "reason_notice_received",
    "replied": "served",
}
_ANSWERED = {"supplement_notice": "supplemented", "fee_notice": "fee_paid", "reason_notice": "reasons_given"}
LETTERS = frozenset(_DELIVERED)
_REMEDIES = frozenset({"reconsideration", "reconsideration_decided", "lawsuit", "lawsuit_decided"})
_CONSULTED = {f"{base}_{part}" for base in CONSULTED for part in ("sent", "closed")}
_ASKS = {"supplement_notice", "reason_notice", "extension", *(one for one in _CONSULTED if one.endswith("_sent"))}
# With which events an option has a meaning; one that is not listed here goes with any.
_USED: Mapping[str, Collection[str]] = {
    "days": {*_ASKS, "delayed", "reopened"},
    "due": {*_ASKS, "assigned"},
    "unit": {"reopened"},
    "approved_on": {"extension"},
    "told_on": {"extension"},
    "answer": _CONSULTED,
    "decided": _REMEDIES,
    "reasonable": {"reasons_given"},
    "public_interest": _WITH_RESULT,
    "grounds": _WITH_RESULT,
    "disposition": _WITH_RESULT,
    "amount": {"fee_notice", "fee_paid"},
    "pages": {"fee_notice"},
    "nth": {"fee_notice"},
    "found": {"returned"},
    "passed": {"legality_reviewed"},
    "year": {"carried_over"},
}
DELIVERY_WORDS = {str(name): others for name, others in DELIVERIES.items()}
_RECEIPT = frozenset({"submitted", "received", "signed_for", "in_hand", "confirmed"})


def about(kind: str) -> str:
    """The option that a single word beside an event stands for: the result of a reply, the channel of a receipt."""
    if kind in _WITH_RESULT:
        return "disposition"
    if kind in _RECEIPT:
        return "channel"
    if kind in ("reconsideration_decided", "lawsuit_decided"):
        return "outcome"
    if kind in ("extension", "delayed", "supplement_notice", "reason_notice"):
        return "days"
    if kind == "fee_notice":
        return "amount"
    return "answer" if kind.endswith("_closed") else "ref"


def unknown(values: Values, key: Node, words: Mapping[str, tuple[str, ...]]) -> None:
    """A key that no table knows."""
    text = key.text if key.text is not None else key.shape
    close = values.close(words, text)
    known = "" if close else f"可用的有：{'、'.join(words)}。"
    values.fault("foi.replay.key", key.line, text, close=close, known=known)


def letter_beside(values: Values, told: Told, option: str, node: Node, order: int) -> list[Told]:
    """The delivery or the answer of a letter, told in the same entry."""
    base = told.kind.removesuffix("_sent")
    kind = {"delivered": _DELIVERED, "answered": _ANSWERED}[option].get(told.kind)
    if base != told.kind:
        kind = f"{base}_delivered" if option == "delivered" else f"{base}_closed"
    if kind is None:
        words: dict[str, tuple[str, ...]] = {name: () for name in OPTIONS if name not in ("delivered", "answered")}
        unknown(values, Node(node.line, option), words)
        return []
    on = values.day(node, option)
    return [Told(kind, on, node.line, order)] if on is not None else []


def read_option(values: Values, script: Script, told: Told, option: str, node: Node) -> None:
    """One thing beside an event."""
    if told.kind not in _USED.get(option, (told.kind,)):
        script.remarks.append(Remark("foi.replay.option_unused", node.line, {"option": option, "event": told.kind}))
        return
    match option:
        case "event":
            _kind(values, script, told, node)
        case "days":
            told.days = values.number(node, option)
        case "unit":
            told.working_days = normal(node.text or "") not in (
                "calendar",
                "calendar_day",
                "日",
                "自然日",
                "日历日",
            )
        case "by":
            told.by = values.words(node, option)
            _way(script, told, told.by)
        case "ref" | "reason" | "proof" | "public_interest":
            setattr(told, option, values.words(node, option))
        case "approved_on" | "decided" | "due" | "told_on":
            setattr(told, option, values.day(node, option))
        case "channel" | "delivery":
            if told.kind in _RECEIPT:
                script.channel = values.choice(node, option, CHANNELS)
            elif told.kind == "fee_notice" and find(DELIVERY_WORDS, node.text or "") is None:
                told.fee_method = values.choice(node, "method", FEE_METHODS)
            else:
                told.delivery = values.choice(node, option, DELIVERIES)
        case "answer":
            told.answer = values.choice(node, option, OPINIONS)
        case "outcome":
            if told.kind in _WITH_RESULT:
                told.disposition = values.disposition(node, option, script.remarks)
            elif told.kind.endswith(("_closed", "_sent")):
                told.answer = values.choice(node, option, OPINIONS)
            else:
                told.outcome = values.choice(node, option, OUTCOMES)
        case "reasonable" | "found" | "passed":
            setattr(told, option, values.flag(node, option))
        case "disposition":
            told.disposition = values.disposition(node, option, script.remarks)
        case "grounds":
            told.grounds = values.known_grounds(node, option)
        case "amount" | "pages" | "nth":
            setattr(told, option, values.number(node, option))
        case "year":
            told.year = values.number(node, option)
        case "to":
            told.to = values.several(node, option)
            if told.kind.endswith("_sent") and told.to:
                told.ref = told.ref or told.to[0]
        case "value":
            values.fault("foi.replay.key", node.line, "value", close="", known=f"可用的有：{'、'.join(OPTIONS)}。")


def _kind(values: Values, script: Script, told: Told, node: Node) -> None:
    """A kind beside an event that has its name already: of whom an opinion is asked, or the result of a reply."""
    base, _, part = told.kind.rpartition("_")
    asked = find(CONSULTED, node.text or "")
    if base in CONSULTED and asked is not None:
        told.kind = f"{asked}_{part}"
    elif told.kind in _WITH_RESULT:
        told.disposition = values.disposition(node, "type", script.remarks)
    else:
        unknown(values, node, CONSULTED if base in CONSULTED else {told.kind: ()})


def _way(script: Script, told: Told, text: str) -> None:
    """“by: post” names the way a reply went out or an application came in."""
    if told.kind in ("replied", "served"):
        found = find(DELIVERY_WORDS, text)
        told.delivery = Delivery(found) if found is not None else told.delivery
    elif told.kind in _RECEIPT:
        words = {str(name): others for name, others in CHANNELS.items()}
        found = find(words, text)
        script.channel = Channel(found) if found is not None else script.channel
