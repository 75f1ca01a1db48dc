"""Uploading a plan, and reading what was typed on the correction screen."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.http import QueryDict

from gongkai.features.workplans import selectors
from gongkai.features.workplans.staff.fields import UnitField

HEADING = ("title", "doc_no", "year", "issued_on")
TEXTS = ("no", "title", "text", "due_on", "due_phrase")
LISTS = ("lead_units", "responsible_units", "cooperating_units")
FLAGS = ("standing", "shared_duty")
SEPARATORS = "，,；;\n"
MOST_PHRASES = 5000


class UploadForm(forms.Form):
    """A document to be read as a plan."""

    owner = UnitField(label="主管单位", help_text="这份方案由哪个单位印发和督促落实。")
    file = forms.FileField(label="方案文件")
    force = forms.BooleanField(label="仍按方案导入", required=False, help_text="请重新选择文件；导入后逐项核对任务。")

    def __init__(
        self, *args: Any, owners: list[tuple[int, str]], unit_ids: Collection[int], limit_mb: int, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].offer(owners)
        own = [pk for pk, _ in owners if pk in unit_ids]
        if own or len(owners) == 1:
            self.fields["owner"].initial = own[0] if own else owners[0][0]
        self.fields["file"].help_text = (
            f"Word（.docx）、Excel（.xlsx）、带文字层的 PDF、网页（.html）或纯文本（.txt），不超过 {limit_mb} MB。"
            "扫描件、旧格式（.doc、.xls、.wps）请先转换。"
        )
        self.fields["file"].widget.attrs["accept"] = ".docx,.xlsx,.pdf,.html,.htm,.txt"


class DiscardForm(forms.Form):
    """Why an import is given up."""

    reason = forms.CharField(label="放弃的理由", max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))


@dataclass(frozen=True)
class Typed:
    """What a person sent from the correction screen.

    ``tasks`` maps keys to field values as the correcting service takes them; ``decisions`` maps phrases likewise;
    ``choices`` are the same as they were typed; ``more`` has by task what goes with a button (parts, reason, picked).
    ``problems`` are (sentence, anchor) of what could not even be understood.
    """

    revision: int
    heading: Mapping[str, str] = field(default_factory=dict)
    tasks: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    decisions: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    choices: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    more: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    problems: tuple[tuple[str, str], ...] = ()


def phrases_of(text: str) -> list[str]:
    """Split what was typed as units; the enumeration comma and its relatives separate, brackets hold together."""
    phrases, current, depth = [], "", 0
    for sign in text.replace("\r", ""):
        depth += (sign in "（(") - (sign in "）)")
        if sign == "、" and depth <= 0 or sign in SEPARATORS and depth <= 0:
            phrases.append(current)
            current = ""
        else:
            current += sign
    return [phrase.strip() for phrase in (*phrases, current) if phrase.strip()]


def shown_phrases(phrases: tuple[str, ...] | list[str]) -> str:
    """Write phrases the way ``phrases_of`` reads them."""
    return "、".join(phrases)


def read_typed(
    post: QueryDict, view: selectors.ImportView, *, units: Mapping[str, int], groups: Mapping[int, str]
) -> Typed:
    """Read what was sent. ``units`` maps names of today's units to ids; unknown names become problems."""
    revision = post.get("revision", "")
    problems: list[tuple[str, str]] = []
    tasks = {task.key: found for task in view.tasks if (found := _task(post, task.key))}
    decisions: dict[str, dict[str, Any]] = {}
    choices: dict[str, dict[str, str]] = {}
    # The phrase itself is sent along with its number: after somebody else's change the numbers mean other phrases.
    for number in range(MOST_PHRASES):
        if f"p{number}" not in post:
            break
        sent, chosen = post[f"p{number}"], post.get(f"p{number}-decision", "")
        if not chosen:
            continue
        raw = {
            name: post.get(f"p{number}-{name}", "").strip() for name in ("unit", "name", "kind", "parent", "remember")
        }
        choices[sent] = {"decision": chosen, **raw}
        decision = _decision(chosen, raw, units, groups)
        if isinstance(decision, str):
            problems.append((f"单位“{sent}”：{decision}", f"phrase-{number}"))
        else:
            decisions[sent] = decision
    return Typed(
        revision=int(revision) if revision.isascii() and revision.isdigit() and len(revision) < 10 else 0,
        heading={name: post[f"h-{name}"].strip() for name in HEADING if f"h-{name}" in post},
        tasks=tasks,
        decisions=decisions,
        choices=choices,
        more={task.key: _more(post, task.key) for task in view.tasks},
        problems=tuple(problems),
    )


