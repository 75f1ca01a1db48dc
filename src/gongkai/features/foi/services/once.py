"""Taking a form in once, however often it is sent: after a page that never came, or a button that was pressed twice.

A form carries a number that was drawn for it (``drawn``), signed, so that nobody can choose one. It becomes the number of
the application, and the query code follows from it by the key of the installation: sent again, the form is answered with what
it was answered, or would have been. Filled in differently it is another application.
"""

from __future__ import annotations

import hashlib
import hmac
import uuid
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core import signing
from django.db import IntegrityError
from django.views.decorators.debug import sensitive_variables

from gongkai.domain.foi.intake import Person, Request
from gongkai.domain.foi.receipt import Channel
from gongkai.features.foi.models import Application
from gongkai.features.foi.selectors.access import NotFound, application_by_code
from gongkai.features.foi.services.beginning import CODE_LENGTH, CODE_SIGNS, Once, Taken
from gongkai.features.foi.services.receiving import application_submit
from gongkai.kernel.accounts.actor import Actor

SALT = "gongkai.features.foi.once"
KEPT = timedelta(days=2)
"""How long a form may be sent again and be known; a technical bound."""


def drawn() -> str:
    """Return a new signed number for a form."""
    return signing.dumps(uuid.uuid4().hex, salt=SALT)


def number_of(written: str) -> uuid.UUID | None:
    """Return the number that a form carries, None when it is none of ours or too old."""
    try:
        return uuid.UUID(signing.loads(written, salt=SALT, max_age=KEPT))
    except (signing.BadSignature, ValueError, TypeError):
        return None


def code_of(number: uuid.UUID) -> str:
    """Return the query code of the application that a form becomes."""
    told = int.from_bytes(hmac.new(settings.SECRET_KEY.encode(), b"foi.code:" + number.bytes, hashlib.sha256).digest())
    signs = []
    for _ in range(CODE_LENGTH):
        told, place = divmod(told, len(CODE_SIGNS))
        signs.append(CODE_SIGNS[place])
    return "".join(signs)


@sensitive_variables()
def application_submit_once(
    *,
    actor: Actor,
    number: uuid.UUID | None,
    unit_id: int,
    channel: Channel,
    person: Person,
    request: Request,
    identity: Any = None,
    no_log: bool = False,
    now: datetime,
) -> Taken:
    """Take in an application, or return the one that the same form has become already; raises what ``application_submit`` does."""
    given = {
        "actor": actor,
        "unit_id": unit_id,
        "channel": channel,
        "person": person,
        "request": request,
        "identity": identity,
        "no_log": no_log,
        "now": now,
    }
    if number is None:
        return application_submit(**given)
    code = code_of(number)
    before = _before(code)
    if before is None:
        try:
            return application_submit(**given, once=Once(number, code))
        except IntegrityError:  # the same form, at the same moment
            before = _before(code)
            if before is None:
                raise
    if before.unit_id == unit_id and _asked(before) == _wanted(request):
        return Taken(before, code)
    return application_submit(**given)


def _before(code: str) -> Application | None:
    try:
        return application_by_code(query_code=code)
    except NotFound:
        return None


def _asked(application: Application) -> tuple[str, ...]:
    return (application.subject, application.doc_no, application.description)


def _wanted(request: Request) -> tuple[str, ...]:
    return (request.subject.strip(), request.doc_no.strip(), request.description.strip())
