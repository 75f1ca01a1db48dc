"""A hotline that hands applications over, and the OpenAPI document to hold every answer against."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone

from gongkai.features.foi.api.schema import openapi
from gongkai.features.foi.scopes import FIGURES, STATUS, SUBMIT
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.tokens.services import Issued, system_create, token_issue
from tests.factories.foi import ADDRESS, NAME, NUMBER, PHONE, Desk
from tests.factories.openapi import documented
from tests.factories.world import World

BASE = "https://www.example.gov.cn"
API = "/api/v1/foi/"


@pytest.fixture(autouse=True)
def place_of_its_own(settings: LazySettings) -> None:
    settings.BASE_URL = BASE
    settings.TOKEN_PER_MINUTE = 0


@pytest.fixture
def desk(world: World) -> Desk:
    """A desk on the real day, as the views read the clock."""
    return Desk(world, timezone.localdate())


class Sender:
    """A connected system: asks with its token and holds each answer against the document."""

    def __init__(self, desk: Desk, name: str = "12345热线", unit_id: int | None = None, **more: Any) -> None:
        self.desk = desk
        self.admin = desk.world.actor(Role.SYSTEM_ADMINISTRATOR, desk.world.office, desk.today)
        values = {"scopes": [SUBMIT, STATUS, FIGURES], "networks": [], "until_on": desk.today + timedelta(days=30)}
        self.issued: Issued = system_create(
            actor=self.admin,
            name=name,
            contact="周工 0797-1234567",
            unit_id=unit_id,
            now=timezone.now(),
            **{**values, **more},
        )
        self.client = Client()

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.issued.written}"}

    def renewed(self, *scopes: str) -> None:
        """Go on with another token."""
        self.issued = token_issue(
            actor=self.admin,
            system_id=self.issued.token.system_id,
            scopes=list(scopes) or [SUBMIT, STATUS, FIGURES],
            networks=[],
            until_on=self.desk.today,
            now=timezone.now(),
        )

    def body(self, **more: Any) -> dict[str, Any]:
        """An application taken down on the phone, everything filled in."""
        person = {"kind": "natural_person", "name": NAME, "id_number": NUMBER, "phone": PHONE, "address": ADDRESS}
        return {
            "sender_no": "RX-0001",
            "unit": self.desk.unit.pk,
            "channel": "oral",
            "confirmed": True,
            "applicant": person,
            "subject": "学府路改造项目环评批复",
            "description": "2025年学府路改造项目的环评批复。\n找不到全文。",
            "wanted_form": "paper",
            "wanted_delivery": "post",
            **more,
        }

    def send(self, status: int = 201, **more: Any) -> Any:
        """Hand an application over."""
        return self.post(self.body(**more), status)

    def post(self, body: Any, status: int) -> Any:
        response = self.client.post(
            f"{API}applications/", json.dumps(body), content_type="application/json", headers=self.headers
        )
        return self.checked(response, "foi_applications_hand_over", status)

    def get(self, path: str, operation: str, status: int = 200, **query: Any) -> Any:
        return self.checked(self.client.get(f"{API}{path}", query, headers=self.headers), operation, status)

    def checked(self, response: Any, operation: str, status: int) -> Any:
        """Return the data of an answer that is as the document says."""
        assert response.status_code == status, response.content.decode()
        media_type, form = documented(openapi).form(operation, status)
        assert response["Content-Type"] == f"{media_type}; charset=utf-8" == "application/json; charset=utf-8"
        assert response["Cache-Control"] == "no-store"
        data = json.loads(response.content)
        form.validate(data)
        return data


@pytest.fixture
def sender(desk: Desk) -> Sender:
    return Sender(desk)


@pytest.fixture
def connect(desk: Desk) -> Callable[..., Sender]:
    """``connect("别的系统", unit_id=…)`` registers another system."""
    return lambda name, **more: Sender(desk, name, **more)
