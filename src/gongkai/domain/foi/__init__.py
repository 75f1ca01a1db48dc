"""Disclosure on application (依申请公开): the pure core of a case.

``decide(state, command, law=…, today=…)`` answers a command with events or with every reason why not, ``evolve(state,
event)`` applies an event, ``replay(events)`` all of them; ``read_case`` reads the clocks. Dispositions, remedies and fees
stand beside.
"""

from gongkai.domain.foi.clocks import CaseClock, Wait, read_case, read_reply
from gongkai.domain.foi.evolving import evolve, replay
from gongkai.domain.foi.machine import Decision, decide
from gongkai.domain.foi.model import STAGE_NAMES, CaseState, Law, Stage
from gongkai.domain.foi.receipt import CHANNEL_NAMES, Channel, Receipt, ReceiptFact, read_receipt
from gongkai.domain.foi.table import TABLE, possible
from gongkai.domain.foi.verbs import VERB_NAMES, Verb

__all__ = [
    "CHANNEL_NAMES",
    "STAGE_NAMES",
    "TABLE",
    "VERB_NAMES",
    "CaseClock",
    "CaseState",
    "Channel",
    "Decision",
    "Law",
    "Receipt",
    "ReceiptFact",
    "Stage",
    "Verb",
    "Wait",
    "decide",
    "evolve",
    "possible",
    "read_case",
    "read_receipt",
    "read_reply",
    "replay",
]
