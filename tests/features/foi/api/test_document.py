"""The OpenAPI document of the interface: whole, in Chinese, with examples that are taken in as they stand."""

from __future__ import annotations

import pytest
from django.test import Client

from gongkai.features.foi.api import examples
from gongkai.features.foi.api.reading import delivered
from gongkai.features.foi.api.schema import openapi
from tests.factories.world import TODAY


def operations() -> list[tuple[str, str, dict]]:
    return [(path, method, told) for path, methods in openapi()["paths"].items() for method, told in methods.items()]


class TestDocument:
    def test_describes_every_operation_and_parameter_in_chinese(self) -> None:
        assert {told["operationId"] for _, _, told in operations()} == {
            "foi_applications_list", "foi_applications_hand_over", "foi_applications_read", "foi_events_list",
            "foi_figures_read", "foi_units_list", "foi_vocabulary_read",
        }  # fmt: skip
        for path, method, told in operations():
            for text in (
                told["summary"],
                told["description"],
                *(one["description"] for one in told.get("parameters", ())),
            ):
                assert any("\u4e00" <= letter <= "\u9fff" for letter in text), (path, method)
            assert {"401", "403", "405", "429"} <= set(told["responses"])
            assert told["security"] == [{"token": []}]

    def test_every_member_is_described(self) -> None:
        for name, schema in openapi()["components"]["schemas"].items():
            for member, one in schema.get("properties", {}).items():
                assert one.get("description") or name in ("UnitRefs",), (name, member)

    def test_delivering_tells_every_way_it_can_end(self) -> None:
        told = next(one for _, method, one in operations() if method == "post")
        assert set(told["responses"]) == {"200", "201", "400", "401", "403", "405", "409", "413", "415", "429"}
        assert len(told["requestBody"]["content"]["application/json"]["examples"]) == 2

    @pytest.mark.parametrize("name", ["BY_PHONE", "ONLINE"])
    def test_examples_are_taken_in_as_they_stand(self, name: str) -> None:
        body = getattr(examples, name)
        assert delivered(body, units={12}, today=TODAY).sender_no == body["sender_no"]

    def test_the_example_of_an_answer_has_every_member(self) -> None:
        assert set(examples.TAKEN) == set(openapi()["components"]["schemas"]["HandedTaken"]["properties"])


@pytest.mark.django_db
class TestAddresses:
    def test_the_document_is_read_without_a_token(self, client: Client) -> None:
        answer = client.get("/api/schema/foi/")
        assert answer.status_code == 200 and answer.json()["paths"]

    def test_the_page_for_people_tells_every_operation(self, client: Client) -> None:
        page = client.get("/api/").content.decode()
        for path, method, told in operations():
            assert f"{method.upper()} {path}" in page and told["summary"] in page
        assert "sender_no" in page
