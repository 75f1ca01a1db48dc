"""Events: delivered after the commit, twice rather than never, and never breaking the request."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import ClassVar

import pytest
from django.db import transaction

from gongkai.kernel.events import Event, bus, publish, subscribe
from gongkai.kernel.events.bus import EventError, deliver, listeners
from gongkai.kernel.jobs.testing import jobs_waiting, run_jobs

heard: list[tuple[str, Event]] = []
failing: set[str] = set()


class Color(StrEnum):
    RED = "red"


@dataclass(frozen=True)
class ThingMade(Event):
    name: ClassVar[str] = "eventtest.thing.made"
    thing_id: int
    on: date
    at: datetime | None = None
    owner_ids: tuple[int, ...] = ()
    days: frozenset[date] = frozenset()
    color: Color = Color.RED


EVENT = ThingMade(
    7, date(2026, 3, 2), datetime(2026, 3, 2, 1, tzinfo=UTC), (1, 2), frozenset({date(2026, 1, 1)}), Color.RED
)


def inline(event: ThingMade) -> None:
    if "inline" in failing:
        raise RuntimeError("inline failed")
    heard.append(("inline", event))


def durable(event: ThingMade) -> None:
    if "durable" in failing:
        raise RuntimeError("durable failed")
    heard.append(("durable", event))


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bus, "_listeners", {})
    heard.clear()
    failing.clear()


class TestPayload:
    def test_comes_back_as_it_went(self) -> None:
        payload = EVENT.payload()
        assert payload["on"] == "2026-03-02"
        assert payload["owner_ids"] == [1, 2]
        assert ThingMade.from_payload(payload) == EVENT

    def test_keeps_what_is_not_there(self) -> None:
        event = ThingMade(1, date(2026, 1, 1))
        assert ThingMade.from_payload(event.payload()) == event


class TestSubscribe:
    def test_twice_is_once(self) -> None:
        subscribe(ThingMade, inline)
        subscribe(ThingMade, inline)
        assert listeners(ThingMade) == [f"{__name__}.inline"]

    def test_refuses_an_event_without_a_name(self) -> None:
        with pytest.raises(EventError, match="no name"):
            subscribe(Event, inline)
        with pytest.raises(EventError, match="no name"):
            publish(Event())

    def test_refuses_a_handler_that_a_job_could_not_find(self) -> None:
        with pytest.raises(EventError, match="function of a module"):
            subscribe(ThingMade, lambda event: None)

    def test_refuses_two_classes_of_one_name(self) -> None:
        @dataclass(frozen=True)
        class Other(Event):
            name: ClassVar[str] = "eventtest.thing.made"

        subscribe(ThingMade, inline)
        with pytest.raises(EventError, match="two classes"):
            subscribe(Other, durable)


@pytest.mark.django_db(transaction=True)
class TestPublish:
    def test_waits_for_the_commit(self) -> None:
        subscribe(ThingMade, inline)
        with transaction.atomic():
            publish(EVENT)
            assert heard == []
        assert heard == [("inline", EVENT)]

    def test_says_nothing_when_rolled_back(self) -> None:
        subscribe(ThingMade, inline)
        subscribe(ThingMade, durable, as_job=True)
        with pytest.raises(KeyError), transaction.atomic():
            publish(EVENT)
            raise KeyError
        assert heard == []
        assert jobs_waiting() == []

    def test_hands_a_durable_listener_to_a_job_in_the_same_transaction(self) -> None:
        subscribe(ThingMade, durable, as_job=True)
        with transaction.atomic():
            publish(EVENT)
            assert [name for name, _ in jobs_waiting()] == ["events.deliver"]
        assert heard == []
        run_jobs()
        assert heard == [("durable", EVENT)]

    def test_a_failing_listener_breaks_neither_the_request_nor_the_others(
        self, caplog: pytest.LogCaptureFixture
    ) -> None:
        failing.add("inline")
        subscribe(ThingMade, inline)
        subscribe(ThingMade, durable)
        with caplog.at_level(logging.ERROR), transaction.atomic():
            publish(EVENT)
        assert heard == [("durable", EVENT)]
        assert "inline failed" in caplog.text
        failing.clear()
        assert run_jobs() == ["events.deliver"]
        assert heard[-1] == ("inline", EVENT)

    def test_an_event_nobody_listens_to_is_fine(self) -> None:
        publish(EVENT)
        assert jobs_waiting() == []


@pytest.mark.django_db
class TestDeliver:
    def test_skips_a_listener_that_is_gone(self, caplog: pytest.LogCaptureFixture) -> None:
        deliver("eventtest.thing.made", "gone.handler", EVENT.payload())
        assert "no longer listens" in caplog.text

    def test_raises_so_that_the_job_is_tried_again(self) -> None:
        failing.add("durable")
        subscribe(ThingMade, durable, as_job=True)
        with pytest.raises(RuntimeError, match="durable failed"):
            deliver("eventtest.thing.made", f"{__name__}.durable", EVENT.payload())


def test_everything_wired_listens_to_an_event_with_a_good_name(monkeypatch: pytest.MonkeyPatch) -> None:
    import re

    from gongkai.config.wiring import wire

    wire()
    assert bus._listeners, "the product wires at least one listener"
    assert all(re.fullmatch(r"[a-z_]+\.[a-z_]+\.[a-z_]+", name) for name in bus._listeners)
