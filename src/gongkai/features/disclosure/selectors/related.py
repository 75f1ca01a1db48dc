"""What belongs to a public item: the other members of the bundle it went out with (document, interpretation, guide)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from gongkai.features.disclosure.models import BundleMember
from gongkai.features.disclosure.selectors.publications import public_publications

ROLES = {
    BundleMember.Role.DOCUMENT: "政策文件",
    BundleMember.Role.INTERPRETATION: "政策解读",
    BundleMember.Role.GUIDE: "办事指南",
    BundleMember.Role.OTHER: "相关信息",
}


@dataclass(frozen=True, slots=True)
class Related:
    """A public item that belongs to another: what it is to it, in words."""

    uid: UUID
    title: str
    role: str


def public_related(*, item_id: int, at: datetime) -> list[Related]:
    """Return the other members of the item's bundles that the public reads at the moment, by their order."""
    bundles = BundleMember.objects.filter(item_id=item_id, open=False).values("bundle_id")
    members = BundleMember.objects.filter(bundle_id__in=bundles, open=False).exclude(item_id=item_id)
    roles = {member.item_id: ROLES[BundleMember.Role(member.role)] for member in members.order_by("bundle_id", "order")}
    found = public_publications(at=at).filter(item_id__in=roles).select_related("item")
    by_item = {publication.item_id: publication for publication in found}
    return [
        Related(by_item[number].item.uid, by_item[number].title, role)
        for number, role in roles.items()
        if number in by_item
    ]
