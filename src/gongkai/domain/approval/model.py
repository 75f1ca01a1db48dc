"""What a route is made of: steps, forms, and the signatures given on them. Frozen values that know no database.

A person is told apart by a text of the caller's (``user:12``, ``contact:13800000000``); a role is the text of a post.
``AUTHOR`` in ``separate_from`` stands for everybody who edited the text since it was last published.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

AUTHOR = "author"
"""The name by which a step says that it must be somebody else than all who edited the text."""
NEVER_SIGN = frozenset({"system_administrator", "drafter"})
"""Roles that no step may ask: who runs the system and who writes the text let nothing out."""


class StepKind(StrEnum):
    """What a step is about."""

    REVIEW = "review"
    PROOF = "proof"
    CONFIDENTIALITY = "confidentiality"
    LEGALITY = "legality"
    FAIR_COMPETITION = "fair_competition"
    SIGN_OFF = "sign_off"


KIND_NAMES: Mapping[StepKind, str] = {
    StepKind.REVIEW: "审核",
    StepKind.PROOF: "校对",
    StepKind.CONFIDENTIALITY: "保密审查",
    StepKind.LEGALITY: "合法性审查",
    StepKind.FAIR_COMPETITION: "公平竞争审查",
    StepKind.SIGN_OFF: "签发",
}
DECIDING = frozenset({StepKind.REVIEW, StepKind.SIGN_OFF})


class Place(StrEnum):
    """Where the role must be held: in the text's own unit, there or in a unit above, in the disclosure authority."""

    SAME = "same"
    ABOVE = "above"
    TOP = "top"


PLACE_NAMES: Mapping[Place, str] = {Place.SAME: "本单位", Place.ABOVE: "本单位或上级单位", Place.TOP: "主管部门"}


class Purpose(StrEnum):
    """What a route is for: the usual way out, or the short way of an emergency."""

    ORDINARY = "ordinary"
    EMERGENCY = "emergency"


PURPOSE_NAMES: Mapping[Purpose, str] = {Purpose.ORDINARY: "日常发布", Purpose.EMERGENCY: "应急发布"}


class Verdict(StrEnum):
    """What a signer says."""

    SIGN = "sign"
    RETURN = "return"


VERDICT_NAMES: Mapping[Verdict, str] = {Verdict.SIGN: "同意", Verdict.RETURN: "退回修改"}
FLAG_NAMES: Mapping[str, str] = {"legality": "需要合法性审查", "fair_competition": "需要公平竞争审查"}
"""The circumstances that a step may depend on (``only_if``)."""


@dataclass(frozen=True, slots=True)
class Question:
    """One line of a form: a choice among ``options`` (code to label), or free text where there are none.

    ``stops`` are answers with which nobody may agree, only return; ``notes`` are answers that need a note, given as the
    answer ``<code>_note``.
    """

    code: str
    text: str
    options: Mapping[str, str] = field(default_factory=dict)
    required: bool = True
    stops: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def note_code(self) -> str:
        """The code under which the note to the answer is given."""
        return f"{self.code}_note"

    def as_data(self) -> dict[str, object]:
        """Return plain JSON values that ``from_data`` reads."""
        return {
            "code": self.code,
            "text": self.text,
            "options": dict(self.options),
            "order": list(self.options),
            "required": self.required,
            "stops": list(self.stops),
            "notes": list(self.notes),
        }

    @classmethod
    def from_data(cls, data: Mapping[str, object]) -> Question:
        """Read a question back; raises KeyError or TypeError for another shape.

        Options come in their ``order`` where it is told: a database that keeps JSON keeps no order of keys.
        """
        options = data.get("options") or {}
        if not isinstance(options, Mapping):
            raise TypeError("options must be a table")
        order = [code for code in _texts(data.get("order")) if code in options]
        codes = [*order, *(code for code in options if code not in order)]
        return cls(
            code=str(data["code"]),
            text=str(data["text"]),
            options={str(code): str(options[code]) for code in codes},
            required=data.get("required", True) is not False,
            stops=_texts(data.get("stops")),
            notes=_texts(data.get("notes")),
        )


@dataclass(frozen=True, slots=True)
class Form:
    """A form that belongs to a step and has to be complete before one can agree."""

    code: str
    title: str
    questions: tuple[Question, ...]
    basis: tuple[str, ...] = ()
    verified: bool = True
    note: str = ""

    def as_data(self) -> dict[str, object]:
        """Return plain JSON values that ``from_data`` reads."""
        return {
            "code": self.code,
            "title": self.title,
            "questions": [question.as_data() for question in self.questions],
            "basis": list(self.basis),
            "verified": self.verified,
            "note": self.note,
        }

    @classmethod
    def from_data(cls, data: Mapping[str, object]) -> Form:
        """Read a form back; raises KeyError or TypeError for another shape."""
        questions = data["questions"]
        if not isinstance(questions, list | tuple):
            raise TypeError("questions must be a list")
        return cls(
            code=str(data["code"]),
            title=str(data["title"]),
            questions=tuple(Question.from_data(question) for question in questions),
            basis=_texts(data.get("basis")),
            verified=data.get("verified", True) is not False,
            note=str(data.get("note") or ""),
        )


