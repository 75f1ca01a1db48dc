"""A bureau that publishes, a folder of its own for the dump, and the OpenAPI document to hold answers against."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from django.conf import LazySettings
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from gongkai.portal.api.schema import openapi
from tests.factories.disclosure import Bureau
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


def _plain(schema: Any) -> Any:
    """OpenAPI 3.0 as JSON Schema: ``nullable`` in its words, and nothing that is not written down."""
    if isinstance(schema, list):
        return [_plain(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    found = {key: _plain(value) for key, value in schema.items() if key != "nullable"}
    if "properties" in found:
        found["additionalProperties"] = False
        assert set(found["required"]) == set(found["properties"])
    return {"anyOf": [found, {"type": "null"}]} if schema.get("nullable") is True else found


Check = Callable[..., Any]


@pytest.fixture
def check(client: Client) -> Check:
    """``check(path, operation, status)`` asks, holds the answer against the document, and returns its data."""
    document = _plain(openapi())

    def ask(path: str, operation: str, status: int = 200, **query: Any) -> Any:
        response = client.get(path, query)
        assert response.status_code == status, response.content.decode()
        told = next(
            one["get"] for one in document["paths"].values() if one.get("get", {}).get("operationId") == operation
        )
        [(media_type, form)] = told["responses"][str(status)]["content"].items()
        assert response["Content-Type"].startswith(media_type)
        data = json.loads(response.content)
        schema = {**form["schema"], "components": document["components"]}
        checker = jsonschema.Draft202012Validator.FORMAT_CHECKER
        jsonschema.Draft202012Validator(schema, format_checker=checker).validate(data)
        return data

    return ask
