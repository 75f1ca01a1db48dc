"""A plan under preview: its tasks as people may correct them, and what each unit phrase means."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from gongkai.domain.issues import Issue
from gongkai.rulebook.messages import describe

ROLES = ("lead_units", "responsible_units", "cooperating_units")


@dataclass(frozen=True, slots=True)
class ImportTask:
    """One task of a plan under preview; units are phrases as written. ``dropped`` is the reason it is left out, or ''.

    ``parent_key`` names the task that this row of an annex splits. ``issues`` are the reader's remarks in words.
    """

    key: str
    parent_key: str
    no: str
    path: tuple[str, ...]
    title: str
    text: str
    lead_units: tuple[str, ...]
    responsible_units: tuple[str, ...]
    cooperating_units: tuple[str, ...]
    due_on: date | None
    standing: bool
    due_phrase: str
    milestones: tuple[Mapping[str, str], ...]
    duties: tuple[Mapping[str, Any], ...]
    shared_duty: bool
    kind: str
    target: str
    note: str
    line_from: int | None
    line_to: int | None
    issues: tuple[str, ...]
    dropped: str

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> ImportTask:
        """Read a task back from the working copy."""
        return cls(
            key=data["key"],
            parent_key=data.get("parent_key", ""),
            no=data.get("no", ""),
            path=tuple(data.get("path", ())),
            title=data.get("title", ""),
            text=data.get("text", ""),
            lead_units=tuple(data.get("lead_units", ())),
            responsible_units=tuple(data.get("responsible_units", ())),
            cooperating_units=tuple(data.get("cooperating_units", ())),
            due_on=date.fromisoformat(data["due_on"]) if data.get("due_on") else None,
            standing=bool(data.get("standing")),
            due_phrase=data.get("due_phrase", ""),
            milestones=tuple(data.get("milestones", ())),
            duties=tuple(data.get("duties", ())),
            shared_duty=bool(data.get("shared_duty")),
            kind=data.get("kind", "task"),
            target=data.get("target", ""),
            note=data.get("note", ""),
            line_from=data.get("line_from"),
            line_to=data.get("line_to"),
            issues=tuple(data.get("issues", ())),
            dropped=data.get("dropped", ""),
        )

    def phrases(self) -> Iterator[tuple[str, str]]:
        """Yield (role, phrase) for every unit named; role is lead, responsible or cooperating."""
        for name in ROLES:
            for phrase in getattr(self, name):
                yield name.removesuffix("_units"), phrase


@dataclass(frozen=True, slots=True)
class PhraseView:
    """What a phrase means: decided by a person, or found by itself (``decision`` is then empty).

    ``found`` is unit, group, ambiguous or unknown; ``settled`` tells whether the plan may be confirmed as far as this
    phrase goes. ``candidates`` are (unit id, name, score from 0 to 1), best first.
    """

    phrase: str
    count: int
    decision: str
    found: str
    unit_id: int | None
    unit_name: str
    group_id: int | None
    group_name: str
    members: tuple[str, ...]
    candidates: tuple[tuple[int, str, float], ...]
    settled: bool

    @property
    def meaning(self) -> str:
        """Return what the phrase will become: unit, group, text, or an empty string while that is open."""
        if not self.settled:
            return ""
        return self.decision or self.found


@dataclass(frozen=True, slots=True)
class ImportRow:
    """An import in the list of imports."""

    id: int
    name: str
    owner_name: str
    state: str
    state_name: str
    title: str
    tasks: int
    created_at: datetime
    created_by_name: str
    plan_id: int | None


@dataclass(frozen=True, slots=True)
class ImportView:
    """Everything the preview shows; ``problems`` stop the confirmation, ``warnings`` do not."""

    id: int
    name: str
    state: str
    revision: int
    owner_id: int
    owner_name: str
    heading: Mapping[str, Any]
    source: Sequence[Mapping[str, Any]]
    tasks: tuple[ImportTask, ...]
    phrases: tuple[PhraseView, ...]
    schedule: Sequence[Mapping[str, Any]]
    problems: tuple[Issue, ...]
    warnings: tuple[Issue, ...]
    corrections: Sequence[Mapping[str, Any]]
    file_id: int
    plan_id: int | None
    duplicate_plan_id: int | None
    reader_remarks: tuple[str, ...] = field(default=())

    @property
    def can_confirm(self) -> bool:
        """Tell whether nothing stands against confirming."""
        return self.state == "open" and not self.problems

    @property
    def problem_texts(self) -> list[str]:
        """Return the problems as sentences."""
        return [describe(issue) for issue in self.problems]

    @property
    def warning_texts(self) -> list[str]:
        """Return the warnings as sentences."""
        return [describe(issue) for issue in self.warnings]
