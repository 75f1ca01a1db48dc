"""Taking a form in once, however often it is sent: after a page that never came, or a button that was pressed twice.

A form carries a number that was drawn for it (``drawn``), signed, so that nobody can choose one. From it and from all that was
filled in, with what stands in the file, follow, by the key of the installation, the number and the query code of the application:
sent again, the form is answered with what it was answered, or would have been. Filled in differently, by another person above
all, or with another file, it is another application: nothing that was put right is lost, and nobody is told the code of the first.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import uuid
from dataclasses import astuple
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core import signing
from django.db import IntegrityError
from django.views.decorators.debug import sensitive_variables

from gongkai.domain.foi.intake import Person, Request
from gongkai.domain.foi.receipt import Channel
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
    """Return the query code of the application with this number."""
    told = int.from_bytes(_told(b"foi.code:" + number.bytes))
    signs = []
    for _ in range(CODE_LENGTH):
        told, place = divmod(told, len(CODE_SIGNS))
        signs.append(CODE_SIGNS[place])
    return "".join(signs)


@sensitive_variables()
def _become(number: uuid.UUID, said: tuple[Any, ...]) -> uuid.UUID:
    """Return the number of the application that a form becomes when this is said in it."""
    words = json.dumps(said, ensure_ascii=False)
    return uuid.UUID(bytes=_told(b"foi.number:" + number.bytes + words.encode())[:16], version=4)


def _digest(upload: Any) -> str:
    """Return a digest of what stands in an uploaded file, nothing where there is none; its name does not count."""
    if upload is None:
        return ""
    found = hashlib.sha256()
    for chunk in upload.chunks():
        found.update(chunk)
    upload.seek(0)
    return found.hexdigest()


def _told(words: bytes) -> bytes:
    return hmac.new(settings.SECRET_KEY.encode(), words, hashlib.sha256).digest()


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
    once = None
    if number is not None:
        own = _become(number, (unit_id, channel, astuple(person), astuple(request), no_log, _digest(identity)))
        once = Once(own, code_of(own))
        before = _before(once)
        if before is not None:
            return before
    try:
        return application_submit(
            actor=actor,
            unit_id=unit_id,
            channel=channel,
            person=person,
            request=request,
            identity=identity,
            once=once,
            no_log=no_log,
            now=now,
        )
    except IntegrityError:  # the same form, at the same moment
        before = _before(once) if once is not None else None
        if before is None:
            raise
        return before


def _before(once: Once) -> Taken | None:
    try:
        return Taken(application_by_code(query_code=once.query_code), once.query_code)
    except NotFound:
        return None
