"""The certificate of destruction (销毁清册) as a table for the files of the archive."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.utils import timezone

from gongkai.features.foi.models import Application, DestructionLine
from gongkai.features.foi.selectors.retention import amendments_ended, lines_of, result_of
from gongkai.features.foi.services.retention import certificate_note
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.documents.csv_files import csv_bytes

HEADERS = (
    "序号",
    "登记编号",
    "种类",
    "申请人类别",
    "收到申请之日",
    "办结日期",
    "处理决定",
    "保管至",
    "鉴定意见",
    "延长至",
    "鉴定理由",
    "鉴定人",
    "鉴定时间",
    "复核人",
    "复核时间",
    "销毁时间",
    "销毁文件数",
)


def destruction_certificate(*, actor: Actor, list_id: int, now: datetime) -> tuple[str, bytes]:
    """Return name and bytes of the certificate of a list: every line, what was found, and when it was destroyed.

    Nothing of the applicant or of what was asked is in it. That it was taken out is written down. Raises NotFound.
    """
    found = certificate_note(actor=actor, list_id=list_id, now=now)
    ended = amendments_ended(found.lines.filter(amendment__isnull=False).values("amendment_id"))
    lines = enumerate(lines_of(found).iterator(chunk_size=500), start=1)
    data = csv_bytes(HEADERS, ((number, *_cells(line, ended)) for number, line in lines))
    return f"{found.unit.name} {found.year} 年销毁清册.csv", data


def _cells(line: DestructionLine, ended: Mapping[int, date]) -> tuple[object, ...]:
    case = line.case
    return (
        case.register_no,
        case._meta.verbose_name,
        case.applicant.get_kind_display(),
        case.received_on,
        case.closed_on if isinstance(case, Application) else ended.get(case.pk),
        result_of(case),
        line.kept_until,
        line.get_verdict_display() if line.verdict else "待鉴定",
        line.new_until,
        line.reason,
        line.first_by_name,
        _moment(line.first_at),
        line.second_by_name,
        _moment(line.second_at),
        _moment(line.erased_at),
        line.erased_files if line.erased_at else "",
    )


def _moment(value: datetime | None) -> str:
    return f"{timezone.localtime(value):%Y-%m-%d %H:%M}" if value else ""
