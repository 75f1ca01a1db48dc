"""Reading sites, what is published of their pages, and what others share with them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet
from wagtail.models import Page

from gongkai.domain.release import ListKey
from gongkai.domain.site.places import PageKind, in_order, page_path
from gongkai.features.disclosure.selectors.newest import Wanted
from gongkai.features.disclosure.selectors.public_items import PublicRow
from gongkai.features.disclosure.selectors.standing import public_rows
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.errors import NotPermitted
from gongkai.kernel.orgs.selectors import authority_unit_ids, unit_descendant_ids
from gongkai.kernel.orgs.selectors import unit_list as units_of
from gongkai.portal.models import PageOrder, PagePublication, SharedItem, Website
from gongkai.portal.models.pages import SitePage
from gongkai.portal.pages import permissions

SYSTEM = Actor.system("网站")


class NotFound(Exception):
    """There is no such site, page or shared item."""


@dataclass(frozen=True, slots=True)
class SiteView:
    """A site as pages see it. ``units``: whose items it shows (None: all but ``others``); ``shared``: lent to it.

    ``facts`` is what templates call ``gk_site`` where the site is not the primary one, empty for that.
    """

    id: int
    slug: str
    name: str
    unit_id: int | None
    units: frozenset[int] | None
    others: frozenset[int]
    shared: frozenset[int]
    facts: dict[str, str] = field(default_factory=dict, compare=False)

    @property
    def home(self) -> str:
        """Return the address of its home page."""
        return f"/{page_path(self.slug, PageKind.HOME)}/" if self.slug else "/"

    @property
    def folder(self) -> str:
        """Return the address below which its columns and topics lie, with its slash."""
        return self.home

    def wanted(self, *, columns: Collection[str] = (), units: Collection[int] = ()) -> Wanted:
        """Return what the site shows of these columns and units (all of them where none are named).

        What was lent to the site is not of the units that an editor named.
        """
        if units:
            return Wanted(tuple(columns), frozenset(units) if self.units is None else self.units & frozenset(units))
        return Wanted(tuple(columns), self.units, self.others, self.shared)

    def concerns(self, *, unit_ids: Collection[int], item_id: int) -> bool:
        """Tell whether an item that stands or stood in these units may be shown by the site."""
        if item_id in self.shared:
            return True
        if self.units is None:
            return any(one not in self.others for one in unit_ids)
        return any(one in self.units for one in unit_ids)


@dataclass(frozen=True, slots=True)
class Standing:
    """What somebody may do with the pages of a site."""

    website: Website
    may_edit: bool
    may_publish: bool
    may_read: bool


def standings(*, actor: Actor, on: date) -> list[Standing]:
    """Return what the actor may do with the pages of each site, the primary one first; two statements at most."""
    rows = list(_websites())
    keepers = _keepers({one.pk: one.unit_id for one in rows}, on, top=_top(actor, on))
    return [
        Standing(
            website=row,
            may_edit=permissions.can_edit_pages(actor, keepers[row.pk]),
            may_publish=permissions.can_publish_pages(actor, keepers[row.pk]),
            may_read=permissions.can_read_pages(actor, keepers[row.pk]),
        )
        for row in rows
    ]


def any_site(*, actor: Actor, on: date) -> bool:
    """Tell whether there is a site whose pages the actor edits or reads: ``standings`` without the sites themselves."""
    keepers = _keepers(dict(Website.objects.values_list("pk", "unit_id")), on, top=_top(actor, on))
    return any(
        permissions.can_edit_pages(actor, units) or permissions.can_read_pages(actor, units)
        for units in keepers.values()
    )


def website_list(*, actor: Actor, on: date) -> list[Website]:
    """Return the sites of which the actor may do something with the pages, the primary one first."""
    return [one.website for one in standings(actor=actor, on=on) if one.may_edit]


def website_get(*, actor: Actor, website_id: int, on: date) -> Website:
    """Return one of them; raises NotFound, or NotPermitted."""
    found = _websites().filter(pk=website_id).first()
    if found is None:
        raise NotFound
    if not permissions.can_edit_pages(actor, keeper_ids(found, on=on)):
        raise NotPermitted(ability="编辑这个网站")
    return found


def website_primary() -> Website | None:
    """Return the primary site; None before the installation was prepared."""
    return _websites().filter(slug="").first()


def website_of(page: Page) -> Website | None:
    """Return the site in whose tree a page stands."""
    paths = [page.path[:length] for length in range(page.steplen, len(page.path) + 1, page.steplen)]
    return _websites().filter(home__path__in=paths).first() if paths else None


def _websites() -> QuerySet[Website]:
    return Website.objects.select_related("unit", "home").order_by("slug")


def keeper_ids(website: Website, *, on: date) -> frozenset[int]:
    """Return the units whose people keep the site: its government and the office that is its disclosure authority."""
    return _keepers({website.pk: website.unit_id}, on)[website.pk]


def _top(actor: Actor, on: date) -> frozenset[int] | None:
    """The disclosure authority of a day where it was read with the actor's posts."""
    return actor.authority_ids if actor.day == on else None


