"""What features tell about the texts they send through approval.

A feature registers, from its ``AppConfig.ready``, which complete rounds something was already released under
(``register_uses``): those are evidence and stay as they are when the text is edited for its next release. It also says
which columns and kinds of text there are (``register_places``), so that a route is given to them by name.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

Uses = Callable[[Collection[int]], Collection[int]]
"""Given ids of approvals, returns those under which something was released."""

Choices = Callable[[], Sequence[tuple[str, str]]]
"""Returns code and name of each."""

_uses: dict[str, Uses] = {}
_places: dict[str, tuple[Choices, Choices]] = {}


def register_uses(type_: str, uses: Uses) -> None:
    """Say how to find the rounds of a type of text that were used. Raises ValueError for a second, other answer."""
    if _uses.get(type_, uses) is not uses:
        raise ValueError(f"uses of {type_} are registered already")
    _uses[type_] = uses


def used_rounds(type_: str, ids: Collection[int]) -> frozenset[int]:
    """Return those of the rounds under which something was released; none where the feature did not say."""
    uses = _uses.get(type_)
    return frozenset(uses(ids)) if uses is not None and ids else frozenset()


def register_places(type_: str, *, columns: Choices, kinds: Choices) -> None:
    """Say which columns and kinds a type of text has. Raises ValueError for a second, other answer."""
    if _places.get(type_, (columns, kinds)) != (columns, kinds):
        raise ValueError(f"places of {type_} are registered already")
    _places[type_] = (columns, kinds)


def column_choices() -> list[tuple[str, str]]:
    """Return code and name of every column that texts may stand in."""
    return [choice for columns, _ in _places.values() for choice in columns()]


def kind_choices() -> list[tuple[str, str]]:
    """Return code and name of every kind of text."""
    return [choice for _, kinds in _places.values() for choice in kinds()]


def column_name(code: str) -> str:
    """Return what a column is called; its code where nobody knows it (any more)."""
    return dict(column_choices()).get(code, code).strip()


def kind_name(code: str) -> str:
    """Return what a kind of text is called; its code where nobody knows it (any more)."""
    return dict(kind_choices()).get(code, code).strip()
