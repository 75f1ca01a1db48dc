"""A route told in words: who signs, in which order, and who must not be the same person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

from gongkai.domain.approval.model import AUTHOR, FLAG_NAMES, PLACE_NAMES, Route, Step
from gongkai.domain.approval.signing import separate_steps


@dataclass(frozen=True, slots=True)
class Stage:
    """The steps that run side by side."""

    order: int
    steps: tuple[Step, ...]


def stages(route: Route) -> tuple[Stage, ...]:
    """Return the steps grouped by what runs side by side, first things first; orders are counted from 1 anew."""
    orders = sorted({step.order for step in route.steps})
    return tuple(
        Stage(number, tuple(step for step in route.steps if step.order == order))
        for number, order in enumerate(orders, start=1)
    )


def who_signs(step: Step, roles: Mapping[str, str]) -> str:
    """Say which post gives the right: 本单位的初审或复审岗位."""
    return f"{PLACE_NAMES[step.place]}的" + "或".join(roles.get(role, role) for role in step.roles) + "岗位"


def when_needed(step: Step) -> str:
    """Say under which circumstances the step is taken; empty for always."""
    return "、".join(FLAG_NAMES.get(flag, flag) for flag in step.only_if)


def separation_sentences(route: Route) -> tuple[str, ...]:
    """Say who must not be the same person: groups in which everybody differs in one sentence, the rest pair by pair."""
    lines = []
    names = {step.code: step.name for step in route.steps}
    against_author = [step.name for step in route.steps if AUTHOR in step.separate_from]
    if against_author:
        lines.append(f"拟稿人和所有修改过内容的人，不能办理：{'、'.join(against_author)}。")
    apart = {step.code: separate_steps(route, step, FLAG_NAMES) for step in route.steps}
    pairs = {
        frozenset(pair) for pair in combinations([step.code for step in route.steps], 2) if pair[1] in apart[pair[0]]
    }
    while pairs:
        group = _largest_group(list(names), pairs)
        told = [names[code] for code in names if code in group]
        lines.append(f"{'、'.join(told)}必须由{len(told)}个不同的人办理。")
        pairs -= {frozenset(pair) for pair in combinations(group, 2)}
    return tuple(lines)


def _largest_group(codes: list[str], pairs: set[frozenset[str]]) -> list[str]:
    """Return a largest set of steps that all differ from each other; routes are small, so growing greedily will do."""
    best: list[str] = []
    for start in codes:
        group = [start]
        for code in codes:
            if code not in group and all(frozenset((code, other)) in pairs for other in group):
                group.append(code)
        if len(group) > len(best):
            best = group
    return best
