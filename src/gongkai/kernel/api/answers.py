"""Answers of interfaces for programs: JSON in UTF-8, and errors that name everything that is wrong at once."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpResponse
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.request import Request

from gongkai.domain.issues import Issue
from gongkai.rulebook.messages import describe

JSON_TYPE = "application/json; charset=utf-8"


class AnyAccept(BaseContentNegotiation):
    """There is one form; what a client says that it accepts changes nothing."""

    def select_parser(self, request: Request, parsers: Any) -> Any:
        """Return the first parser; bodies are read by ``bodies``."""
        return parsers[0]

    def select_renderer(self, request: Request, renderers: Any, format_suffix: str | None = None) -> Any:
        """Return the only renderer."""
        return renderers[0], renderers[0].media_type


def json_bytes(data: Any) -> bytes:
    """Return data as JSON in UTF-8, a line break at its end."""
    return (json.dumps(data, ensure_ascii=False, allow_nan=False) + "\n").encode("utf-8", "replace")


def told(data: Any, *, status: int = 200) -> HttpResponse:
    """Return data as an answer."""
    return HttpResponse(json_bytes(data), content_type=JSON_TYPE, status=status)


def error_data(issues: tuple[Issue, ...], *, code: str = "") -> dict[str, Any]:
    """Return what an error says: a code and a sentence, and each thing that is wrong with the field it concerns."""
    told = [{"code": one.code, "field": one.field or "", "message": describe(one)} for one in issues]
    return {"code": code or issues[0].code, "message": "".join(one["message"] for one in told), "errors": told}


def error(issue: Issue, status: int) -> HttpResponse:
    """Return an error as an answer."""
    return errors((issue,), status)


def errors(issues: tuple[Issue, ...], status: int, *, code: str = "api.parameters") -> HttpResponse:
    """Return one or several errors as an answer; several go under ``code``."""
    return told(error_data(issues, code=code if len(issues) > 1 else ""), status=status)
