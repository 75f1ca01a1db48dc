"""Reading an application that is handed over; everything that is wrong with it is told at once, by its place."""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import PurePosixPath
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.validators import validate_email
from django.views.decorators.debug import sensitive_variables

from gongkai.domain.foi.figures import ApplicantClass
from gongkai.domain.foi.handing import HANDED_CHANNELS, OLDEST
from gongkai.domain.foi.intake import LONGEST, Person, Request, check_application
from gongkai.domain.foi.model import Delivery
from gongkai.domain.foi.receipt import Channel
from gongkai.domain.foi.wishes import Form
from gongkai.domain.issues import Issue
from gongkai.features.foi.services.papers import ENDINGS, IDENTITY_ENDINGS, MAGIC
from gongkai.kernel.api.bodies import MEGABYTE, Members
from gongkai.kernel.errors import Refused
from gongkai.kernel.files.media import UNKNOWN, media_type_of

DELIVERIES = (Delivery.ONLINE, Delivery.POST, Delivery.IN_PERSON)
"""How an applicant may want the answer; entrusted service is the organ's matter."""
MOST_BODY, MOST_FILE, MOST_FILES = 20 * MEGABYTE, 10 * MEGABYTE, 5
"""What one delivery may hold, in Base64, and one file in it. Technical bounds; more is handed over on paper."""
MOST_ID, MOST_NAME, MOST_FILE_NAME, MOST_UNIT = 40, 100, 200, 999_999_999
SENDER_NO = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/-]{0,63}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Delivered:
    """An application as a connected system sent it; ``content`` is what was sent, for telling repeated deliveries."""

    sender_no: str
    unit_id: int
    channel: Channel
    person: Person
    request: Request
    submitted_on: date
    confirmed: bool
    no_log: bool
    identity: Any = field(repr=False)
    attachments: tuple[Any, ...] = field(repr=False)
    content: bytes = field(repr=False)


@sensitive_variables()
def delivered(body: dict[str, Any], *, units: Collection[int], today: date) -> Delivered:
    """Read a delivery; ``units`` are those that may be asked. Raises Refused with everything that is wrong."""
    issues: list[Issue] = []
    top = Members(body, issues)
    sender_no = top.text("sender_no", most=64, needed=True)
    if sender_no and not SENDER_NO.fullmatch(sender_no):
        issues.append(Issue("foi.handing.sender_no", "sender_no"))
    unit_id = top.number("unit", least=1, most=MOST_UNIT)
    if unit_id is not None and unit_id not in units:
        issues.append(Issue("foi.handing.unit", "unit"))
    channel = top.choice("channel", [one.value for one in HANDED_CHANNELS])
    submitted_on = top.day("submitted_on", first=today - OLDEST, last=today) or today
    confirmed, no_log = top.flag("confirmed"), top.flag("no_log")
    who = top.object("applicant", needed=True)
    person = _person(who) if who is not None else None
    asked = {
        "subject": top.text("subject", most=LONGEST["subject"]),
        "doc_no": top.text("doc_no", most=LONGEST["doc_no"]),
        "description": top.text("description", most=LONGEST["description"], lines=True),
    }
    form = top.choice("wanted_form", [one.value for one in Form])
    delivery = top.choice("wanted_delivery", [one.value for one in DELIVERIES])
    identity = top.object("identity")
    proof = _file(identity, IDENTITY_ENDINGS) if identity is not None else None
    attachments = tuple(_file(one, ENDINGS) for one in top.objects("attachments", most=MOST_FILES))
    top.finish()
    request = None
    if form and delivery:
        request = Request(**asked, wanted_form=Form(form), wanted_delivery=Delivery(delivery))
    if person is not None and request is not None:
        issues += _lacking(person, request, identity is not None, issues)
    if issues or person is None or request is None or unit_id is None:
        raise Refused(issues)
    content = json.dumps(body, ensure_ascii=True, sort_keys=True).encode("ascii")
    return Delivered(
        sender_no=sender_no,
        unit_id=unit_id,
        channel=Channel(channel),
        person=person,
        request=request,
        submitted_on=submitted_on,
        confirmed=confirmed,
        no_log=no_log,
        identity=proof,
        attachments=attachments,
        content=content,
    )


@sensitive_variables()
def _person(who: Members) -> Person | None:
    kind = who.choice("kind", [one.value for one in ApplicantClass])
    given = {
        "name": who.text("name", most=LONGEST["name"]),
        "id_number": who.text("id_number", most=MOST_ID),
        "org_code": who.text("org_code", most=MOST_ID),
        "representative": who.text("representative", most=MOST_NAME),
        "contact_name": who.text("contact_name", most=MOST_NAME),
        "phone": who.text("phone", most=LONGEST["phone"]),
        "email": who.text("email", most=LONGEST["email"]),
        "address": who.text("address", most=LONGEST["address"]),
    }
    who.finish()
    if given["email"]:
        try:
            validate_email(given["email"])
        except ValidationError:
            who.issues.append(Issue("foi.handing.email", f"{who.path}email"))
    return Person(kind=ApplicantClass(kind), **given) if kind else None


@sensitive_variables()
def _file(given: Members, endings: Collection[str]) -> Any:
    """Read a file: its name, which must fit what is in it, and its bytes."""
    name = given.text("name", most=MOST_FILE_NAME, needed=True)
    data = given.data_of("content", most=MOST_FILE)
    given.finish()
    ending = PurePosixPath(name).suffix.lower()
    if name and ending not in endings:
        known = "、".join(sorted(one.lstrip(".") for one in endings))
        given.issues.append(Issue("foi.paper.ending", f"{given.path}name", {"name": name, "known": known}))
    elif name and data and ending in MAGIC and media_type_of(name, data[:16]) == UNKNOWN:
        given.issues.append(Issue("foi.paper.disguised", f"{given.path}content", {"name": name}))
    return ContentFile(data, name=PurePosixPath(name).name or "file")


def _lacking(person: Person, request: Request, proven: bool, known: list[Issue]) -> list[Issue]:
    """What the law still needs, where nothing has been said of the member yet."""
    named = {issue.field for issue in known}
    found = []
    for issue in check_application(person, request, proven=proven):
        place = f"applicant.{issue.field}" if hasattr(person, str(issue.field)) else str(issue.field)
        if place not in named:
            found.append(replace(issue, field=place))
    return found
