"""What the Regulations say about items: grounds, kinds of items, the directory's columns, subject classes.

The files lie in ``data/disclosure``; everything that is wrong with one is told at once. Whoever asks gets frozen values.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources

import yaml

from gongkai.domain.issues import Basis, Issue
from gongkai.rulebook.loader import RulebookInvalid
from gongkai.rulebook.schema import NATION, Status

ATTRIBUTES = ("proactive", "on_application", "withheld")
FIELDS = ("issuer", "doc_no", "written_on", "issued_on", "effective_on", "subject", "summary", "keywords")
LEVELS = ("", "county", "town")
_LOADER: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Ground:
    """Why an item has its attribute: ``words`` of the law, which attributes it serves, whether a note is needed."""

    code: str
    words: str
    article: str
    attributes: tuple[str, ...]
    note_needed: bool
    status: Status
    basis: Basis

    @property
    def label(self) -> str:
        """Return article and words in one line; unverified ones say so."""
        mark = "（待核）" if self.status is Status.UNVERIFIED else ""
        return f"{self.article}：{self.words}{mark}"


@dataclass(frozen=True, slots=True)
class ItemKind:
    """A kind of item: required fields of the content, reviews its route needs, defaults, months until the next look."""

    code: str
    name: str
    column: str
    grounds: tuple[str, ...]
    required: tuple[str, ...]
    normative: bool
    legality: bool
    fair_competition: bool
    review_months: int
    status: Status
    note: str

    @property
    def flags(self) -> frozenset[str]:
        """Return the flags of the approval route: ``legality``, ``fair_competition``."""
        wanted = {"legality": self.legality, "fair_competition": self.fair_competition}
        return frozenset(name for name, on in wanted.items() if on)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the directory; ``statutory`` is the item of article 20 or the article it serves (20.7, 21)."""

    code: str
    name: str
    parent: str
    statutory: str
    words: str
    level: str
    order: int
    status: Status


@dataclass(frozen=True, slots=True)
class SubjectClass:
    """A subject class (主题分类); ``parent`` is empty on the first level, ``local`` the name used by local governments."""

    code: str
    name: str
    parent: str
    local: str


@dataclass(frozen=True, slots=True)
class DisclosureRules:
    """All of it, by code."""

    grounds: Mapping[str, Ground]
    kinds: Mapping[str, ItemKind]
    columns: Mapping[str, Column]
    subjects: Mapping[str, SubjectClass]

    def subject_path(self, code: str) -> str:
        """Return a subject class as it is shown: 综合政务\\政务公开; the code itself where it is unknown."""
        found = self.subjects.get(code)
        if found is None:
            return code
        above = self.subjects.get(found.parent)
        return f"{above.name}\\{found.name}" if above else found.name


@cache
def disclosure_rules() -> DisclosureRules:
    """Return the shipped rules, read once; raises RulebookInvalid."""
    folder = resources.files("gongkai.rulebook") / "data" / "disclosure"
    names = ("grounds", "item_kinds", "directory", "subject_classes")
    return read_rules({name: (folder / f"{name}.yaml").read_text(encoding="utf-8") for name in names})


def read_rules(texts: Mapping[str, str]) -> DisclosureRules:
    """Read the four files from their texts (grounds, item_kinds, directory, subject_classes); raises RulebookInvalid."""
    faults: list[Issue] = []
    files = {name: _File(f"disclosure/{name}.yaml", text, faults) for name, text in texts.items()}
    grounds = {g.code: g for g in _grounds(files["grounds"])}
    subjects = {s.code: s for s in _subjects(files["subject_classes"])}
    columns = {c.code: c for c in _columns(files["directory"])}
    kinds = {k.code: k for k in _kinds(files["item_kinds"], grounds, columns)}
    if faults:
        raise RulebookInvalid(faults)
    return DisclosureRules(grounds, kinds, columns, subjects)


