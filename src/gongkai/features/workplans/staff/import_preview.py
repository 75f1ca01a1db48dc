"""What the correction screen shows: source lines grouped by task, cards, phrases, and problems that lead to their field."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gongkai.design.problems import sentence
from gongkai.domain.issues import Issue
from gongkai.features.workplans import selectors
from gongkai.features.workplans.staff.import_forms import (
    FLAGS,
    HEADING,
    TEXTS,
    Typed,
    saved_fields,
    saved_heading,
    shown_phrases,
)
from gongkai.features.workplans.staff.import_merge import Merged

FEW_TASKS = 6
"""Up to so many tasks every card is open; of more only those that need a look."""
FIELD_NAMES = {
    "no": "序号",
    "title": "任务",
    "text": "条款原文",
    "due_on": "完成时限",
    "due_phrase": "时限原文",
    "lead_units": "牵头单位",
    "responsible_units": "责任单位",
    "cooperating_units": "配合单位",
    "standing": "长期坚持",
    "shared_duty": "按职责分工",
    "kind": "类别",
    "doc_no": "发文字号",
    "year": "年度",
    "issued_on": "印发日期",
}


@dataclass(frozen=True, slots=True)
class SourceBlock:
    """Some lines of the document that stand together; ``key`` names their task, or is empty."""

    key: str
    label: str
    lines: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the summary on top: what is wrong and where to mend it."""

    text: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Card:
    """A task as it is shown: the saved values, or what was typed over them."""

    task: selectors.ImportTask
    number: int
    values: Mapping[str, Any]
    source: str
    problems: tuple[str, ...]
    warnings: tuple[str, ...]
    clashes: tuple[tuple[str, str], ...]
    open: bool
    first_in_path: bool


@dataclass(frozen=True, slots=True)
class PhraseCard:
    """A unit phrase as it is shown, with what was chosen but not saved."""

    view: selectors.PhraseView
    number: int
    options: tuple[tuple[str, str], ...]
    chosen: Mapping[str, str]
    problem: str


@dataclass(frozen=True)
class Preview:
    """Everything the template draws."""

    heading: Mapping[str, str]
    heading_clashes: tuple[tuple[str, str], ...]
    blocks: tuple[SourceBlock, ...]
    cards: tuple[Card, ...]
    dropped: tuple[selectors.ImportTask, ...]
    open_phrases: tuple[PhraseCard, ...]
    settled_phrases: tuple[PhraseCard, ...]
    problems: tuple[Line, ...]
    warnings: tuple[Line, ...]


def preview(view: selectors.ImportView, typed: Typed | None = None, merged: Merged | None = None) -> Preview:
    """Build the screen of an import, with what was typed and not saved laid over it."""
    phrase_numbers = {phrase.phrase: n for n, phrase in enumerate(view.phrases)}
    blocks = source_blocks(view)
    standing_in = {block.key for block in blocks if block.key}
    clashes = merged.clashes if merged else {}
    heading = {**saved_heading(view), **(typed.heading if typed else {})}
    return Preview(
        heading=heading,
        heading_clashes=_clash_words(clashes, "heading"),
        blocks=blocks,
        cards=_cards(view, typed, standing_in, clashes),
        dropped=tuple(task for task in view.tasks if task.dropped),
        open_phrases=_phrases(view, typed, settled=False),
        settled_phrases=_phrases(view, typed, settled=True),
        problems=_lines(view.problems, phrase_numbers),
        warnings=(
            *(Line(remark, "") for remark in view.reader_remarks),
            *_lines(view.warnings, phrase_numbers),
        ),
    )


