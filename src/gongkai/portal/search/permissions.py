"""Who keeps the words of the search: the disclosure authority; everybody in the back office may look."""

from __future__ import annotations

from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.matrix import Where, allows, register
from gongkai.kernel.accounts.roles import Role

AREA = "站内检索"
register("search.view", "查看检索用词和无结果的检索", area=AREA, everyone=True)
register(
    "search.keep",
    "维护检索同义词和置顶",
    area=AREA,
    roles={Role.DISCLOSURE_OFFICE: Where.TOP, Role.DISCLOSURE_OFFICE_HEAD: Where.TOP},
)


def can_view_search(actor: Actor) -> bool:
    """Tell whether the actor may look at words, pinned results and queries that found nothing."""
    return allows(actor, "search.view")


def can_keep_search(actor: Actor) -> bool:
    """Tell whether the actor may change synonyms and pinned results."""
    return allows(actor, "search.keep")
