"""A bureau that publishes, a folder of its own for the dump, and the OpenAPI document to hold answers against."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from gongkai.portal.api.schema import openapi
from tests.factories.disclosure import Bureau
from tests.factories.openapi import documented
from tests.factories.world import World

BASE = "https://www.example.gov.cn"


@pytest.fixture(autouse=True)
def place_of_its_own(settings: LazySettings, tmp_path: Path) -> None:
    settings.BASE_URL = BASE
    settings.FILES_DIR, settings.DUMP_DIR = tmp_path / "files", tmp_path / "dump"
    cache.clear()


@pytest.fixture
def bureau(db: None) -> Bureau:
    return Bureau(World())


def ago(**time: float) -> datetime:
    """A moment that has passed, for what the views ask the clock about."""
    return timezone.now() - timedelta(**time)


Check = Callable[..., Any]


@pytest.fixture
def check(client: Client) -> Check:
    """``check(path, operation, status)`` asks, holds the answer against the document, and returns its data."""
    forms = documented(openapi, whole=True)

    def ask(path: str, operation: str, status: int = 200, **query: Any) -> Any:
        response = client.get(path, query)
        assert response.status_code == status, response.content.decode()
        media_type, form = forms.form(operation, status)
        assert response["Content-Type"].startswith(media_type)
        data = json.loads(response.content)
        form.validate(data)
        return data

    return ask
