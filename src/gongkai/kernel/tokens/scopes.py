"""What a token can be good for. A feature registers its scopes when Django is ready; the staff page offers them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

_SCOPES: dict[str, str] = {}


def register_scopes(scopes: Mapping[str, str]) -> None:
    """Add scopes by code (``foi.submit``) with their Chinese words; the same code with other words raises ValueError."""
    for code, label in scopes.items():
        if _SCOPES.setdefault(code, label) != label:
            raise ValueError(f"scope {code} is registered already")


def known_scopes() -> Mapping[str, str]:
    """Return every scope by code with its words."""
    return MappingProxyType(dict(sorted(_SCOPES.items())))
