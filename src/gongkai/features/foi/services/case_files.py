"""The whole case as one archive: index, request, papers, letters, evidence, service, disputes, the course of the period, audit."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from datetime import datetime
from io import BytesIO
from pathlib import PurePosixPath

from django.db import transaction

from gongkai.domain.foi.event_data import event_to_data
from gongkai.domain.foi.timeline import Audience, Timeline, timeline
from gongkai.features.foi import permissions
from gongkai.features.foi.models import Application, CasePaper
from gongkai.features.foi.selectors.access import application_get
from gongkai.features.foi.selectors.course import case_course
from gongkai.features.foi.selectors.retrievals import retrieval_lines
from gongkai.features.foi.services.actions import CASE
from gongkai.features.foi.services.case_sheets import (
    digest_lines,
    dispute_lines,
    evidence_lines,
    request_lines,
    service_lines,
)
from gongkai.features.foi.services.writing import audit_case, day_of
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.audit.selectors import entry_list
from gongkai.kernel.errors import NotPermitted
from gongkai.kernel.files.selectors import file_path

_EPOCH = (1980, 1, 1, 0, 0, 0)
_FORBIDDEN = str.maketrans(dict.fromkeys('\\/:*?"<>|\r\n\t', "_"))


def case_file(*, actor: Actor, application_id: int, now: datetime) -> tuple[str, bytes]:
    """Return name and bytes of the archive of a case (条例 art. 45; for review within 5 or 10 working days).

    Proofs of identity stay sealed and outside; the index names them. What was taken out of use is named with its reason.
    The same case gives the same bytes. Raises NotFound, NotPermitted. The export is written down.
    """
    application = application_get(actor=actor, application_id=application_id)
    if not permissions.can_handle_case(actor, application.unit_id):
        raise NotPermitted(ability="导出案卷")
    course = case_course(application=application)
    sheet = timeline(course.events, course.law, today=day_of(now), audience=Audience.REVIEW_BODY)
    papers = list(application.papers.select_related("file").order_by("added_at", "id"))
    names = dict(_members(papers))
    events = [event_to_data(event) for event in course.events]
    sheets = {
        "00 案卷目录.txt": _index(application, papers, names),
        "01 办理经过和期限.txt": _told(sheet),
        "02 办理事件.json": [json.dumps(events, ensure_ascii=False, indent=1)],
        "03 审计记录.txt": _audit(application),
        "04 调取信息.txt": retrieval_lines(application=application),
        "05 申请内容.txt": request_lines(application),
        "06 依据材料对照.txt": evidence_lines(course, papers, names),
        "07 送达记录.txt": service_lines(application),
        "08 复议诉讼.txt": dispute_lines(application),
    }
    told = {name: "\n".join(lines).encode() for name, lines in sheets.items()}
    members = {name: data for name, data in told.items() if data}
    for paper in papers:
        if paper.pk in names and paper.file is not None:
            members[names[paper.pk]] = file_path(file=paper.file).read_bytes()
    members["09 文件校验.txt"] = "\n".join(digest_lines(members)).encode()
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            _put(archive, name, data)
    with transaction.atomic():
        audit_case(
            application=application,
            actor=actor,
            action="foi.application.export",
            summary=f"导出案卷（{len(names)} 份材料）",
            now=now,
        )
    return f"{application.register_no} 案卷.zip", target.getvalue()


def _members(papers: list[CasePaper]) -> Iterator[tuple[int, str]]:
    """Which papers go in, under which name: numbered, so that no two are the same."""
    for number, paper in enumerate(papers, start=1):
        if paper.file is not None and not paper.sealed and paper.removed_at is None:
            title = PurePosixPath(paper.file.name).name.translate(_FORBIDDEN)
            yield paper.pk, f"材料/{number:02d} {paper.get_kind_display()} {title}"


def _index(application: Application, papers: list[CasePaper], names: dict[int, str]) -> Iterator[str]:
    yield f"案卷目录　{application.register_no}"
    yield f"受理单位：{application.unit.name}"
    yield f"所需信息：{application.subject}"
    yield f"收到申请之日：{application.received_on or '未确定'}　办结：{application.closed_on or '未办结'}"
    yield ""
    for number, paper in enumerate(papers, start=1):
        where = names.get(paper.pk)
        if paper.removed_at is not None:
            told = f"已移除：{paper.removed_reason}"
        elif paper.sealed:
            told = "加密保存，不随案卷导出"
        else:
            told = where or paper.note
        mark = f"　{paper.letter_no}" if paper.letter_no else ""
        yield f"{number:02d}　{paper.get_kind_display()}　{paper.title}{mark}　{told}"


def _told(sheet: Timeline) -> Iterator[str]:
    yield f"收到申请之日：{sheet.received_on or '未确定'}"
    yield f"法定期限：{sheet.due_on or '未起算'}{'（暂定：' + sheet.provisional + '）' if sheet.provisional else ''}"
    if sheet.overdue_days:
        yield f"逾期：{sheet.overdue_days} 个工作日"
    yield "\n一、办理经过"
    for line in sheet.lines:
        basis = f"　依据：{'；'.join(line.citations)}" if line.citations else ""
        yield f"{line.on}　{line.words}{basis}"
    yield "\n二、期限计算"
    yield from (step.words for step in sheet.steps)
    yield "\n三、逐日计算"
    for day in sheet.days:
        number = f"第{day.number}日" if day.number else ""
        yield f"{day.day}（{day.weekday}）　{'计入' if day.counted else '不计入'}　{number}　{day.why}"


def _audit(application: Application) -> Iterator[str]:
    for entry in entry_list(target_type=CASE, target_id=application.pk).order_by("sequence"):
        yield f"{entry.sequence}　{entry.at:%Y-%m-%d %H:%M:%S%z}　{entry.actor_name}　{entry.summary}　{entry.digest}"


def _put(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    entry = zipfile.ZipInfo(name, date_time=_EPOCH)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o600 << 16
    archive.writestr(entry, data)
