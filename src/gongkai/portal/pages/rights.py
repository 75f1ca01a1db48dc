"""Wagtail's rights on pages follow from the posts that people hold today, asked anew for every request.

Wagtail reads them from groups. Ours are given for the tree of each site whose government office the person works in,
and kept on the user for this request only: a post that ends today ends them today, and no group has to be looked after.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib.auth.models import Permission
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from wagtail.models import GroupPagePermission
from wagtail.permission_policies.pages import PagePermissionPolicy

from gongkai.kernel.accounts.web import acting
from gongkai.portal.pages.selectors import Standing, homes_of, standings

EDIT, PUBLISH = ("add_page", "change_page"), ("publish_page",)


def page_permissions(found: Iterable[Standing]) -> list[GroupPagePermission]:
    """Return rights on the trees of sites in the form in which Wagtail reads them; none are saved."""
    rights = homes_of(found)
    return [
        GroupPagePermission(page=home, permission=Permission(codename=codename))
        for home, (may_edit, may_publish) in rights.items()
        for codename in (*(EDIT if may_edit else ()), *(PUBLISH if may_publish else ()))
    ]


def standings_of(request: HttpRequest) -> list[Standing]:
    """Return what whoever acts in this request may do with the pages of each site, read once a request."""
    known: list[Standing] | None = getattr(request, "site_standings", None)
    if known is None:
        known = standings(actor=acting(request), on=timezone.localdate())
        request.site_standings = known
    return known


class PageRightsMiddleware:
    """Puts the rights of whoever is signed in where Wagtail looks for them, in the back office only."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> None:
        """Set the rights before the view asks for them; they are worked out only if it does."""
        if not request.path.startswith(reverse("wagtailadmin_home")) or not request.user.is_authenticated:
            return
        lazy = SimpleLazyObject(lambda: page_permissions(standings_of(request)))
        setattr(request.user, PagePermissionPolicy.permission_cache_name, lazy)