class _File:
    """One file while it is read; faults are noted and reading goes on."""

    def __init__(self, source: str, text: str, faults: list[Issue]) -> None:
        self.source, self.faults = source, faults
        self.data: Mapping[str, object] = {}
        try:
            data = yaml.load(text, Loader=_LOADER)
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            where = f"第{mark.line + 1}行" if mark is not None else "文件"
            faults.append(Issue("rulebook.file.unreadable", None, {"file": source, "where": where}))
            return
        if isinstance(data, dict):
            self.data = data

    def entries(self, key: str, known: set[str]) -> Iterator[tuple[str, dict[str, object]]]:
        """Yield path and table of each entry; unknown keys, missing codes and codes used twice are faults."""
        rows = self.data.get(key)
        if not isinstance(rows, list) or not rows:
            self.wrong(key, "至少一条的列表")
            return
        seen: set[str] = set()
        for number, row in enumerate(rows):
            path = f"{key}[{number}]"
            if not isinstance(row, dict):
                self.wrong(path, "键值表")
                continue
            for name in sorted(set(row) - known):
                values = {"file": self.source, "key": f"{path}.{name}", "known": "、".join(sorted(known))}
                self.faults.append(Issue("rulebook.key.unknown", name, values))
            code = row.get("code")
            if not isinstance(code, str) or not code or not isinstance(row.get("name", row.get("words")), str):
                self.wrong(f"{path}.code", "代码和中文名称")
                continue
            if code in seen:
                values = {"file": self.source, "id": code, "other": self.source}
                self.faults.append(Issue("rulebook.rule.twice", code, values))
                continue
            seen.add(code)
            yield path, row

    def wrong(self, path: str, expected: str) -> None:
        """Note that the value at ``path`` is not of the expected form."""
        values = {"file": self.source, "key": path, "expected": expected}
        self.faults.append(Issue("rulebook.key.type", path, values))

    def choice(self, path: str, value: object, choices: tuple[str, ...]) -> str:
        """Return the value when it is one of the choices, else note it and return the first."""
        if isinstance(value, str) and value in choices:
            return value
        values = {"file": self.source, "key": path, "choices": "、".join(choices)}
        self.faults.append(Issue("rulebook.key.choice", path, values))
        return choices[0]

    def status(self, path: str, row: Mapping[str, object]) -> Status:
        """Return whether the entry was seen in its source; it has to say."""
        return Status(self.choice(f"{path}.status", row.get("status"), tuple(Status)))

    def choices(self, path: str, value: object, known: tuple[str, ...]) -> tuple[str, ...]:
        """Return a list of choices without doubles."""
        if not isinstance(value, list):
            self.wrong(path, "列表")
            return ()
        return tuple(dict.fromkeys(self.choice(path, one, known) for one in value))


def _text(row: Mapping[str, object], key: str) -> str:
    return str(row.get(key) or "")


def _grounds(file: _File) -> Iterator[Ground]:
    law, since = str(file.data.get("law") or ""), file.data.get("in_force_from")
    if not law or not isinstance(since, date):
        file.wrong("law", "法规名称和施行日期")
        since = date.min
    keys = {"code", "words", "article", "attributes", "note", "status"}
    for path, row in file.entries("grounds", keys):
        article, status = _text(row, "article"), file.status(path, row)
        if not article:
            values = {"file": file.source, "key": f"{path}.article"}
            file.faults.append(Issue("rulebook.citation.missing", path, values))
        code = str(row["code"])
        yield Ground(
            code=code,
            words=_text(row, "words"),
            article=article,
            attributes=file.choices(f"{path}.attributes", row.get("attributes"), ATTRIBUTES),
            note_needed=file.choice(f"{path}.note", row.get("note"), ("always", "never")) == "always",
            status=status,
            basis=Basis(f"disclosure.{code}", f"{law}{article}", status.value, NATION, since.isoformat()),
        )


def _kinds(file: _File, grounds: Mapping[str, Ground], columns: Mapping[str, Column]) -> Iterator[ItemKind]:
    flags = ("normative", "legality", "fair_competition")
    keys = {"code", "name", "column", "grounds", "required", "review_months", "status", "note", *flags}
    for path, row in file.entries("kinds", keys):
        months = row.get("review_months")
        if not isinstance(months, int) or isinstance(months, bool) or months < 1:
            file.wrong(f"{path}.review_months", "不小于1的整数")
            months = 12
        for name in flags:
            if not isinstance(row.get(name, False), bool):
                file.wrong(f"{path}.{name}", "true 或 false")
        yield ItemKind(
            code=str(row["code"]),
            name=_text(row, "name"),
            column=file.choice(f"{path}.column", row.get("column"), tuple(columns) or ("",)),
            grounds=file.choices(f"{path}.grounds", row.get("grounds"), tuple(grounds) or ("",)),
            required=file.choices(f"{path}.required", row.get("required"), FIELDS),
            normative=row.get("normative") is True,
            legality=row.get("legality") is True,
            fair_competition=row.get("fair_competition") is True,
            review_months=months,
            status=file.status(path, row),
            note=_text(row, "note"),
        )


def _columns(file: _File) -> Iterator[Column]:
    seen: list[str] = []
    keys = {"code", "name", "parent", "statutory", "words", "level", "status"}
    for order, (path, row) in enumerate(file.entries("columns", keys), 1):
        parent = _text(row, "parent")
        if parent and parent not in seen:
            file.choice(f"{path}.parent", parent, tuple(seen) or ("",))
        seen.append(str(row["code"]))
        yield Column(
            code=str(row["code"]),
            name=_text(row, "name"),
            parent=parent,
            statutory=_text(row, "statutory"),
            words=_text(row, "words"),
            level=file.choice(f"{path}.level", row.get("level", ""), LEVELS),
            order=order,
            status=file.status(path, row),
        )


def _subjects(file: _File) -> Iterator[SubjectClass]:
    seen: list[str] = []
    for path, row in file.entries("classes", {"code", "name", "parent", "local", "status"}):
        parent = _text(row, "parent")
        if parent and parent not in seen:
            file.choice(f"{path}.parent", parent, tuple(seen) or ("",))
        seen.append(str(row["code"]))
        file.status(path, row)
        yield SubjectClass(str(row["code"]), _text(row, "name"), parent, _text(row, "local"))
