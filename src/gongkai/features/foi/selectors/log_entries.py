"""The log of answers as the office works on it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from gongkai.domain.foi.dispositions import Category
from gongkai.features.foi import after_permissions, permissions
from gongkai.features.foi.items_port import ItemStand, items
from gongkai.features.foi.models import Application, CaseLink, CasePaper, LogEntry, LogObjection
from gongkai.features.foi.selectors.access import NotFound
from gongkai.features.foi.selectors.after_rules import results_on, rules_on
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.errors import NotPermitted
from gongkai.rulebook.foi_after import LogRule

PAGE = 50
DEEPEST = 5
"""How often a paper goes on elsewhere, at most, before it is followed no further; a technical bound."""
_GOES_ON = (CaseLink.Kind.SPLIT.value, CaseLink.Kind.MOVED.value, CaseLink.Kind.MERGED.value)
TABS = (
    ("ready", "可以整理"),
    ("waiting", "等待期内"),
    ("drafted", "已转公开信息"),
    ("objected", "申请人不同意"),
    ("declined", "不列入"),
)


@dataclass(frozen=True, slots=True)
class LogLine:
    """An entry as a line of a list; ``stand`` is where its item stands, ``objected`` that it must not go out."""

    entry: LogEntry
    subject: str
    result: str
    stand: ItemStand | None
    objected: bool

    @property
    def must_come_down(self) -> bool:
        """Tell whether something is public or on its way although the applicant objected."""
        return self.objected and self.stand is not None and not self.stand.gone and not self.stand.ended


@dataclass(frozen=True, slots=True)
class LogPage:
    """A page of entries; ``counts`` by tab."""

    lines: tuple[LogLine, ...]
    tab: str
    counts: dict[str, int]
    number: int
    more: bool
    rule: LogRule


@dataclass(frozen=True, slots=True)
class LogDetail:
    """One entry with everything its page shows; ``papers`` are those that may be attached."""

    line: LogLine
    application: Application
    papers: tuple[CasePaper, ...]
    may_edit: bool
    may_draft: bool
    rule: LogRule

    @property
    def may_decline(self) -> bool:
        """Tell whether the entry may be left out, or the applicant's objection written down."""
        return self.may_edit and self.line.entry.state == LogEntry.State.WAITING and not self.line.objected

    @property
    def may_take_down(self) -> bool:
        """Tell whether something public may be taken down."""
        return self.may_edit and self.line.stand is not None and self.line.stand.public


def log_page(*, actor: Actor, tab: str, number: int, now: datetime, today: date) -> LogPage:
    """Return a page of the entries of the actor's units; raises NotPermitted for somebody who has no use for them."""
    units = after_permissions.units_of_log(actor)
    if not units:
        raise NotPermitted(ability="整理答复公开目录")
    rows = LogEntry.objects.filter(application__unit_id__in=units)
    by_tab = {name: _of_tab(rows, name, today) for name, _ in TABS}
    tab = tab if tab in by_tab else TABS[0][0]
    start = (max(number, 1) - 1) * PAGE
    ordered = by_tab[tab].select_related("application", "application__unit")
    found = list(ordered.order_by("ready_on", "id")[start : start + PAGE + 1])
    return LogPage(
        lines=_lines(found[:PAGE], now),
        tab=tab,
        counts={name: one.count() for name, one in by_tab.items()},
        number=max(number, 1),
        more=len(found) > PAGE,
        rule=rules_on(today).log,
    )


def _of_tab(rows: QuerySet[LogEntry], tab: str, today: date) -> QuerySet[LogEntry]:
    waiting = rows.filter(state=LogEntry.State.WAITING)
    if tab == "ready":
        return waiting.filter(ready_on__lte=today)
    if tab == "waiting":
        return waiting.filter(ready_on__gt=today)
    return rows.filter(state=tab)


def log_detail(*, actor: Actor, entry_id: int, now: datetime, today: date) -> LogDetail:
    """Return one entry; raises NotFound where the actor may not know of it."""
    rows = LogEntry.objects.select_related("application", "application__unit", "application__applicant")
    entry = rows.filter(pk=entry_id).first()
    if entry is None or not permissions.can_see_case(actor, entry.application.unit_id):
        raise NotFound("条目")
    line = _lines([entry], now)[0]
    may_edit = after_permissions.can_edit_log(actor, entry.application.unit_id)
    drafted_anew = entry.state == LogEntry.State.DRAFTED and line.stand is not None and line.stand.gone
    waits = entry.state == LogEntry.State.WAITING and entry.ready_on <= today
    return LogDetail(
        line=line,
        application=entry.application,
        papers=tuple(attachable(application=entry.application)),
        may_edit=may_edit,
        may_draft=may_edit and not line.objected and (waits or drafted_anew),
        rule=rules_on(today).log,
    )


def _lines(entries: Sequence[LogEntry], now: datetime) -> tuple[LogLine, ...]:
    wanted = [entry.item_id for entry in entries if entry.item_id is not None]
    stands = items().stands(item_ids=wanted, at=now) if wanted else {}
    objected = objected_ids([entry.application_id for entry in entries])
    return tuple(
        LogLine(
            entry=entry,
            subject=entry.application.subject,
            result=result_title(entry.application),
            stand=stands.get(entry.item_id) if entry.item_id is not None else None,
            objected=entry.application_id in objected,
        )
        for entry in entries
    )


def objected_ids(ids: Collection[int]) -> frozenset[int]:
    """Return which of the cases must stay out of the log: their applicant objected, there or at the paper they go on from."""
    behind = {one: one for one in ids}
    found = set(LogObjection.objects.filter(application_id__in=behind).values_list("application_id", flat=True))
    for _ in range(DEEPEST):
        links = CaseLink.objects.filter(target_id__in=behind, kind__in=_GOES_ON).values_list("source_id", "target_id")
        behind = {source: behind[target] for source, target in links}
        if not behind:
            break
        said = LogObjection.objects.filter(application_id__in=behind).values_list("application_id", flat=True)
        found |= {behind[source] for source in said}
    return frozenset(found)


def gone_on_ids(application_id: int) -> frozenset[int]:
    """Return a case with those that it goes on as: parts of a split paper, the moved paper, the case it was merged into."""
    found, newest = {application_id}, {application_id}
    for _ in range(DEEPEST):
        rows = CaseLink.objects.filter(source_id__in=newest, kind__in=_GOES_ON)
        newest = set(rows.values_list("target_id", flat=True)) - found
        if not newest:
            break
        found |= newest
    return frozenset(found)


def result_title(application: Application) -> str:
    """Return the result of a case in words, empty while there is none."""
    known = results_on(application.started_on).dispositions.get(application.disposition)
    return known.title if known else ""


def attachable(*, application: Application) -> list[CasePaper]:
    """Return the papers that may go out with an answer: redacted copies, and whole records where everything was given."""
    known = results_on(application.started_on).dispositions.get(application.disposition)
    kinds = [CasePaper.Kind.REDACTED.value]
    if known is not None and known.category is Category.GRANTED:
        kinds.append(CasePaper.Kind.RECORD.value)
    rows = application.papers.select_related("file").filter(
        kind__in=kinds, sealed=False, removed_at__isnull=True, file__isnull=False
    )
    return list(rows.order_by("added_at", "id"))
