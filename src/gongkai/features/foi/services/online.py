"""Letters that were put online, opened by the applicant: the first time is their service, and it is noted by itself."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.views.decorators.debug import sensitive_variables

from gongkai.domain.foi import commands as c
from gongkai.domain.foi.delivering import End
from gongkai.domain.foi.machine import decide
from gongkai.features.foi.models import Application, CasePaper, LetterDelivery
from gongkai.features.foi.selectors.access import NotFound, application_by_code
from gongkai.features.foi.selectors.course import Course, case_course
from gongkai.features.foi.selectors.delivering import evidence_of, facts_of
from gongkai.features.foi.selectors.letters import carries_reply
from gongkai.features.foi.selectors.online import online_papers
from gongkai.features.foi.services.commands import step_write
from gongkai.features.foi.services.delivering import NOTICES, delivery_words
from gongkai.features.foi.services.papers import paper_write
from gongkai.features.foi.services.receiving import APPLICANT
from gongkai.features.foi.services.writing import audit_case, day_of
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.audit.services import gathered
from gongkai.kernel.files.selectors import file_path

READER = Actor(user_id=None, name=APPLICANT)


@sensitive_variables()
def online_open(*, query_code: str, paper_id: int, now: datetime) -> tuple[str, bytes]:
    """Return name and bytes of a file that was put online for the holder of a query code; every time is on record.

    The first opening of a letter notes its delivery as read, with the time, and takes the step of the case that follows
    from it (the reply is served; the period of a notice begins). Raises NotFound.
    """
    found = application_by_code(query_code=query_code)
    with transaction.atomic(), gathered():
        rows = Application.objects.select_related("unit").select_for_update(of=("self",), no_key=True)
        course = case_course(application=rows.get(pk=found.pk))
        online = next((one for one in online_papers(course=course) if one.paper.pk == paper_id), None)
        if online is None or online.paper.file is None:
            raise NotFound("文件")
        data = file_path(file=online.paper.file).read_bytes()
        if online.delivery is not None and not online.delivery.end:
            _read(course, online.paper, online.delivery, now)
        audit_case(
            application=course.application,
            actor=READER,
            action="foi.paper.read",
            summary=f"申请人凭查询码下载《{online.paper.title}》{online.paper.letter_no}"
            if online.paper.letter
            else "申请人凭查询码下载提供的信息",
            paper=online.paper.pk,
            now=now,
        )
    return online.paper.file.name, data


def _read(course: Course, paper: CasePaper, held: LetterDelivery, now: datetime) -> None:
    """Note that the letter was read, with the proof, and what follows from it in the case."""
    today = max(day_of(now), held.sent_on)
    row = LetterDelivery(
        paper=paper,
        number=held.number + 1,
        way=held.way,
        sent_on=held.sent_on,
        end=End.READ.value,
        ended_on=today,
        read_at=now,
        note=held.note,
        by_name=APPLICANT,
        at=now,
    )
    row.proof = paper_write(
        application=course.application,
        actor=READER,
        kind=CasePaper.Kind.SERVICE.value,
        title=f"送达凭证：{paper.title}"[:200],
        note=f"《{paper.title}》{paper.letter_no}：{delivery_words(facts_of(row))}（系统记录，申请人凭查询码下载）。",
        evidence=evidence_of(course=course, letter=paper.letter),
        now=now,
    )
    row.save()
    command = _step(course, paper, row)
    if command is not None and decide(course.state, command, law=course.law, today=today).allowed:
        step_write(course=course, actor=READER, command=command, now=now)


def _step(course: Course, paper: CasePaper, row: LetterDelivery) -> c.Command | None:
    """The step of the case that the reading of a letter amounts to; None where it has been taken or there is none."""
    on, state = row.ended_on or row.sent_on, course.state
    if carries_reply(course, paper):
        wanted = state.answer is not None and state.answer.sent_on is not None and state.answer.served_on is None
        return c.Serve(on=on, by=APPLICANT, proof="网上查阅记录") if wanted else None
    name, deliver = NOTICES.get(paper.letter, ("", None))
    notice = getattr(state, name) if name else None
    return deliver(on=on, by=APPLICANT) if deliver and notice is not None and notice.delivered_on is None else None
