"""Finding a case, or answering as if it were not there."""

from __future__ import annotations

from gongkai.domain.issues import Issue
from gongkai.features.foi import permissions
from gongkai.features.foi.models import AmendmentRequest, Application
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.errors import Refused
from gongkai.kernel.sealed import matching


class NotFound(Refused):
    """There is no such case, or it is hidden from the actor; views answer 404."""

    def __init__(self, what: str = "公开申请") -> None:
        super().__init__(Issue("foi.not_found", values={"what": what}))


def application_get(*, actor: Actor, application_id: int) -> Application:
    """Return one application with its unit and applicant; raises NotFound where the actor may not know of it."""
    rows = Application.objects.select_related("unit", "applicant", "handler")
    found = rows.filter(pk=application_id).first()
    if found is None or not permissions.can_see_case(actor, found.unit_id):
        raise NotFound()
    return found


def application_by_code(*, query_code: str) -> Application:
    """Return the application that a query code opens; raises NotFound."""
    written = plain_code(query_code)
    rows = Application.objects.select_related("unit")
    found = rows.filter(**matching("query_digest", written, Application)).first() if written else None
    if found is None:
        raise NotFound("与此查询码对应的申请")
    return found


def plain_code(written: str) -> str:
    """Return a query code as it was given out, however it was typed: blanks and hyphens do not count, nor do small letters."""
    return "".join(sign for sign in written.upper() if sign.isascii() and sign.isalnum())[:40]


def code_shown(query_code: str) -> str:
    """Return a query code in groups of four, as people read it out."""
    return "-".join(query_code[at : at + 4] for at in range(0, len(query_code), 4))


def file_readable(*, actor: Actor, application_id: str, file_id: int) -> bool:
    """Tell whether the actor may download a file of a case: whoever sees the case, but nothing that is sealed."""
    found = Application.objects.filter(pk=int(application_id)).only("unit_id").first() if application_id else None
    if found is None or not permissions.can_see_case(actor, found.unit_id):
        return False
    return found.papers.filter(file_id=file_id, sealed=False, removed_at__isnull=True).exists()


def applicant_openable(*, actor: Actor, applicant_id: int) -> bool:
    """Tell whether the actor may open what is sealed about an applicant."""
    unit_id = applicant_unit(applicant_id=applicant_id)
    return unit_id is not None and permissions.can_open_applicant(actor, unit_id)


def applicant_unit(*, applicant_id: int) -> int | None:
    """Return the unit that was asked by the applicant, for information or for an amendment."""
    for model in (Application, AmendmentRequest):
        found = model.objects.filter(applicant_id=applicant_id).values_list("unit_id", flat=True).first()
        if found is not None:
            return found
    return None
