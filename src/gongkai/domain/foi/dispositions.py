"""Results of an application (处理决定类型): what each one cites, needs as evidence, and leads to.

A closed application has exactly one result; it decides the letter, the row of the annual report and the remedies told.
Values come from the rulebook (``gongkai.rulebook.foi``); nothing here knows a number or an article by itself.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from gongkai.domain.issues import Basis, Issue, Severity


class Category(StrEnum):
    """The six groups of results in table three of the annual report."""

    GRANTED = "granted"
    PARTIAL = "partial"
    DENIED = "denied"
    UNABLE = "unable"
    REFUSED = "refused"
    OTHER = "other"


class Route(StrEnum):
    """Which remedies a decision leads to (救济途径).

    REVIEW_FIRST: reconsideration before a suit (复议前置). FREE_CHOICE: either. PROCEDURAL: neither by itself.
    UNSETTLED: told as FREE_CHOICE until a legal officer decides otherwise.
    """

    REVIEW_FIRST = "review_first"
    FREE_CHOICE = "free_choice"
    PROCEDURAL = "procedural"
    UNSETTLED = "unsettled"


@dataclass(frozen=True, slots=True)
class DecisionGround:
    """One provision a decision may rest on; ``refusal`` marks those of articles 14 to 16 of the Regulations.

    ``law`` and ``article`` are written into letters; both are empty where no law has a provision.
    """

    code: str
    words: str
    law: str
    article: str
    refusal: bool
    verified: bool
    note: str
    basis: tuple[Basis, ...]

    @property
    def label(self) -> str:
        """Return article and words in one line; unverified ones say so."""
        mark = "" if self.verified else "（待核）"
        return f"{self.article}：{self.words}{mark}" if self.article else f"{self.words}{mark}"


@dataclass(frozen=True, slots=True)
class EvidenceItem:
    """One line of a checklist.

    Of items with the same ``one_of`` any one will do. Items with ``grounds`` are asked for only when one of these was
    chosen. ``later`` items can only come after the case is closed (proof of a publication that was promised).
    """

    code: str
    words: str
    one_of: str = ""
    grounds: frozenset[str] = frozenset()
    later: bool = False


@dataclass(frozen=True, slots=True)
class Disposition:
    """One result. ``always`` are cited in any case, of ``choose`` at least one is chosen, ``also`` may be added.

    ``unverified`` names what of it (annual_row, route) was not seen in a source and shows as 待核.
    """

    code: str
    title: str
    order: int
    category: Category
    annual_row: str
    letter: str
    route: Route
    route_without_refusal: Route
    always: tuple[str, ...]
    choose: tuple[str, ...]
    also: tuple[str, ...]
    evidence: tuple[EvidenceItem, ...]
    unverified: frozenset[str]
    verified: bool
    note: str
    basis: tuple[Basis, ...]

    def route_for(self, grounds: Collection[DecisionGround]) -> Route:
        """Return the route for the grounds that were chosen.

        A decision that withholds anything under articles 14 to 16 must go to reconsideration first (行政复议法 art.
        23(1)(4)); a partial one that withholds on other grounds only need not.
        """
        if self.route is Route.REVIEW_FIRST and not any(ground.refusal for ground in grounds):
            return self.route_without_refusal
        return self.route


@dataclass(frozen=True)
class DispositionRules:
    """All results and grounds in force on a day, by code; results stand in the order of the annual report."""

    dispositions: Mapping[str, Disposition]
    grounds: Mapping[str, DecisionGround]

    def cited(self, disposition: str, chosen: Collection[str]) -> tuple[DecisionGround, ...]:
        """Return the grounds a decision cites, those cited always and the chosen ones, in the order of the law.

        Raises KeyError for a result that does not exist; grounds that do not exist are left out.
        """
        wanted = {*self.dispositions[disposition].always, *chosen}
        return tuple(ground for code, ground in self.grounds.items() if code in wanted)

    def route(self, disposition: str, chosen: Collection[str]) -> Route:
        """Return the route of a result with the grounds chosen for it; raises KeyError."""
        return self.dispositions[disposition].route_for(self.cited(disposition, chosen))


def check_decision(
    rules: DispositionRules,
    *,
    disposition: str,
    grounds: Collection[str],
    evidence: Collection[str],
) -> tuple[Issue, ...]:
    """Return everything that keeps a case from being decided so: unknown codes, wrong grounds, evidence not there.

    ``grounds`` are codes of the closed list, ``evidence`` the codes of the checklist that are kept with the case.
    Evidence that nothing asked for is only a warning.
    """
    known = rules.dispositions.get(disposition)
    if known is None:
        values = {"code": disposition, "known": "、".join(rules.dispositions)}
        return (Issue("foi.disposition.unknown", "disposition", values),)
    issues = [*_ground_issues(rules, known, grounds)]
    issues += _evidence_issues(known, grounds, evidence)
    return tuple(issues)


def evidence_wanted(disposition: Disposition, grounds: Collection[str]) -> tuple[EvidenceItem, ...]:
    """Return the checklist of a result for the grounds chosen, in order."""
    chosen = {*disposition.always, *grounds}
    return tuple(item for item in disposition.evidence if not item.grounds or item.grounds & chosen)


def evidence_missing(
    disposition: Disposition, grounds: Collection[str], evidence: Collection[str], *, later: bool = False
) -> tuple[tuple[EvidenceItem, ...], ...]:
    """Return what is missing, one tuple a line; a line with several items is settled by any one of them.

    ``later`` asks for the items that can only come after the case is closed, instead of those needed to close it.
    """
    lines: dict[str, list[EvidenceItem]] = {}
    for item in evidence_wanted(disposition, grounds):
        if item.later is later:
            lines.setdefault(item.one_of or item.code, []).append(item)
    return tuple(tuple(line) for line in lines.values() if not any(item.code in evidence for item in line))


def _ground_issues(rules: DispositionRules, known: Disposition, grounds: Collection[str]) -> Iterator[Issue]:
    allowed = (*known.always, *known.choose, *known.also)
    for code in dict.fromkeys(grounds):
        ground = rules.grounds.get(code)
        if ground is None:
            yield Issue("foi.ground.unknown", "grounds", {"code": code, "disposition": known.title})
        elif code not in allowed:
            choices = "；".join(rules.grounds[one].label for one in allowed)
            values = {"ground": ground.label, "disposition": known.title, "choices": choices}
            yield Issue("foi.ground.not_of_disposition", "grounds", values, basis=known.basis)
    if known.choose and not set(known.choose) & set(grounds):
        choices = "；".join(rules.grounds[one].label for one in known.choose)
        values = {"disposition": known.title, "choices": choices}
        yield Issue("foi.ground.missing", "grounds", values, basis=known.basis)


def _evidence_issues(known: Disposition, grounds: Collection[str], evidence: Collection[str]) -> Iterator[Issue]:
    for line in evidence_missing(known, grounds, evidence):
        words = "或者".join(item.words for item in line)
        values = {"disposition": known.title, "evidence": words, "codes": "、".join(item.code for item in line)}
        yield Issue("foi.evidence.missing", "evidence", values, basis=known.basis)
    wanted = {item.code for item in known.evidence}
    for code in dict.fromkeys(evidence):
        if code not in wanted:
            values = {"code": code, "disposition": known.title}
            yield Issue("foi.evidence.not_asked", "evidence", values, Severity.WARNING)
