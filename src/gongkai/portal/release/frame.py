"""What all pages depend on at once: the software itself and the names of the place. Another one means to build anew."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from django.conf import settings

import gongkai

_KINDS = {".py", ".html", ".yaml", ".css", ".js", ".svg"}


@cache
def _software() -> str:
    digest = hashlib.sha256()
    root = Path(gongkai.__file__).parent
    for path in sorted(root.rglob("*")):
        if path.suffix in _KINDS:
            digest.update(f"{path.relative_to(root)}\0".encode() + path.read_bytes())
    return digest.hexdigest()


def frame_digest() -> str:
    """Return a digest of the software and of the settings that pages show; computed once a process."""
    shown = (
        _software(),
        settings.PLACE,
        settings.BASE_URL,
        settings.LAYER,
        settings.WAGTAIL_SITE_NAME,
        *settings.SITE.values(),
        str(settings.KIOSK_IDLE_SECONDS),
    )
    return hashlib.sha256("\0".join(shown).encode()).hexdigest()
