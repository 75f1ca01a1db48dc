"""What an applicant is asked for and hands in on the own page: the supplement (art. 30), the reasons (art. 35)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.views.decorators.debug import sensitive_variables

from gongkai.domain.foi import commands as c
from gongkai.domain.foi.machine import decide
from gongkai.domain.issues import Issue
from gongkai.features.foi.models import Application, CasePaper
from gongkai.features.foi.permissions import OFFICE
from gongkai.features.foi.selectors.access import application_by_code
from gongkai.features.foi.selectors.course import Course, case_course
from gongkai.features.foi.selectors.follow import Asked, asked_of
from gongkai.features.foi.services.actions import KIND_CASE
from gongkai.features.foi.services.commands import step_write
from gongkai.features.foi.services.papers import paper_write
from gongkai.features.foi.services.receiving import APPLICANT
from gongkai.features.foi.services.writing import day_of
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.selectors import users_of_units
from gongkai.kernel.audit.services import gathered
from gongkai.kernel.errors import Refused
from gongkai.kernel.notices.services import notice_send

MOST_PAPERS = 20
"""How many papers one case takes from its applicant online; a technical bound, further ones come by post."""
_TITLES = {Asked.SUPPLEMENT: "补正内容（网上提交）", Asked.REASONS: "说明的理由（网上提交）"}


@sensitive_variables()
def applicant_supply(*, query_code: str, words: str, uploads: Sequence[Any] = (), now: datetime) -> bool:
    """The applicant hands in what was asked for; raises NotFound, Refused with everything that is wrong.

    A supplement in time counts as received the day it is in the system, and the reply period begins anew: then True. One
    that comes too late, and reasons, are kept and told to the office, which judges them.
    """
    actor = Actor(user_id=None, name=APPLICANT)
    found = application_by_code(query_code=query_code)
    with transaction.atomic(), gathered():
        rows = Application.objects.select_related("unit").select_for_update(of=("self",), no_key=True)
        course = case_course(application=rows.get(pk=found.pk))
        asked = _asked(course, words, uploads)
        title = _TITLES[asked]
        if words.strip():
            _keep(course, actor, title, now, note=words)
        for upload in uploads:
            _keep(course, actor, title, now, upload=upload)
        done = asked is Asked.SUPPLEMENT and _supplemented(course, actor, now)
        _tell(course.application, asked, done, now)
    return done


def _asked(course: Course, words: str, uploads: Sequence[Any]) -> Asked:
    """What the applicant is asked for; refused where that is nothing, or nothing was handed in."""
    asked = asked_of(course.state)
    if asked is None:
        raise Refused(Issue("foi.supply.not_asked"))
    if not words.strip() and not uploads:
        raise Refused(Issue("foi.supply.nothing", "words"))
    kept = CasePaper.objects.filter(application=course.application, title__in=_TITLES.values()).count()
    if kept + len(uploads) + bool(words.strip()) > MOST_PAPERS:
        raise Refused(Issue("foi.supply.too_many", "upload", {"most": MOST_PAPERS}))
    return asked


def _keep(course: Course, actor: Actor, title: str, now: datetime, *, note: str = "", upload: Any = None) -> None:
    paper_write(
        application=course.application,
        actor=actor,
        kind=CasePaper.Kind.SUPPLEMENT.value,
        title=title,
        note=note,
        upload=upload,
        name=getattr(upload, "name", ""),
        now=now,
    )


def _supplemented(course: Course, actor: Actor, now: datetime) -> bool:
    """Take the step where the law of the case allows it without a judgment; tell whether it was taken."""
    command = c.ReceiveSupplement(on=day_of(now), by=APPLICANT)
    if not decide(course.state, command, law=course.law, today=day_of(now)).allowed:
        return False
    step_write(course=course, actor=actor, command=command, now=now)
    return True


def _tell(application: Application, asked: Asked, done: bool, now: datetime) -> None:
    """Tell the office that something came, without a word of it."""
    what = "补正" if asked is Asked.SUPPLEMENT else "理由"
    if done:
        body = "申请人在网上提交了补正，答复期限从今天起重新计算，请办理。"
    elif asked is Asked.SUPPLEMENT:
        body = "申请人在网上提交了补正，但补正期限已过。请看有没有正当理由，再决定怎样办理。"
    else:
        body = "申请人在网上说明了理由。请评估是否合理，记录“收到说明的理由”。"
    people = users_of_units(unit_ids=[application.unit_id], today=day_of(now), roles=OFFICE)
    notice_send(
        recipients=[user.pk for user in people.get(application.unit_id, ())],
        kind=KIND_CASE,
        title=f"公开申请 {application.register_no} 收到申请人提交的{what}",
        body=body,
        url=reverse("foi:staff:case", args=[application.pk]),
        dedupe_key=f"foi.supplied.{application.pk}.{asked.value}.{day_of(now).isoformat()}",
        now=now,
    )
