"""What leads to an applicant, against which every text is held that others than the case's own people read."""

from __future__ import annotations

from django.views.decorators.debug import sensitive_variables

from gongkai.features.foi.models import Applicant

NAMES = ("name", "representative", "contact_name")
NUMBERS = ("id_number", "org_code", "phone", "email", "address")


@sensitive_variables()
def applicant_data(person: Applicant, *, names: bool = True) -> dict[str, str]:
    """Return the sealed data of an applicant by what they are; numbers and addresses alone without ``names``."""
    found = {}
    for field in (*NAMES, *NUMBERS) if names else NUMBERS:
        value = getattr(person, field)
        if value is not None:
            found[str(Applicant._meta.get_field(field).verbose_name)] = value.for_machine()
    return found
