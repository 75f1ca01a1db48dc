"""Retrievals (调取信息): a division of the organ is asked for the records, with its own day, and answers, asks back or hands on.

The clock of the application never waits for it (条例 art. 33 knows no such pause). What a division tells of its search is
the evidence that "the information does not exist" rests on (art. 36(4)). Pure: days come in, reasons come out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from gongkai.domain.calendars import Calendar
from gongkai.domain.foi.public_words import standing
from gongkai.domain.issues import Issue


class RetrievalStage(StrEnum):
    """Where a retrieval stands, as the division and the office see it."""

    SENT = "sent"
    SEARCHING = "searching"
    RETURNED = "returned"
    ANSWERED = "answered"
    HANDED_ON = "handed_on"
    RECALLED = "recalled"


RETRIEVAL_STAGES: Mapping[RetrievalStage, str] = {
    RetrievalStage.SENT: "待签收",
    RetrievalStage.SEARCHING: "查找中",
    RetrievalStage.RETURNED: "已退回",
    RetrievalStage.ANSWERED: "已答复",
    RetrievalStage.HANDED_ON: "已转交",
    RetrievalStage.RECALLED: "不再需要",
}
OPEN_RETRIEVALS = (RetrievalStage.SENT, RetrievalStage.SEARCHING, RetrievalStage.RETURNED)


class Act(StrEnum):
    """What is done with a retrieval."""

    SEND = "send"
    ACCEPT = "accept"
    ANSWER = "answer"
    ASK_BACK = "ask_back"
    CLARIFY = "clarify"
    HAND_ON = "hand_on"
    RECALL = "recall"


ACT_NAMES: Mapping[Act, str] = {
    Act.SEND: "交办",
    Act.ACCEPT: "签收",
    Act.ANSWER: "答复",
    Act.ASK_BACK: "退回并说明",
    Act.CLARIFY: "补充说明",
    Act.HAND_ON: "转交其他内设机构",
    Act.RECALL: "不再需要",
}
BY_DIVISION = frozenset({Act.ACCEPT, Act.ANSWER, Act.ASK_BACK, Act.HAND_ON})
BY_OFFICE = frozenset({Act.CLARIFY, Act.RECALL})

_WITH_DIVISION = (RetrievalStage.SENT, RetrievalStage.SEARCHING)
RETRIEVAL_TABLE: Mapping[tuple[RetrievalStage, Act], RetrievalStage] = {
    (RetrievalStage.SENT, Act.ACCEPT): RetrievalStage.SEARCHING,
    **{(stage, Act.ANSWER): RetrievalStage.ANSWERED for stage in (*_WITH_DIVISION, RetrievalStage.RETURNED)},
    **{(stage, Act.ASK_BACK): RetrievalStage.RETURNED for stage in _WITH_DIVISION},
    **{(stage, Act.HAND_ON): RetrievalStage.HANDED_ON for stage in _WITH_DIVISION},
    (RetrievalStage.RETURNED, Act.CLARIFY): RetrievalStage.SEARCHING,
    **{(stage, Act.RECALL): RetrievalStage.RECALLED for stage in OPEN_RETRIEVALS},
}
"""The one table of acts by stage; what is missing is refused."""


class Outcome(StrEnum):
    """What a division found."""

    FOUND = "found"
    PARTLY = "partly"
    NONE = "none"


OUTCOMES: Mapping[Outcome, str] = {Outcome.FOUND: "查到", Outcome.PARTLY: "查到一部分", Outcome.NONE: "没有查到"}


@dataclass(frozen=True, slots=True)
class Search:
    """How a division searched: in which systems and archives, by which words, over which time, by whom and when."""

    where: str = ""
    words: str = ""
    span: str = ""
    person: str = ""
    on: date | None = None


@dataclass(frozen=True, slots=True)
class SearchLine:
    """One note of the search for the case file: the line of the checklist that it settles, its title and its words."""

    evidence: str
    title: str
    words: str


def acts_possible(stage: RetrievalStage) -> tuple[Act, ...]:
    """Return what the table allows at a stage."""
    return tuple(act for act in Act if (stage, act) in RETRIEVAL_TABLE)


def check_act(stage: RetrievalStage, act: Act) -> tuple[Issue, ...]:
    """Refuse an act that the table does not know at this stage."""
    if (stage, act) in RETRIEVAL_TABLE:
        return ()
    return (Issue("foi.retrieval.not_possible", "act", {"what": ACT_NAMES[act], "stage": RETRIEVAL_STAGES[stage]}),)


def check_sending(*, wanted: str, sent_on: date, due_on: date, hidden: Mapping[str, str]) -> tuple[Issue, ...]:
    """Return what is wrong with a retrieval about to be sent.

    ``hidden`` holds the applicant's data by what they are (姓名, 联系电话): a division learns nothing of them.
    """
    issues = []
    if not wanted.strip():
        issues.append(Issue("foi.retrieval.wanted", "wanted"))
    if due_on < sent_on:
        issues.append(Issue("foi.assignment.due", "due_on", {"due": due_on, "on": sent_on}))
    return (*issues, *check_hidden({"wanted": wanted}, hidden))


def check_hidden(texts: Mapping[str, str], hidden: Mapping[str, str]) -> tuple[Issue, ...]:
    """Refuse texts (by field) in which data of the applicant stand."""
    return tuple(
        Issue("foi.retrieval.names_applicant", field, {"what": what})
        for field, text in texts.items()
        for what in standing(text, hidden)
    )


def check_answer(
    *, outcome: Outcome, words: str, search: Search, files: int, sent_on: date, today: date
) -> tuple[Issue, ...]:
    """Return everything that an answer lacks: files of what was found, the whole record of a search that missed something."""
    issues = []
    if outcome is not Outcome.FOUND and not words.strip():
        issues.append(Issue("foi.retrieval.reason", "answer"))
    if outcome is not Outcome.NONE and not files and not words.strip():
        issues.append(Issue("foi.retrieval.files", "files"))
    if outcome is Outcome.NONE and files:
        issues.append(Issue("foi.retrieval.files_of_nothing", "files"))
    if outcome is not Outcome.FOUND:
        asked = {"where": search.where, "words": search.words, "span": search.span, "person": search.person}
        issues += [
            Issue("foi.retrieval.search", f"search_{name}", {"what": SEARCH_NAMES[name]})
            for name, value in asked.items()
            if not value.strip()
        ]
        if search.on is None:
            issues.append(Issue("foi.retrieval.search", "search_on", {"what": SEARCH_NAMES["on"]}))
    if search.on is not None and search.on > today:
        issues.append(Issue("foi.retrieval.search_ahead", "search_on", {"on": search.on}))
    if search.on is not None and search.on < sent_on:
        issues.append(Issue("foi.retrieval.search_before", "search_on", {"on": search.on, "sent": sent_on}))
    return tuple(issues)


SEARCH_NAMES: Mapping[str, str] = {
    "where": "检索的系统和档案",
    "words": "检索关键词",
    "span": "检索的时间范围",
    "person": "检索人",
    "on": "检索日期",
}


def search_lines(
    search: Search, *, division: str, outcome: Outcome, answer: str, custodian: bool
) -> tuple[SearchLine, ...]:
    """Return the record of a search as notes of the case file, one for each line of the checklist of "does not exist".

    ``custodian``: the division keeps the archive, so its answer is the custodian's as well.
    """
    day = search.on.isoformat() if search.on is not None else ""
    lines = [
        SearchLine("search_scope", f"检索范围（{division}）", f"{division}：{search.where.strip()}"),
        SearchLine(
            "search_terms",
            f"检索关键词和时间范围（{division}）",
            f"关键词：{search.words.strip()}；时间范围：{search.span.strip()}",
        ),
        SearchLine("search_by", f"检索人员和日期（{division}）", f"{search.person.strip()}，{day}"),
        SearchLine("search_result", f"检索结果（{division}）", f"{OUTCOMES[outcome]}。{answer.strip()}".strip()),
    ]
    if custodian:
        lines.append(SearchLine("archive_answer", f"保管单位的答复（{division}）", answer.strip()))
    return tuple(lines)


def days_late(due_on: date, *, today: date, calendar: Calendar) -> int:
    """Return how many working days a division is past its own day, 0 while it is in time.

    Days off are not held against it: on the weekend after a Friday it is still in time, on Monday it is a day late.
    """
    return calendar.working_days_between(due_on, today, strict=False)


def late_before(today: date, *, calendar: Calendar) -> date:
    """Return the day before which a due day must lie for a division to be late; ``days_late`` is above 0 then and only then."""
    working = calendar.is_working_day(today, strict=False)
    return today if working else calendar.add_working_days(today, -1, strict=False)
