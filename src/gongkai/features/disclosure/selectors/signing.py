"""What is read and signed: the content of a round, what changed since somebody knew it, and who signed what before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from gongkai.domain.approval import AUTHOR, separate_steps
from gongkai.domain.issues import Issue
from gongkai.domain.items import AttachmentRef, ItemContent
from gongkai.domain.items.compare import Comparison, compare
from gongkai.features.disclosure import permissions
from gongkai.features.disclosure.models import Item, Publication, Revision
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.models import User
from gongkai.kernel.approvals.models import Approval, Purpose, Signature, Verdict
from gongkai.kernel.approvals.selectors import approval_get, may_read, round_of
from gongkai.kernel.errors import Refused

TARGET = "disclosure.item"
LISTED = 500
"""How many of one's own signatures are listed, the newest first; older ones are found by their item."""


@dataclass(frozen=True, slots=True)
class SignSheet:
    """One round over one content of an item, and the newest revision of it (another one when it was edited since)."""

    approval: Approval
    item: Item
    revision: Revision
    content: ItemContent
    head: Revision

    @property
    def is_current(self) -> bool:
        """Tell whether the content is still the newest one."""
        return self.head.digest == self.approval.digest


@dataclass(frozen=True, slots=True)
class Base:
    """A version that a reader knows already: its number, why it is the one to compare with, and what changed since."""

    number: int
    words: str
    comparison: Comparison


@dataclass(frozen=True, slots=True)
class SignedRow:
    """One signature of the actor's own, for the list of what one signed or returned."""

    approval_id: int
    step: str
    step_name: str
    title: str
    unit_name: str
    round: int
    emergency: bool
    after_review: bool
    at: datetime
    remark: str
    on_behalf_name: str


def sign_sheet_get(*, actor: Actor, approval_id: int, today: date) -> SignSheet:
    """Return what a round is about, for whoever sees the item and whomever the round concerns.

    Raises Refused ``disclosure.item.not_found``, also for what the actor may not see.
    """
    sheet = _sheet(approval_id)
    if sheet is None or not (sees(actor, sheet) or may_read(sheet.approval, actor=actor, today=today)):
        raise Refused(Issue("disclosure.item.not_found", values={"item_id": approval_id}))
    return sheet


def sees(actor: Actor, sheet: SignSheet) -> bool:
    """Tell whether the actor sees the item with what was written after this round."""
    return permissions.can_see_item(actor, sheet.item)


def sign_sheet_of_link(*, approval_id: int) -> SignSheet | None:
    """Return what a round is about for somebody whose one-time link was checked already."""
    return _sheet(approval_id)


def sign_base(*, actor: Actor, sheet: SignSheet) -> Base | None:
    """Return what changed since the version the actor signed last, or else since the one published last."""
    signed = Signature.objects.filter(
        approval__target_type=TARGET, approval__target_id=sheet.approval.target_id, signer_id=actor.user_id
    ).exclude(digest=sheet.approval.digest)
    last = signed.order_by("-signed_at", "-id").first() if actor.user_id else None
    if last is not None:
        known = _revision(sheet.item.pk, last.digest)
        if known is not None and known.number < sheet.revision.number:
            said = "退回" if last.verdict == Verdict.RETURN else "签过"
            return Base(known.number, f"与您上次{said}的第 {known.number} 版相比", _compare(known, sheet.revision))
    public = Publication.objects.filter(item_id=sheet.item.pk).exclude(digest=sheet.approval.digest)
    published = public.select_related("revision").order_by("-number").first()
    if published is not None and published.revision.number < sheet.revision.number:
        known = published.revision
        return Base(known.number, f"与上次发布的第 {known.number} 版相比", _compare(known, sheet.revision))
    return None


def changes_since(*, sheet: SignSheet) -> Comparison | None:
    """Return what was changed in the item after this round was opened; None when nothing was."""
    return None if sheet.is_current else _compare(sheet.revision, sheet.head)


