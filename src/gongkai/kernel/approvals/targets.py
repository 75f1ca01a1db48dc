"""What features tell about the texts they send through approval.

A feature registers, from its ``AppConfig.ready``, which complete rounds something was already released under
(``register_uses``): those are evidence and stay as they are when the text is edited for its next release.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

Uses = Callable[[Collection[int]], Collection[int]]
"""Given ids of approvals, returns those under which something was released."""

_uses: dict[str, Uses] = {}


def register_uses(type_: str, uses: Uses) -> None:
    """Say how to find the rounds of a type of text that were used. Raises ValueError for a second, other answer."""
    if _uses.get(type_, uses) is not uses:
        raise ValueError(f"uses of {type_} are registered already")
    _uses[type_] = uses


def used_rounds(type_: str, ids: Collection[int]) -> frozenset[int]:
    """Return those of the rounds under which something was released; none where the feature did not say."""
    uses = _uses.get(type_)
    return frozenset(uses(ids)) if uses is not None and ids else frozenset()
