"""Setting sites up with their first page, and changing what they say of themselves."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from wagtail.models import Locale, Page, Site

from gongkai.domain.issues import Issue
from gongkai.domain.site.places import SLUG
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.audit.actions import register_actions, register_targets
from gongkai.kernel.audit.services import record
from gongkai.kernel.errors import NotPermitted, Refused
from gongkai.kernel.orgs.trees import directory_unit
from gongkai.portal.models import HomePage, Website
from gongkai.portal.models.pages import SitePage
from gongkai.portal.pages import permissions
from gongkai.portal.pages.defaults import home_body, home_words
from gongkai.portal.pages.selectors import NotFound
from gongkai.portal.pages.services.publishing import page_publish

TARGET = "portal.website"
register_targets({TARGET: "网站"})
register_actions({"portal.website.create": "设立网站", "portal.website.edit": "修改网站信息"})
_HOST = re.compile(r"(?=.{1,200}$)[a-z0-9-]+(?:\.[a-z0-9-]+)+")
_CODE = re.compile(r"(?:[0-9]{10}|bm[0-9]{8})")


@dataclass(frozen=True, slots=True)
class SiteFacts:
    """What a site says of itself in its footer; empty where it has nothing to say."""

    code: str = ""
    icp: str = ""
    police: str = ""
    host: str = ""
    keeper: str = ""
    contact: str = ""
    errors_url: str = ""


def primary_ensure(*, actor: Actor, now: datetime) -> Website:
    """Return the primary site, made with a first page that is public where there is none. Safe to run again."""
    with transaction.atomic():
        found = Website.objects.select_for_update(no_key=True, of=("self",)).filter(slug="").first()
        if found is not None and found.home_id is not None:
            return found
        website = found or Website.objects.create(slug="", created_at=now)
        _first_page(website, title="首页", slug="site", actor=actor, now=now)
        _record(actor, "portal.website.create", website, "设立主站，建立首页", now)
    return website


def website_create(
    *,
    actor: Actor,
    slug: str,
    name: str,
    unit_id: int,
    hosts: Sequence[str] = (),
    facts: SiteFacts = SiteFacts(),
    now: datetime,
) -> Website:
    """Set up the site of a government, with its first page; it is read at ``/sites/<slug>/`` from then on.

    Raises NotPermitted, and Refused with every reason.
    """
    with transaction.atomic():
        if not permissions.can_manage_websites(actor):
            raise NotPermitted(ability="设立网站")
        names = _hosts(hosts)
        issues = _issues(name=name, unit_id=unit_id, hosts=names, facts=facts, on=timezone.localdate(now))
        if not SLUG.fullmatch(slug):
            issues.append(Issue("portal.website.slug", "slug"))
        elif Website.objects.filter(slug=slug).exists():
            issues.append(Issue("portal.website.slug_taken", "slug", {"slug": slug}))
        if issues:
            raise Refused(issues)
        website = Website.objects.create(
            slug=slug, name=name.strip(), unit_id=unit_id, hosts=names, created_at=now, **asdict(facts)
        )
        _first_page(website, title=name.strip(), slug=f"site-{slug}", actor=actor, now=now)
        _record(actor, "portal.website.create", website, f"设立网站“{website.name}”（/sites/{slug}/）", now)
    return website


def website_edit(
    *,
    actor: Actor,
    website_id: int,
    name: str,
    unit_id: int | None,
    hosts: Sequence[str] = (),
    facts: SiteFacts = SiteFacts(),
    now: datetime,
) -> Website:
    """Change what a site says of itself; its address stays. Raises NotFound, NotPermitted, and Refused with every reason."""
    with transaction.atomic():
        website = Website.objects.select_for_update(no_key=True, of=("self",)).filter(pk=website_id).first()
        if website is None:
            raise NotFound
        if not permissions.can_manage_websites(actor):
            raise NotPermitted(ability="修改网站信息")
        names = _hosts(hosts)
        issues = _issues(
            name=name, unit_id=unit_id, hosts=names, facts=facts, on=timezone.localdate(now), website=website
        )
        if issues:
            raise Refused(issues)
        website.name, website.unit_id, website.hosts = name.strip(), unit_id, names
        for key, value in asdict(facts).items():
            setattr(website, key, value)
        website.save()
        _record(actor, "portal.website.edit", website, f"修改网站“{website}”的信息", now)
    return website


def _hosts(hosts: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(one.strip().lower() for one in hosts if one.strip()))


def _issues(
    *, name: str, unit_id: int | None, hosts: list[str], facts: SiteFacts, on: date, website: Website | None = None
) -> list[Issue]:
    primary = website is not None and website.is_primary
    others = Website.objects.exclude(pk=website.pk) if website is not None else Website.objects.all()
    issues = []
    if not name.strip() and not primary:
        issues.append(Issue("portal.website.name", "name"))
    unit = directory_unit(unit_id=unit_id, on=on) if unit_id is not None else None
    if unit is None and (unit_id is not None or not primary):
        issues.append(Issue("portal.website.unit", "unit_id"))
    elif unit is not None and others.filter(unit_id=unit.pk).exists():
        issues.append(Issue("portal.website.unit_taken", "unit_id", {"unit": unit.name}))
    taken = {one: str(row) for row in others for one in row.hosts}
    for one in hosts:
        if not _HOST.fullmatch(one):
            issues.append(Issue("portal.website.host", "hosts", {"host": one}))
        elif one in taken:
            issues.append(Issue("portal.website.host_taken", "hosts", {"host": one, "site": taken[one]}))
    if facts.code and not _CODE.fullmatch(facts.code):
        issues.append(Issue("portal.website.code", "code", {"code": facts.code}))
    if facts.errors_url and urlsplit(facts.errors_url).scheme not in {"https", "http"}:
        issues.append(Issue("portal.website.errors_url", "errors_url"))
    return issues


def _first_page(website: Website, *, title: str, slug: str, actor: Actor, now: datetime) -> None:
    headline, lead = home_words(primary=website.is_primary, name=website.name)
    home = HomePage(
        title=title, slug=slug, headline=headline, lead=lead, body=home_body(primary=website.is_primary), live=True
    )
    home.locale, root = _tree()
    page_add(parent=root, page=home, actor=actor)
    website.home = home
    website.save(update_fields=["home"])
    page_publish(actor=Actor.system("安装") if actor.is_system else Actor.system("设立网站"), page=home, now=now)
    if website.is_primary:
        _wagtail_site(home)


def page_add(*, parent: Page, page: SitePage, actor: Actor) -> SitePage:
    """Put a new page into the tree with its first version; ``actor`` is its author. It is not public by that."""
    page.owner_id = actor.user_id
    added = parent.add_child(instance=page)
    added.save_revision(user=None if actor.user_id is None else _user(actor.user_id), changed=False)
    return page


def page_save(*, page: SitePage, actor: Actor) -> SitePage:
    """Keep a changed page as a new version by the actor; the public goes on reading what was published."""
    page.save_revision(user=None if actor.user_id is None else _user(actor.user_id))
    return page


def _user(user_id: int) -> object:
    from django.contrib.auth import get_user_model

    return get_user_model()._default_manager.get(pk=user_id)


def _tree() -> tuple[Locale, Page]:
    """Return the language and the root of the tree, made where an emptied database lost them."""
    locale, _ = Locale.objects.get_or_create(language_code=settings.LANGUAGE_CODE)
    root = Page.objects.filter(depth=1).first()
    return locale, root or Page.add_root(title="Root", slug="root", locale=locale)


def _wagtail_site(home: HomePage) -> None:
    """Let Wagtail's own site begin at our first page, and take its page of greeting away."""
    site = Site.objects.filter(is_default_site=True).first()
    if site is None:
        Site.objects.create(hostname="localhost", root_page=home, is_default_site=True)
        return
    greeting = site.root_page
    site.root_page = home
    site.save()
    if greeting.pk != home.pk and greeting.specific_class is Page and not greeting.is_root():
        Page.objects.get(pk=greeting.pk).delete()


def _record(actor: Actor, action: str, website: Website, summary: str, now: datetime) -> None:
    record(
        actor=actor,
        action=action,
        target_type=TARGET,
        target_id=website.pk,
        summary=summary,
        unit_id=website.unit_id,
        details={"slug": website.slug, "name": website.name, "hosts": website.hosts},
        now=now,
    )
