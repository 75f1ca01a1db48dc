"""Sheets of the archive of a case beside its papers: what was asked, evidence by checklist, service, disputes, digests."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from django.utils import timezone

from gongkai.domain.foi.defense import DEFENSE_VERB_NAMES, DefenseVerb
from gongkai.domain.foi.dispositions import evidence_wanted
from gongkai.features.foi.models import Application, CasePaper, LetterDelivery
from gongkai.features.foi.selectors.course import Course


def request_lines(application: Application) -> Iterator[str]:
    """Yield what was asked in its own words; of the applicant the class and the masked name."""
    person = application.applicant
    yield f"登记编号：{application.register_no}"
    yield f"申请人：{person.name}（{person.get_kind_display()}，个人信息遮挡）"
    yield f"提交：{application.started_on}　渠道：{application.get_channel_display()}"
    yield f"所需信息：{application.subject}"
    if application.doc_no:
        yield f"文号：{application.doc_no}"
    yield f"其他特征：{application.description}"
    yield f"希望的形式：{application.get_wanted_form_display()}　希望的途径：{application.get_wanted_delivery_display()}"


def evidence_lines(course: Course, papers: Sequence[CasePaper], names: Mapping[int, str]) -> Iterator[str]:
    """Yield the checklist of the result, line by line with the papers that settle it; nothing while there is no result."""
    answer = course.state.answer
    code = course.state.disposition or (answer.disposition if answer else "")
    result = course.law.dispositions.dispositions.get(code)
    if result is None:
        return
    yield f"处理决定：{result.title}"
    for ground in answer.grounds if answer else ():
        known = course.law.dispositions.grounds.get(ground)
        yield f"依据：{known.label if known else ground}"
    yield ""
    for item in evidence_wanted(result, answer.grounds if answer else ()):
        settled = [one for one in papers if one.evidence == item.code and one.removed_at is None]
        yield f"{'有' if settled else '缺'}　{item.words}"
        for one in settled:
            yield f"　　{names.get(one.pk) or one.title}{'：' + one.note if one.note else ''}"


def service_lines(application: Application) -> Iterator[str]:
    """Yield how each letter came to whom it was meant for, the newest note of each with what it corrected; names masked."""
    rows = LetterDelivery.objects.filter(paper__application=application).select_related("paper", "proof")
    newest: dict[int, LetterDelivery] = {}
    corrected: dict[int, list[str]] = defaultdict(list)
    for row in rows.order_by("paper_id", "number"):
        before = newest.get(row.paper_id)
        if before is not None and row.reason:
            ended = f"{before.get_end_display()}，{before.ended_on}" if before.end else "还没有结果"
            corrected[row.paper_id].append(
                f"{timezone.localdate(row.at)} 更正，原为{before.sent_on} 送出、{ended}：{row.reason}"
            )
        newest[row.paper_id] = row
    for row in newest.values():
        posting = f"　凭证号：{row.posting_no}" if row.posting_no else ""
        yield f"{row.paper.letter_no}　{row.paper.title}　{row.get_way_display()}，{row.sent_on} 送出{posting}"
        end = f"{row.get_end_display()}，{row.ended_on}" if row.end else "还没有结果"
        signed = f"　签收人：{row.signed_by}" if row.signed_by else ""
        proof = f"　凭证：{row.proof.title}" if row.proof else ""
        yield f"　　{end}{signed}{proof}{'　' + row.note if row.note else ''}"
        yield from (f"　　{words}" for words in corrected[row.paper_id])


def dispute_lines(application: Application) -> Iterator[str]:
    """Yield reconsiderations and suits with their steps and results."""
    for remedy in application.remedies.prefetch_related("steps").order_by("number"):
        organ = f"　{remedy.organ}" if remedy.organ else ""
        yield f"{remedy.get_kind_display()}　{remedy.ref}{organ}　{remedy.filed_on} 提起　{remedy.get_outcome_display()}"
        for step in remedy.steps.order_by("number"):
            yield f"　　{step.on}　{_step(step.kind)}　{step.by_name}"
        if remedy.decided_on:
            yield f"　　{remedy.decided_on}　审结"


def _step(kind: str) -> str:
    return DEFENSE_VERB_NAMES[DefenseVerb(kind)] if kind in set(DefenseVerb) else kind


def digest_lines(members: Mapping[str, bytes]) -> Iterator[str]:
    """Yield the SHA-256 of every member, so that a copy can be compared with what was handed out."""
    for name, data in members.items():
        yield f"{hashlib.sha256(data).hexdigest()}　{name}"
