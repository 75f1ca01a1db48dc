"""How files and sealed columns of cases are opened: asked on each request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gongkai.features.foi import permissions
from gongkai.features.foi.selectors import access, amendments, retrievals
from gongkai.kernel.accounts.actor import Actor

if TYPE_CHECKING:
    from gongkai.features.foi.models import AmendmentRequest, Applicant
    from gongkai.kernel.files.models import StoredFile


def may_read_case_file(actor: Actor, file: StoredFile) -> bool:
    """Tell whether the actor may download a file of a case; what is sealed is opened on a page of its own, with a reason.

    People of a division open what it gave for the case, and nothing else of it.
    """
    asked = {"actor": actor, "application_id": file.target_id, "file_id": file.pk}
    return access.file_readable(**asked) or retrievals.file_of_division(**asked)


def may_read_template(actor: Actor, file: StoredFile) -> bool:
    """Tell whether the actor may download an office's own template of a letter."""
    return file.unit_id is not None and permissions.can_see_case(actor, file.unit_id)


def may_read_amendment_file(actor: Actor, file: StoredFile) -> bool:
    """Tell whether the actor may download a file of a request for amendment: letters only, proofs are sealed."""
    return amendments.amendment_file_readable(actor=actor, amendment_id=file.target_id, file_id=file.pk)


def may_open_amendment(actor: Actor, row: AmendmentRequest) -> bool:
    """Tell whether the actor may open what is sealed about a request for amendment."""
    return permissions.can_open_applicant(actor, row.unit_id)


def unit_of_amendment(row: AmendmentRequest) -> int:
    """Return the unit under which the opening is recorded."""
    return row.unit_id


def may_open_applicant(actor: Actor, row: Applicant) -> bool:
    """Tell whether the actor may open what is sealed about an applicant."""
    return access.applicant_openable(actor=actor, applicant_id=row.pk)


def unit_of_applicant(row: Applicant) -> int | None:
    """Return the unit under which the opening is recorded."""
    return access.applicant_unit(applicant_id=row.pk)
