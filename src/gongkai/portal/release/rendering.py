"""Turning contexts into the bytes of pages that are the same for everybody: no cookie, no user, no clock of their own."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.template.loader import get_template

_SPACE = re.compile(rb"\n\s*(?=\n)")


@dataclass(frozen=True, slots=True)
class Source:
    """A file of the release whose bytes lie elsewhere already: where, and what their digest has to be."""

    path: Path
    sha256: str


Files = dict[str, bytes | Source]
"""Path in the release → bytes. A part that has none is not there."""


def page(template: str, context: dict[str, Any], *, url: str, pieces: dict[object, str] | None = None) -> bytes:
    """Render a public page as everybody gets it at ``url``; lines that hold only space are left out.

    ``pieces`` keeps what ``gk_kept`` wraps for the next page.
    """
    html = get_template(template).render({**context, "gk_release": True, "gk_pieces": pieces}, _request(url))
    return _SPACE.sub(b"", html.encode())


def _request(url: str) -> HttpRequest:
    base = urlsplit(settings.BASE_URL)
    request = HttpRequest()
    request.method = "GET"
    request.path = request.path_info = url
    request.META = {"SERVER_NAME": base.hostname or "localhost", "SERVER_PORT": str(base.port or 80), "PATH_INFO": url}
    return request
