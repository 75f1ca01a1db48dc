"""Two people at one import: what was typed is kept, and what somebody else saved meanwhile is shown beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from gongkai.features.workplans import selectors
from gongkai.features.workplans.staff.import_forms import FLAGS, LISTS, TEXTS, Typed, saved_fields, saved_heading

TASK_FIELDS = (*TEXTS, *LISTS, *FLAGS, "kind")


@dataclass(frozen=True)
class Merged:
    """What was typed, brought onto the saved revision.

    ``clashes`` names by (task key or "heading", field) what somebody else saved where this person typed something
    different; ``lost`` are titles of tasks that were corrected here but are gone by now.
    """

    typed: Typed
    clashes: Mapping[tuple[str, str], Any] = field(default_factory=dict)
    lost: tuple[str, ...] = ()
    who: tuple[str, ...] = ()


def merge(typed: Typed, sent_titles: Mapping[str, str], view: selectors.ImportView) -> Merged:
    """Bring what was typed on an older revision onto the saved one.

    A field that this person left as it was takes the value that was saved meanwhile; one that both changed keeps what
    was typed, and is named with the other value. ``sent_titles`` are the titles of all cards that were sent, by key.
    """
    theirs = _changed_since(view, typed.revision)
    saved = {task.key: saved_fields(task) for task in view.tasks}
    clashes: dict[tuple[str, str], Any] = {}
    tasks: dict[str, dict[str, Any]] = {}
    for key, fields in typed.tasks.items():
        if key in saved:
            tasks[key] = {
                name: _settle(key, name, value, saved[key][name], theirs, clashes) for name, value in fields.items()
            }
    before = saved_heading(view)
    heading = {
        name: _settle("heading", name, value, before[name], theirs, clashes) for name, value in typed.heading.items()
    }
    lost = tuple(title for key, title in sent_titles.items() if key not in saved)
    others = dict.fromkeys(row.get("by", "") for row in view.corrections[max(typed.revision - 1, 0) :])
    return Merged(replace(typed, revision=view.revision, tasks=tasks, heading=heading), clashes, lost, tuple(others))


def _settle(
    key: str,
    name: str,
    typed: Any,
    saved: Any,
    theirs: Mapping[tuple[str, str], Any],
    clashes: dict[tuple[str, str], Any],
) -> Any:
    if typed == saved or (key, name) not in theirs:
        return typed
    if typed == theirs[key, name]:  # as it stood before the other person's change: not touched here
        return saved
    clashes[key, name] = saved
    return typed


def _changed_since(view: selectors.ImportView, revision: int) -> dict[tuple[str, str], Any]:
    """Return what others changed since the revision, each field with the value it had then.

    The list of corrections has one entry a revision, the first one leading from revision 1 to 2.
    """
    before: dict[tuple[str, str], Any] = {}
    for entry in view.corrections[max(revision - 1, 0) :]:
        for key, detail in entry.get("details", {}).items():
            if key == "heading":
                for name in detail:
                    before.setdefault((key, name), detail[name]["from"] if isinstance(detail[name], dict) else None)
            elif key == "into":  # merged: every field may have changed, and what it was is not on record
                for name in TASK_FIELDS:
                    before.setdefault((detail, name), None)
            elif isinstance(detail, dict) and "from" in detail:
                for name, value in detail["from"].items():
                    before.setdefault((key, name), value)
    return before
