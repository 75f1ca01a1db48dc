"""The processing fee (信息处理费): exact, progressive, one method an application, every amount explained.

Implements 政府信息公开条例 art. 42 and 国办函〔2020〕109号 arts. 3-5. Amounts are whole fen (1 yuan = 100 fen), never floats;
tiers come from the rulebook (``gongkai.rulebook.foi_fees``). A fee is a power, not automatic: this proposes, a person
decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from gongkai.domain.issues import Basis, Issue

FEN = 100
"""Fen in a yuan."""


class FeeMethod(StrEnum):
    """By number of applications in a month (按件), or by pages of one application (按量); never both."""

    PER_CASE = "per_case"
    PER_PAGE = "per_page"


METHOD_NAMES: Mapping[FeeMethod, str] = {FeeMethod.PER_CASE: "按件计收", FeeMethod.PER_PAGE: "按量计收"}


class Scope(StrEnum):
    """Whose applications are added up in a month: those to one organ, or those to all organs of the place."""

    ORGAN = "organ"
    PLACE = "place"


@dataclass(frozen=True, slots=True)
class Tier:
    """Units ``first`` to ``last`` (both included, None: without end) at ``fen`` each."""

    first: int
    last: int | None
    fen: int


@dataclass(frozen=True, slots=True)
class Blocks:
    """From unit ``first`` on, blocks of ``size`` units: the first block at ``fen`` each, every further ``step`` fen more."""

    first: int
    size: int
    fen: int
    step: int


@dataclass(frozen=True)
class Tariff:
    """One method's prices; ``unit`` is the counting word (件, 页). Tiers are gapless and begin with 1."""

    method: FeeMethod
    title: str
    unit: str
    tiers: tuple[Tier, ...]
    blocks: Blocks | None = None
    verified: bool = True
    note: str = ""
    basis: tuple[Basis, ...] = ()

    def price(self, number: int) -> int:
        """Return what the ``number``-th unit costs, in fen; raises ValueError below 1."""
        if number < 1:
            raise ValueError("units count from 1")
        if self.blocks is not None and number >= self.blocks.first:
            return self.blocks.fen + self.blocks.step * ((number - self.blocks.first) // self.blocks.size)
        return next(tier.fen for tier in self.tiers if tier.last is None or number <= tier.last)

    def total(self, number: int) -> int:
        """Return what units 1 to ``number`` cost together, in fen, in a fixed number of steps; raises ValueError below 0."""
        if number < 0:
            raise ValueError("there is no negative number of units")
        fen = sum(
            tier.fen * (min(number, tier.last if tier.last is not None else number) - tier.first + 1)
            for tier in self.tiers
            if number >= tier.first
        )
        if self.blocks is not None and number >= self.blocks.first:
            full, rest = divmod(number - self.blocks.first + 1, self.blocks.size)
            fen += self.blocks.size * (full * self.blocks.fen + self.blocks.step * (full * (full - 1) // 2))
            fen += rest * (self.blocks.fen + self.blocks.step * full)
        return fen

    def lines(self, first: int, last: int) -> Iterator[FeeLine]:
        """Yield the units ``first`` to ``last`` in stretches of one price."""
        while first <= last:
            end = min(last, self._end_of_price(first))
            yield FeeLine(first, end, self.price(first), self.unit)
            first = end + 1

    def _end_of_price(self, number: int) -> int:
        """Return the last unit that costs what this one costs; the unit itself where there is no end."""
        if self.blocks is not None and number >= self.blocks.first:
            return self.blocks.first + ((number - self.blocks.first) // self.blocks.size + 1) * self.blocks.size - 1
        last = next(tier.last for tier in self.tiers if tier.last is None or number <= tier.last)
        return last if last is not None else 10**12


@dataclass(frozen=True, slots=True)
class FeeLine:
    """Units ``first`` to ``last`` at ``each`` fen."""

    first: int
    last: int
    each: int
    unit: str

    @property
    def count(self) -> int:
        """Return how many units."""
        return self.last - self.first + 1

    @property
    def fen(self) -> int:
        """Return what they cost together."""
        return self.count * self.each

    def __str__(self) -> str:
        stretch = f"第{self.first}{self.unit}" if self.count == 1 else f"第{self.first}至第{self.last}{self.unit}"
        if not self.each:
            return f"{stretch}：不收费"
        return f"{stretch}：{self.count}{self.unit}×{yuan(self.each)}={yuan(self.fen)}"


@dataclass(frozen=True)
class Fee:
    """What an application costs by one method: ``units`` counted, ``fen`` in all, explained line by line."""

    method: FeeMethod
    units: int
    fen: int
    lines: tuple[FeeLine, ...]
    basis: tuple[Basis, ...]

    @property
    def yuan(self) -> str:
        """Return the amount as it is written: 4300元, 12.50元."""
        return yuan(self.fen)


@dataclass(frozen=True, slots=True)
class CountedCase:
    """An application as the monthly count sees it.

    ``order`` sorts applications of one day (their register number). ``parts`` is how many applications it counts as
    (一事一申请); ``counts`` is false for one that was merged or, where the rules say so, withdrawn.
    """

    ref: str
    applicant: str
    organ: str
    received_on: date
    order: int
    parts: int = 1
    counts: bool = True


def yuan(fen: int) -> str:
    """Write an amount of fen in yuan: 430000 → 4300元, 1250 → 12.50元."""
    whole, rest = divmod(fen, FEN)
    return f"{whole}元" if not rest else f"{whole}.{rest:02}元"


def fee_by_cases(tariff: Tariff, *, before: int, parts: int = 1) -> Fee:
    """Return the fee of an application that counts ``parts`` times after ``before`` others of the month.

    Raises ValueError when ``before`` is negative or ``parts`` below 1.
    """
    if before < 0 or parts < 1:
        raise ValueError("an application counts at least once, after none or more")
    lines = tuple(tariff.lines(before + 1, before + parts))
    return Fee(FeeMethod.PER_CASE, parts, sum(line.fen for line in lines), lines, tariff.basis)


def fee_by_pages(tariff: Tariff, *, pages: int) -> Fee:
    """Return the fee for the pages of one application (a side of A4 or less is a page); raises ValueError below 0."""
    if pages < 0:
        raise ValueError("there is no negative number of pages")
    lines = tuple(tariff.lines(1, pages))
    return Fee(FeeMethod.PER_PAGE, pages, sum(line.fen for line in lines), lines, tariff.basis)


def places_in_month(
    cases: Iterable[CountedCase], *, applicant: str, organ: str, month: date, scope: Scope
) -> dict[str, int]:
    """Return for each application of an applicant in a calendar month how many of theirs came before it.

    ``month`` is any day of the month; the day of receipt decides (109号 art. 4). An application that does not count has
    no place.
    """
    places: dict[str, int] = {}
    before = 0
    for case in sorted(cases, key=lambda case: (case.received_on, case.order, case.ref)):
        same_month = (case.received_on.year, case.received_on.month) == (month.year, month.month)
        own = case.applicant == applicant and (scope is Scope.PLACE or case.organ == organ)
        if same_month and own and case.counts:
            places[case.ref] = before
            before += case.parts
    return places


def moved_places(before: Mapping[str, int], after: Mapping[str, int]) -> dict[str, tuple[int | None, int | None]]:
    """Return the applications whose place changed (by a split, a merger, a withdrawal), with the old and the new place.

    Shown before a notice is sent: a place that moved is a price that may have moved. None: no place in the count.
    """
    refs = [*before, *(ref for ref in after if ref not in before)]
    return {ref: (before.get(ref), after.get(ref)) for ref in refs if before.get(ref) != after.get(ref)}


def check_fee(
    fee: Fee, *, charged: Iterable[FeeMethod] = (), already_public: bool = False, decided_by: str = ""
) -> tuple[Issue, ...]:
    """Return everything that keeps a fee notice from being sent.

    ``charged`` are the methods by which the application was charged before; ``already_public`` says that the reply only
    tells where to find what is public (109号 art. 5); ``decided_by`` names who decided to charge.
    """
    issues = []
    others = [method for method in charged if method is not fee.method]
    if others:
        values = {"charged": METHOD_NAMES[others[0]], "method": METHOD_NAMES[fee.method]}
        issues.append(Issue("foi.fee.two_methods", "method", values, basis=fee.basis))
    if fee.method is FeeMethod.PER_PAGE and already_public:
        issues.append(Issue("foi.fee.already_public", "method", basis=fee.basis))
    if not fee.fen:
        issues.append(Issue("foi.fee.nothing_due", "units", {"units": fee.units}, basis=fee.basis))
    if not decided_by.strip():
        issues.append(Issue("foi.fee.nobody_decided", "decided_by", basis=fee.basis))
    return tuple(issues)
