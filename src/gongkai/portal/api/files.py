"""The daily file: what is told of it, and its bytes, whole or in parts."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request

from gongkai.domain.issues import Issue
from gongkai.portal.api import asked, serializers, shapes
from gongkai.portal.api.base import PublicView, answer, closed, error
from gongkai.portal.api.dumps import Dump, dump_current, dump_folder, dump_readable
from gongkai.portal.api.ranges import Unsatisfiable, byte_range
from gongkai.portal.api.views import OFTEN, WRONG

LINES = "application/x-ndjson; charset=utf-8"
BLOCK = 256 * 1024
WAIT = 120
"""Seconds after which somebody should ask again for a file that is being made."""
NOT_NOW = OpenApiResponse(serializers.Error, description="正在生成；Retry-After 说明多少秒后再试")


class DumpListView(PublicView):
    """What is told of the file."""

    @extend_schema(
        operation_id="dumps_list",
        summary="列出数据包",
        description="每天生成一份；有信息撤下时立即停止提供，重新生成。",
        responses={200: serializers.DumpList, 400: WRONG, 429: OFTEN},
    )
    def get(self, request: Request) -> HttpResponseBase:
        """Return the file that may be read now, none while it is made anew."""
        asked.asked(request.query_params, {})
        dump = dump_current(dump_folder())
        items = [shapes.dump_data(dump)] if dump is not None and dump_readable(dump) else []
        return answer(request, {"items": items})


class DumpView(PublicView):
    """The file."""

    @extend_schema(
        operation_id="dumps_read",
        summary="下载数据包",
        description="JSON Lines：一行一条公开信息，各项与 FullPublication 相同。可以用 Range 断点续传。",
        responses={
            (200, "application/x-ndjson"): serializers.FullPublication,
            (206, "application/x-ndjson"): OpenApiTypes.BINARY,
            404: OpenApiResponse(serializers.Error, description="还没有生成"),
            416: OpenApiResponse(description="所要的部分超出了文件"),
            429: OFTEN,
            503: NOT_NOW,
        },
    )
    def get(self, request: Request) -> HttpResponseBase:
        """Send the file, or the part that is asked for."""
        asked.asked(request.query_params, {})
        dump = dump_current(dump_folder())
        if dump is None:
            return error(Issue("api.dump.none"), 404)
        if not dump_readable(dump):
            return closed(Issue("api.dump.renewed"), WAIT)
        try:
            return _send(request, dump)
        except FileNotFoundError:  # a new one took its place just now
            return closed(Issue("api.dump.renewed"), 1)


def _send(request: Request, dump: Dump) -> HttpResponseBase:
    etag, modified = f'"{dump.sha256}"', int(dump.made_at.timestamp())
    headers = {
        "ETag": etag,
        "Last-Modified": http_date(modified),
        "Accept-Ranges": "bytes",
        "Repr-Digest": f"sha-256=:{base64.b64encode(bytes.fromhex(dump.sha256)).decode()}:",
        "Content-Disposition": f'attachment; filename="{dump.path.name}"',
    }
    known = get_conditional_response(request._request, etag=etag, last_modified=modified)
    if known is not None:
        for name, value in headers.items():
            known.headers.setdefault(name, value)
        return known
    first, last, status = 0, dump.size - 1, 200
    if request.headers.get("If-Range", etag) in (etag, headers["Last-Modified"]):
        try:
            part = byte_range(request.headers.get("Range", ""), dump.size)
        except Unsatisfiable:
            return HttpResponse(status=416, headers={**headers, "Content-Range": f"bytes */{dump.size}"})
        if part is not None:
            (first, last), status = part, 206
            headers["Content-Range"] = f"bytes {first}-{last}/{dump.size}"
    headers["Content-Length"] = str(last - first + 1)
    body = () if request.method == "HEAD" else _read(dump.path, first, last)
    return StreamingHttpResponse(body, status=status, headers=headers, content_type=LINES)


def _read(path: Path, first: int, last: int) -> Iterator[bytes]:
    source = path.open("rb")  # at once: an error has to come before the answer begins

    def blocks() -> Iterator[bytes]:
        with source:
            source.seek(first)
            left = last - first + 1
            while left > 0 and (block := source.read(min(BLOCK, left))):
                left -= len(block)
                yield block

    return blocks()
