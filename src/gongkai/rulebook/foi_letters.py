"""The letters as ``gongkai.domain.foi.letters`` takes them: one rule a letter, with the shared lists of fields and passages."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from gongkai.domain.deadlines import Unit
from gongkai.domain.foi.letters import (
    PART_KEYS,
    REMEDY,
    BodyPart,
    Direction,
    FieldKind,
    LetterField,
    LetterForm,
    LetterRoute,
)
from gongkai.domain.foi.sending import OutdatedPhrase
from gongkai.rulebook.held import HeldRules, Table
from gongkai.rulebook.lookup import NotInForce, Rulebook, Value
from gongkai.rulebook.schema import NATION, Status

PREFIX = "foi.letter."
_KEYS = (
    "phase",
    "direction",
    "route",
    "base",
    "needs",
    "may",
    "any_of",
    "prints",
    "fixed",
    "body",
    "call",
    "once",
    "limit",
)
_PLACE = re.compile(r"\{\{-?\s*([a-z_]+)(?:\.([a-z_0-9]+))?\s*-?\}\}")
_UNITS = {Unit.WORKING_DAY: "个工作日", Unit.CALENDAR_DAY: "日", Unit.MONTH: "个月", Unit.YEAR: "年"}


@dataclass(frozen=True, slots=True)
class Typeface:
    """A font by its name and its size in points."""

    font: str
    points: float


@dataclass(frozen=True, slots=True)
class Layout:
    """The page of a letter: sizes in millimeters (margins top, right, bottom, left), line spacing in points."""

    page_mm: tuple[int, int]
    margins_mm: tuple[int, int, int, int]
    title: Typeface
    heading: Typeface
    body: Typeface
    line_points: float
    status: Status


@dataclass(frozen=True)
class LetterRules:
    """All letters by code, the layout of the shipped templates, and phrases of law that is gone."""

    letters: Mapping[str, LetterForm]
    layout: Layout
    outdated: tuple[OutdatedPhrase, ...]


def letter_rules(book: Rulebook, *, on: date, layer: str = NATION) -> LetterRules:
    """Return the letters in force on a day in a layer.

    Raises NotInForce for days before the Regulations of 2019, RulebookInvalid with every fault.
    """
    held = HeldRules(book, on=on, layer=layer)
    fields = _fields(_shared(held, "fields"))
    bases, passages = _shared(held, "bases"), _shared(held, "passages")
    letters = {}
    for name, value, table in held.each(PREFIX):
        letter = _letter(name, value, table, fields, bases, passages, held)
        letters[letter.code] = letter
    layout = _layout(_shared(held, "layout"), held)
    outdated = held.one("foi.letters.outdated")
    phrases = tuple(_phrases(outdated[1])) if outdated else ()
    held.finish()
    return LetterRules(letters, layout, phrases)


def letter_code(name: str) -> str:
    """Return the code of a letter from the end of its rule's id: l10_granted → L10_granted."""
    return name[:1].upper() + name[1:]


def _shared(held: HeldRules, name: str) -> Table:
    rule = f"foi.letters.{name}"
    found = held.one(rule)
    if found is None:
        raise NotInForce(rule, held.on)
    return found[1]


def _inner(table: Table, key: str) -> Table:
    value = table.values.get(key)
    if not isinstance(value, dict):
        table.wrong(key, "键值表")
        value = {}
    return Table(value, file=table.file, path=f"{table.path}.{key}", faults=table.faults)


def _fields(table: Table) -> dict[str, LetterField]:
    table.only(*FieldKind, "defaults")
    defaults = _inner(table, "defaults")
    fields = {}
    for kind in FieldKind:
        labels = _inner(table, kind)
        for code in labels.values:
            default = defaults.text(code, optional=True) if code in defaults.values else ""
            fields[code] = LetterField(code, labels.text(code), kind, default)
    return fields


def _letter(
    name: str,
    value: Value,
    table: Table,
    fields: Mapping[str, LetterField],
    bases: Table,
    passages: Table,
    held: HeldRules,
) -> LetterForm:
    table.only(*_KEYS)
    base = _inner(bases, table.text("base"))
    limit = table.text("limit", optional=True)
    words = _limit_words(limit, held) if limit else ""
    fixed = _inner(table, "fixed") if "fixed" in table.values else Table({}, file="", path="", faults=held.faults)
    fixed_words = {code: fixed.text(code).replace("{limit}", words) for code in fixed.values}
    needs = (*base.texts("needs"), *table.texts("needs", optional=True))
    may = (*base.texts("may"), *table.texts("may", optional=True))
    letter = LetterForm(
        code=letter_code(name),
        title=value.title,
        phase=table.text("phase"),
        direction=table.choice("direction", Direction),
        route=table.choice("route", LetterRoute),
        fields=fields,
        needs=tuple(code for code in dict.fromkeys(table.known("needs", needs, fields)) if code not in fixed_words),
        may=tuple(code for code in dict.fromkeys(table.known("may", may, fields)) if code not in (*needs, REMEDY)),
        any_of=table.known("any_of", table.texts("any_of", optional=True), fields),
        prints=table.known("prints", table.texts("prints", optional=True), fields),
        fixed={code: text for code, text in fixed_words.items() if table.known("fixed", (code,), fields)},
        body=tuple(_part(one, passages) for one in _body(table)),
        call=table.text("call", optional=True) or "本告知书",
        once=table.flag("once", default=False),
        limit=limit,
        verified=value.status is Status.VERIFIED,
        note=value.note,
        basis=value.basis,
    )
    _check_body(letter, table)
    return letter


