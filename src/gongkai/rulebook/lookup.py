"""Asking the rulebook: which value held on that day in that place, and on what basis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from functools import cache
from pathlib import Path

from gongkai.domain.deadlines import ClockRule, FactRule, PauseLimit, Unit
from gongkai.domain.issues import Basis
from gongkai.rulebook.loader import Rules, load_rules
from gongkai.rulebook.schema import NATION, FactSpec, Rule, Status, Version, layer_chain


class UnknownRule(LookupError):
    """No layer that applies has a rule of this id; ``known`` lists those there are, ``close`` those that look alike."""

    def __init__(self, rule_id: str, known: Sequence[str]) -> None:
        self.rule_id = rule_id
        self.known = tuple(known)
        super().__init__(rule_id)

    @property
    def close(self) -> tuple[str, ...]:
        """Those that look alike, nearest first; looked for when asked, since a missing rule is often no mistake."""
        return tuple(get_close_matches(self.rule_id, self.known, n=5, cutoff=0.5))


class NotInForce(LookupError):
    """The rule exists, but no version of it was in force on the day."""

    def __init__(self, rule_id: str, on: date) -> None:
        self.rule_id = rule_id
        self.on = on
        super().__init__(f"{rule_id} on {on}")


@dataclass(frozen=True, slots=True)
class Value:
    """What a rule says on a day in a place.

    ``limit`` is the binding number (None where the law gives none; then ``suggested`` is the configured one),
    ``target`` the local target beside it. ``basis`` cites the binding number, ``target_basis`` the target. ``layer`` is
    the layer the number comes from, ``in_force_from`` the day its version began, so that a case can keep it.
    """

    rule: str
    title: str
    limit: int | None
    unit: Unit | None
    suggested: int | None
    target: int | None
    annual_date: tuple[int, int] | None
    values: Mapping[str, object]
    status: Status
    note: str
    layer: str
    in_force_from: date
    basis: tuple[Basis, ...]
    target_basis: tuple[Basis, ...]

    @property
    def number(self) -> int | None:
        """The number to work with: the binding one, else the configured one."""
        return self.limit if self.limit is not None else self.suggested


@dataclass(frozen=True)
class Rulebook:
    """A checked set of rules; the module functions ask the shipped one."""

    rules: Rules
    _clocks: dict[tuple[str, date, str], ClockRule] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def load(cls, extra: Sequence[Path] = ()) -> Rulebook:
        """Read the shipped rules and an office's own folders; raises RulebookInvalid."""
        return cls(load_rules(extra))

    def ids(self, *, layer: str = NATION) -> tuple[str, ...]:
        """The ids of the rules that apply in a layer, in order."""
        chain = layer_chain(layer)
        return tuple(sorted({rule_id for known, rule_id in self.rules if known in chain}))

    def rule(self, rule_id: str, *, layer: str = NATION) -> Rule:
        """Return a rule as the highest layer that has it introduces it; raises UnknownRule."""
        return self._stack(rule_id, layer)[0]

    def value(self, rule_id: str, *, on: date, layer: str = NATION) -> Value:
        """Return the value and its basis on a day in a layer; raises UnknownRule, NotInForce or ValueError (layer)."""
        stack = self._stack(rule_id, layer)
        held = [(rule, version) for rule in stack if (version := rule.version_on(on)) is not None]
        if not held:
            raise NotInForce(rule_id, on)
        chosen_rule, chosen = held[0]
        target: int | None = None
        target_basis: tuple[Basis, ...] = ()
        values: dict[str, object] = {}
        for rule, version in held:
            values.update(version.values)
            if version.limit is not None or (version.suggested is not None and chosen.limit is None):
                chosen_rule, chosen = rule, version
            if version.local_target is not None:
                target, target_basis = version.local_target, rule.basis(version)
        return Value(
            rule=rule_id,
            title=stack[0].title,
            limit=chosen.limit,
            unit=chosen.unit or held[0][1].unit,
            suggested=chosen.suggested,
            target=target,
            annual_date=chosen.annual_date,
            values=values,
            status=chosen.status,
            note=chosen.note,
            layer=chosen_rule.layer,
            in_force_from=chosen.in_force_from,
            basis=chosen_rule.basis(chosen),
            target_basis=target_basis,
        )

    def clock_rule(self, rule_id: str, *, on: date, layer: str = NATION) -> ClockRule:
        """Return the rule as ``domain.deadlines.read_clock`` takes it; ``on`` is the day the clock starts.

        Raises UnknownRule, NotInForce, or ValueError when the rule is no clock (it has no facts) or the layer none.
        """
        key = (rule_id, on, layer)
        if key not in self._clocks:
            self._clocks[key] = self._build_clock(rule_id, on, layer)
        return self._clocks[key]

    def clock_ids(self, *, layer: str = NATION) -> tuple[str, ...]:
        """The ids of the rules that can be read as clocks."""
        return tuple(rule_id for rule_id in self.ids(layer=layer) if self.rule(rule_id, layer=layer).facts)

    def _build_clock(self, rule_id: str, on: date, layer: str) -> ClockRule:
        rule = self.rule(rule_id, layer=layer)
        if not rule.facts:
            raise ValueError(f"{rule_id} is not a clock")
        value = self.value(rule_id, on=on, layer=layer)
        period = self.value(rule.same_period_as, on=on, layer=layer) if rule.same_period_as else value
        if period.unit is None:
            raise ValueError(f"{rule_id} has no unit")
        facts = {kind: self._fact(spec, rule, value, on, layer) for kind, spec in rule.facts.items()}
        counting = {
            name: self._cite(f"counting.{name}", on, layer) for name in ("start", "end", "pause", "last_day_off")
        }
        return ClockRule(
            id=rule_id,
            title=rule.title,
            unit=period.unit,
            facts=facts,
            limit=period.limit,
            suggested=period.suggested,
            target=period.target,
            annual_date=period.annual_date,
            direction=rule.direction,
            roll=rule.roll,
            layer=layer,
            effect_if_missed=rule.effect_if_missed,
            basis=tuple(dict.fromkeys((*value.basis, *period.basis))),
            target_basis=period.target_basis,
            counting_basis=() if period.unit is Unit.ANNUAL_DATE else (*counting["start"], *counting["end"]),
            pause_basis=counting["pause"],
            roll_basis=counting["last_day_off"],
        )

    def _fact(self, spec: FactSpec, rule: Rule, value: Value, on: date, layer: str) -> FactRule:
        """Resolve the rules a fact refers to into their numbers and citations."""
        at_most = self._held(spec.at_most, on, layer)
        within = self._held(spec.within, on, layer)
        basis = at_most.basis if at_most else within.basis if within else ()
        if spec.cites:
            basis = (*basis, *self._cite(spec.cites, on, layer))
        pause_limit = None
        if at_most is not None and spec.counted_from is not None and at_most.limit is not None:
            pause_limit = PauseLimit(spec.counted_from, at_most.limit, at_most.basis)
        return FactRule(
            kind=spec.kind,
            label=spec.label,
            effect=spec.effect,
            needs=spec.needs,
            closes=spec.closes,
            once=spec.once,
            at_most=at_most.limit if at_most and pause_limit is None else None,
            target_at_most=at_most.target if at_most and pause_limit is None else None,
            within=within.limit if within else None,
            pause_limit=pause_limit,
            basis=basis,
        )

    def _held(self, rule_id: str | None, on: date, layer: str) -> Value | None:
        """The value of a rule referred to; none where it was not yet in force."""
        try:
            return self.value(rule_id, on=on, layer=layer) if rule_id else None
        except NotInForce:
            return None

    def _cite(self, rule_id: str, on: date, layer: str) -> tuple[Basis, ...]:
        held = self._held(rule_id, on, layer)
        return held.basis if held else ()

    def _stack(self, rule_id: str, layer: str) -> list[Rule]:
        """The rule in every layer that has it, the nation first."""
        stack = [self.rules[key] for known in layer_chain(layer) if (key := (known, rule_id)) in self.rules]
        if not stack:
            raise UnknownRule(rule_id, self.ids(layer=layer))
        return stack


@cache
def shipped() -> Rulebook:
    """Return the rulebook that ships with the program, read once."""
    return Rulebook.load()


def value(rule_id: str, *, on: date, layer: str = NATION) -> Value:
    """Ask the shipped rulebook; see ``Rulebook.value``."""
    return shipped().value(rule_id, on=on, layer=layer)


def clock_rule(rule_id: str, *, on: date, layer: str = NATION) -> ClockRule:
    """Ask the shipped rulebook; see ``Rulebook.clock_rule``."""
    return shipped().clock_rule(rule_id, on=on, layer=layer)


def layers() -> tuple[str, ...]:
    """Name the layers that have rules of their own in the shipped rulebook."""
    return tuple(sorted({layer for layer, _ in shipped().rules}))


def version_of(rule_id: str, *, on: date, layer: str = NATION) -> Version:
    """Return the version in force at the layer that introduces the rule; raises UnknownRule, NotInForce."""
    version = shipped().rule(rule_id, layer=layer).version_on(on)
    if version is None:
        raise NotInForce(rule_id, on)
    return version
