"""What all addresses of the API have in common: nobody signs in, nothing is kept, errors are JSON in Chinese."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from drf_spectacular.openapi import AutoSchema
from rest_framework.exceptions import APIException, MethodNotAllowed, Throttled
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from gongkai.domain.issues import Issue
from gongkai.kernel.api.answers import JSON_TYPE, AnyAccept, error, error_data, errors, json_bytes
from gongkai.kernel.errors import Refused
from gongkai.kernel.throttle import web

__all__ = ["JSON_TYPE", "PublicView", "answer", "closed", "error", "error_data", "json_bytes"]
OPEN = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Last-Modified, Retry-After, Content-Range, Accept-Ranges, Repr-Digest",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "If-None-Match, If-Modified-Since, If-Range, Range",
    "Access-Control-Max-Age": "86400",
}


class PerAddress(BaseThrottle):
    """How often one address may ask within a minute (``GONGKAI_API_PER_MINUTE``; 0: no limit), for all processes together."""

    seconds = 60

    def allow_request(self, request: Request, view: APIView) -> bool:
        """Count the request and tell whether it is answered."""
        limit = int(settings.API_PER_MINUTE)
        if limit <= 0:
            return True
        hit = web.counted(request._request, kind="portal.api", seconds=60)
        self.seconds = hit.seconds
        return hit.count <= limit

    def wait(self) -> float:
        """Return in how many seconds to come again."""
        return float(self.seconds)


class PublicView(APIView):
    """An address that anybody may read."""

    http_method_names = ["get", "head", "options"]
    authentication_classes = ()
    permission_classes = ()
    throttle_classes = (PerAddress,)
    renderer_classes = (JSONRenderer,)
    content_negotiation_class = AnyAccept
    schema = AutoSchema()

    def options(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answer a browser that asks beforehand whether it may read."""
        return HttpResponse(status=204, headers=PREFLIGHT)

    def get_exception_handler(self) -> Callable[..., HttpResponse | None]:
        """Return what turns a refusal into an answer."""
        return _answer

    def finalize_response(
        self, request: Request, response: HttpResponseBase, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        """Let pages of other sites read the answer, too."""
        response = super().finalize_response(request, response, *args, **kwargs)
        for name, value in OPEN.items():
            response.headers.setdefault(name, value)
        response.headers.setdefault("Cache-Control", "no-cache")  # what is taken down is gone at once
        return response


def answer(request: Request, data: Any, *, media_type: str = JSON_TYPE, status: int = 200) -> HttpResponseBase:
    """Return data as JSON with an ETag; 304 where the client has exactly this already."""
    body = json_bytes(data)
    response = HttpResponse(body, content_type=media_type, status=status)
    if status != 200:
        return response
    etag = f'"{hashlib.sha256(body).hexdigest()}"'
    response["ETag"] = etag
    return get_conditional_response(request._request, etag=etag, response=response) or response


def closed(issue: Issue, seconds: int) -> HttpResponse:
    """Return that something is not to be had for the moment, and when to come again."""
    response = error(issue, 503)
    response["Retry-After"] = str(seconds)
    return response


def _answer(exception: Exception, context: dict[str, Any]) -> HttpResponse | None:
    if isinstance(exception, Refused):
        return errors(exception.issues, 400)
    if isinstance(exception, Http404):
        return error(Issue("api.not_found"), 404)
    if isinstance(exception, Throttled):
        seconds = int(exception.wait or 60) + 1
        response = error(Issue("api.too_many", values={"seconds": seconds}), 429)
        response["Retry-After"] = str(seconds)
        return response
    if isinstance(exception, MethodNotAllowed):
        response = error(Issue("api.method"), 405)
        response["Allow"] = "GET, HEAD, OPTIONS"
        return response
    if isinstance(exception, APIException):
        return error(Issue("api.refused"), exception.status_code)
    return None