def source_blocks(view: selectors.ImportView) -> tuple[SourceBlock, ...]:
    """Group the document's lines by the task that was read from them; lines of no task stand by themselves."""
    owner: dict[int, str] = {}
    labels: dict[str, str] = {}
    for task in view.tasks:
        labels[task.key] = f"任务 {task.no}" if task.no else "任务"
        if task.line_from is None or task.line_to is None:
            continue
        for line in range(task.line_from, task.line_to + 1):
            owner.setdefault(line, task.key)
    blocks: list[tuple[str, list[tuple[int, str]]]] = []
    for row in view.source:
        key = owner.get(row["line"], "")
        if not blocks or blocks[-1][0] != key:
            blocks.append((key, []))
        blocks[-1][1].append((row["line"], row["text"]))
    seen: set[str] = set()
    result = []
    for key, lines in blocks:
        first = key if key not in seen else ""
        seen.add(key)
        result.append(SourceBlock(first, labels.get(key, ""), tuple(lines)))
    return tuple(result)


def _cards(
    view: selectors.ImportView,
    typed: Typed | None,
    standing_in: set[str],
    clashes: Mapping[tuple[str, str], Any],
) -> tuple[Card, ...]:
    kept = [task for task in view.tasks if not task.dropped]
    wrong = _by_task(view.problems)
    doubtful = _by_task(view.warnings)
    by_line = {task.line_from: task.key for task in reversed(view.tasks) if task.key in standing_in}
    cards: list[Card] = []
    path: tuple[str, ...] | None = None
    for number, task in enumerate(kept, 1):
        values: dict[str, Any] = saved_fields(task)
        if typed:
            values |= {**typed.tasks.get(task.key, {}), **typed.more.get(task.key, {})}
        for name in ("lead_units", "responsible_units", "cooperating_units"):
            values[name] = shown_phrases(values[name])
        problems = tuple(wrong.get(task.key, ()))
        warnings = tuple(dict.fromkeys((*doubtful.get(task.key, ()), *task.issues)))
        told = _clash_words(clashes, task.key)
        cards.append(
            Card(
                task=task,
                number=number,
                values=values,
                source=task.key if task.key in standing_in else by_line.get(task.line_from, ""),
                problems=problems,
                warnings=warnings,
                clashes=told,
                open=bool(problems or told) or len(kept) <= FEW_TASKS,
                first_in_path=task.path != path and bool(task.path),
            )
        )
        path = task.path
    return tuple(cards)


def _by_task(issues: Iterable[Issue]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for issue in issues:
        if issue.field:
            found.setdefault(issue.field, []).append(sentence(issue))
    return found


def _clash_words(clashes: Mapping[tuple[str, str], Any], key: str) -> tuple[tuple[str, str], ...]:
    """Say for each field that two people changed what the other one saved."""
    return tuple(
        (FIELD_NAMES.get(name, name), _in_words(value)) for (owner, name), value in clashes.items() if owner == key
    )


def _in_words(value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        return shown_phrases(value) or "（空）"
    return str(value) or "（空）"


def _phrases(view: selectors.ImportView, typed: Typed | None, *, settled: bool) -> tuple[PhraseCard, ...]:
    chosen = typed.choices if typed else {}
    problems = {anchor: text for text, anchor in typed.problems} if typed else {}
    return tuple(
        PhraseCard(
            view=phrase,
            number=n,
            options=tuple((f"unit:{pk}", f"是 {name}（相近 {score:.0%}）") for pk, name, score in phrase.candidates),
            chosen=chosen.get(phrase.phrase, {}),
            problem=problems.get(f"phrase-{n}", ""),
        )
        for n, phrase in enumerate(view.phrases)
        if phrase.settled is settled
    )


def _lines(issues: Sequence[Issue], phrase_numbers: Mapping[str, int]) -> tuple[Line, ...]:
    return tuple(Line(sentence(issue), anchor_of(issue, phrase_numbers)) for issue in issues)


def anchor_of(issue: Issue, phrase_numbers: Mapping[str, int]) -> str:
    """Return the id on the screen where an issue is mended."""
    name = issue.field or ""
    if name in phrase_numbers:
        return f"phrase-{phrase_numbers[name]}"
    if name in HEADING or name in (*TEXTS, *FLAGS):
        return f"h-{name}"
    return {"tasks": "tasks", "file": "file", "": ""}.get(name, f"task-{name}")