def _keepers(
    governments: dict[int, int | None], on: date, *, top: frozenset[int] | None = None
) -> dict[int, frozenset[int]]:
    """The keepers of each site by its government; ``top`` is the disclosure authority of that day where it is known."""
    if top is None:
        top = authority_unit_ids(on=on) if None in governments.values() else frozenset()
    offices: dict[int, set[int]] = {unit_id: {unit_id} for unit_id in governments.values() if unit_id is not None}
    if offices:
        found = units_of(actor=SYSTEM, on=on).filter(is_disclosure_authority=True, parent_id__in=offices)
        for unit_id, parent_id in found.values_list("pk", "parent_id"):
            offices[parent_id].add(unit_id)
    return {pk: top if unit_id is None else frozenset(offices[unit_id]) for pk, unit_id in governments.items()}


def site_views() -> dict[str, SiteView]:
    """Return every site as pages see it, by slug; the primary one is always there."""
    rows = list(_websites())
    below = {row.slug: unit_descendant_ids(unit_id=row.unit_id) for row in rows if row.unit_id is not None}
    shared: dict[int, set[int]] = {}
    for website_id, item_id in SharedItem.objects.filter(ended_at__isnull=True).values_list("website_id", "item_id"):
        shared.setdefault(website_id, set()).add(item_id)
    found = {}
    for row in rows:
        mine = below.get(row.slug)
        # What a site below has of its own is its own: the one above shows it where it was shared.
        others = frozenset[int]().union(
            *(units for slug, units in below.items() if slug != row.slug and (mine is None or units < mine))
        )
        found[row.slug] = SiteView(
            id=row.pk,
            slug=row.slug,
            name=row.name,
            unit_id=row.unit_id,
            units=None if mine is None else mine - others,
            others=others if mine is None else frozenset(),
            shared=frozenset(shared.get(row.pk, ())),
            facts=site_facts(row),
        )
    found.setdefault("", SiteView(0, "", "", None, None, frozenset(), frozenset()))
    return found


def site_facts(row: Website) -> dict[str, str]:
    """Return what the frame of a page says of a site that is not the primary one."""
    if row.is_primary:
        return {}
    unit = row.unit
    organ = unit.name if unit is not None else row.name
    return {
        "name": row.name,
        "organ": organ,
        "place": organ.removesuffix("人民政府"),
        "domain": row.hosts[0] if row.hosts else "",
        "code": row.code,
        "icp": row.icp,
        "police": row.police,
        "police_number": "".join(one for one in row.police if one.isascii() and one.isdigit()),
        "host": row.host or organ,
        "keeper": row.keeper,
        "contact": row.contact,
        "errors_url": row.errors_url,
    }


def site_hosts() -> dict[str, str]:
    """Return the host names of sites → the folder of the site in the release, with its slash."""
    return {host: f"sites/{row.slug}/" for row in _websites() if row.slug for host in row.hosts}


def site_path_of_host(host: str) -> str:
    """Return the path of the first page that a host name leads to, empty for the primary site."""
    return site_hosts().get(host.lower(), "").rstrip("/")


def publications_now() -> QuerySet[PagePublication]:
    """Return what the public reads of all pages."""
    return PagePublication.objects.filter(ended_at__isnull=True)


def publication_at(*, path: str) -> PagePublication | None:
    """Return what the public reads at a path."""
    return publications_now().filter(path=path).select_related("website").first()


def publications_of(*, website_id: int, kind: PageKind) -> list[PagePublication]:
    """Return what the public reads of a site's pages of a kind, the newest first."""
    found = publications_now().filter(website_id=website_id, kind=kind.value)
    return list(found.order_by("-published_at", "-pk"))


def page_orders() -> dict[tuple[int, str], list[int]]:
    """Return the order that editors gave to the pages of a kind, by site and kind."""
    return {(row.website_id, row.kind): [int(one) for one in row.page_ids] for row in PageOrder.objects.all()}


