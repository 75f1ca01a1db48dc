"""Small pieces that settings are put together from."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit


def secret_key(given: str, home: Path) -> str:
    """Return the given key, or one that is made once and kept readable for the owner only under ``home``."""
    if given:
        return given
    path = home / "secret_key"
    if not path.exists():
        home.mkdir(parents=True, exist_ok=True)
        temporary = home / f".secret_key.{os.getpid()}"
        with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as handle:
            handle.write(secrets.token_urlsafe(64))
        try:
            os.link(temporary, path)  # two processes may start together: the first one's key stays
        except FileExistsError:
            pass
        finally:
            temporary.unlink()
    return path.read_text()


def email_settings(url: str) -> dict[str, Any]:
    """Return Django's e-mail settings for ``smtp://`` or ``smtps://user:password@host:port``; empty text gives none."""
    if not url:
        return {}
    parts = urlsplit(url)
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname or "localhost",
        "EMAIL_PORT": parts.port or (465 if parts.scheme == "smtps" else 25),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_USE_TLS": parts.port == 587,
        "EMAIL_TIMEOUT": 20,
    }
