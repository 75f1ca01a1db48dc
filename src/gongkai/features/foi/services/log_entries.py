"""The log of answers: what the office tells everybody about an answered case, in its own words, without the applicant.

A log entry becomes an item and goes the item's own road (attribute, reviews by others, gate, release, withdrawal with a
tombstone). Nothing of the case goes along but what is written here and checked: no number, no name, no request.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.views.decorators.debug import sensitive_variables

from gongkai.domain.foi.public_words import check_public_words
from gongkai.domain.issues import Issue
from gongkai.features.foi import after_permissions, permissions
from gongkai.features.foi.items_port import Attached, NewItem, items
from gongkai.features.foi.models import Application, CasePaper, LogEntry
from gongkai.features.foi.selectors.access import NotFound
from gongkai.features.foi.selectors.after_rules import results_of, rules_on
from gongkai.features.foi.selectors.log_entries import attachable, objected_ids, result_title
from gongkai.features.foi.services.log_checks import hidden_data, paper_issues, text_issues
from gongkai.features.foi.services.writing import audit_case, day_of
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.audit.services import gathered
from gongkai.kernel.clocks.selectors import calendar_current
from gongkai.kernel.errors import NotPermitted, Refused
from gongkai.kernel.files.selectors import file_path

ITEM_KIND = "foi_answer"
LABELS = {"title": "标题", "asked": "申请了什么", "answered": "怎样答复"}


def log_propose(*, actor: Actor, application_id: int, now: datetime) -> LogEntry:
    """Propose the answer of a case for the log; raises NotFound, NotPermitted, Refused with every reason.

    A case is proposed once; the nightly look proposes by itself, an office where it wants one more.
    """
    with transaction.atomic(), gathered():
        application = _locked(application_id)
        _require(actor, application, "列入答复公开目录")
        rules = rules_on(day_of(now)).log
        issues = []
        if application.closed_on is None:
            issues.append(Issue("foi.log.open"))
        elif application.disposition not in results_of(rules.categories, on=day_of(now)):
            issues.append(Issue("foi.log.result", basis=rules.basis))
        if objected_ids([application.pk]):
            issues.append(Issue("foi.log.objected"))
        if LogEntry.objects.filter(application=application).exists():
            issues.append(Issue("foi.log.proposed"))
        if application.applicant.erased_at is not None:
            issues.append(Issue("foi.log.destroyed"))
        if issues or application.closed_on is None:
            raise Refused(issues)
        ready = calendar_current().add_working_days(application.closed_on, rules.waiting, strict=False)
        entry = LogEntry.objects.create(
            application=application, proposed_on=day_of(now), ready_on=max(ready, day_of(now))
        )
        audit_case(
            application=application, actor=actor, action="foi.log.propose", summary="列为答复公开目录候选", now=now
        )
    return entry


@sensitive_variables()
def log_draft(
    *,
    actor: Actor,
    entry_id: int,
    title: str,
    asked: str,
    answered: str,
    paper_ids: Sequence[int] = (),
    now: datetime,
) -> LogEntry:
    """Make the entry's words, and papers that may be read by all, into a draft item; raises NotFound, NotPermitted, Refused.

    The words are checked for everything that leads to a person: the applicant's own data, personal data of anybody, wording
    that stops a publication, and the applicant's text taken over. Papers go along only as redacted copies, or whole where
    the answer gave everything, and only after the same check. Once drafted, an entry can be drafted anew only when that
    item was discarded.
    """
    texts = {"title": title.strip(), "asked": asked.strip(), "answered": answered.strip()}
    with transaction.atomic(), gathered():
        entry = _entry(actor, entry_id, "整理答复公开目录")
        application = entry.application
        issues = [*_standing_issues(entry, now), *_word_issues(application, texts, now)]
        papers, more = _chosen(application, paper_ids, now)
        if issues or more:
            raise Refused([*issues, *more])
        result = result_title(application)
        new = NewItem(
            unit_id=application.unit_id,
            kind=ITEM_KIND,
            title=texts["title"],
            parts=(("申请了什么", texts["asked"]), ("处理结果", result), ("怎样答复", texts["answered"])),
            files=tuple(_attached(number, paper) for number, paper in enumerate(papers, start=1)),
        )
        entry.item_id = items().draft(actor=actor, new=new, now=now)
        entry.title, entry.asked, entry.answered = texts["title"], texts["asked"], texts["answered"]
        entry.papers = [paper.pk for paper in papers]
        _settle(entry, actor, LogEntry.State.DRAFTED, "", now)
        audit_case(
            application=application,
            actor=actor,
            action="foi.log.draft",
            summary=f"答复公开目录条目转为公开信息拟稿（附 {len(papers)} 份材料）",
            now=now,
        )
    return entry


def log_decline(*, actor: Actor, entry_id: int, reason: str, now: datetime) -> LogEntry:
    """Leave an answer out of the log, with the reason; raises NotFound, NotPermitted, Refused."""
    with transaction.atomic():
        entry = _entry(actor, entry_id, "整理答复公开目录")
        issues = []
        if entry.state != LogEntry.State.WAITING:
            issues.append(Issue("foi.log.not_waiting", values={"state": entry.get_state_display()}))
        if not reason.strip():
            issues.append(Issue("foi.reason.missing", "reason"))
        if issues:
            raise Refused(issues)
        _settle(entry, actor, LogEntry.State.DECLINED, reason.strip(), now)
        audit_case(
            application=entry.application, actor=actor, action="foi.log.decline", summary="不列入答复公开目录", now=now
        )
    return entry


def log_take_down(*, actor: Actor, entry_id: int, reason: str, now: datetime) -> LogEntry:
    """Take what the public reads of an entry down, with a reason that the public reads, too.

    The reason is checked as the entry's words are. Raises NotFound, NotPermitted, Refused.
    """
    with transaction.atomic(), gathered():
        entry = _entry(actor, entry_id, "撤下答复公开目录条目")
        issues = [] if entry.item_id is not None else [Issue("foi.log.not_drafted")]
        if not reason.strip():
            issues.append(Issue("foi.reason.missing", "reason"))
        else:
            labels, texts = {"reason": "撤下理由"}, {"reason": reason.strip()}
            issues += check_public_words(texts, labels=labels, hidden=hidden_data(entry.application))
            issues += text_issues(texts, labels=labels, unit_id=entry.application.unit_id, on=day_of(now))
        if issues or entry.item_id is None:
            raise Refused(issues)
        items().withdraw(actor=actor, item_id=entry.item_id, reason=reason.strip(), now=now)
        audit_case(
            application=entry.application,
            actor=actor,
            action="foi.log.take_down",
            summary="撤下答复公开目录条目",
            now=now,
        )
    return entry


def _standing_issues(entry: LogEntry, now: datetime) -> list[Issue]:
    """What stands against drafting, whatever the words say."""
    issues = []
    application = entry.application
    if objected_ids([application.pk]):
        issues.append(Issue("foi.log.objected"))
    elif entry.state == LogEntry.State.DRAFTED:
        stand = items().stands(item_ids=[entry.item_id or 0], at=now).get(entry.item_id or 0)
        if stand is None or not stand.gone:
            issues.append(Issue("foi.log.drafted"))
    elif entry.state != LogEntry.State.WAITING:
        issues.append(Issue("foi.log.not_waiting", values={"state": entry.get_state_display()}))
    if entry.ready_on > day_of(now):
        rules = rules_on(day_of(now)).log
        issues.append(Issue("foi.log.waiting", values={"ready": entry.ready_on.isoformat()}, basis=rules.basis))
    if application.closed_on is None:
        issues.append(Issue("foi.log.open"))
    if application.applicant.erased_at is not None:
        issues.append(Issue("foi.log.destroyed"))
    return issues


@sensitive_variables()
def _word_issues(application: Application, texts: dict[str, str], now: datetime) -> list[Issue]:
    checked = check_public_words(
        texts, labels=LABELS, hidden=hidden_data(application), original=application.description
    )
    return [*checked, *text_issues(texts, labels=LABELS, unit_id=application.unit_id, on=day_of(now))]


def _chosen(application: Application, paper_ids: Sequence[int], now: datetime) -> tuple[list[CasePaper], list[Issue]]:
    allowed = {paper.pk: paper for paper in attachable(application=application)}
    issues = [Issue("foi.log.paper", "papers")] if set(paper_ids) - allowed.keys() else []
    papers = [allowed[one] for one in dict.fromkeys(paper_ids) if one in allowed]
    for paper in papers:
        issues += paper_issues(paper, application=application, on=day_of(now))
    return papers, issues


def _attached(number: int, paper: CasePaper) -> Attached:
    """The file under a neutral name: what it was called in the case may name somebody."""
    assert paper.file is not None
    ending = "." + paper.file.name.rpartition(".")[2].lower()
    return Attached(name=f"附件{number}{ending}", data=file_path(file=paper.file).read_bytes())


def _locked(application_id: int) -> Application:
    rows = Application.objects.select_related("unit", "applicant").select_for_update(of=("self",), no_key=True)
    found = rows.filter(pk=application_id).first()
    if found is None:
        raise NotFound()
    return found


def _require(actor: Actor, application: Application, ability: str) -> None:
    if not permissions.can_see_case(actor, application.unit_id):
        raise NotFound()
    if not after_permissions.can_edit_log(actor, application.unit_id):
        raise NotPermitted(ability=ability)


def _entry(actor: Actor, entry_id: int, ability: str) -> LogEntry:
    """Lock an entry with its case; what belongs to another unit is not there."""
    found = LogEntry.objects.filter(pk=entry_id).values_list("application_id", flat=True).first()
    if found is None:
        raise NotFound("条目")
    application = _locked(found)
    _require(actor, application, ability)
    entry = LogEntry.objects.select_for_update(of=("self",), no_key=True).get(pk=entry_id)
    entry.application = application
    return entry


def _settle(entry: LogEntry, actor: Actor, state: LogEntry.State, reason: str, now: datetime) -> None:
    entry.state, entry.reason = state.value, reason
    entry.settled_by_id, entry.settled_by_name, entry.settled_at = actor.user_id, actor.name[:150], now
    entry.save()