def _task(post: QueryDict, key: str) -> dict[str, Any]:
    """Return the fields of one card; none when the card was not on the page that was sent."""
    if f"{key}-title" not in post:
        return {}
    found: dict[str, Any] = {}
    for name in TEXTS:
        if f"{key}-{name}" in post:
            found[name] = post[f"{key}-{name}"].replace("\r\n", "\n").strip()
    for name in LISTS:
        found[name] = phrases_of(post.get(f"{key}-{name}", ""))
    for name in FLAGS:
        found[name] = post.get(f"{key}-{name}") == "on"
    if post.get(f"{key}-kind") in ("task", "guarantee"):
        found["kind"] = post[f"{key}-kind"]
    return found


def _more(post: QueryDict, key: str) -> dict[str, Any]:
    return {
        "parts": post.get(f"{key}-parts", ""),
        "reason": post.get(f"{key}-reason", ""),
        "picked": key in post.getlist("merge"),
    }


def _decision(
    chosen: str, raw: Mapping[str, str], units: Mapping[str, int], groups: Mapping[int, str]
) -> dict[str, Any] | str:
    """Turn a choice into a decision of the service, or into a sentence that says what is missing."""
    kind, _, number = chosen.partition(":")
    remember = raw["remember"] == "on"
    if kind == "unit" and number.isdigit():
        return {"decision": "unit", "unit_id": int(number), "remember": remember}
    if kind == "other":
        unit_id = units.get(raw["unit"])
        if unit_id is None:
            return f"没有名为“{raw['unit']}”的单位，请从列表中选择。" if raw["unit"] else "请填写是哪个单位。"
        return {"decision": "unit", "unit_id": unit_id, "remember": remember}
    if kind == "create":
        parent_id = units.get(raw["parent"]) if raw["parent"] else None
        if raw["parent"] and parent_id is None:
            return f"没有名为“{raw['parent']}”的上级单位，请从列表中选择。"
        return {"decision": "create", "name": raw["name"], "kind": raw["kind"], "parent_id": parent_id}
    if kind == "group":
        if number.isdigit() and int(number) in groups:
            return {"decision": "group", "group_id": int(number)}
        return {"decision": "group"}
    if kind in ("text", "clear"):
        return {"decision": kind}
    return "不认识的选择。"


def saved_fields(task: selectors.ImportTask) -> dict[str, Any]:
    """Return the fields of a task as it is saved, in the shape of what is sent."""
    return {
        "no": task.no,
        "title": task.title,
        "text": task.text.replace("\r\n", "\n").strip(),
        "due_on": task.due_on.isoformat() if task.due_on else "",
        "due_phrase": task.due_phrase,
        "lead_units": list(task.lead_units),
        "responsible_units": list(task.responsible_units),
        "cooperating_units": list(task.cooperating_units),
        "standing": task.standing,
        "shared_duty": task.shared_duty,
        "kind": task.kind,
    }


def saved_heading(view: selectors.ImportView) -> dict[str, str]:
    """Return the heading as it is saved, in the shape of what is sent."""
    return {name: str(view.heading.get(name) or "") for name in HEADING}


def changes_of(typed: Typed, view: selectors.ImportView) -> dict[str, Any]:
    """Return only what differs from what is saved, as the correcting service takes it."""
    before = saved_heading(view)
    changes: dict[str, Any] = {}
    heading = {name: value for name, value in typed.heading.items() if value != before[name]}
    if heading:
        changes["heading"] = heading
    saved = {task.key: saved_fields(task) for task in view.tasks}
    tasks = {}
    for key, fields in typed.tasks.items():
        different = {name: value for name, value in fields.items() if _plain(value) != _plain(saved[key][name])}
        if different:
            tasks[key] = different
    if tasks:
        changes["tasks"] = tasks
    return changes


def _plain(value: Any) -> Any:
    """Bring a list of phrases into the form in which it is typed, so that only real changes count."""
    return phrases_of(shown_phrases(value)) if isinstance(value, list) else value
