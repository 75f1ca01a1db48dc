"""What destruction takes away of a request for amendment, column by column, and what it leaves (docs/adr/0019-destruction.md)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import models
from django.views.decorators.debug import sensitive_variables

from gongkai.domain.foi.retention import GONE, erased_step
from gongkai.features.foi.models import AmendmentEvent, AmendmentPaper, AmendmentRequest, CaseHold, RetentionTerm
from gongkai.features.foi.services.amendment_actions import AMENDMENT
from gongkai.features.foi.services.beginning import code_new
from gongkai.features.foi.services.erasing import Wipe, applicant_erase, files_erase, texts_wipe
from gongkai.kernel.accounts.actor import Actor

AMENDMENT_WIPED: Mapping[type[models.Model], Wipe] = {
    AmendmentPaper: Wipe("amendment", ("title",), {"file": None}),
    CaseHold: Wipe("amendment", ("reason", "lift_reason")),
    RetentionTerm: Wipe("amendment", ("reason",)),
}
AMENDMENT_BY_HAND: Mapping[type[models.Model], frozenset[str]] = {
    AmendmentRequest: frozenset({"record", "wrong", "wanted", "query_code", "query_digest"}),
    AmendmentEvent: frozenset({"data"}),
}
AMENDMENT_KEPT: Mapping[str, frozenset[str]] = {
    "AmendmentRequest": frozenset({"register_no", "organ"}),
    "AmendmentEvent": frozenset({"verb", "by_name"}),
    "AmendmentPaper": frozenset({"letter", "letter_no", "added_by_name"}),
}


@sensitive_variables()
def amendment_erase(*, row: AmendmentRequest, actor: Actor, reason: str, now: datetime) -> int:
    """Take away who asked and what about of a locked request; returns how many files went.

    Who may and whether it is time is the caller's matter. Inside a transaction only; the agreed line must be written.
    """
    events = list(AmendmentEvent.objects.filter(amendment=row).order_by("number"))
    for event in events:
        event.data = erased_step(event.data)
    AmendmentEvent.objects.bulk_update(events, ["data"])
    texts_wipe(AMENDMENT_WIPED, row)
    files = files_erase(target=(AMENDMENT, row.pk), actor=actor, reason=reason, now=now)
    applicant_erase(row.applicant, now=now)
    row.record = row.wrong = row.wanted = GONE
    row.query_code = code_new()
    row.save(update_fields=["record", "wrong", "wanted", "query_code", "query_digest"])
    return files
