"""schemathesis asks every address with data that fit the document and with data that do not: no server error, and every
answer as documented. Bounded by numbers of examples, so that it takes seconds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import positive_data_acceptance

from gongkai.features.foi.api.schema import openapi
from gongkai.features.foi.models import Application
from tests.factories.foi import Desk
from tests.factories.once import made_once
from tests.factories.world import World
from tests.features.foi.api.conftest import Sender

OPERATIONS = (
    "foi_applications_list", "foi_applications_hand_over", "foi_applications_read", "foi_events_list", "foi_figures_read",
    "foi_units_list", "foi_vocabulary_read",
)  # fmt: skip
CAREFUL = settings(
    max_examples=25,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def sender(django_db_setup: None, django_db_blocker: Any) -> Iterator[Sender]:
    """One hotline for all of them: what a test makes it hand over is taken back."""
    with made_once(django_db_blocker):
        yield Sender(Desk(World(), timezone.localdate()))


@pytest.fixture(scope="module")
def schema() -> Iterator[Any]:
    """The document with the application behind it, on the connection of the test; what is tried is read from both once."""
    found = schemathesis.openapi.from_dict({**openapi(), "servers": [{"url": "http://localhost/"}]})
    found.app = WSGIHandler()
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield found
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def operation(schema: Any, wanted: str) -> Any:
    found = (one.ok() for one in schema.get_all_operations())
    return next(one for one in found if one.definition.raw["operationId"] == wanted)


def asked(case: Any, headers: dict[str, str]) -> int:
    """Ask, and hold the answer against the document; that fitting data may be refused by the law is no fault."""
    response = case.call(headers=headers)
    case.validate_response(response, headers=headers, excluded_checks=[positive_data_acceptance])
    return int(response.status_code)


class TestAsDocumented:
    @pytest.mark.parametrize("wanted", OPERATIONS)
    @pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
    def test_with_a_token(self, sender: Sender, schema: Any, wanted: str, mode: GenerationMode) -> None:
        @seed(20260302)
        @CAREFUL
        @given(case=operation(schema, wanted).as_strategy(generation_mode=mode))
        def ask(case: Any) -> None:
            asked(case, sender.headers)

        ask()

    @pytest.mark.parametrize("wanted", OPERATIONS)
    def test_without_one_everything_is_refused(self, sender: Sender, schema: Any, wanted: str) -> None:
        @seed(20260302)
        @settings(CAREFUL, max_examples=5)
        @given(case=operation(schema, wanted).as_strategy())
        def ask(case: Any) -> None:
            response = case.call(headers={"Authorization": "Bearer gk_none"})
            assert response.status_code == 401

        ask()


class TestDelivering:
    def test_whatever_a_member_holds_the_answer_is_one_of_the_documented(self, sender: Sender, schema: Any) -> None:
        """A whole delivery in which one or two members are replaced: deeper than data made from nothing."""
        deliver = operation(schema, "foi_applications_hand_over")
        anything = st.recursive(
            st.none()
            | st.booleans()
            | st.integers()
            | st.floats(allow_nan=False, allow_infinity=False)
            | st.text(max_size=30),
            lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
            max_leaves=6,
        )
        names = [*sender.body(), "identity", "attachments", "submitted_on", "doc_no", "no_log"]
        persons = [*sender.body()["applicant"], "email", "org_code"]

        @seed(20260302)
        @settings(CAREFUL, max_examples=60)
        @given(
            top=st.dictionaries(st.sampled_from(names), anything, max_size=2),
            person=st.dictionaries(st.sampled_from(persons), anything, max_size=2),
            number=st.integers(0, 5),
        )
        def send(top: dict[str, Any], person: dict[str, Any], number: int) -> None:
            body = sender.body(sender_no=f"Z{number}")
            body["applicant"] = {**body["applicant"], **person}
            case = deliver.Case(body={**body, **top}, media_type="application/json")
            response = case.call(headers=sender.headers)
            assert response.status_code in (200, 201, 400, 409), response.text
            told = {str(code) for code in deliver.definition.raw["responses"]}
            assert str(response.status_code) in told

        send()
        assert Application.objects.exists()


class TestLinks:
    def test_what_was_handed_over_is_found_by_what_the_answer_says(self, sender: Sender, schema: Any) -> None:
        headers, told = sender.headers, Counter[tuple[str, int]]()

        def before_call(self: Any, case: Any) -> None:
            """Whatever fits the document names no unit that is there: hand over what is taken in, under its number."""
            if case.method == "POST" and case.meta.generation.mode is GenerationMode.POSITIVE:
                case.body = sender.body(sender_no=case.body["sender_no"])

        def after_call(self: Any, response: Any, case: Any) -> None:
            told[case.operation.definition.raw["operationId"], response.status_code] += 1

        def call_kwargs(self: Any, case: Any) -> dict[str, Any]:
            return {"headers": headers}

        def validate(self: Any, response: Any, case: Any, additional_checks: Any = (), **more: Any) -> None:
            case.validate_response(response, headers=headers, excluded_checks=[positive_data_acceptance])

        steps = {
            "before_call": before_call,
            "after_call": after_call,
            "get_call_kwargs": call_kwargs,
            "validate_response": validate,
        }
        machine: Any = type("Hotline", (schema.as_state_machine(),), steps)
        machine.run(settings=settings(CAREFUL, max_examples=8, stateful_step_count=4))
        assert told["foi_applications_hand_over", 201] and told["foi_applications_read", 200], told
