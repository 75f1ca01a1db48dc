"""The checks before a letter is sent: result, remedies, citations, other people's data, number, seal and day agree.

Pure; everything that is wrong is told at once. What only wants a look (an outdated phrase, a reply that is late) is a
warning: a late letter still goes out, and its lateness stays visible.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from gongkai.domain.foi.dispositions import DispositionRules, Route
from gongkai.domain.foi.letters import (
    OUTGOING,
    REMEDY,
    Direction,
    LetterForm,
    LetterRoute,
    citation_text,
    letter_context,
)
from gongkai.domain.foi.remedies import RemedyBlock
from gongkai.domain.issues import Issue, Severity


@dataclass(frozen=True, slots=True)
class OutdatedPhrase:
    """Words of law that is no longer in force, and what holds instead."""

    pattern: re.Pattern[str]
    words: str


@dataclass(frozen=True)
class Dispatch:
    """What is known of a letter when it is about to go out.

    ``disposition`` and ``grounds`` are empty for a letter without a result. ``hidden`` holds what must not stand in the
    letter, by what it is (姓名, 联系电话): the applicant's data in a letter to a third party, a third party's in one to the
    applicant. ``due_on`` is the last day of the period the letter must keep.
    """

    values: Mapping[str, object]
    sealed: bool
    today: date
    due_on: date | None = None
    disposition: str = ""
    grounds: tuple[str, ...] = ()
    remedy: RemedyBlock | None = None
    hidden: Mapping[str, str] = field(default_factory=dict)
    sent_before: bool = False


def check_before_sending(
    form: LetterForm, dispatch: Dispatch, *, rules: DispositionRules, outdated: Collection[OutdatedPhrase] = ()
) -> tuple[Issue, ...]:
    """Return everything that speaks against sending a letter; errors stop it, warnings want a look."""
    if form.direction not in OUTGOING:
        return (Issue("foi.send.not_outgoing", "letter", {"letter": form.title}),)
    context, issues = letter_context(form, dispatch.values)
    found = [*issues, *_result(form, dispatch, rules), *_remedy(form, dispatch, rules)]
    found += _frame(form, dispatch)
    if not issues:
        found += _words(form, dispatch, _all_text(context), outdated)
    return tuple(found)


def _result(form: LetterForm, dispatch: Dispatch, rules: DispositionRules) -> Iterator[Issue]:
    """One conclusion that fits the letter, citing exactly the grounds that were chosen."""
    if not dispatch.disposition:
        if form.route is LetterRoute.BY_DISPOSITION:
            yield Issue("foi.send.no_disposition", "disposition", {"letter": form.title})
        return
    known = rules.dispositions.get(dispatch.disposition)
    if known is None:
        values = {"code": dispatch.disposition, "known": "、".join(rules.dispositions)}
        yield Issue("foi.disposition.unknown", "disposition", values)
        return
    if known.letter != form.code and form.phase != "after_remedy":
        values = {"letter": form.title, "disposition": known.title, "wanted": known.letter}
        yield Issue("foi.send.other_letter", "letter", values, basis=known.basis)
    told = dispatch.values.get("legal_basis")
    wanted = citation_text(rules.cited(dispatch.disposition, dispatch.grounds))
    if "legal_basis" in form.known and told is not None and told != wanted:
        yield Issue("foi.send.other_basis", "legal_basis", {"told": told, "wanted": wanted}, basis=known.basis)
    chosen = [
        ground for ground in rules.cited(dispatch.disposition, dispatch.grounds) if ground.code not in known.always
    ]
    for part in _list(dispatch.values.get("withheld")):
        article = str(part.get("article", "")) if isinstance(part, Mapping) else ""
        if not any(ground.article and ground.article in article for ground in chosen):
            choices = "、".join(dict.fromkeys(ground.article for ground in chosen)) or "无"
            values = {"part": part.get("part", "") if isinstance(part, Mapping) else "", "article": article}
            yield Issue("foi.send.part_article", "withheld", {**values, "choices": choices}, basis=known.basis)


def _remedy(form: LetterForm, dispatch: Dispatch, rules: DispositionRules) -> Iterator[Issue]:
    """The remedies are those computed for this result, issuer, delivery and day, word for word."""
    told = tuple(str(line) for line in _list(dispatch.values.get(REMEDY)))
    if not form.tells_remedies:
        if told:
            yield Issue("foi.send.remedy_not_wanted", REMEDY, {"letter": form.title})
        return
    block = dispatch.remedy
    if block is None:
        yield Issue("foi.send.no_remedy", REMEDY, {"letter": form.title})
        return
    yield from block.issues
    route: Route | None = Route.FREE_CHOICE
    if form.route is LetterRoute.BY_DISPOSITION:
        known = dispatch.disposition in rules.dispositions
        route = rules.route(dispatch.disposition, dispatch.grounds) if known else None
    if route is not None and block.route is not route:
        yield Issue("foi.send.other_route", REMEDY, {"told": ROUTE_NAMES[block.route], "wanted": ROUTE_NAMES[route]})
    elif not block.issues and told != block.paragraphs:
        yield Issue("foi.send.remedy_changed", REMEDY, {"letter": form.title}, basis=block.basis)


ROUTE_NAMES: Mapping[Route, str] = {
    Route.REVIEW_FIRST: "复议前置",
    Route.FREE_CHOICE: "复议或者诉讼",
    Route.PROCEDURAL: "程序性告知",
    Route.UNSETTLED: "待核",
}


def _frame(form: LetterForm, dispatch: Dispatch) -> Iterator[Issue]:
    """Seal, day, once only, and the period."""
    if not dispatch.sealed:
        yield Issue("foi.send.no_seal", "seal", {"letter": form.title})
    if form.once and dispatch.sent_before:
        yield Issue("foi.send.twice", "letter", {"letter": form.title}, basis=form.basis)
    day = dispatch.values.get("date")
    if isinstance(day, date) and day > dispatch.today:
        yield Issue("foi.send.date_ahead", "date", {"date": day.isoformat(), "today": dispatch.today.isoformat()})
    if dispatch.due_on is not None and dispatch.today > dispatch.due_on:
        values = {"due": dispatch.due_on.isoformat(), "days": (dispatch.today - dispatch.due_on).days}
        yield Issue("foi.send.late", "due_on", values, Severity.WARNING)


def _words(form: LetterForm, dispatch: Dispatch, text: str, outdated: Collection[OutdatedPhrase]) -> Iterator[Issue]:
    """Nothing of law that is gone, nothing of a person who must not be known."""
    for phrase in outdated:
        found = phrase.pattern.search(text)
        if found is not None:
            values = {"words": found.group(0), "instead": phrase.words}
            yield Issue("foi.send.outdated", "text", values, Severity.WARNING)
    reader = {
        Direction.TO_THIRD_PARTY: "第三方",
        Direction.TO_APPLICANT: "申请人",
        Direction.TO_ORGAN: "其他机关",
    }[form.direction]
    for what, datum in dispatch.hidden.items():
        if datum.strip() and datum.strip() in text:
            yield Issue("foi.send.personal_data", "text", {"what": what, "reader": reader})


def _all_text(context: Mapping[str, object]) -> str:
    return "\n".join(_flat(context))


def _flat(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _flat(one)
    else:
        for one in _list(value):
            yield from _flat(one)


def _list(value: object) -> list[object]:
    return list(value) if isinstance(value, list | tuple) else []
