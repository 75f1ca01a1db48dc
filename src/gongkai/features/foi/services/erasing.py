"""What destruction takes away, column by column, and what it leaves.

Every text a table keeps about one application stands in ``WIPED`` or in ``KEPT``: a test compares them with the models, so
that a new column has to say which it is. Events and steps of disputes, which nobody may change otherwise, lose their texts
under the eyes of a trigger (docs/adr/0019-destruction.md).
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import F, Value
from django.db.models.functions import Concat
from django.views.decorators.debug import sensitive_variables

from gongkai.domain.foi.retention import GONE, erased_events, erased_values
from gongkai.features.foi.models import (
    AmendmentPaper,
    Applicant,
    Application,
    BatchLine,
    CaseEvent,
    CaseHold,
    CasePaper,
    CaseRemedy,
    FeeDecision,
    HandOver,
    LetterDelivery,
    LogEntry,
    ProactiveProposal,
    RemedyStep,
    RetentionTerm,
    Retrieval,
    RetrievalStep,
)
from gongkai.features.foi.services.actions import CASE
from gongkai.features.foi.services.beginning import CODE_LENGTH, CODE_SIGNS
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.files.models import StoredFile
from gongkai.kernel.files.services import file_erase

SEALED = ("id_number", "org_code", "representative", "contact_name", "phone", "email", "address")


@dataclass(frozen=True)
class Wipe:
    """Columns of a table that lose what they say: ``texts`` become the mark where something stood, ``rest`` a value.

    ``path`` leads from a row to its application.
    """

    path: str
    texts: tuple[str, ...] = ()
    rest: Mapping[str, Any] = field(default_factory=dict)


WIPED: Mapping[type[models.Model], Wipe] = {
    CasePaper: Wipe("application", ("title", "note", "removed_reason")),
    LetterDelivery: Wipe("paper__application", ("note", "reason"), {"posting_no": "", "signed_by": None}),
    FeeDecision: Wipe("application", ("reason", "units_reason"), {"lines": []}),
    HandOver: Wipe("application", (), {"sender_no": Concat(Value("gone-"), F("pk"), output_field=models.CharField())}),
    Retrieval: Wipe(
        "application",
        ("wanted", "question", "answer", "search_where", "search_words", "search_span", "search_person"),
    ),
    RetrievalStep: Wipe("retrieval__application", ("words",)),
    LogEntry: Wipe("application", ("title", "asked", "answered", "reason"), {"papers": []}),
    ProactiveProposal: Wipe("application", ("subject", "wish", "reason")),
    CaseHold: Wipe("application", ("reason", "lift_reason")),
    RetentionTerm: Wipe("application", ("reason",)),
    BatchLine: Wipe("application", ("told",)),
}
BY_HAND: Mapping[type[models.Model], frozenset[str]] = {
    Applicant: frozenset({"name", "name_digest", "id_number_digest", "phone_digest", *SEALED}),
    Application: frozenset({"subject", "doc_no", "description", "query_code", "query_digest"}),
    CaseEvent: frozenset({"data"}),
    CasePaper: frozenset({"file"}),
    CaseRemedy: frozenset({"ref"}),
    Retrieval: frozenset({"ref"}),
    RemedyStep: frozenset({"data"}),
}
"""What is taken away by the functions below, beside ``WIPED``."""
KEPT: Mapping[str, frozenset[str]] = {
    "Application": frozenset({"register_no", "disposition"}),
    "CaseEvent": frozenset({"kind", "by_name"}),
    "CasePaper": frozenset({"evidence", "letter", "letter_no", "added_by_name"}),
    "CaseRemedy": frozenset({"organ"}),
    "RemedyStep": frozenset({"kind", "by_name"}),
    "LetterDelivery": frozenset({"by_name"}),
    "FeeDecision": frozenset({"decided_by", "receipt_no", "entered_by_name"}),
    "HandOver": frozenset({"digest"}),
    "RetrievalStep": frozenset({"by_name"}),
    "CaseHold": frozenset({"placed_by_name", "lifted_by_name"}),
    "RetentionTerm": frozenset({"set_by_name"}),
    "LogEntry": frozenset({"settled_by_name"}),
    "LogObjection": frozenset({"by_name"}),
    "ProactiveProposal": frozenset({"ground", "address", "decided_by_name"}),
    "ProposalCase": frozenset({"why"}),
    "DestructionLine": frozenset({"reason", "first_by_name", "second_by_name"}),
    "CampaignMember": frozenset({"added_by_name"}),
    "CaseRound": frozenset({"disposition"}),
}
"""Numbers of the register and of letters, codes, organs, and the names of officials who did something."""


@sensitive_variables()
def case_erase(*, application: Application, actor: Actor, reason: str, now: datetime) -> int:
    """Take away everything that ``WIPED`` and ``BY_HAND`` name of a locked case; returns how many files went.

    Who may and whether it is time is the caller's matter. Inside a transaction only; the agreed line must be written.
    """
    _erase_events(application)
    ProactiveProposal.objects.filter(cases__application=application, subject=application.subject).update(subject=GONE)
    texts_wipe(WIPED, application)
    # A paper has a file or a note: the mark stands where the file was.
    application.papers.filter(file__isnull=False).update(note=GONE, file=None)
    files = files_erase(target=(CASE, application.pk), actor=actor, reason=reason, now=now)
    applicant_erase(application.applicant, now=now)
    application.subject, application.description, application.doc_no = GONE, GONE, ""
    application.query_code = "".join(secrets.choice(CODE_SIGNS) for _ in range(CODE_LENGTH))
    application.save(update_fields=["subject", "description", "doc_no", "query_code", "query_digest"])
    return files


def _erase_events(application: Application) -> None:
    numbers: dict[str, str] = {}
    events = list(CaseEvent.objects.filter(application=application).order_by("number"))
    for event, data in zip(events, erased_events([one.data for one in events], numbers), strict=True):
        event.data = data
    CaseEvent.objects.bulk_update(events, ["data"])
    for remedy in CaseRemedy.objects.filter(application=application).exclude(ref=""):
        CaseRemedy.objects.filter(pk=remedy.pk).update(ref=numbers.get(remedy.ref, GONE))
    for retrieval in Retrieval.objects.filter(application=application):
        Retrieval.objects.filter(pk=retrieval.pk).update(ref=numbers.get(retrieval.ref, GONE))
    steps = list(RemedyStep.objects.filter(remedy__application=application))
    for step in steps:
        step.data = erased_values(step.data)
    RemedyStep.objects.bulk_update(steps, ["data"])


def texts_wipe(wiped: Mapping[type[models.Model], Wipe], case: models.Model) -> None:
    """Take away what tables tell in texts about a case."""
    for model, wipe in wiped.items():
        rows = model._default_manager.filter(**{wipe.path: case})
        for name in wipe.texts:
            rows.exclude(**{name: ""}).update(**{name: GONE})
        if wipe.rest:
            rows.update(**wipe.rest)


def files_erase(*, target: tuple[str, int], actor: Actor, reason: str, now: datetime) -> int:
    """Erase every file that belongs to a case, which no paper names any more; returns how many."""
    kind, pk = target
    files = list(StoredFile.objects.filter(target_type=kind, target_id=str(pk)))
    for file in files:
        file_erase(actor=actor, file=file, reason=reason, now=now)
    return len(files)


def applicant_erase(person: Applicant, *, now: datetime) -> None:
    """Take away who somebody was; the row stays."""
    person.name, person.erased_at = GONE, now
    for name in SEALED:
        setattr(person, name, None)
    person.save()
    # Everybody destroyed has the same name now: its digest must not make one person of them.
    Applicant.objects.filter(pk=person.pk).update(name_digest="", id_number_digest="", phone_digest="")


def identity_erase(*, paper: CasePaper | AmendmentPaper, actor: Actor, now: datetime) -> None:
    """Take away a proof of identity, the paper stays as a line. Inside a transaction only."""
    file = paper.file
    if file is None:
        return
    paper.file, fields = None, ["file"]
    if isinstance(paper, CasePaper):
        paper.note = GONE
        fields.append("note")
    paper.save(update_fields=fields)
    file_erase(actor=actor, file=file, reason="身份证明保存期限届满", now=now)
