"""Drafts of pages as those read them who do not write: the page as the public would see it, and a button to agree."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from gongkai.kernel.accounts.web import acting, staff_view
from gongkai.kernel.errors import NotPermitted, Refused
from gongkai.portal.pages import drafts, selectors
from gongkai.portal.pages.content import content_of, digest_of
from gongkai.portal.pages.preview import page_preview
from gongkai.portal.pages.services.reading import page_read
from gongkai.portal.pages.staff.views import LIST, REFUSED


@require_GET
@staff_view
def draft_list(request: HttpRequest) -> HttpResponse:
    """List the drafts of the sites that the person may read, with who agreed to them already."""
    on = timezone.localdate()
    sites = selectors.websites_readable(actor=request.actor, on=on)
    if not sites:
        raise NotPermitted(ability="审读网站页面")
    context = {
        "page_title": "审读网站页面",
        "breadcrumbs": [LIST, {"label": "审读页面", "url": ""}],
        "groups": [(site, drafts.draft_rows(website=site, user_id=request.actor.user_id)) for site in sites],
    }
    return render(request, "portal/pages/staff/draft_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_view
def draft_read(request: HttpRequest, page_id: int) -> HttpResponse:
    """Show a draft as the public would read it, and note that somebody read it and agrees."""
    page = _draft(request, page_id)
    digest = digest_of(content_of(page))
    problems: list[str] = []
    if request.method == "POST":
        try:
            page_read(actor=request.actor, page_id=page_id, digest=request.POST.get("digest", ""), now=timezone.now())
        except Refused as refused:
            if isinstance(refused, NotPermitted):
                raise
            problems = refused.sentences()
        else:
            messages.success(request, f"已记下您审读过“{page.title}”，现在可以由编写人发布。")
            return redirect("sites:staff:draft_list")
    context = {
        "page_title": f"审读：{page.title}",
        "breadcrumbs": [
            LIST,
            {"label": "审读页面", "url": reverse("sites:staff:draft_list")},
            {"label": page.title, "url": ""},
        ],
        "page": page,
        "digest": digest,
        "own": drafts.author_of(page) == request.actor.user_id,
        "readers": drafts.readers_of(page_id=page.pk, digest=digest),
        "problems": problems,
        "address": page.get_url_parts()[2] if page.get_url_parts() else "",
    }
    status = REFUSED if problems else 200
    return render(request, "portal/pages/staff/draft_read.html", context, status=status)


@require_GET
@staff_view
def draft_look(request: HttpRequest, page_id: int) -> HttpResponse:
    """Show the draft itself, in the frame of the reading page."""
    return page_preview(_draft(request, page_id), request)


def _draft(request: HttpRequest, page_id: int) -> Any:
    on = timezone.localdate()
    try:
        page = drafts.page_draft(page_id=page_id)
    except selectors.NotFound as error:
        if not selectors.websites_readable(actor=acting(request), on=on):
            raise NotPermitted(ability="审读网站页面") from error
        raise Http404("没有这个页面") from error
    website = selectors.website_of(page)
    if website is None or not selectors.website_readable(actor=acting(request), website=website, on=on):
        raise NotPermitted(ability="审读这个网站的页面")
    return page
