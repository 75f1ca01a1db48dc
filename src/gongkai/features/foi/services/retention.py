"""The yearly review of cases whose term is over: drawn as a list, judged by one, agreed to by another, then carried out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction

from gongkai.domain.foi.retention import months_after
from gongkai.domain.issues import Issue
from gongkai.features.foi import after_permissions
from gongkai.features.foi.models import (
    AmendmentPaper,
    AmendmentRequest,
    Application,
    CasePaper,
    DestructionLine,
    DestructionList,
    RetentionTerm,
)
from gongkai.features.foi.selectors.access import NotFound
from gongkai.features.foi.selectors.after_rules import rules_on
from gongkai.features.foi.selectors.retention import (
    AMENDMENT_ENDS,
    amendments_against,
    disputes_open,
    due_amendments,
    due_applications,
    holds_standing,
    kept_amendments,
    kept_many,
    list_visible,
    standing_against,
)
from gongkai.features.foi.services.after_actions import DESTRUCTION
from gongkai.features.foi.services.amendment_erasing import amendment_erase
from gongkai.features.foi.services.erasing import case_erase, identity_erase
from gongkai.features.foi.services.of_case import amendments_locked, applications_locked, of_case_audit
from gongkai.features.foi.services.writing import audit_case, day_of
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.audit.services import gathered, record
from gongkai.kernel.errors import NotPermitted, Refused
from gongkai.kernel.orgs.models import Unit
from gongkai.rulebook.messages import describe

DESTROY, EXTEND = DestructionLine.Verdict.DESTROY, DestructionLine.Verdict.EXTEND
BATCH = 200


def list_draw(*, actor: Actor, unit_id: int, year: int, now: datetime) -> DestructionList:
    """Draw the list of a unit for a year: archived cases, applications as requests for amendment, whose term was over then.

    Drawn again in the same year, cases that have come due meanwhile (a hold lifted, a dispute ended) are added. Raises
    NotPermitted, Refused for a year to come and for a list with nothing on it.
    """
    today = day_of(now)
    if not after_permissions.can_judge_retention(actor, unit_id):
        raise NotPermitted(ability="编制销毁鉴定清单")
    with transaction.atomic(), gathered():
        Unit.objects.select_for_update(of=("self",), no_key=True).get(pk=unit_id)
        if year > today.year:
            raise Refused(Issue("foi.retention.year", "year", {"year": today.year}))
        found = DestructionList.objects.filter(unit_id=unit_id, year=year).first()
        known = set(found.lines.values_list("application_id", "amendment_id")) if found is not None else set()
        due = [o for o in due_applications(unit_id=unit_id, year=year, today=today) if (o.pk, None) not in known]
        requests = [o for o in due_amendments(unit_id=unit_id, year=year, today=today) if (None, o.pk) not in known]
        if not due and not requests:
            raise Refused(Issue("foi.retention.nothing", "year", {"year": year}))
        if found is None:
            found = DestructionList.objects.create(
                unit_id=unit_id, year=year, drawn_by_name=actor.name[:150], drawn_at=now
            )
        kept, kept_too, last = (
            kept_many(due, today=today),
            kept_amendments(requests, today=today),
            date(year - 1, 12, 31),
        )
        lines = [DestructionLine(list=found, application=o, kept_until=kept[o.pk].until or last) for o in due]
        lines += [DestructionLine(list=found, amendment=o, kept_until=kept_too[o.pk].until or last) for o in requests]
        DestructionLine.objects.bulk_create(lines)
        _audit(found, actor, "foi.retention.draw", f"编制 {year} 年销毁鉴定清单，列入 {len(lines)} 件", now)
    return found


def lines_judge(
    *,
    actor: Actor,
    list_id: int,
    line_ids: Sequence[int],
    verdict: str,
    reason: str,
    new_until: date | None = None,
    now: datetime,
) -> int:
    """Say of cases on a list what is to become of them, with the reason; returns how many. A second person has to agree.

    Raises NotFound, NotPermitted, Refused with every reason; nothing is written then.
    """
    with transaction.atomic(), gathered():
        found = list_visible(actor=actor, list_id=list_id)
        if not after_permissions.can_judge_retention(actor, found.unit_id):
            raise NotPermitted(ability="提出鉴定意见")
        lines = _locked_lines(found, line_ids)
        issues = []
        if not lines:
            issues.append(Issue("foi.retention.no_line", "lines"))
        if verdict not in DestructionLine.Verdict.values:
            issues.append(Issue("foi.retention.verdict", "verdict"))
        if not reason.strip():
            issues.append(Issue("foi.reason.missing", "reason"))
        if verdict == EXTEND and (new_until is None or new_until <= day_of(now)):
            issues.append(Issue("foi.retention.until", "new_until"))
        issues += [_of_case("foi.retention.agreed", line) for line in lines if line.agreed]
        if issues:
            raise Refused(issues)
        for line in lines:
            line.verdict, line.reason = verdict, reason.strip()
            line.new_until = new_until if verdict == EXTEND else None
            line.first_by_id, line.first_by_name, line.first_at = actor.user_id, actor.name[:150], now
            line.save()
        label = DestructionLine.Verdict(verdict).label
        _audit(
            found, actor, "foi.retention.judge", f"对 {len(lines)} 件提出鉴定意见：{label}", now, lines=_numbers(lines)
        )
    return len(lines)


def lines_return(*, actor: Actor, list_id: int, line_ids: Sequence[int], reason: str, now: datetime) -> int:
    """Disagree with what the first person found: the cases are open on the list again; returns how many.

    Raises NotFound, NotPermitted, Refused.
    """
    with transaction.atomic(), gathered():
        found, lines, issues = _for_agreement(actor, list_id, line_ids)
        if not reason.strip():
            issues.append(Issue("foi.reason.missing", "reason"))
        if issues:
            raise Refused(issues)
        for line in lines:
            line.verdict, line.reason, line.new_until = "", "", None
            line.first_by, line.first_by_name, line.first_at = None, "", None
            line.save()
        told = " ".join(reason.split())[:200]
        _audit(
            found, actor, "foi.retention.agree", f"不同意 {len(lines)} 件的鉴定意见：{told}", now, lines=_numbers(lines)
        )
    return len(lines)


def lines_agree(*, actor: Actor, list_id: int, line_ids: Sequence[int], now: datetime) -> int:
    """Agree as the second person, and carry out what was found: keep longer, keep for good, or destroy; returns how many.

    Whoever judged does not agree. What is to be destroyed is looked at once more: archived, no dispute, no hold. Raises
    NotFound, NotPermitted, Refused with every reason; nothing is carried out then.
    """
    with transaction.atomic(), gathered():
        found, lines, issues = _for_agreement(actor, list_id, line_ids)
        cases = applications_locked([line.application_id for line in lines if line.application_id])
        requests = amendments_locked([line.amendment_id for line in lines if line.amendment_id])
        against, against_too = standing_against(list(cases.values())), amendments_against(list(requests.values()))
        for line in lines:
            line.application, line.amendment = cases.get(line.application_id), requests.get(line.amendment_id)
            if line.first_by_id == actor.user_id or actor.user_id is None:
                issues.append(_of_case("foi.retention.same_person", line))
            if line.verdict == DESTROY:
                number = line.case.register_no
                issues += [
                    Issue("foi.retention.against", "lines", {"number": number, "why": describe(one)})
                    for one in (against if line.application_id else against_too)[line.case.pk]
                ]
        if issues:
            raise Refused(issues)
        for line in lines:
            _carry_out(line, actor, now)
        _audit(found, actor, "foi.retention.agree", f"同意 {len(lines)} 件的鉴定意见", now, lines=_numbers(lines))
    return len(lines)


def _carry_out(line: DestructionLine, actor: Actor, now: datetime) -> None:
    line.agreed, line.second_by_id, line.second_by_name, line.second_at = True, actor.user_id, actor.name[:150], now
    line.save()
    if line.verdict != DESTROY:
        RetentionTerm.objects.create(
            application=line.application,
            amendment=line.amendment,
            until=line.new_until,
            reason=line.reason,
            set_by_name=f"{line.first_by_name}、{actor.name}"[:300],
            set_at=now,
        )
        return
    case, erase = line.case, {"actor": actor, "reason": "案卷保管期满销毁", "now": now}
    if isinstance(case, AmendmentRequest):
        line.erased_files = amendment_erase(row=case, **erase)
    else:
        line.erased_files = case_erase(application=case, **erase)
    line.erased_at = now
    line.save(update_fields=["erased_at", "erased_files"])
    of_case_audit(
        case=case,
        actor=actor,
        action="foi.retention.destroy",
        summary=f"销毁案卷（{line.erased_files} 份文件），鉴定：{line.first_by_name}，复核：{actor.name}",
        line=line.pk,
        now=now,
    )


def identities_sweep(*, now: datetime) -> int:
    """Delete proofs of identity whose shorter term is over; returns how many. Safe late and twice.

    Not while a dispute is open or a hold stands. The line of the paper stays, with the day. Those of requests for amendment
    go by the same term, from the day their applicants were told or took them back.
    """
    today = day_of(now)
    months = rules_on(today).retention.identity_months
    before = months_after(today, -months)
    papers = CasePaper.objects.filter(
        kind=CasePaper.Kind.IDENTITY, file__isnull=False, application__closed_on__lt=before
    ).exclude(application__in=holds_standing().filter(application__isnull=False).values("application_id"))
    count = 0
    keeper = Actor.system("身份证明到期删除")
    for pk, application_id in list(papers.order_by("pk").values_list("pk", "application_id")):
        with transaction.atomic(), gathered():
            rows = Application.objects.select_related("unit").select_for_update(of=("self",), no_key=True)
            application = rows.get(pk=application_id)
            held = holds_standing().filter(application=application).exists()
            paper = CasePaper.objects.select_related("file").filter(pk=pk, file__isnull=False).first()
            if paper is None or application.closed_on is None or held or disputes_open([application]):
                continue
            identity_erase(paper=paper, actor=keeper, now=now)
            audit_case(
                application=application,
                actor=keeper,
                action="foi.retention.identity",
                summary=f"身份证明在办结 {months} 个月后删除",
                paper=pk,
                now=now,
            )
            count += 1
    return count + _amendment_identities(before, months, keeper, now)


def _amendment_identities(before: date, months: int, keeper: Actor, now: datetime) -> int:
    papers = AmendmentPaper.objects.filter(
        kind=AmendmentPaper.Kind.IDENTITY,
        file__isnull=False,
        amendment__events__verb__in=AMENDMENT_ENDS,
        amendment__events__on__lt=before,
    ).exclude(amendment__in=holds_standing().filter(amendment__isnull=False).values("amendment_id"))
    count = 0
    for pk, amendment_id in list(papers.order_by("pk").values_list("pk", "amendment_id")):
        with transaction.atomic(), gathered():
            row = amendments_locked([amendment_id])[amendment_id]
            paper = AmendmentPaper.objects.select_related("file").filter(pk=pk, file__isnull=False).first()
            if paper is None or holds_standing().filter(amendment=row).exists():
                continue
            identity_erase(paper=paper, actor=keeper, now=now)
            of_case_audit(
                case=row,
                actor=keeper,
                action="foi.retention.identity",
                summary=f"身份证明在办结 {months} 个月后删除",
                paper=pk,
                now=now,
            )
            count += 1
    return count


def certificate_note(*, actor: Actor, list_id: int, now: datetime) -> DestructionList:
    """Write down that the certificate of a list was taken out; raises NotFound."""
    with transaction.atomic():
        found = list_visible(actor=actor, list_id=list_id)
        _audit(found, actor, "foi.retention.certificate", f"导出 {found.year} 年销毁清册", now)
    return found


def _for_agreement(
    actor: Actor, list_id: int, line_ids: Sequence[int]
) -> tuple[DestructionList, list[DestructionLine], list[Issue]]:
    found = list_visible(actor=actor, list_id=list_id)
    if not after_permissions.can_agree_retention(actor, found.unit_id):
        raise NotPermitted(ability="复核鉴定意见")
    lines = _locked_lines(found, line_ids)
    issues = [] if lines else [Issue("foi.retention.no_line", "lines")]
    for line in lines:
        if line.agreed:
            issues.append(_of_case("foi.retention.agreed", line))
        elif not line.verdict:
            issues.append(_of_case("foi.retention.not_judged", line))
    return found, lines, issues


def _locked_lines(found: DestructionList, line_ids: Sequence[int]) -> list[DestructionLine]:
    rows = DestructionLine.objects.select_related("application", "amendment")
    rows = rows.select_for_update(of=("self",), no_key=True).filter(list=found, pk__in=list(line_ids)[:BATCH])
    lines = list(rows.order_by("application_id", "amendment_id"))
    if len(lines) < len(set(list(line_ids)[:BATCH])):
        raise NotFound("清单中的案卷")
    return lines


def _of_case(code: str, line: DestructionLine) -> Issue:
    return Issue(code, "lines", {"number": line.case.register_no})


def _numbers(lines: Sequence[DestructionLine]) -> list[int]:
    return [line.pk for line in lines]


def _audit(found: DestructionList, actor: Actor, action: str, summary: str, now: datetime, **details: Any) -> None:
    record(
        actor=actor,
        action=action,
        target_type=DESTRUCTION,
        target_id=found.pk,
        summary=summary,
        unit_id=found.unit_id,
        details=details,
        now=now,
    )
