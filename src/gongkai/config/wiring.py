"""Who reacts to which event: the one readable list. Features never listen to each other on their own."""

from __future__ import annotations


def wire() -> None:
    """Register every listener; called once when Django is ready."""
