"""What belongs to a public item: the other members of the bundle it went out with (document, interpretation, guide)."""

from __future__ import annotations

from collections.abc import Collection
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
    return public_related_many(item_ids=[item_id], at=at)[item_id]


def public_related_many(*, item_ids: Collection[int], at: datetime) -> dict[int, list[Related]]:
    """Return the same for many items at once, by item (two queries)."""
    own = BundleMember.objects.filter(item_id__in=list(item_ids), open=False).values("bundle_id")
    members: dict[int, list[BundleMember]] = {}
    for member in BundleMember.objects.filter(bundle_id__in=own, open=False).order_by("bundle_id", "order"):
        members.setdefault(member.bundle_id, []).append(member)
    ids = {member.item_id for together in members.values() for member in together}
    found = public_publications(at=at).filter(item_id__in=ids).values_list("item_id", "item__uid", "title")
    public = {item_id: (uid, title) for item_id, uid, title in found} if ids else {}
    related: dict[int, list[Related]] = {}
    for item_id in item_ids:
        roles = {
            member.item_id: ROLES[BundleMember.Role(member.role)]
            for together in members.values()
            if any(member.item_id == item_id for member in together)
            for member in together
            if member.item_id != item_id
        }
        related[item_id] = [Related(*public[one], role) for one, role in roles.items() if one in public]
    return related
