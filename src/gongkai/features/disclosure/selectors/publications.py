"""What is or was before the public, and what is known of an item that is to go out."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from datetime import datetime

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from gongkai.domain.items.states import STATE_NAMES, State
from gongkai.domain.publishing import ApprovalStanding, GateStanding, ReleaseState
from gongkai.features.disclosure.models import BundleMember, GateRun, Item, Publication, PublicationEnd, Revision
from gongkai.kernel.approvals.models import Approval, ApprovalState, Purpose

TARGET = "disclosure.item"
SHA256 = re.compile(r"[0-9a-f]{64}")


def open_publications() -> QuerySet[Publication]:
    """Return the publications that have no end on record; one that is to end later than now counts as ended."""
    return Publication.objects.filter(~Exists(PublicationEnd.objects.filter(publication_id=OuterRef("pk"))))


def public_publications(*, at: datetime) -> QuerySet[Publication]:
    """Return the publications that the public reads at the moment: begun by then, and not ended by then."""
    ended = PublicationEnd.objects.filter(publication_id=OuterRef("pk"), ended_at__lte=at)
    return Publication.objects.filter(~Exists(ended), published_at__lte=at)


def publication_current(*, item_id: int, at: datetime) -> Publication | None:
    """Return what the public reads of the item at the moment, or None."""
    return public_publications(at=at).filter(item_id=item_id).select_related("revision", "unit").first()


def publication_open(*, item_id: int) -> Publication | None:
    """Return the publication without an end on record, one that begins in a few seconds included, or None."""
    return open_publications().filter(item_id=item_id).first()


def publication_history(*, item_id: int) -> list[Publication]:
    """Return every publication of the item with its end (``publication.end``, if ``ending_of`` gives one), newest first."""
    rows = Publication.objects.filter(item_id=item_id).order_by("-number")
    return list(rows.select_related("revision", "unit", "published_by", "end", "end__redirect_to", "end__ended_by"))


def ending_of(publication: Publication) -> PublicationEnd | None:
    """Return the end of a publication, or None while there is none on record."""
    return getattr(publication, "end", None)


def is_public(*, item_ids: Collection[int], at: datetime) -> frozenset[int]:
    """Return which of the items the public reads at the moment."""
    found = public_publications(at=at).filter(item_id__in=item_ids)
    return frozenset(found.values_list("item_id", flat=True))


def public_file(*, sha256: str, at: datetime) -> bool:
    """Tell whether a file with these bytes is an attachment or picture of anything that the public reads at the moment."""
    if not SHA256.fullmatch(sha256):
        return False
    return public_publications(at=at).filter(files__has_key=sha256).exists()


def approval_complete(*, approval_id: int, digest: str) -> bool:
    """Tell whether every step of the round is signed on exactly this content, computed by the database from the rows."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT gk_approval_complete(%s, %s)", [approval_id, digest])
        return bool(cursor.fetchone()[0])


def approvals_complete(*, wanted: Collection[tuple[int, str]]) -> dict[tuple[int, str], bool]:
    """Tell the same of many rounds at once, each with the digest it is asked about."""
    rounds, digests = [one for one, _ in wanted], [digest for _, digest in wanted]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT round, digest, gk_approval_complete(round, digest)"
            " FROM unnest(%s::bigint[], %s::text[]) AS asked (round, digest)",
            [rounds, digests],
        )
        return {(round_id, digest): bool(complete) for round_id, digest, complete in cursor.fetchall()}


def rounds_used(ids: Collection[int]) -> frozenset[int]:
    """Return those of the rounds of approval under which something was published: an edit leaves them as they are."""
    return frozenset(Publication.objects.filter(approval_id__in=ids).values_list("approval_id", flat=True))


def approval_for(item: Item) -> tuple[ApprovalStanding, Approval | None]:
    """Return how the item's rounds stand to its newest revision, and the round that lets it out where there is one."""
    rounds = list(
        Approval.objects.filter(target_type=TARGET, target_id=str(item.pk))
        .exclude(purpose=Purpose.AFTER_REVIEW)
        .order_by("-round")
    )
    if not rounds:
        return ApprovalStanding.MISSING, None
    digest = item.head.digest if item.head else ""
    complete = [one for one in rounds if one.digest == digest and approval_complete(approval_id=one.pk, digest=digest)]
    for one in complete:
        if may_serve(one, item.head):
            return ApprovalStanding.COMPLETE, one
    newest = rounds[0]
    if newest in complete:
        return ApprovalStanding.USED, newest
    if newest.digest != digest:
        return ApprovalStanding.OTHER_CONTENT, newest
    ended = newest.state in (ApprovalState.RETURNED, ApprovalState.VOIDED, ApprovalState.CANCELED)
    return (ApprovalStanding.ENDED if ended else ApprovalStanding.OPEN), newest


def may_serve(approval: Approval, revision: Revision | None) -> bool:
    """Tell whether a complete round may let this revision out; the trigger ``publication_approval_used`` asks the same.

    The round began after the revision was made; and what was released under it was this very revision, which may come
    back after it was taken down, but not where that was an error or it went into something else.
    """
    if revision is None or revision.created_at > approval.opened_at:
        return False
    used = Publication.objects.filter(approval_id=approval.pk)
    final = Q(end__kind__in=(PublicationEnd.Kind.ERROR, PublicationEnd.Kind.MERGED))
    return not used.filter(~Q(revision_id=revision.pk) | final).exists()


def gate_standing(item: Item, run: GateRun | None) -> tuple[GateStanding, int]:
    """Return how a run of the gate stands to the newest revision, and how many findings still stop it."""
    if run is None:
        return GateStanding.MISSING, 0
    if item.head is None or (run.revision_id, run.digest) != (item.head_id, item.head.digest):
        return GateStanding.OTHER_CONTENT, 0
    stopping = sum(1 for issue in run.issues if issue.get("stops") and not issue.get("overridden"))
    return (GateStanding.PASSED if run.passed else GateStanding.FAILED), stopping


def open_bundle_of(*, item_ids: Iterable[int]) -> dict[int, BundleMember]:
    """Return the places of items in bundles that are not out yet: item → member, with its bundle."""
    found = BundleMember.objects.filter(item_id__in=list(item_ids), open=True).select_related("bundle")
    return {member.item_id: member for member in found}


def release_state(item: Item, *, run: GateRun | None, bundle: str = "") -> tuple[ReleaseState, Approval | None]:
    """Collect what the domain has to know before an item goes out, and the round of approval that lets it out."""
    standing, approval = approval_for(item)
    gate, findings = gate_standing(item, run)
    current = publication_open(item_id=item.pk)
    content = item.head.content if item.head else {}
    state = ReleaseState(
        title=item.title,
        state=item.state,
        state_name=STATE_NAMES[State(item.state)],
        attribute=item.attribute,
        content_attribute=str(content.get("attribute") or ""),
        has_content=item.head is not None,
        approval=standing,
        gate=gate,
        gate_findings=findings,
        same_as_public=current is not None and item.head is not None and current.revision_id == item.head_id,
        bundle=bundle,
    )
    return state, approval
