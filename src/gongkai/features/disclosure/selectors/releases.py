"""What staff see of an item that goes out, is out, or was taken down; bundles; and what stays lit until somebody acts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Prefetch, Q

from gongkai.domain.issues import Issue
from gongkai.domain.publishing import check_publication
from gongkai.domain.publishing.moments import BEIJING, in_words
from gongkai.features.disclosure import permissions
from gongkai.features.disclosure.models import Bundle, BundleMember, Item, Publication, Schedule
from gongkai.features.disclosure.selectors.access import item_get, visible_items
from gongkai.features.disclosure.selectors.gate import citing_withdrawn, gate_run_latest, overrides_lit
from gongkai.features.disclosure.selectors.links import dead_links
from gongkai.features.disclosure.selectors.publications import (
    open_bundle_of,
    publication_history,
    publication_open,
    release_state,
)
from gongkai.features.disclosure.selectors.schedules import missed_schedules
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.approvals.selectors import emergency_unreviewed
from gongkai.kernel.errors import Refused

LIT_FOR = timedelta(days=30)
"""How long an alarm of a schedule stays on the list of what is lit; a technical bound, the record itself stays."""


@dataclass(frozen=True, slots=True)
class Release:
    """One item on its way out or out: what stands in the way, what is set, what was published before.

    ``blockers`` are by the newest run of the gate; publishing runs it anew. ``current`` has no end on record;
    ``last_schedule`` is the newest one that was settled (its ``reasons`` say why it failed).
    """

    item: Item
    blockers: tuple[Issue, ...]
    may_publish: bool
    may_withdraw: bool
    publish_schedule: Schedule | None
    unpublish_schedule: Schedule | None
    last_schedule: Schedule | None
    bundle: Bundle | None
    current: Publication | None
    history: list[Publication]


@dataclass(frozen=True, slots=True)
class BundleDetail:
    """A bundle with its members in order and what stands in the way of each; ``hidden`` counts members not shown."""

    bundle: Bundle
    members: tuple[BundleMember, ...]
    blockers: Mapping[int, tuple[Issue, ...]]
    schedule: Schedule | None
    may_manage: bool
    hidden: int


@dataclass(frozen=True, slots=True)
class PublicationAlert:
    """Something that stays lit: ``kind`` is missed_schedule, failed_schedule, emergency_unreviewed, override,
    citing (a document that it cites was taken down) or dead_link."""

    kind: str
    title: str
    text: str
    url: str
    item_id: int | None
    at: datetime | None


def release_get(*, actor: Actor, item_id: int, now: datetime) -> Release:
    """Return everything the release page shows; raises Refused ``disclosure.item.not_found`` for what is hidden."""
    item = item_get(actor=actor, item_id=item_id)
    run = gate_run_latest(item_id=item.pk, digest=item.head.digest) if item.head else None
    member = open_bundle_of(item_ids=[item.pk]).get(item.pk)
    bundle = member.bundle if member else None
    state, _ = release_state(item, run=run, bundle=bundle.title if bundle else "")
    waiting = {
        row.action: row
        for row in Schedule.objects.filter(
            Q(item=item) | Q(bundle=bundle, bundle__isnull=False), state=Schedule.State.WAITING
        ).select_related("set_by")
    }
    settled = Schedule.objects.filter(item=item).exclude(state__in=[Schedule.State.WAITING, Schedule.State.CANCELED])
    return Release(
        item=item,
        blockers=check_publication(state),
        may_publish=permissions.can_publish(actor, item) and actor.user_id is not None,
        may_withdraw=permissions.can_withdraw(actor, item) and actor.user_id is not None,
        publish_schedule=waiting.get(Schedule.Action.PUBLISH),
        unpublish_schedule=waiting.get(Schedule.Action.UNPUBLISH),
        last_schedule=settled.order_by("-settled_at", "-pk").first(),
        bundle=bundle,
        current=publication_open(item_id=item.pk),
        history=publication_history(item_id=item.pk),
    )


def bundle_get(*, actor: Actor, bundle_id: int) -> BundleDetail:
    """Return one bundle; raises Refused ``publication.bundle.not_found`` also for one the actor may not see."""
    bundle = Bundle.objects.select_related("unit", "created_by").filter(pk=bundle_id).first()
    if bundle is None or not permissions.can_see_bundle(actor, bundle.unit_id):
        raise Refused(Issue("publication.bundle.not_found", values={"id": bundle_id}))
    rows = bundle.members.select_related("item", "item__head", "item__unit", "needs__item").order_by("order", "pk")
    members = list(rows)
    shown = [member for member in members if permissions.can_see_item(actor, member.item)]
    blockers = {}
    if bundle.state in (Bundle.State.ASSEMBLING, Bundle.State.SCHEDULED):
        for member in shown:
            head = member.item.head
            run = gate_run_latest(item_id=member.item_id, digest=head.digest) if head else None
            blockers[member.item_id] = check_publication(release_state(member.item, run=run)[0])
    waiting = Schedule.objects.filter(bundle=bundle, state=Schedule.State.WAITING).select_related("set_by")
    return BundleDetail(
        bundle=bundle,
        members=tuple(shown),
        blockers=blockers,
        schedule=waiting.first(),
        may_manage=permissions.can_manage_bundle(actor, bundle.unit_id) and actor.user_id is not None,
        hidden=len(members) - len(shown),
    )


def bundle_list(*, actor: Actor, state: str | None = None) -> list[Bundle]:
    """Return the bundles of the units whose items the actor sees, last changed first, 500 at most.

    ``bundle.shown_members`` holds the members the actor may see.
    """
    found = Bundle.objects.select_related("unit", "created_by")
    if state:
        found = found.filter(state=state)
    members = BundleMember.objects.filter(item__in=visible_items(actor)).select_related("item").order_by("order", "pk")
    found = found.prefetch_related(Prefetch("members", queryset=members, to_attr="shown_members"))
    seen: dict[int, bool] = {}
    kept = []
    for bundle in found[:2000]:
        if bundle.unit_id not in seen:
            seen[bundle.unit_id] = permissions.can_see_bundle(actor, bundle.unit_id)
        if seen[bundle.unit_id]:
            kept.append(bundle)
    return kept[:500]


def publication_alerts(*, actor: Actor, today: date) -> list[PublicationAlert]:
    """Return what is lit for the actor: schedules late or failed of the last days, emergencies not reviewed, overrides."""
    now = datetime.combine(today + timedelta(days=1), time.min, tzinfo=BEIJING)
    found: list[PublicationAlert] = []
    for schedule in missed_schedules(actor=actor, since=now - LIT_FOR):
        failed = schedule.state == Schedule.State.FAILED
        title = schedule.item.title if schedule.item else schedule.bundle.title if schedule.bundle else ""
        if failed:
            text = "；".join(schedule.reasons)
        elif schedule.state == Schedule.State.WAITING:
            text = f"应于{in_words(schedule.due_at)}执行，至今未执行"
        else:
            text = f"应于{in_words(schedule.due_at)}执行，晚了{schedule.late_seconds or 0:.0f}秒"
        found.append(
            PublicationAlert(
                kind="failed_schedule" if failed else "missed_schedule",
                title=title,
                text=text,
                url=f"/admin/disclosure/items/{schedule.item_id}/" if schedule.item_id else "",
                item_id=schedule.item_id,
                at=schedule.due_at,
            )
        )
    found.extend(
        PublicationAlert("emergency_unreviewed", row.title, row.words, row.url, None, None)
        for row in emergency_unreviewed(actor=actor, today=today)
    )
    found.extend(
        PublicationAlert(
            "override",
            override.item.title,
            f"{override.issue.get('sentence', '')}（放行理由：{override.reason}）",
            f"/admin/disclosure/items/{override.item_id}/",
            override.item_id,
            override.answered_at,
        )
        for override in overrides_lit(actor=actor, at=now)
    )
    found.extend(
        PublicationAlert(
            "citing",
            one.item.title,
            f"引用的{'、'.join(one.refs)}已经终止公开，请核对正文，需要时更正或撤下",
            f"/admin/disclosure/items/{one.item.pk}/",
            one.item.pk,
            None,
        )
        for one in citing_withdrawn(actor=actor, at=now)
    )
    found.extend(
        PublicationAlert(
            "dead_link",
            one.item.title,
            f"链接{one.url}连续{one.failures}次打不开，请核对后更正",
            f"/admin/disclosure/items/{one.item.pk}/",
            one.item.pk,
            one.checked_at,
        )
        for one in dead_links(actor=actor, at=now)
    )
    return found
