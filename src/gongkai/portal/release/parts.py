"""Every part of the site and the files it consists of at a moment."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime

from django.core.exceptions import ObjectDoesNotExist

from gongkai.domain.release import ALL, Kind, Part, file_of, folder_of, item_part, url_of
from gongkai.domain.release.parts import list_folder
from gongkai.features.disclosure.public import pages as item_pages
from gongkai.features.disclosure.selectors.public_files import public_files
from gongkai.features.disclosure.selectors.public_items import PublicItem, Tombstone
from gongkai.features.disclosure.selectors.standing import items_published, uids_of
from gongkai.features.workplans import selectors as workplans
from gongkai.features.workplans.public import pages as plan_pages
from gongkai.features.workplans.public.open_data import plan_csv
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.audit.public import pages as audit_pages
from gongkai.kernel.errors import NotPermitted
from gongkai.kernel.files.selectors import file_get
from gongkai.kernel.files.selectors import file_path as place_of_file
from gongkai.kernel.orgs.public import pages as unit_pages
from gongkai.portal import site_map
from gongkai.portal.release import lists
from gongkai.portal.release.display import display_files
from gongkai.portal.release.rendering import Files, Source
from gongkai.portal.release.shared import Moment
from gongkai.portal.release.site_pages import page_files, page_parts
from gongkai.portal.release.terminals import host_files, terminal_files, terminal_parts
from gongkai.portal.robots import robots_text

GONE, MOVED = "gone.html", "moved.html"
CHUNK = 100
"""Items that are settled and rendered before something else may have its turn."""


def part_files(part: Part, moment: Moment) -> Files:
    """Return the files of a part at the moment. None at all where it is not there.

    For an item the moment has to have read it (``Moment.read_items``).
    """
    at, on = moment.at, moment.on
    match part.kind:
        case Kind.ITEM:
            return _item(part, moment)
        case Kind.HOME | Kind.PAGE | Kind.TOPIC:
            return page_files(part, moment)
        case Kind.LIST | Kind.LIST_PAGE:
            found = lists.list_context(part, moment)
            files: Files = {} if found is None else {file_of(part): moment.page(lists.LIST, found, url=url_of(part))}
            if files and part.kind is Kind.LIST:
                files |= {f"{list_folder(part.key)}{name}": data for name, data in moment.feeds.files(part.key).items()}
            return files
        case Kind.SITEMAP:
            return {file_of(part): lists.sitemap_index()}
        case Kind.SITEMAP_SHARD:
            return {file_of(part): lists.sitemap_shard(part.number, at=at, today=on)}
        case Kind.ROBOTS:
            return {file_of(part): robots_text().encode()}
        case Kind.SITE_MAP:
            context = site_map.context(columns=moment.columns, pages=moment.pages)
            return {file_of(part): moment.page(site_map.TEMPLATE, context, url=url_of(part))}
        case Kind.UNITS:
            return {file_of(part): moment.page(unit_pages.LIST, unit_pages.list_context(on=on), url=url_of(part))}
        case Kind.UNIT:
            unit = unit_pages.unit_context(unit_id=int(part.key), on=on)
            return {} if unit is None else {file_of(part): moment.page(unit_pages.UNIT, unit, url=url_of(part))}
        case Kind.PLANS:
            return {file_of(part): moment.page(plan_pages.LIST, plan_pages.list_context(today=on), url=url_of(part))}
        case Kind.PLAN:
            return _plan(part, moment)
        case Kind.ANCHORS:
            return _anchors(part, moment)
        case Kind.DISPLAY:
            return display_files(at=at)
        case Kind.KIOSK | Kind.SHEET | Kind.WORKER:
            return terminal_files(part, moment)
        case Kind.HOSTS:
            return host_files()


def fixed_parts(*, at: datetime, on: date) -> list[Part]:
    """Return every part that is no item and no page of a list: few, whatever was published."""
    return [
        *(Part(kind) for kind in (Kind.DISPLAY, Kind.ROBOTS, Kind.ANCHORS, Kind.SITE_MAP, Kind.HOSTS)),
        *page_parts(at=at, on=on),
        *lists.list_parts(at=at),
        *lists.sitemap_parts(),
        *unit_parts(on=on),
        *plan_parts(on=on),
        *terminal_parts(on=on),
    ]


def unit_parts(*, on: date) -> list[Part]:
    """Return the unit directory and the page of every unit on the day."""
    return [Part(Kind.UNITS), *(Part(Kind.UNIT, str(unit_id)) for unit_id in unit_pages.unit_ids(on=on))]


def plan_parts(*, on: date) -> list[Part]:
    """Return the list of plans and every plan that is before the public."""
    return [Part(Kind.PLANS), *(Part(Kind.PLAN, str(plan.id)) for plan in workplans.public_plan_list(today=on))]


def item_chunks(*, at: datetime) -> Iterator[list[int]]:
    """Yield the ids of all items ever published, the oldest first, in chunks."""
    yield from items_published(at=at, chunk=CHUNK)


def item_parts(ids: list[int]) -> list[Part]:
    """Return the parts of items."""
    uids = uids_of(item_ids=ids)
    return [item_part(uids[one]) for one in ids if one in uids]


def list_page_parts() -> list[Part]:
    """Return every numbered page of every list."""
    return lists.list_page_parts()


def unit_list_parts(*, at: datetime) -> list[Part]:
    """Return the pages that name a unit: its lists, the first pages of columns it answers for, and the site map."""
    named = {f"column:{column.code}" for column in lists.columns_flat() if column.unit_id is not None}
    found = [part for part in (*lists.list_parts(at=at), *list_page_parts()) if part.key.startswith("unit:")]
    return [Part(Kind.SITE_MAP), *(Part(Kind.LIST, key) for key in sorted(named)), *found]


def front_parts() -> list[Part]:
    """Return the parts that show a little of everything."""
    return [Part(Kind.HOME), Part(Kind.LIST, ALL), Part(Kind.SITEMAP_SHARD)]


def _item(part: Part, moment: Moment) -> Files:
    item = moment.items.get(part.key)
    if item is None:
        return {}
    folder, url = folder_of(part), url_of(part)
    files = _gone(item, folder, url, moment) if isinstance(item, Tombstone) else _public(item, folder, url, moment)
    proof = moment.proofs.get(item.item_id)
    if proof is not None:
        context = item_pages.proof_context(item, proof)
        files[f"{folder}proof/index.html"] = moment.page(item_pages.PROOF, context, url=f"{url}proof/")
    return files


def _gone(grave: Tombstone, folder: str, url: str, moment: Moment) -> Files:
    target = item_pages.merged_into(grave)
    context = item_pages.tombstone_context(grave)
    if target:
        return {f"{folder}{MOVED}": moment.page("portal/release/moved.html", {**context, "target": target}, url=url)}
    return {f"{folder}{GONE}": moment.page(item_pages.TOMBSTONE, context, url=url)}


def _public(item: PublicItem, folder: str, url: str, moment: Moment) -> Files:
    context = item_pages.item_context(item, at=moment.at, beside=moment.beside[item.item_id])
    files: Files = {f"{folder}index.html": moment.page(item_pages.ITEM, context, url=url)}
    anyone = Actor.anonymous()
    for one in public_files(content=item.content):
        try:
            stored = file_get(actor=anyone, file_id=one.file_id)
        except (ObjectDoesNotExist, NotPermitted):
            continue  # the page names it, its address says that it is not there: as the view does
        if stored.sha256 == one.sha256:
            path = f"{folder}files/{one.file_id}/{one.name}"
            files[path] = Source(place_of_file(file=stored), one.sha256)
    return files


def _plan(part: Part, moment: Moment) -> Files:
    try:
        plan = workplans.plan_progress(plan_id=int(part.key), today=moment.on)
    except workplans.NotFound:
        return {}
    folder = folder_of(part)
    html = moment.page(plan_pages.PLAN, plan_pages.plan_context(plan, today=moment.on), url=url_of(part))
    return {f"{folder}index.html": html, f"{folder}data.csv": plan_csv(plan)}


def _anchors(part: Part, moment: Moment) -> Files:
    folder = folder_of(part)
    data = json.dumps(audit_pages.anchors_data(), ensure_ascii=False)
    return {
        f"{folder}index.html": moment.page(audit_pages.LIST, audit_pages.list_context(), url=url_of(part)),
        f"{folder}anchors.json": data.encode(),
    }
