"""Checks between rules: references that lead somewhere, and lower layers that tighten but never loosen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from gongkai.domain.deadlines import Direction, Effect, Unit
from gongkai.domain.issues import Issue
from gongkai.rulebook.schema import Rule, TighterIs, Version, layer_chain

_STOPS_TIME = {Effect.PAUSE, Effect.WAIT, Effect.RESTART, Effect.EXTEND}


def check_rules(rules: Mapping[tuple[str, str], Rule]) -> Iterator[Issue]:
    """Yield everything that does not fit together in a set of rules."""
    for (layer, _), rule in rules.items():
        above = [rules[(upper, rule.id)] for upper in layer_chain(layer)[:-1] if (upper, rule.id) in rules]
        yield from _check_references(rules, rule)
        yield from _check_standing(rule, first=not above)
        for upper in above:
            yield from _check_against(rule, upper)


def _fault(code: str, rule: Rule, key: str, **values: object) -> Issue:
    return Issue(code, rule.id, {"file": rule.source, "id": rule.id, "key": f"{rule.id}.{key}", **values})


def _check_references(rules: Mapping[tuple[str, str], Rule], rule: Rule) -> Iterator[Issue]:
    layers = layer_chain(rule.layer)
    wanted = [("same_period_as", rule.same_period_as)]
    for fact in rule.facts.values():
        names = {"at_most": fact.at_most, "within": fact.within, "cites": fact.cites}
        wanted += [(f"facts.{fact.kind}.{key}", name) for key, name in names.items()]
    for key, name in wanted:
        if name is not None and not any((layer, name) in rules for layer in layers):
            yield _fault("rulebook.rule.reference", rule, key, name=name)


def _check_standing(rule: Rule, *, first: bool) -> Iterator[Issue]:
    """What a rule must have by itself; only the layer that introduces a rule says what it is and how it runs."""
    if first:
        if not rule.title:
            yield _fault("rulebook.key.type", rule, "title", expected="中文名称")
    elif rule.facts or rule.same_period_as:
        yield _fault("rulebook.layer.facts", rule, "facts")
    units = {version.unit for version in rule.versions}
    moves = [fact for fact in rule.facts.values() if fact.effect in _STOPS_TIME]
    if moves and (rule.direction is Direction.BEFORE or units - {Unit.WORKING_DAY, Unit.CALENDAR_DAY, None}):
        yield _fault("rulebook.facts.unit", rule, f"facts.{moves[0].kind}")
    for index, version in enumerate(rule.versions):
        if (version.unit is Unit.ANNUAL_DATE) != (version.annual_date is not None):
            yield _fault(
                "rulebook.key.type", rule, f"versions[{index}].annual_date", expected="annual_date 与 unit 同时使用"
            )
        if version.limit is not None and version.local_target is not None:
            yield from _check_target(rule, version, version)


def _check_against(rule: Rule, upper: Rule) -> Iterator[Issue]:
    for version in rule.versions:
        for above in upper.versions:
            if not version.overlaps(above):
                continue
            if version.unit is not None and above.unit is not None and version.unit is not above.unit:
                yield _fault("rulebook.layer.unit", rule, "unit", above=above.unit.value, layer=upper.layer)
                continue
            if version.limit is not None and above.limit is not None:
                yield from _check_limit(rule, version.limit, upper, above.limit)
            if version.local_target is not None and above.limit is not None:
                yield from _check_target(rule, version, above)


def _check_limit(rule: Rule, limit: int, upper: Rule, above: int) -> Iterator[Issue]:
    tighter_is = upper.tighter_is
    if tighter_is is TighterIs.SHORTER and upper.direction is Direction.BEFORE:
        tighter_is = TighterIs.LONGER  # a notice in advance is stricter when it must come earlier
    loosened = {
        TighterIs.SHORTER: limit > above,
        TighterIs.LONGER: limit < above,
        TighterIs.FIXED: limit != above,
    }[tighter_is]
    if loosened:
        allowed = {TighterIs.SHORTER: "缩短", TighterIs.LONGER: "延长", TighterIs.FIXED: "保持不变"}[tighter_is]
        yield _fault(
            "rulebook.layer.loosens", rule, "limit", layer=upper.layer, limit=limit, above=above, allowed=allowed
        )


def _check_target(rule: Rule, version: Version, above: Version) -> Iterator[Issue]:
    if version.local_target is not None and above.limit is not None and version.local_target > above.limit:
        yield _fault("rulebook.target.beyond", rule, "local_target", target=version.local_target, above=above.limit)
