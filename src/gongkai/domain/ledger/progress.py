"""Progress of items that were split: the parent's progress is that of its children."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from gongkai.domain.ledger.states import FINISHED, State


@dataclass(frozen=True, slots=True)
class Node:
    """A work item as the roll-up sees it: its parent's id, its state and the percentage last reported (0 to 100)."""

    id: int
    parent_id: int | None
    state: State
    percent: int = 0


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an item is: ``percent`` 0 to 100, and of its direct children (canceled ones left out) how many are done."""

    percent: int
    children: int = 0
    children_done: int = 0


def roll_up(nodes: Iterable[Node]) -> Mapping[int, Progress]:
    """Return the progress of every node by id.

    A finished item counts 100. An unfinished one with children counts the mean of those that are not canceled,
    rounded down, so that a parent shows 100 only when every child does; one without counts what was reported, at
    most 99 before it is accepted.
    """
    by_id = {node.id: node for node in nodes}
    children: dict[int, list[Node]] = {}
    for node in by_id.values():
        if node.parent_id is not None:
            children.setdefault(node.parent_id, []).append(node)
    result: dict[int, Progress] = {}
    for node in _children_first(by_id, children):
        live = [child for child in children.get(node.id, ()) if child.state is not State.CANCELED]
        done = sum(child.state in FINISHED for child in live)
        if node.state in FINISHED:
            percent = 100
        elif live:
            percent = sum(result[child.id].percent for child in live) // len(live)
        else:
            percent = min(max(node.percent, 0), 99)
        result[node.id] = Progress(percent, len(live), done)
    return result


def _children_first(by_id: Mapping[int, Node], children: Mapping[int, list[Node]]) -> list[Node]:
    """Order nodes so that every child stands before its parent."""
    order = [node for node in by_id.values() if node.parent_id is None or node.parent_id not in by_id]
    for node in order:  # grows while it is walked: breadth first from the roots
        order.extend(children.get(node.id, ()))
    return order[::-1]
