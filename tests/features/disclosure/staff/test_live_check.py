from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.wordlists.models import AllowedWord
from tests.factories.world import World
from tests.kernel.content.files import ID

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(db: None) -> World:
    return World()


def browser(world: World, role: Role = Role.DRAFTER) -> Client:
    client = Client()
    person = world.person(role, world.finance)
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def ask(client: Client, data: Any, name: str = "check") -> Any:
    return client.post(reverse(f"disclosure:staff:{name}"), data, content_type="application/json")


class TestCheck:
    def test_findings_carry_field_offsets_and_replacement(self, world: World) -> None:
        fields = [
            {"key": "title", "label": "标题", "text": "中华人民共合国大事"},
            {"key": "body:1", "label": "正文", "text": f"第一行\n𠮷日，身份证号{ID}"},
        ]
        answer = ask(browser(world), {"fields": fields, "unit": world.finance.pk}).json()
        wrong, number = answer["findings"]
        assert (wrong["key"], wrong["start"], wrong["end"]) == ("title", 0, 7)
        assert wrong["replacement"] == "中华人民共和国"
        assert wrong["grade"] == "L1"
        # A browser counts 𠮷 as two units.
        text = fields[1]["text"]
        written = text.encode("utf-16-le")[2 * number["start"] : 2 * number["end"]].decode("utf-16-le")
        assert written == ID
        assert (number["label"], number["line"]) == ("正文", 2)
        assert answer["counts"] == {"L1": 1, "L2": 1, "L3": 0, "L4": 0}

    def test_the_number_is_not_repeated(self, world: World) -> None:
        response = ask(browser(world), {"text": f"身份证号{ID}和{ID}"})
        assert ID not in response.content.decode()

    def test_phone_in_a_list_of_beneficiaries_is_graver(self, world: World) -> None:
        cell = {"key": "t", "text": "13812345678", "column": "电话", "headers": ["姓名", "电话"]}
        officials = {**cell, "headers": ["姓名", "职务", "电话"]}
        assert ask(browser(world), {"fields": [cell]}).json()["counts"]["L2"] == 1
        assert ask(browser(world), {"fields": [officials]}).json()["counts"]["L2"] == 0

    @pytest.mark.parametrize(
        ("data", "status"),
        [
            ("不是JSON", 400),
            ([1], 400),
            ({}, 400),
            ({"fields": "x"}, 400),
            ({"fields": [1]}, 400),
            ({"text": "好", "unit": "甲"}, 400),
            ({"text": "好" * 200_001}, 413),
        ],
    )
    def test_what_no_editor_sends_is_refused_in_words(self, world: World, data: Any, status: int) -> None:
        response = ask(browser(world), data)
        assert response.status_code == status
        assert response.json()["issues"]


class TestAllow:
    def test_office_allows_a_word_of_its_unit(self, world: World) -> None:
        client = browser(world, Role.DISCLOSURE_OFFICE)
        data = {"text": "座落于城东", "unit": world.finance.pk}
        assert ask(client, data).json()["findings"][0]["may_allow"]
        asked = {"word": "座落", "reason": "引用原文", "unit": world.finance.pk}
        assert ask(client, asked, "check_allow").json() == {"allowed": True}
        assert ask(client, data).json()["findings"] == []
        assert AllowedWord.objects.get().unit == world.finance
        assert ask(client, {**data, "unit": world.east.pk}).json()["findings"]

    def test_without_reason_it_is_not_taken(self, world: World) -> None:
        asked = {"word": "座落", "reason": " ", "unit": world.finance.pk}
        response = ask(browser(world, Role.DISCLOSURE_OFFICE), asked, "check_allow")
        assert response.status_code == 422
        assert "理由" in response.json()["issues"][0]

    def test_drafter_may_not(self, world: World) -> None:
        client = browser(world)
        assert not ask(client, {"text": "座落于城东", "unit": world.finance.pk}).json()["may_allow"]
        asked = {"word": "座落", "reason": "引用原文", "unit": world.finance.pk}
        assert ask(client, asked, "check_allow").status_code == 403
        assert not AllowedWord.objects.exists()
