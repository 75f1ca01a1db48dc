"""The gate: everything that is asked of an item before the public may read it, answered all at once. Pure.

``check_release(facts, rules)`` returns one issue for every problem, each with a grade (L1 to L4), a key that stays the
same for the same problem in the same place, and whether a second person may override it. The facts are gathered by
``features.disclosure``, the rules come from ``rulebook/data/cn/gate.yaml``. See ``docs/domain/gate.md``.
"""

from gongkai.domain.gate.check import check_release, stopping
from gongkai.domain.gate.citations import Citation, citations_of_withdrawn, find_citations
from gongkai.domain.gate.facts import (
    AttachmentFacts,
    AttachmentState,
    CitedState,
    Found,
    LinkFacts,
    ReleaseFacts,
    RequiredField,
    RouteFacts,
)
from gongkai.domain.gate.keys import issue_key
from gongkai.domain.gate.links import FoundLink, LinkKind, find_links, link_kind
from gongkai.domain.gate.rules import CheckRule, GateRules

__all__ = [
    "AttachmentFacts",
    "AttachmentState",
    "CheckRule",
    "Citation",
    "CitedState",
    "Found",
    "FoundLink",
    "GateRules",
    "LinkFacts",
    "LinkKind",
    "ReleaseFacts",
    "RequiredField",
    "RouteFacts",
    "check_release",
    "citations_of_withdrawn",
    "find_citations",
    "find_links",
    "issue_key",
    "link_kind",
    "stopping",
]
