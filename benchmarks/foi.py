"""Cases of disclosure on application a second: events added up, whole stories decided, clocks read, case files replayed.

One story is a case with a supplement, a third party's opinion, an extension and a reply (16 events). The limit for comparison
is adding the same events to a plain list and dictionary, which decides and checks nothing.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import cache

from gongkai.domain.foi import commands as c
from gongkai.domain.foi.clocks import read_case
from gongkai.domain.foi.event_data import event_from_data, event_to_data
from gongkai.domain.foi.events import Event
from gongkai.domain.foi.evolving import evolve, replay
from gongkai.domain.foi.machine import decide
from gongkai.domain.foi.model import CaseState, ConsultationKind, Delivery, Law, Opinion
from gongkai.domain.foi.receipt import Channel, ReceiptFact
from gongkai.domain.foi.replay.outcome import annual_of
from gongkai.domain.foi.replay.reading import read_scripts
from gongkai.domain.foi.replay.running import run_script
from gongkai.rulebook.foi_law import case_law

CASES = 400
REPEATS = 3
EVIDENCE = ("copy_provided", "form_wanted", "form_used", "handover_proof")
FILE = """\
- name: 第{number}件
  channel: online
  events: [{{submitted: {0}}}, {{confirmed: {1}}}, {{supplement_notice: {2}}}, {{supplemented: {3}}},
    {{consultation_sent: {4}}}, {{consultation_closed: {5}}}, {{extension: {6}}},
    {{replied: {{on: {7}, disposition: granted_provide, delivery: post}}}}]
"""


@cache
def law_on(on: date, layer: str) -> Law:
    """The law of a day, built once."""
    return case_law(on=on, layer=layer)


def days_of(number: int) -> list[date]:
    """The days of one story; the same on every run."""
    chance = random.Random(number)
    day, days = date(2024, 1, 2) + timedelta(days=chance.randrange(700)), []
    for longest in (1, 3, 4, 9, 3, 12, 5, 9):
        days.append(day)
        day += timedelta(days=chance.randrange(1, longest + 1))
    return days


def story(days: Sequence[date]) -> list[c.Command]:
    """The commands of one story."""
    third, both = ConsultationKind.THIRD_PARTY, (ReceiptFact.CONFIRMED_BY_ORGAN, ReceiptFact.CONFIRMED_BY_APPLICANT)
    return [
        c.Submit(on=days[0], channel=Channel.ONLINE),
        c.RecordReceipt(on=days[1], facts=both),
        c.Register(on=days[1], register_no="公开〔2024〕1号"),
        c.Accept(on=days[1]),
        c.NotifySupplement(on=days[2], items=("文件名称",), days=10),
        c.ReceiveSupplement(on=days[3]),
        c.Consult(on=days[4], kind=third, ref="甲公司"),
        c.AnswerConsultation(on=days[5], kind=third, ref="甲公司", opinion=Opinion.CONSENTS),
        c.Extend(on=days[6], approved_by="负责人"),
        c.Draft(on=days[7], disposition="granted_provide"),
        c.Sign(on=days[7], signed_by="主任"),
        c.Send(on=days[7], delivery=Delivery.POST),
        c.Serve(on=days[7]),
        c.Close(on=days[7], evidence=EVIDENCE),
    ]


def decided(commands: Sequence[c.Command]) -> list[Event]:
    """Decide and apply every command of a story."""
    law, state, events = law_on(commands[1].on, "cn"), CaseState(), []
    for command in commands:
        decision = decide(state, command, law=law, today=command.on)
        if not decision.allowed:
            raise SystemExit(f"a story that is refused: {decision.issues}")
        for event in decision.events:
            state = evolve(state, event)
            events.append(event)
    return events


def plainly(events: Sequence[Event]) -> object:
    """The limit: the events put into a list and a dictionary."""
    kept, last = [], {}
    for event in events:
        kept.append(event)
        last[type(event).__name__] = event.on
    return kept, last


def per_second(work: Callable[[], object]) -> float:
    """Cases a second, the best of several rounds, in processor time."""
    rounds = []
    for _ in range(REPEATS):
        began = time.process_time()
        work()
        rounds.append(time.process_time() - began)
    return CASES / min(rounds)


def main() -> None:
    """Measure and print."""
    stories = [story(days_of(number)) for number in range(CASES)]
    events = [decided(one) for one in stories]
    stored = [[event_to_data(event) for event in one] for one in events]
    states = [replay(one) for one in events]
    text = "".join(FILE.format(*days_of(number), number=number) for number in range(CASES))
    scripts, problems = read_scripts(text, law_on(date(2024, 3, 1), "cn").dispositions)
    if problems:
        raise SystemExit(f"a file that is faulty: {problems[:3]}")
    print(f"{len(events[0])} events a case, {CASES} cases, processor time, best of {REPEATS}")
    rows: list[tuple[str, Callable[[], object]]] = [
        ("plain list and dictionary (limit)", lambda: [plainly(one) for one in events]),
        ("replay(events)", lambda: [replay(one) for one in events]),
        (
            "replay(events) from stored values",
            lambda: [replay(event_from_data(each) for each in one) for one in stored],
        ),
        ("decide and evolve the whole story", lambda: [decided(one) for one in stories]),
        (
            "read every clock of a case",
            lambda: [
                read_case(one, law_on(one.received_on or date.min, "cn"), today=date(2026, 6, 1)) for one in states
            ],
        ),
        ("read the case file", lambda: read_scripts(text, law_on(date(2024, 3, 1), "cn").dispositions)),
        (
            "run the case file, annual row",
            lambda: [annual_of(run_script(one, law_on=law_on, today=None)) for one in scripts],
        ),
    ]
    for name, work in rows:
        print(f"{name:<40}{per_second(work):>12,.0f} cases/s")


if __name__ == "__main__":
    main()
