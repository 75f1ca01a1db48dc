"""An OpenAPI document to hold answers against."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import jsonschema


class Documented:
    """The forms of a document as JSON Schema; each is made ready once, however many answers are held against it."""

    def __init__(self, document: dict[str, Any], whole: bool) -> None:
        plain = _plain(document, whole)
        self._components = plain["components"]
        self._operations = {
            one["operationId"]: one["responses"] for methods in plain["paths"].values() for one in methods.values()
        }
        self._forms: dict[tuple[str, int], tuple[str, jsonschema.Draft202012Validator]] = {}

    def form(self, operation: str, status: int) -> tuple[str, jsonschema.Draft202012Validator]:
        """The media type of an answer, and what its data must fit."""
        if (operation, status) not in self._forms:
            [(media_type, told)] = self._operations[operation][str(status)]["content"].items()
            schema = {**told["schema"], "components": self._components}
            checker = jsonschema.Draft202012Validator.FORMAT_CHECKER
            validator = jsonschema.Draft202012Validator(schema, format_checker=checker)
            self._forms[operation, status] = (media_type, validator)
        return self._forms[operation, status]


@cache
def documented(openapi: Callable[[], dict[str, Any]], *, whole: bool = False) -> Documented:
    """What a document says; the settings of a test change its title and address only.

    With ``whole`` every member that is written down has to be there (nothing is sent, only told).
    """
    return Documented(openapi(), whole)


def _plain(schema: Any, whole: bool) -> Any:
    """OpenAPI 3.0 as JSON Schema: ``nullable`` in its words, and nothing that is not written down."""
    if isinstance(schema, list):
        return [_plain(one, whole) for one in schema]
    if not isinstance(schema, dict):
        return schema
    found = {key: _plain(value, whole) for key, value in schema.items() if key != "nullable"}
    if "properties" in found:
        found["additionalProperties"] = False
        assert not whole or set(found["required"]) == set(found["properties"])
    return {"anyOf": [found, {"type": "null"}]} if schema.get("nullable") is True else found
