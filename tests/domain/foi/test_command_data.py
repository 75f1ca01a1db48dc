"""Commands survive being stored."""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import date
from typing import Any

import pytest

from gongkai.domain.foi import commands as c
from gongkai.domain.foi.command_data import COMMAND_TYPES, command_from_data, command_to_data
from gongkai.domain.foi.model import ConsultationKind, Delivery, Opinion, RemedyKind, RemedyOutcome
from gongkai.domain.foi.receipt import Channel, ReceiptFact
from gongkai.domain.foi.verbs import Verb

DAY = date(2026, 3, 2)
VALUES: dict[str, Any] = {
    "channel": Channel.ONLINE,
    "facts": (ReceiptFact.CONFIRMED_BY_ORGAN, ReceiptFact.CONFIRMED_BY_APPLICANT),
    "kind": ConsultationKind.THIRD_PARTY,
    "opinion": Opinion.CONSENTS,
    "delivery": Delivery.POST,
    "outcome": RemedyOutcome.UPHELD,
    "into": ("2026-0001", "2026-0002"),
    "items": ("文件名称",),
    "grounds": ("art_15",),
    "evidence": ("copy_provided",),
    "received_on": DAY,
    "served_on": DAY,
    "approved_on": DAY,
    "due_on": DAY,
    "days": 5,
    "amount": 100,
    "year": 2026,
    "passed": True,
    "reasonable": None,
    "found": False,
    "working_days": False,
}


def sample(verb: Verb) -> c.Command:
    """A command with every field filled in."""
    kind = COMMAND_TYPES[verb]
    given = {f.name: VALUES.get(f.name, "文字") for f in fields(kind) if f.name not in ("on", "by")}
    if verb in (Verb.FILE_REMEDY, Verb.DECIDE_REMEDY):
        given["kind"] = RemedyKind.RECONSIDERATION
    if verb is Verb.HEAR_COUNSEL:
        given["opinion"] = "可以公开"
    if verb is Verb.MERGE:
        given["into"] = "2026-0001"
    return kind(on=DAY, by="经办", **given)


class TestCommandData:
    @pytest.mark.parametrize("verb", list(Verb))
    def test_every_command_comes_back_as_it_was(self, verb: Verb) -> None:
        command = sample(verb)
        stored = json.loads(json.dumps(command_to_data(command), ensure_ascii=False))
        assert command_from_data(stored) == command

    def test_what_is_not_known_is_refused(self) -> None:
        with pytest.raises(ValueError, match="dance"):
            command_from_data({"verb": "dance", "on": "2026-03-02"})
        with pytest.raises(KeyError):
            command_from_data({"verb": "accept", "on": "2026-03-02", "with": "music"})