def round_now(*, sheet: SignSheet) -> Approval | None:
    """Return the round that is open on the newest content, None when there is none."""
    target = {"target_type": TARGET, "target_id": sheet.approval.target_id, "digest": sheet.head.digest}
    return Approval.objects.filter(**target, state="open").order_by("-round").first()


def attachment_of(*, sheet: SignSheet, file_id: int) -> AttachmentRef | None:
    """Return the attachment of exactly this content with that file, or None; pictures of the body count."""
    for ref in sheet.content.attachments:
        if ref.file_id == file_id:
            return ref
    for block in sheet.content.body:
        value = block.get("value")
        if block.get("type") == "image" and isinstance(value, Mapping) and value.get("file_id") == file_id:
            return AttachmentRef(file_id, str(value.get("sha256", "")), "", 0, "")
    return None


def excluded_list(*, sheet: SignSheet, step: str) -> list[tuple[str, str]]:
    """Return who may not take a step and why: authors, and whoever signed a step that must be another person's."""
    one = round_of(sheet.approval)
    wanted = one.route.step(step)
    if wanted is None:
        return []
    found: list[tuple[str, str]] = []
    if AUTHOR in wanted.separate_from:
        authors = User.objects.filter(pk__in=sheet.approval.authors).order_by("display_name", "pk")
        found += [(user.display_name or user.username, "拟写或修改过这份内容") for user in authors]
    apart = separate_steps(one.route, wanted)
    found += [
        (row.signer_name, f"已经办理过“{row.step.name}”")
        for row in one.rows
        if row.step.code in apart and row.verdict == Verdict.SIGN
    ]
    return found


def signed_list(*, actor: Actor, verdict: str) -> list[SignedRow]:
    """Return what the actor signed (``sign``) or returned (``return``), the newest first."""
    if actor.user_id is None:
        return []
    found = Signature.objects.filter(signer_id=actor.user_id, verdict=verdict, approval__target_type=TARGET)
    related = ("approval__unit", "step", "on_behalf_of")
    return [
        SignedRow(
            approval_id=one.approval_id,
            step=one.step.code,
            step_name=one.step.name,
            title=one.approval.title,
            unit_name=one.approval.unit.display_name,
            round=one.approval.round,
            emergency=one.approval.purpose == Purpose.EMERGENCY,
            after_review=one.approval.purpose == Purpose.AFTER_REVIEW,
            at=one.signed_at,
            remark=one.remark,
            on_behalf_name=one.on_behalf_of.display_name if one.on_behalf_of else "",
        )
        for one in found.select_related(*related).order_by("-signed_at", "-id")[:LISTED]
    ]


def signed_before(*, approval_ids: Iterable[int]) -> dict[int, list[str]]:
    """Return who signed these rounds so far, in order: 初审 李明."""
    found: dict[int, list[str]] = {}
    rows = Signature.objects.filter(approval_id__in=list(approval_ids), verdict=Verdict.SIGN)
    for one in rows.select_related("step").order_by("signed_at", "id"):
        found.setdefault(one.approval_id, []).append(f"{one.step.name} {one.signer_name}")
    return found


def _sheet(approval_id: int) -> SignSheet | None:
    if not Approval.objects.filter(pk=approval_id, target_type=TARGET).exists():
        return None
    approval = approval_get(approval_id)
    item = Item.objects.filter(pk=approval.target_id).select_related("unit", "head").first()
    revision = _revision(item.pk, approval.digest) if item is not None else None
    if item is None or revision is None or item.head is None:
        return None
    return SignSheet(approval, item, revision, ItemContent.from_data(revision.content), item.head)


def _revision(item_id: int, digest: str) -> Revision | None:
    return Revision.objects.filter(item_id=item_id, digest=digest).order_by("-number").first()


def _compare(before: Revision, after: Revision) -> Comparison:
    return compare(ItemContent.from_data(before.content), ItemContent.from_data(after.content))
