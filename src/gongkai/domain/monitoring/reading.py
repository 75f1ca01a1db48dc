"""Everything that hinders readers of a body, in one list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gongkai.domain.issues import Issue
from gongkai.domain.items.content import AttachmentRef
from gongkai.domain.monitoring.accessibility import check_accessibility
from gongkai.domain.monitoring.readability import check_readability
from gongkai.domain.monitoring.reading_rules import Notes, ReadingRules


def read_over(
    body: Sequence[Mapping[str, Any]],
    *,
    title: str = "",
    attachments: Sequence[AttachmentRef] = (),
    rules: ReadingRules,
) -> tuple[Issue, ...]:
    """Return every hindrance of a body (blocks as in ``ItemContent.body``) and of what goes out with it.

    ``field`` of an issue is ``body:<block id>`` or ``attachment:<file id>``, ``where`` the number of the block from 1,
    ``values["shown"]`` the words it is about. Nothing of it stops anything: severities are WARNING and NOTICE.
    """
    notes = Notes(rules)
    check_accessibility(body, attachments, notes)
    check_readability(body, title, notes)
    return notes.in_order()