def _limit_words(rule: str, held: HeldRules) -> str:
    found = held.one(rule)
    if found is None or found[0].number is None or found[0].unit is None:
        return ""
    return f"{found[0].number}{_UNITS.get(found[0].unit, '')}"


def _body(table: Table) -> list[Table]:
    """The parts of the body as tables; a plain text is a paragraph."""
    value = table.values.get("body")
    if not isinstance(value, list) or not value or not all(isinstance(one, str | dict) for one in value):
        table.wrong("body", "段落的列表")
        return []
    rows = [{"text": one} if isinstance(one, str) else one for one in value]
    return [
        Table(row, file=table.file, path=f"{table.path}.body[{n}]", faults=table.faults) for n, row in enumerate(rows)
    ]


def _part(table: Table, passages: Table) -> BodyPart:
    table.only("text", "passage", "heading", "when", "each", "rows")
    if "passage" in table.values:
        return BodyPart(text=passages.text(table.text("passage")))
    if "heading" in table.values:
        return BodyPart(text=table.text("heading"), heading=True)
    if "rows" in table.values:
        rows = table.values["rows"]
        if not isinstance(rows, list) or not all(isinstance(row, list) and len(row) == 2 for row in rows):
            table.wrong("rows", "名称和内容的列表")
            return BodyPart()
        return BodyPart(rows=tuple((str(label), str(text)) for label, text in rows))
    when, each = table.text("when", optional=True), table.text("each", optional=True)
    return BodyPart(text=table.text("text"), when=when, each=each)


def _check_body(letter: LetterForm, table: Table) -> None:
    """Every place in the body is a field of the letter, and what must be printed is."""
    used = {"title"}
    for part in letter.body:
        used.update(name for name in (part.when, part.each) if name)
        for text in (part.text, *(text for _, text in part.rows)):
            for name, key in _PLACE.findall(text):
                if part.each and (name, key) in {("item", ""), ("loop", "index"), *(("item", k) for k in PART_KEYS)}:
                    continue
                used.add(f"{name}.{key}" if key else name)
    table.known("body", tuple(sorted(used - {"title"})), dict.fromkeys(letter.known))
    by_frame = {"issuer", "doc_no", "addressee", "date", REMEDY}
    for code in letter.printed:
        if code not in used and code not in by_frame:
            table.wrong("body", f"载有“{letter.fields[code].label}”（{code}）的段落")
    for code, words in letter.fixed.items():
        table.known(f"fixed.{code}", tuple(re.findall(r"\{([a-z_]+)\}", words)), dict.fromkeys(letter.known))


def _layout(table: Table, held: HeldRules) -> Layout:
    table.only("page_mm", "margins_mm", "title", "heading", "body", "line_points")
    value = held.one("foi.letters.layout")
    return Layout(
        page_mm=_numbers(table, "page_mm", 2)[:2],  # type: ignore[arg-type]
        margins_mm=_numbers(table, "margins_mm", 4)[:4],  # type: ignore[arg-type]
        title=_typeface(table, "title"),
        heading=_typeface(table, "heading"),
        body=_typeface(table, "body"),
        line_points=table.number("line_points", least=1),
        status=value[0].status if value else Status.UNVERIFIED,
    )


def _numbers(table: Table, key: str, count: int) -> tuple[int, ...]:
    value = table.values.get(key)
    if isinstance(value, list) and len(value) == count and all(isinstance(one, int) and one > 0 for one in value):
        return tuple(value)
    table.wrong(key, f"{count}个正整数")
    return (1,) * count


def _typeface(table: Table, key: str) -> Typeface:
    inner = _inner(table, key)
    inner.only("font", "points")
    return Typeface(inner.text("font"), inner.number("points", least=1))


def _phrases(table: Table) -> list[OutdatedPhrase]:
    found = []
    for one in table.tables("phrases"):
        one.only("pattern", "words")
        try:
            found.append(OutdatedPhrase(re.compile(one.text("pattern")), one.text("words")))
        except re.error:
            one.wrong("pattern", "正则表达式")
    return found