@dataclass(frozen=True, slots=True)
class Step:
    """One signature that is needed.

    Steps with the same ``order`` run side by side. ``roles`` held at ``place`` give the right to sign.
    ``separate_from`` names the steps (and ``AUTHOR``) whose persons must be others. A step with ``only_if`` is needed
    only where one of these flags is set. ``links``: somebody without an account may be asked by a one-time link.
    """

    code: str
    name: str
    kind: StepKind
    order: int
    roles: tuple[str, ...]
    place: Place = Place.SAME
    separate_from: tuple[str, ...] = ()
    due_working_days: int = 1
    form: str = ""
    only_if: tuple[str, ...] = ()
    links: bool = False

    def as_data(self) -> dict[str, object]:
        """Return plain JSON values that ``from_data`` reads."""
        return {
            "code": self.code,
            "name": self.name,
            "kind": self.kind.value,
            "order": self.order,
            "roles": list(self.roles),
            "where": self.place.value,
            "separate_from": list(self.separate_from),
            "due_working_days": self.due_working_days,
            "form": self.form,
            "only_if": list(self.only_if),
            "links": self.links,
        }

    @classmethod
    def from_data(cls, data: Mapping[str, object]) -> Step:
        """Read a step back; raises KeyError, TypeError or ValueError for another shape."""
        return cls(
            code=str(data["code"]),
            name=str(data["name"]),
            kind=StepKind(str(data["kind"])),
            order=int(str(data["order"])),
            roles=_texts(data["roles"]),
            place=Place(str(data.get("where") or Place.SAME)),
            separate_from=_texts(data.get("separate_from")),
            due_working_days=int(str(data["due_working_days"])),
            form=str(data.get("form") or ""),
            only_if=_texts(data.get("only_if")),
            links=data.get("links") is True,
        )


@dataclass(frozen=True, slots=True)
class Route:
    """The steps that lead out of the house, in one version. ``number`` 0 is the shipped one.

    ``basis`` cites what asks for it; ``verified`` is False where the basis was not seen in its source (shown as 待核).
    """

    code: str
    name: str
    steps: tuple[Step, ...]
    purpose: Purpose = Purpose.ORDINARY
    number: int = 0
    basis: tuple[str, ...] = ()
    verified: bool = True
    note: str = ""

    def step(self, code: str) -> Step | None:
        """Return the step of that code, or None."""
        return next((step for step in self.steps if step.code == code), None)

    def needed(self, flags: Iterable[str]) -> tuple[Step, ...]:
        """Return the steps that are needed under these flags, in the order in which they are taken."""
        held = frozenset(flags)
        found = [step for step in self.steps if not step.only_if or held.intersection(step.only_if)]
        return tuple(sorted(found, key=lambda step: step.order))

    def as_data(self) -> dict[str, object]:
        """Return plain JSON values that ``from_data`` reads."""
        return {
            "code": self.code,
            "name": self.name,
            "purpose": self.purpose.value,
            "number": self.number,
            "basis": list(self.basis),
            "verified": self.verified,
            "note": self.note,
            "steps": [step.as_data() for step in self.steps],
        }

    @classmethod
    def from_data(cls, data: Mapping[str, object]) -> Route:
        """Read a route back; raises KeyError, TypeError or ValueError for another shape."""
        steps = data["steps"]
        if not isinstance(steps, list | tuple):
            raise TypeError("steps must be a list")
        return cls(
            code=str(data["code"]),
            name=str(data["name"]),
            steps=tuple(Step.from_data(step) for step in steps),
            purpose=Purpose(str(data.get("purpose") or Purpose.ORDINARY)),
            number=int(str(data.get("number") or 0)),
            basis=_texts(data.get("basis")),
            verified=data.get("verified", True) is not False,
            note=str(data.get("note") or ""),
        )


@dataclass(frozen=True, slots=True)
class Capacity:
    """One right to sign: a role held at some places as seen from the text's unit.

    ``places`` says how the unit of the post stands to the text's unit (a post of the own unit is SAME and ABOVE).
    ``giver`` is the person who delegated it, None for an own post. ``ref`` is the caller's own mark and is handed back.
    """

    role: str
    places: frozenset[Place]
    giver: str | None = None
    ref: str = ""

    def fits(self, step: Step) -> bool:
        """Tell whether the step may be signed with this."""
        return self.role in step.roles and self.role not in NEVER_SIGN and step.place in self.places


@dataclass(frozen=True, slots=True)
class Signer:
    """Who wants to sign, with every right he has that day.

    ``link`` is the code of the step that a one-time link was given for; ``voucher`` the person who issued it and is
    counted with the signer where persons have to differ.
    """

    person: str
    name: str = ""
    capacities: tuple[Capacity, ...] = ()
    link: str = ""
    voucher: str | None = None


@dataclass(frozen=True, slots=True)
class Signature:
    """What somebody said at a step on a digest. ``persons`` are all who count where persons have to differ."""

    step: str
    digest: str
    verdict: Verdict
    person: str
    also: frozenset[str] = frozenset()
    remark: str = ""
    form: Mapping[str, str] = field(default_factory=dict)
    at: datetime | None = None
    name: str = ""
    capacity: Capacity | None = None

    @property
    def persons(self) -> frozenset[str]:
        """The signer, whom he signed for and who vouched for him."""
        return self.also | {self.person}


def _texts(value: object) -> tuple[str, ...]:
    if value is None:
        return ()
    if isinstance(value, str) or not isinstance(value, list | tuple):
        raise TypeError("a list of texts is needed")
    return tuple(str(part) for part in value)
