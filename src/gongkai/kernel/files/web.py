"""Refusing a request that is too large before a byte of it is read."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from gongkai.domain.issues import Issue
from gongkai.kernel.documents.archive import megabytes
from gongkai.rulebook.messages import describe

FORM_BYTES = 20 * 1024 * 1024
"""What a form may hold beside its files."""


class UploadLimitMiddleware:
    """Answers 413 by the announced length; a request that announces none has no body for us.

    It stands before everything that reads the form (the check of its token does), so that two gigabytes are refused at
    once and not after they were written to disk. Each file is measured again while it is stored.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Refuse what is longer than a whole import may be, else go on."""
        try:
            length = int(request.META.get("CONTENT_LENGTH") or 0)
        except ValueError:
            length = 0
        limit = max(settings.IMPORT_LIMIT_BYTES, settings.UPLOAD_LIMIT_BYTES) + FORM_BYTES
        if length <= limit:
            return self.get_response(request)
        told = describe(Issue("files.request_too_large", values={"size": megabytes(length), "limit": megabytes(limit)}))
        return render(request, "413.html", {"sentence": told}, status=413)
