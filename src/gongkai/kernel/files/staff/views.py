"""Handing out a stored file."""

from __future__ import annotations

from django.core.exceptions import ObjectDoesNotExist
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from gongkai.kernel.accounts.web import staff_view
from gongkai.kernel.errors import NotPermitted
from gongkai.kernel.files.selectors import file_get, file_open


@require_safe
@staff_view
def download(request: HttpRequest, file_id: int) -> HttpResponseBase:
    """Send a file to somebody who may read it: always as a download, never shown inside the site.

    A Chinese name goes out as RFC 5987 says; ``nosniff`` and a closed sandbox keep a disguised page from running.
    """
    actor = request.actor
    try:
        file = file_get(actor=actor, file_id=file_id)
    except (ObjectDoesNotExist, NotPermitted) as error:
        # One answer for both: nobody learns from a number that a file is there.
        raise Http404("没有这个文件") from error
    response = FileResponse(file_open(actor=actor, file=file), content_type=file.media_type)
    response["Content-Length"] = str(file.size)
    response["Content-Disposition"] = content_disposition_header(True, file.name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    return response
