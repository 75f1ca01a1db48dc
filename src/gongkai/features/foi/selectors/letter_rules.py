"""The letters in force on a day, with this office's own rules."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from django.conf import settings

from gongkai.domain.foi.letters import LetterForm
from gongkai.kernel.clocks.selectors import rulebook
from gongkai.rulebook.foi_letters import LetterRules, letter_rules


@lru_cache(maxsize=64)
def letters_on(day: date) -> LetterRules:
    """Return the letters in force on a day, with this office's own rules."""
    return letter_rules(rulebook(), on=day, layer=settings.LAYER)


def letter_form(*, code: str, on: date) -> LetterForm | None:
    """Return one letter that goes out or stays in the file, None where there is none of that code."""
    return letters_on(on).letters.get(code)
