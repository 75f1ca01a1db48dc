"""Requests for the API and the feeds as from anybody: apart from ``base``, for settings name it before apps are ready."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


class AnonymousMiddleware:
    """Takes the cookies off requests for the API and the feeds: no session is looked at, none is renewed or sent back."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request as if it came from anybody."""
        if request.path.startswith("/api/") or request.path.endswith(("/feed.xml", "/atom.xml", "/feed.json")):
            request.COOKIES = {}
            request.META.pop("HTTP_COOKIE", None)
        return self.get_response(request)
