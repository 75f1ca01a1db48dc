"""The door of interfaces that want a token: who asks, whether that is allowed, how often, and errors as JSON.

Only the ``Authorization`` header is looked at, never a cookie: no page of another site can ask in somebody's name. Nothing
opens these answers to scripts of other sites, and nobody on the way may keep them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables
from drf_spectacular.openapi import AutoSchema
from rest_framework.exceptions import APIException, MethodNotAllowed
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.views import APIView

from gongkai.domain.issues import Issue
from gongkai.kernel.api.answers import AnyAccept, error, errors
from gongkai.kernel.api.refusals import Conflict, TooLarge, TooOften, WrongType
from gongkai.kernel.errors import NotPermitted, Refused
from gongkai.kernel.throttle import web as throttle
from gongkai.kernel.throttle.services import hit
from gongkai.kernel.tokens.scopes import known_scopes
from gongkai.kernel.tokens.selectors import Bearer, TokenUnknown, bearer_get, comes_from
from gongkai.kernel.tokens.services import token_used

TRIED, TRIED_SECONDS = 30, 900
"""Wrong tokens from one address within a quarter of an hour; right ones go on. A technical bound."""
_STATUS = {TokenUnknown: 401, NotPermitted: 403, Conflict: 409, TooLarge: 413, WrongType: 415, TooOften: 429}


class TokenView(APIView):
    """An address for connected systems. ``scopes`` says what each method asks for; "" is any token that holds."""

    scopes: ClassVar[Mapping[str, str]] = {"GET": "", "HEAD": ""}
    http_method_names = ["get", "head"]
    authentication_classes = ()
    permission_classes = ()
    throttle_classes = ()
    renderer_classes = (JSONRenderer,)
    content_negotiation_class = AnyAccept
    schema = AutoSchema()
    bearer: Bearer

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Let in who holds a token for this, before anything that was sent is read."""
        super().initial(request, *args, **kwargs)
        self.bearer = bearer_of(request._request, self.scopes.get(str(request.method), ""))

    def get_exception_handler(self) -> Callable[..., HttpResponse | None]:
        """Return what turns a refusal into an answer."""
        return refusal_answer

    def finalize_response(
        self, request: Request, response: HttpResponseBase, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        """Let nobody keep the answer."""
        response = super().finalize_response(request, response, *args, **kwargs)
        response.headers.setdefault("Cache-Control", "no-store")
        if response.status_code == 405:
            response["Allow"] = ", ".join(name.upper() for name in self.http_method_names)
        return response


@sensitive_variables("written", "header")
def bearer_of(request: HttpRequest, scope: str) -> Bearer:
    """Return the system that asks; raises TokenUnknown, NotPermitted, TooOften."""
    header = request.META.get("HTTP_AUTHORIZATION", "")
    kind, _, written = header.partition(" ")
    if kind.lower() != "bearer" or not written.strip():
        raise TokenUnknown(Issue("tokens.missing"))
    now, place = timezone.now(), throttle.place_of(request)
    try:
        bearer = bearer_get(written=written.strip(), today=timezone.localdate(now))
    except TokenUnknown:
        tried = throttle.counted(request, kind="tokens.tried", seconds=TRIED_SECONDS)
        if tried.count > TRIED:
            raise TooOften(Issue("tokens.tried", values={"seconds": tried.seconds}), tried.seconds) from None
        raise
    if settings.TOKEN_PER_MINUTE > 0:
        asked = hit(kind="tokens.request", place=bearer.key, seconds=60, now=now)
        if asked.count > settings.TOKEN_PER_MINUTE:
            raise TooOften(Issue("tokens.too_many", values={"seconds": asked.seconds}), asked.seconds)
    if not comes_from(bearer.networks, place):
        raise NotPermitted(Issue("tokens.network"))
    token_used(token_id=bearer.token_id, place=place, now=now)
    if scope and scope not in bearer.scopes:
        raise NotPermitted(Issue("tokens.scope", values={"scope": known_scopes().get(scope, scope), "code": scope}))
    return bearer


def refusal_answer(exception: Exception, context: Mapping[str, Any]) -> HttpResponse | None:
    """Turn a refusal into an answer with its status; what nobody foresaw goes on to the page of errors."""
    if isinstance(exception, Refused):
        status = next((code for kind, code in _STATUS.items() if isinstance(exception, kind)), 400)
        response = errors(exception.issues, status)
        if status == 401:
            response["WWW-Authenticate"] = 'Bearer realm="gongkai"'
        if isinstance(exception, TooOften):
            response["Retry-After"] = str(exception.seconds)
        return response
    if isinstance(exception, Http404):
        return error(Issue("api.nothing"), 404)
    if isinstance(exception, MethodNotAllowed):
        return error(Issue("api.other_method"), 405)
    if isinstance(exception, APIException):
        return error(Issue("api.refused"), exception.status_code)
    return None
