"""The pages of a record as they are looked at before redaction: pictures, sizes, and where words stand."""

from __future__ import annotations

from pathlib import PurePosixPath

from django.views.decorators.debug import sensitive_variables

from gongkai.features.foi import permissions
from gongkai.features.foi.models import CasePaper
from gongkai.features.foi.selectors.access import NotFound, application_get
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.errors import Refused
from gongkai.kernel.files.selectors import file_path
from gongkai.kernel.redaction.looking import page_picture, page_sizes, term_places

MOST_TERMS = 50


def _record(actor: Actor, paper_id: int) -> tuple[str, bytes]:
    """Name and bytes of a PDF of a case that the actor handles; nobody else learns that it is there."""
    paper = CasePaper.objects.select_related("file").filter(pk=paper_id, sealed=False, removed_at__isnull=True).first()
    if paper is None or paper.file is None or PurePosixPath(paper.file.name).suffix.lower() != ".pdf":
        raise NotFound("材料")
    application = application_get(actor=actor, application_id=paper.application_id)
    if not permissions.can_handle_case(actor, application.unit_id):
        raise NotFound("材料")
    return paper.file.name, file_path(file=paper.file).read_bytes()


def record_sizes(*, actor: Actor, paper_id: int) -> list[tuple[int, int]]:
    """Return the size of the picture of each page; empty for records without pages and for those that cannot be drawn."""
    try:
        name, data = _record(actor, paper_id)
        return page_sizes(data, name=name)
    except Refused:
        return []


def record_page(*, actor: Actor, paper_id: int, number: int) -> bytes:
    """Return the picture of a page of a record; raises NotFound, DocumentRefused."""
    name, data = _record(actor, paper_id)
    picture = page_picture(data, number=number, name=name)
    if picture is None:
        raise NotFound("页")
    return picture


@sensitive_variables()
def record_places(*, actor: Actor, paper_id: int, terms: list[str]) -> dict[int, list[tuple[float, ...]]]:
    """Return where words stand in a record, by page; raises NotFound, DocumentRefused."""
    name, data = _record(actor, paper_id)
    found = term_places(data, terms[:MOST_TERMS], name=name)
    return {page: [tuple(round(side, 5) for side in box) for box in boxes] for page, boxes in found.items()}
