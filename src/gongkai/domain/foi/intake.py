"""What an application must contain to be taken in (art. 29): who asks, what is asked, how the answer is wanted.

Nothing here asks for a purpose: since 2019 the law does not. What is unclear about the information wanted is no reason not
to take the application in; it is answered by a supplement notice (art. 30).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from gongkai.domain.foi.figures import ApplicantClass
from gongkai.domain.foi.model import Delivery
from gongkai.domain.foi.wishes import Form
from gongkai.domain.issues import Issue

LONGEST = {"name": 100, "subject": 200, "doc_no": 120, "description": 5000, "address": 300, "email": 254, "phone": 40}
"""Characters; a technical bound, the law knows none."""
SHORTEST_DESCRIPTION = 2


@dataclass(frozen=True, slots=True)
class Person:
    """Who asks. Organizations give code and representative, and the name of whoever can be reached."""

    kind: ApplicantClass
    name: str
    id_number: str = ""
    org_code: str = ""
    representative: str = ""
    contact_name: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""

    def __repr__(self) -> str:  # personal data do not belong into a log
        return f"<Person {self.kind}>"

    @property
    def is_organization(self) -> bool:
        """Tell whether an organization asks."""
        return self.kind is not ApplicantClass.NATURAL_PERSON


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked: name or number of the information, or other features by which it can be found."""

    subject: str
    description: str
    wanted_form: Form
    wanted_delivery: Delivery
    doc_no: str = ""


def check_application(person: Person, request: Request, *, proven: bool) -> tuple[Issue, ...]:
    """Return everything that is missing or does not fit, field by field; ``proven`` tells that identity was shown.

    An identity number (of an organization its code) or a proof of identity is needed, not both: who shows the card at the
    desk need not type its number.
    """
    return (*_person(person, proven), *_reach(person, request), *_request(request), *_lengths(person, request))


def _person(person: Person, proven: bool) -> Iterator[Issue]:
    if not person.name.strip():
        yield Issue("foi.intake.name", "name", {"what": "单位名称" if person.is_organization else "姓名"})
    if person.is_organization:
        if not person.representative.strip():
            yield Issue("foi.intake.representative", "representative")
        if not person.org_code.strip() and not proven:
            yield Issue("foi.intake.org_proof", "org_code")
    elif not person.id_number.strip() and not proven:
        yield Issue("foi.intake.id_proof", "id_number")


def _reach(person: Person, request: Request) -> Iterator[Issue]:
    if not any(one.strip() for one in (person.phone, person.email, person.address)):
        yield Issue("foi.intake.contact", "phone")
    if request.wanted_delivery is Delivery.POST and not person.address.strip():
        yield Issue("foi.intake.address_for_post", "address")
    if request.wanted_delivery is Delivery.ONLINE and request.wanted_form is not Form.ELECTRONIC:
        yield Issue("foi.intake.online_is_electronic", "wanted_form")


def _request(request: Request) -> Iterator[Issue]:
    if not request.subject.strip():
        yield Issue("foi.intake.subject", "subject")
    if len(request.description.strip()) < SHORTEST_DESCRIPTION:
        yield Issue("foi.intake.description", "description")


def _lengths(person: Person, request: Request) -> Iterator[Issue]:
    for name, most in LONGEST.items():
        written = getattr(person, name, None)
        text = written if written is not None else getattr(request, name, "")
        if len(text) > most:
            yield Issue("foi.intake.too_long", name, {"most": most, "count": len(text)})
