"""Who makes and publishes pages, who keeps sites and shares items: people of the site's government office."""

from __future__ import annotations

from collections.abc import Collection

from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.matrix import Where, allows, register
from gongkai.kernel.accounts.roles import Role

AREA = "公开网站"
_OFFICE = (Role.DISCLOSURE_OFFICE, Role.DISCLOSURE_OFFICE_HEAD)
register(
    "portal.page.edit",
    "编写本级网站的首页、栏目页、专题",
    area=AREA,
    roles=dict.fromkeys((Role.DRAFTER, *_OFFICE), Where.SAME),
)
register("portal.page.publish", "发布和撤下本级网站的页面", area=AREA, roles=dict.fromkeys(_OFFICE, Where.SAME))
register(
    "portal.page.read",
    "审读本级网站的页面",
    area=AREA,
    roles=dict.fromkeys((Role.SECOND_REVIEWER, Role.FINAL_REVIEWER, Role.UNIT_LEADER, *_OFFICE), Where.SAME),
)
register("portal.page.all", "编写、发布和撤下各网站的页面", area=AREA, roles=dict.fromkeys(_OFFICE, Where.TOP))
register(
    "portal.website.manage",
    "设立网站，修改网站信息",
    area=AREA,
    roles={**dict.fromkeys(_OFFICE, Where.TOP), Role.SYSTEM_ADMINISTRATOR: Where.ANY},
)
register("portal.item.share", "把信息共享到本级网站", area=AREA, roles=dict.fromkeys(_OFFICE, Where.SAME))


def can_edit_pages(actor: Actor, keepers: Collection[int]) -> bool:
    """Tell whether the actor may write pages of the site; ``keepers`` are the units whose people keep it."""
    return allows(actor, "portal.page.all") or _in_one_of(actor, "portal.page.edit", keepers)


def can_publish_pages(actor: Actor, keepers: Collection[int]) -> bool:
    """Tell whether the actor may put pages of a site before the public, and take them down."""
    return allows(actor, "portal.page.all") or _in_one_of(actor, "portal.page.publish", keepers)


def can_read_pages(actor: Actor, keepers: Collection[int]) -> bool:
    """Tell whether the actor may read drafts of pages of a site and agree to them, for their author to publish."""
    return allows(actor, "portal.page.all") or _in_one_of(actor, "portal.page.read", keepers)


def can_manage_websites(actor: Actor) -> bool:
    """Tell whether the actor may set sites up and change what they say of themselves."""
    return allows(actor, "portal.website.manage")


def can_share_items(actor: Actor, keepers: Collection[int]) -> bool:
    """Tell whether the actor may let the site show items of others."""
    return allows(actor, "portal.page.all") or _in_one_of(actor, "portal.item.share", keepers)


def _in_one_of(actor: Actor, code: str, units: Collection[int]) -> bool:
    return any(allows(actor, code, unit_ids=(unit_id,)) for unit_id in units)
