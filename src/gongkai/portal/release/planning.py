"""From changes to the parts that show them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from gongkai.domain.release import Kind, Part, item_part, touched, unit_list
from gongkai.features.disclosure.selectors.standing import items_entered, items_showing, uids_of
from gongkai.kernel.audit.selectors import anchor_list
from gongkai.kernel.orgs.succession import successions_between
from gongkai.portal.release import parts, selectors
from gongkai.portal.release.selectors import Change
from gongkai.portal.release.services.slots import slots_settle
from gongkai.portal.release.site_pages import publication_parts, showing_parts
from gongkai.portal.release.terminals import unit_terminal_parts
from gongkai.portal.terminals.pages import READ


@dataclass(slots=True)
class Plan:
    """What is to be rendered: ``parts``, or ``everything``. ``ids`` are the changes that are settled by it."""

    ids: list[int] = field(default_factory=list)
    parts: set[Part] = field(default_factory=set)
    everything: bool = False


def plan_changes(changes: Iterable[Change], *, at: datetime, on: date, anchored: int) -> Plan:
    """Return the parts that show these changes; gives the items their places. ``anchored``: last anchor rendered."""
    plan = Plan()
    items: set[int] = set()
    publications: set[int] = set()
    for change in changes:
        plan.ids.append(change.id)
        match change.subject:
            case "item":
                items.add(int(change.key))
            case "page":
                publications.add(int(change.key))
            case "websites":
                plan.parts |= {*parts.page_parts(at=at, on=on), Part(Kind.SITEMAP_SHARD), Part(Kind.SITE_MAP)}
                plan.parts.add(Part(Kind.HOSTS))
            case "units":
                plan.parts |= {*parts.unit_parts(on=on), *parts.page_parts(at=at, on=on), Part(Kind.SITEMAP_SHARD)}
                plan.parts |= {*parts.unit_list_parts(at=at), *unit_terminal_parts(on=on)}
            case "plans":
                plan.parts |= set(parts.plan_parts(on=on)) | {Part(Kind.HOME), Part(Kind.SITEMAP_SHARD)}
            case "anchors":
                plan.parts.add(Part(Kind.ANCHORS))
                items |= items_entered(after=anchored, until=newest_anchor())
            case "display":
                plan.parts.add(Part(Kind.DISPLAY))
            case _:  # columns and successions of units stand on any page
                plan.everything = True
    if publications:
        plan.parts |= publication_parts(publications, at=at, on=on) | {Part(Kind.SITEMAP_SHARD), Part(Kind.SITE_MAP)}
    plan.parts |= plan_items(items, at=at, on=on)
    return plan


def plan_items(items: set[int], *, at: datetime, on: date) -> set[Part]:
    """Settle the places of items; return their own parts, those of their lists, and of the items that show them."""
    if not items:
        return set()
    standing = slots_settle(item_ids=items, at=at, on=on)
    known = items & standing.keys()
    found = {item_part(standing[one].uid) for one in known} | {Part(Kind.KIOSK, READ)}
    places = selectors.places_of(item_ids=known)
    for one in known:
        found |= touched(places.get(one, ()))
        if any(place.list == unit_list(standing[one].unit_id) and place.number == 1 for place in places.get(one, ())):
            found.add(Part(Kind.SITEMAP_SHARD))  # a unit's list came up
    found |= {item_part(uid) for uid in uids_of(item_ids=items_showing(item_ids=known)).values()}
    found |= showing_parts({one: places.get(one, ()) for one in known})
    return found


def plan_day(*, before: date | None, on: date, at: datetime) -> Plan:
    """Return what reads otherwise on a new day: lights of plans, topics, units that begin or end, successors of units."""
    plan = Plan(parts={Part(Kind.SITEMAP_SHARD), *parts.plan_parts(on=on), *parts.unit_parts(on=on)})
    plan.parts |= {*parts.page_parts(at=at, on=on), *unit_terminal_parts(on=on)}
    plan.everything = before is not None and successions_between(after=before, until=on)
    return plan


def plan_settled(ids: list[int], *, at: datetime, on: date) -> set[Part]:
    """Settle the places of a chunk of a whole build and return the items' own parts: the rest is rendered at its end."""
    standing = slots_settle(item_ids=ids, at=at, on=on)
    return {item_part(one.uid) for one in standing.values()}


def newest_anchor() -> int:
    """Return the sequence that the newest anchor covers, 0 without any."""
    newest = anchor_list(limit=1)
    return newest[0].sequence if newest else 0
