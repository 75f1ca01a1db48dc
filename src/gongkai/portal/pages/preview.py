"""A page in the editor's preview: as the public would read it at this moment."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from gongkai.portal.models.pages import SitePage
from gongkai.portal.pages.selectors import website_of
from gongkai.portal.pages.showing import Pages, page_shown


def page_preview(page: SitePage, request: HttpRequest) -> HttpResponse:
    """Show a page that may not even be saved; it is kept by nobody on the way."""
    now = timezone.now()
    pages = Pages(now, timezone.localdate(now))
    website = website_of(page) or website_of(page.get_parent())
    site = pages.sites.get(website.slug if website is not None else "", pages.sites[""])
    template, context = page_shown(page, site, pages)
    response = render(request, template, context)
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex"
    return response
