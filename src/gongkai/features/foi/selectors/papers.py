"""The papers of cases: their kinds, and which case one belongs to."""

from __future__ import annotations

from gongkai.features.foi.models import CasePaper
from gongkai.features.foi.selectors.access import NotFound, application_get
from gongkai.kernel.accounts.actor import Actor

PAPER_KINDS = CasePaper.Kind.choices


def paper_application(*, actor: Actor, paper_id: int) -> int:
    """Return the case of a paper; raises NotFound where the actor may not know of it."""
    found = CasePaper.objects.filter(pk=paper_id).values_list("application_id", flat=True).first()
    if found is None:
        raise NotFound("材料")
    return application_get(actor=actor, application_id=found).pk
