"""Taking in what a connected system hands over: once for each number of the sender, however often it is sent."""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.views.decorators.debug import sensitive_variables

from gongkai.domain.foi.handing import handed_facts
from gongkai.domain.foi.intake import Person, Request
from gongkai.domain.foi.receipt import Channel
from gongkai.domain.issues import Issue
from gongkai.features.foi.models import HandOver
from gongkai.features.foi.services.actions import CASE
from gongkai.features.foi.services.receiving import application_submit
from gongkai.features.foi.services.writing import day_of
from gongkai.kernel.api.refusals import Conflict
from gongkai.kernel.audit.actions import register_actions
from gongkai.kernel.audit.services import gathered, record
from gongkai.kernel.errors import Refused
from gongkai.kernel.tokens.selectors import Bearer
from gongkai.kernel.tokens.services import system_lock

register_actions({"foi.application.hand_over": "公开申请：由接口移交"})


@dataclass(frozen=True, slots=True)
class HandedOver:
    """What became of a delivery; ``repeated`` tells that it had been delivered before and nothing was written."""

    hand_over: HandOver
    repeated: bool


@sensitive_variables()
def application_hand_over(
    *,
    bearer: Bearer,
    sender_no: str,
    unit_id: int,
    channel: Channel,
    person: Person,
    request: Request,
    submitted_on: date,
    confirmed: bool,
    no_log: bool = False,
    identity: Any = None,
    attachments: Sequence[Any] = (),
    content: bytes,
    now: datetime,
) -> HandedOver:
    """Take in an application from a connected system under the sender's own number.

    ``submitted_on`` is the day on which the applicant asked the other system, ``confirmed`` that the applicant confirmed
    what is handed over, ``no_log`` that the applicant does not want the answer in the log of answers, ``content`` what was
    sent, by which a repeated delivery is known. Raises Conflict for a number that was used for something else, Refused
    with everything that is missing.
    """
    digest = hmac.new(settings.SECRET_KEY.encode(), b"foi.handing\x00" + content, "sha256").hexdigest()
    with transaction.atomic(), gathered():
        system_lock(system_id=bearer.system_id)
        rows = HandOver.objects.select_related("application__unit")
        known = rows.filter(system_id=bearer.system_id, sender_no=sender_no).first()
        if known is not None:
            if not hmac.compare_digest(known.digest, digest):
                raise Conflict(Issue("foi.handing.number_used", "sender_no", {"number": sender_no}))
            return HandedOver(known, repeated=True)
        if bearer.unit_id not in (None, unit_id):
            raise Refused(Issue("foi.handing.unit", "unit"))
        today = day_of(now)
        taken = application_submit(
            actor=bearer.actor,
            unit_id=unit_id,
            channel=channel,
            person=person,
            request=request,
            on=submitted_on,
            facts=handed_facts(channel, confirmed=confirmed, on=today),
            identity=identity,
            attachments=tuple(attachments),
            no_log=no_log,
            now=now,
        )
        hand_over = HandOver.objects.create(
            system_id=bearer.system_id,
            token_id=bearer.token_id,
            application=taken.application,
            sender_no=sender_no,
            digest=digest,
            handed_at=now,
        )
        record(
            actor=bearer.actor,
            action="foi.application.hand_over",
            target_type=CASE,
            target_id=taken.application.pk,
            summary=f"{taken.application.register_no} 由“{bearer.system_name}”移交",
            unit_id=unit_id,
            details={"token": bearer.key},
            now=now,
        )
    return HandedOver(hand_over, repeated=False)
