"""Feeds as Django answers them, where there is no static release: the same bytes, asked for again each time."""

from __future__ import annotations

import hashlib

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from gongkai.domain.release.lists import ALL, ListKey, column_list, unit_list
from gongkai.portal.feeds.formats import TYPES
from gongkai.portal.feeds.selectors import feed_bytes


@require_safe
def feed(request: HttpRequest, kind: str, code: str = "", unit_id: int | None = None) -> HttpResponseBase:
    """Answer the feed of everything, of a column or of a unit."""
    key: ListKey = column_list(code) if code else unit_list(unit_id) if unit_id is not None else ALL
    data = feed_bytes(kind, key, timezone.now())
    if data is None:
        raise Http404("没有这个栏目或单位")
    etag = f'"{hashlib.sha256(data).hexdigest()}"'
    response = HttpResponse(data, content_type=TYPES[kind])
    response["Cache-Control"] = "no-cache"  # what is taken down is gone at once
    response["Access-Control-Allow-Origin"] = "*"
    response["ETag"] = etag
    return get_conditional_response(request, etag=etag, response=response) or response
