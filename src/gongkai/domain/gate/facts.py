"""Everything the gate has to know of an item; gathered outside, so that the gate itself reads nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from gongkai.domain.issues import Issue
from gongkai.domain.items.content import AttachmentRef, ItemContent
from gongkai.domain.wording import Finding


@dataclass(frozen=True, slots=True)
class RouteFacts:
    """How far the approval has come. ``digest`` names what was signed, ``missing`` the steps without a signature."""

    opened: bool = False
    complete: bool = False
    digest: str = ""
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """A finding of the content check and where it stands.

    ``field`` is ``title``, ``summary``, ``body:<block id>``, ``attachment:<file id>`` …; ``place`` says it in Chinese.
    """

    finding: Finding
    field: str
    place: str


class AttachmentState(StrEnum):
    """What became of the attempt to look through an attachment."""

    READ = "read"
    NOT_READ = "not_read"
    GONE = "gone"
    CHANGED = "changed"
    DAMAGED = "damaged"
    ENCRYPTED = "encrypted"
    MACROS = "macros"
    TOO_LARGE = "too_large"
    BOMB = "bomb"
    PROGRAM = "program"
    SCANNED = "scanned"
    MISTYPED = "mistyped"


@dataclass(frozen=True, slots=True)
class AttachmentFacts:
    """An attachment or picture: what was found in it, and what could not be looked at (``issues``).

    ``more`` counts findings that were left out because there are too many to list.
    """

    ref: AttachmentRef
    state: AttachmentState
    found: tuple[Found, ...] = ()
    issues: tuple[Issue, ...] = ()
    more: int = 0


@dataclass(frozen=True, slots=True)
class LinkFacts:
    """What is known of an address: whether it leads to something of ours (internal ones), whether it answered.

    None means that nobody has looked, or, where ``checked_at`` says when somebody did, that the site refuses programs.
    ``status`` is that of HTTP, ``problem`` (a key of ``links.PROBLEMS``) why there was none.
    """

    resolves: bool | None = None
    reachable: bool | None = None
    status: int | None = None
    checked_at: datetime | None = None
    problem: str = ""


class CitedState(StrEnum):
    """What is known of a document that the item cites."""

    PUBLIC = "public"
    WITHDRAWN = "withdrawn"
    NOT_PUBLIC = "not_public"


@dataclass(frozen=True, slots=True)
class RequiredField:
    """A field of the content that items of this kind must fill, and what the screens call it."""

    name: str
    label: str


@dataclass(frozen=True, slots=True)
class ReleaseFacts:
    """The facts of one revision on one day.

    ``pictures`` are those of the body by block id. ``links`` go by address as it stands in the text; ``cited`` by the reference of a citation (document number in its
    one form, or title in its marks); what is in neither counts as not looked at, or not public. ``same_number`` are the
    titles of other public items with the same document number, ``ground_names`` the grounds that are known on the day.
    """

    content: ItemContent
    digest: str
    today: date
    route: RouteFacts = field(default_factory=RouteFacts)
    required: tuple[RequiredField, ...] = ()
    found: tuple[Found, ...] = ()
    attachments: tuple[AttachmentFacts, ...] = ()
    pictures: Mapping[str, AttachmentFacts] = field(default_factory=dict)
    links: Mapping[str, LinkFacts] = field(default_factory=dict)
    cited: Mapping[str, CitedState] = field(default_factory=dict)
    same_number: tuple[str, ...] = ()
    known_grounds: frozenset[str] | None = None
