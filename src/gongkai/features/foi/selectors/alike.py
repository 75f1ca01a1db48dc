"""Other applications that are like one: by the same applicant, or for the same information."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from gongkai.domain.foi.figures import ApplicantClass
from gongkai.domain.foi.model import STAGE_NAMES, Stage
from gongkai.domain.similarity.shingles import shared, shingles
from gongkai.features.foi.models import Applicant, Application

MOST = 400
"""How many of the newest applications of the unit are compared; a technical bound."""
ALIKE, SAME = 0.5, 0.9
"""Shares of wording in common from which an application is shown, and from which it is called the same. Not law: a person
decides; the share stands beside."""

_NATURAL = ApplicantClass.NATURAL_PERSON.value


@dataclass(frozen=True, slots=True)
class Alike:
    """One other application: how much of the wording is in common (0 to 1), and whether the same applicant made it."""

    application_id: int
    register_no: str
    subject: str
    submitted_on: date
    stage: str
    disposition: str
    closed_on: date | None
    share: float
    same_applicant: bool

    @property
    def stage_name(self) -> str:
        """Return the stage in words."""
        return STAGE_NAMES[Stage(self.stage)]

    @property
    def percent(self) -> int:
        """Return the share in whole percent."""
        return int(self.share * 100)

    @property
    def same(self) -> bool:
        """Tell whether the wording is nearly the same."""
        return self.share >= SAME


def asked_text(application: Application) -> str:
    """Return the wording that is compared."""
    return "\n".join(one for one in (application.subject, application.doc_no, application.description) if one)


def alike_list(*, application: Application) -> list[Alike]:
    """Return earlier applications to the same unit that are like this one, those of the same applicant first.

    An applicant is the same when identity number, or name and phone, are equal; nothing is opened for it.
    """
    mine = shingles(asked_text(application))
    person = application.applicant
    rows = (
        Application.objects.filter(unit_id=application.unit_id, pk__lt=application.pk)
        .exclude(stage__in=[Stage.MERGED.value])
        .select_related("applicant")
        .order_by("-pk")
    )
    by_person = list(rows.filter(same_person(person))[:MOST])
    known = {row.pk for row in by_person}
    others = [row for row in rows[:MOST] if row.pk not in known]
    found = [*_compared(by_person, mine, same=True), *_compared(others, mine, same=False)]
    return sorted(found, key=lambda one: (not one.same_applicant, -one.share, -one.application_id))


def same_applicant(one: Applicant, other: Applicant) -> bool:
    """Tell whether two applications were made by the same applicant, by keyed digests; nothing is opened."""
    return bool(same_by(one, other))


def same_by(one: Applicant, other: Applicant) -> str:
    """Say by what two applicants are the same: 证件号码, 单位名称, or 姓名和电话; empty when they are not."""
    if one.id_number_digest and one.id_number_digest == other.id_number_digest:
        return "证件号码"
    if not one.name_digest or one.name_digest != other.name_digest:
        return ""
    if _NATURAL not in (one.kind, other.kind):
        return "单位名称"
    return "姓名和电话" if one.phone_digest and one.phone_digest == other.phone_digest else ""


def same_person(person: Applicant) -> Q:
    """Return the condition that an application was made by the same applicant (``same_by``), asked of the database."""
    equal = Q(pk__isnull=True)
    number, name, phone = person.id_number_digest, person.name_digest, person.phone_digest
    if number:
        equal |= Q(applicant__id_number_digest=number)
    if name and phone:
        equal |= Q(applicant__name_digest=name, applicant__phone_digest=phone)
    if name and person.kind != _NATURAL:
        equal |= Q(applicant__name_digest=name) & ~Q(applicant__kind=_NATURAL)
    return equal


def _compared(rows: Iterable[Application], mine: frozenset[str], *, same: bool) -> Iterable[Alike]:
    for row in rows:
        share = shared(mine, shingles(asked_text(row)))
        if share >= ALIKE:
            yield Alike(
                application_id=row.pk,
                register_no=row.register_no,
                subject=row.subject,
                submitted_on=row.started_on,
                stage=row.stage,
                disposition=row.disposition,
                closed_on=row.closed_on,
                share=share,
                same_applicant=same,
            )
