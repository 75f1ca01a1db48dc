"""The OpenAPI document, made from the views themselves, and the page that tells the same to people."""

from __future__ import annotations

from functools import cache
from importlib.metadata import version
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import include, path
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator
from rest_framework.request import Request

from gongkai.features.foi.api.schema import openapi as handing
from gongkai.portal.api import asked
from gongkai.portal.api.base import PublicView, answer

KINDS = {"integer": "整数", "string": "文字"}
FORMATS = {"date": "日期", "uuid": "标识"}


@cache
def _generated() -> dict[str, Any]:
    from gongkai.portal.api.urls import versioned

    generator = SchemaGenerator(patterns=[path("api/v1/", include(versioned))], api_version="1")
    found: dict[str, Any] = generator.get_schema(request=None, public=True)
    return found


def openapi() -> dict[str, Any]:
    """Return the OpenAPI 3 document of this site."""
    return {
        **_generated(),
        "info": {
            "title": f"{settings.PLACE}政务公开读取接口",
            "version": version("gongkai"),
            "description": "现在公开的信息，供任何人读取。不需要登录或密钥，不使用 Cookie。",
        },
        "servers": [{"url": settings.BASE_URL}],
    }


class SchemaView(PublicView):
    """The OpenAPI document."""

    schema = None

    def get(self, request: Request) -> HttpResponseBase:
        """Return it as JSON."""
        asked.asked(request.query_params, {})
        return answer(request, openapi(), media_type="application/vnd.oai.openapi+json; charset=utf-8")


class HandingSchemaView(PublicView):
    """The OpenAPI document of the interface for connected systems; the document itself is no secret."""

    schema = None

    def get(self, request: Request) -> HttpResponseBase:
        """Return it as JSON."""
        asked.asked(request.query_params, {})
        return answer(request, handing(), media_type="application/vnd.oai.openapi+json; charset=utf-8")


@require_safe
def documentation(request: HttpRequest) -> HttpResponse:
    """Tell people how the API is used; the table is made from the OpenAPI document."""
    found = openapi()
    context = {
        "page_title": "开放接口",
        "breadcrumbs": [("首页", "/"), ("开放接口", "")],
        "base": settings.BASE_URL,
        "operations": [
            _operation(address, method["get"]) for address, method in found["paths"].items() if "get" in method
        ],
        "fields": _fields(found, "PublicationDetail"),
        "handing": [
            {**_operation(address, told), "method": method.upper(), "members": _members(handing(), told)}
            for address, methods in handing()["paths"].items()
            for method, told in methods.items()
        ],
        "limit": settings.API_PER_MINUTE,
    }
    response = render(request, "portal/api/docs.html", context)
    response["Cache-Control"] = "no-cache"
    return response


def _operation(address: str, told: dict[str, Any]) -> dict[str, Any]:
    parameters = [
        {
            "name": one["name"],
            "kind": FORMATS.get(one["schema"].get("format", ""), KINDS.get(one["schema"].get("type", ""), "文字")),
            "choices": "、".join(one["schema"].get("enum", ())),
            "description": one.get("description", ""),
        }
        for one in told.get("parameters", ())
        if one["in"] == "query"
    ]
    return {
        "address": address,
        "anchor": told["operationId"],
        "summary": told["summary"],
        "description": told.get("description", ""),
        "parameters": parameters,
    }


def _members(found: dict[str, Any], told: dict[str, Any]) -> list[dict[str, str]]:
    """Return what an operation wants to be sent, member by member."""
    if "requestBody" not in told:
        return []
    reference = told["requestBody"]["content"]["application/json"]["schema"]["$ref"]
    return _fields(found, reference.rpartition("/")[2])


def _fields(found: dict[str, Any], name: str) -> list[dict[str, str]]:
    schema = found["components"]["schemas"][name]
    return [{"name": field, "description": one.get("description", "")} for field, one in schema["properties"].items()]
