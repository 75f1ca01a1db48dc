"""An applicant nobody can mistake, and a whole case with everything that leaves traces; then: where does it show?"""

from __future__ import annotations

import html
import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from gongkai.domain.foi import commands as c
from gongkai.domain.foi.model import ConsultationKind, Delivery, Opinion
from gongkai.domain.foi.receipt import ReceiptFact
from gongkai.features.foi import services
from gongkai.features.foi.models import Application, CasePaper
from gongkai.features.foi.services import sweeps
from gongkai.kernel.accounts.models import User
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.orgs.models import Unit
from tests.factories.foi import Desk

NAME, ID_NUMBER, PHONE = "诸葛守密", "36072119880706987X", "13877665544"
ADDRESS, EMAIL = "青溪县守密巷97号9栋909室", "zhuge.shoumi@secret.example.net"
SUBJECT = "守密水库除险加固工程验收结论"
DESCRIPTION = "想看守密水库2024年验收时专家组写的全部意见。"
FILE_NAME = "诸葛守密的身份证.png"
REASON = "核对送达地址"
PERSON = (NAME, ID_NUMBER, PHONE, "97号9栋", "zhuge.shoumi")
ASKED = ("守密水库",)
PNG = b"\x89PNG\r\n\x1a\n" + b"\x07zhuge-identity" * 8


def client_of(user: User | None) -> Client:
    """A browser, signed in or not, that shows error pages instead of raising."""
    client = Client(raise_request_exception=False)
    if user is not None:
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def shapes_of(word: str) -> set[str]:
    """How a word may stand in a text: as it is, in an address, in JSON, in HTML."""
    escaped = json.dumps(word)[1:-1]
    return {word, quote(word), escaped, escaped.replace("\\u", "\\\\u"), html.escape(word), word.encode("utf-8").hex()}


def traces(text: str | bytes, words: tuple[str, ...]) -> list[str]:
    """Which of the words a text tells, in any shape."""
    said = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return [word for word in words if any(shape in said for shape in shapes_of(word))]


@dataclass
class Planted:
    """The case with its query code, papers and the people of the unit."""

    desk: Desk
    application: Application
    code: str
    user: User
    answers: list[Any] = field(default_factory=list)

    @property
    def person(self) -> tuple[str, ...]:
        """What nobody but the unit's office may see."""
        return (*PERSON, self.code, self.code.replace("-", ""))

    @property
    def everything(self) -> tuple[str, ...]:
        """What no other unit and nobody outside may see."""
        return (*self.person, *ASKED)

    @property
    def papers(self) -> dict[str, CasePaper]:
        """The papers by their kind, the last of each."""
        return {paper.kind: paper for paper in self.application.papers.select_related("file").order_by("pk")}


def form(desk: Desk, **more: Any) -> dict[str, Any]:
    """The public form, filled in."""
    return {
        "unit": str(desk.unit.pk),
        "kind": "natural_person",
        "name": NAME,
        "id_number": ID_NUMBER,
        "phone": PHONE,
        "email": EMAIL,
        "address": ADDRESS,
        "subject": SUBJECT,
        "description": DESCRIPTION,
        "wanted_form": "electronic",
        "wanted_delivery": "online",
        "agreed": "on",
        **more,
    }


def code_of(page: str) -> str:
    """The query code as the page shows it once."""
    return page.split('class="foi-code">')[1].split("<")[0]


def plant(desk: Desk) -> Planted:
    """Apply on the public page, follow, confirm, handle, open what is sealed, write letters, answer, export."""
    visitor, user = client_of(None), desk.world.person(Role.DISCLOSURE_OFFICE, desk.unit)
    clerk = client_of(user)
    answers = [visitor.post("/apply/look/", {"words": SUBJECT})]
    identity = SimpleUploadedFile(FILE_NAME, PNG, "image/png")
    taken = visitor.post("/apply/new/", {**form(desk), "identity": identity})
    answers.append(taken)
    application = Application.objects.latest("pk")
    sweeps.submission_tell(application_id=application.pk, now=timezone.now())
    found = Planted(desk, application, code_of(taken.content.decode()), user, answers)
    answers += [visitor.post(f"/apply/{way}", {"code": found.code}) for way in ("follow/", "follow/confirm/")]
    today, now = desk.today, timezone.now()
    services.receipt_record(
        actor=desk.clerk, application_id=application.pk, facts=(ReceiptFact.CONFIRMED_BY_ORGAN,), on=today, now=now
    )
    record = SimpleUploadedFile("验收意见.pdf", b"%PDF-1.4 " + NAME.encode(), "application/pdf")
    pages = (
        ("applicant/", {"reason": REASON}),
        ("papers/", {"kind": "record", "upload": record}),
    )
    for address, data in pages:
        answers.append(clerk.post(f"/admin/foi/{application.pk}/{address}", data))
    answers.append(clerk.post(f"/admin/foi/papers/{found.papers['identity'].pk}/identity/", {"reason": REASON}))
    services.letter_write(
        actor=desk.clerk,
        application_id=application.pk,
        code="L01_receipt",
        values={"materials": ["申请表一份"]},
        delivery=Delivery.POST,
        sealed=True,
        on=today,
        now=now,
    )
    third = {"kind": ConsultationKind.THIRD_PARTY, "ref": "青溪水利建设公司"}
    for command, who in (
        (c.Accept(on=today), desk.clerk),
        (c.Extend(on=today, days=5, approved_by="负责人", approved_on=today), desk.head),
        (c.Consult(on=today, **third), desk.clerk),
        (c.AnswerConsultation(on=today, opinion=Opinion.CONSENTS, **third), desk.clerk),
        (c.Draft(on=today, disposition="granted_provide"), desk.clerk),
        (c.Sign(on=today, signed_by="局长"), desk.leader),
        (c.Send(on=today, delivery=Delivery.ONLINE), desk.clerk),
    ):
        desk.do(application, command, by=who)
    answers.append(clerk.get(f"/admin/foi/{application.pk}/"))
    answers.append(clerk.post(f"/admin/foi/{application.pk}/file/"))
    answers.append(visitor.post("/apply/follow/", {"code": found.code}))
    sweeps.cases_remind(now=now)
    application.refresh_from_db()
    return found


def strangers(desk: Desk, unit: Unit) -> dict[Role, User]:
    """Somebody in every role in a unit."""
    return {role: desk.world.person(role, unit) for role in Role}
