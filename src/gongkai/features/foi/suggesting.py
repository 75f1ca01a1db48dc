"""What is published already and may be what somebody is about to apply for; the search of the site registers itself here."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

logger = logging.getLogger(__name__)

MOST = 5
LONGEST = 200
"""Characters of a question; a technical bound."""


@dataclass(frozen=True, slots=True)
class Published:
    """A published item: ``url`` is the address of its page on this site."""

    title: str
    url: str
    unit: str
    doc_no: str
    published_on: date


Suggester = Callable[[str, datetime], Sequence[Published]]

_suggesters: list[Suggester] = []


def register_suggester(suggester: Suggester) -> None:
    """Let ``suggester(words, at)`` name published items for a question, the likeliest first.

    Called once by each source, from its ``AppConfig.ready``; a second time changes nothing.
    """
    if suggester not in _suggesters:
        _suggesters.append(suggester)


def published_like(words: str, *, at: datetime) -> tuple[Published, ...]:
    """Return up to five published items for what somebody wants, each once.

    A source that cannot answer is logged without the words and left out: an application is possible in any case.
    """
    asked = " ".join(words.replace("\x00", "").split())[:LONGEST]
    found: dict[str, Published] = {}
    if asked:
        for suggester in _suggesters:
            for one in _ask(suggester, asked, at):
                found.setdefault(one.url, one)
    return tuple(found.values())[:MOST]


def _ask(suggester: Suggester, asked: str, at: datetime) -> Sequence[Published]:
    try:
        return suggester(asked, at)
    except (ValueError, OSError):
        logger.exception("published items could not be suggested to an applicant")
        return ()
