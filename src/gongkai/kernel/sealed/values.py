"""What code gets to see of a sealed column: a value that shows itself masked."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, NoReturn

from gongkai.domain.personal_data.display import HIDDEN, Shown, displayed
from gongkai.kernel.sealed.sealing import seal_text, unseal_text


class SealMisuse(TypeError):
    """A sealed column was used in a way that would leak it or lose it; a mistake in the program."""


@dataclass(frozen=True, slots=True, repr=False)
class Token:
    """What stands in the database."""

    sealed: str

    def __repr__(self) -> str:
        return "<sealed>"

    def __str__(self) -> str:
        return HIDDEN


class Masked:
    """A value of a sealed column in one place. ``str()`` is masked, ``repr()`` tells nothing; it cannot be pickled.

    Two of them are equal when what they hold is equal; a ``Masked`` is never equal to a plain text.
    """

    __slots__ = ("_as_json", "_plain", "_token", "place", "shown")
    __hash__ = None  # type: ignore[assignment]

    def __init__(
        self, *, place: str, shown: Shown, as_json: bool = False, token: Token | None = None, plain: Any = None
    ) -> None:
        self.place, self.shown = place, shown
        self._as_json, self._token, self._plain = as_json, token, plain

    def __str__(self) -> str:
        if self._as_json or self.shown is Shown.NOTHING:
            return HIDDEN
        return displayed(self.for_machine(), self.shown)

    def __repr__(self) -> str:
        return "<Masked>"

    def __format__(self, form: str) -> str:
        return format(str(self), form)

    def __bool__(self) -> bool:
        return True

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Masked):
            return NotImplemented
        return bool(self.for_machine() == other.for_machine())

    def __copy__(self) -> Masked:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Masked:
        return self

    def __reduce_ex__(self, protocol: Any) -> NoReturn:
        raise SealMisuse("a sealed value is not pickled: hand over the id of its row")

    def for_machine(self) -> Any:
        """Return the plain value, for what the program itself has to do with it: a letter, an e-mail, a comparison.

        Never for a screen, an export, a log or a message: there ``services.unmask`` asks and writes down who looked.
        Raises SealBroken when it cannot be opened.
        """
        if self._token is None:
            return self._plain
        text = unseal_text(self._token.sealed, self.place)
        return json.loads(text) if self._as_json else text

    for_machine.alters_data = True  # type: ignore[attr-defined]  # templates, which call what they find, do not call it

    def sealed(self, place: str) -> Token:
        """Return what is to stand in the database at a place: the same bytes where they stood there already."""
        if self._token is not None and place == self.place:
            return self._token
        return sealed_value(self.for_machine(), place, as_json=self._as_json)


def sealed_value(value: Any, place: str, *, as_json: bool) -> Token:
    """Seal a plain value for a place; raises SealMisuse for a value of another kind."""
    if as_json:
        return Token(seal_text(json.dumps(value, ensure_ascii=False, sort_keys=True), place))
    if not isinstance(value, str):
        raise SealMisuse(f"a sealed text column takes a text, not {type(value).__name__}")
    return Token(seal_text(value, place))