def pages_in_order(*, website: Website, kind: PageKind) -> list[PagePublication]:
    """Return what the public reads of a site's pages of a kind, in the order in which it reads them."""
    found = {row.page_id: row for row in publications_of(website_id=website.pk, kind=kind)}
    given = page_orders().get((website.pk, kind.value), [])
    return [found[one] for one in in_order(found, kind, given)]


def publication_current(*, page_id: int) -> PagePublication | None:
    """Return what the public reads of a page."""
    return publications_now().filter(page_id=page_id).first()


def paths_of(*, publication_ids: Collection[int]) -> set[tuple[str, str]]:
    """Return the paths of publications, ended or not, each with the slug of its site."""
    found = PagePublication.objects.filter(pk__in=list(publication_ids))
    return set(found.values_list("path", "website__slug"))


def pages_naming(*, item_ids: Iterable[int]) -> list[str]:
    """Return the paths of pages on which one of the items was put by hand."""
    wanted = Q()
    for item_id in item_ids:
        wanted |= Q(items__contains=[item_id])
    return list(publications_now().filter(wanted).order_by("path").values_list("path", flat=True)) if wanted else []


def pages_listing(*, places: dict[int, set[ListKey]], units: dict[int, set[int]]) -> list[str]:
    """Return the paths of pages that list newest items and may show one of these; by their lists and units, old and new."""
    if not places:
        return []
    views = {view.id: view for view in site_views().values()}
    found = []
    for path, website_id, lists in publications_now().exclude(lists=[]).values_list("path", "website_id", "lists"):
        view = views.get(website_id)
        keys = set(lists)
        for item_id, stands in places.items():
            if view is None or keys.isdisjoint(stands):
                continue
            if view.concerns(unit_ids=units.get(item_id, ()), item_id=item_id):
                found.append(path)
                break
    return found


def shared_list(*, website: Website) -> list[SharedItem]:
    """Return what is shared to a site, the newest first."""
    return list(website.shared.filter(ended_at__isnull=True).select_related("item", "shared_by"))


def rights_of(*, actor: Actor, on: date) -> dict[Any, tuple[bool, bool]]:
    """Return the home page of every site → whether the actor may edit its pages, and publish them."""
    return homes_of(standings(actor=actor, on=on))


def homes_of(found: Iterable[Standing]) -> dict[Any, tuple[bool, bool]]:
    """Return the home page of every site → whether its pages may be edited, and published."""
    return {
        one.website.home: (one.may_edit, one.may_publish)
        for one in found
        if one.website.home is not None and (one.may_edit or one.may_publish)
    }


def page_of(*, page_id: int) -> SitePage:
    """Return a page of a site as its own kind; raises NotFound."""
    page = Page.objects.filter(pk=page_id).first()
    specific = page.specific if page is not None else None
    if not isinstance(specific, SitePage):
        raise NotFound
    return specific


def last_published_at(page: SitePage) -> datetime | None:
    """Return when the page was last put before the public, None where it is not there."""
    current = publication_current(page_id=page.pk)
    return current.published_at if current else None


def website_find(*, website_id: int) -> Website | None:
    """Return a site; who may do what with it is asked elsewhere."""
    return _websites().filter(pk=website_id).first()


def shared_find(*, shared_id: int) -> SharedItem | None:
    """Return what was shared to a site; who may end it is asked elsewhere."""
    return SharedItem.objects.filter(pk=shared_id).first()


def page_counts(*, website: Website) -> list[tuple[str, int]]:
    """Return how many pages of each kind the public reads of a site, those of which there are any."""
    kinds = dict(PagePublication._meta.get_field("kind").choices or ())
    found = publications_now().filter(website=website).exclude(kind=PageKind.HOME.value).values_list("kind", flat=True)
    counts = Counter(found)
    return [(str(kinds[kind]), counts[kind]) for kind in kinds if counts[kind]]


def shared_rows(*, shared: Sequence[SharedItem], at: datetime) -> list[tuple[SharedItem, PublicRow | None]]:
    """Return what is shared with the line that the public reads of it; None for what it does not read any more."""
    rows = public_rows(item_ids=[one.item_id for one in shared], at=at)
    return [(one, rows.get(one.item_id)) for one in shared]


def website_readable(*, actor: Actor, website: Website, on: date) -> bool:
    """Tell whether the actor may read drafts of the site's pages."""
    return permissions.can_read_pages(actor, keeper_ids(website, on=on))


def websites_readable(*, actor: Actor, on: date) -> list[Website]:
    """Return the sites of which the actor may read drafts, the primary one first."""
    return [one.website for one in standings(actor=actor, on=on) if one.may_read]
