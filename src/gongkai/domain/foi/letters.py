"""Letters and forms (文书): what each must carry, the values that fill it, and the checks before it is sent.

What a letter is and which words of the law it repeats comes from the rulebook (``gongkai.rulebook.foi_letters``); the DOCX
that carries it is made in ``gongkai.kernel.letters``. Nothing here knows files.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from gongkai.domain.foi.dispositions import DecisionGround
from gongkai.domain.issues import Basis, Issue

REMEDY = "remedy"
PART_KEYS = ("part", "reason", "article")
"""The keys of one withheld part: what, why, under which article."""
VERBATIM = frozenset({"request", "question"})
"""What is quoted or asked stays as it was written; other texts lose their last stop, which the template sets."""
_CARRIED = re.compile(r"\{([a-z_]+)\}")
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


class FieldKind(StrEnum):
    """The form of a value: a text, a day, a list of texts, or a list of withheld parts."""

    TEXT = "text"
    DAY = "day"
    LINES = "lines"
    PARTS = "parts"


KIND_NAMES: Mapping[FieldKind, str] = {
    FieldKind.TEXT: "文字",
    FieldKind.DAY: "日期",
    FieldKind.LINES: "逐条列出的文字",
    FieldKind.PARTS: "逐条列出的部分、理由和条款",
}


class Direction(StrEnum):
    """Where a paper goes."""

    IN = "in"
    INTERNAL = "internal"
    TO_APPLICANT = "to_applicant"
    TO_THIRD_PARTY = "to_third_party"
    FROM_THIRD_PARTY = "from_third_party"
    TO_ORGAN = "to_organ"


OUTGOING = frozenset({Direction.TO_APPLICANT, Direction.TO_THIRD_PARTY, Direction.TO_ORGAN})


class LetterRoute(StrEnum):
    """Which remedies a letter tells: none by its nature, those of the result it carries, or always either."""

    NONE = "none"
    PROCEDURAL = "procedural"
    BY_DISPOSITION = "by_disposition"
    FREE_CHOICE = "free_choice"


@dataclass(frozen=True, slots=True)
class LetterField:
    """One value a letter carries; ``default`` stands where nothing is given."""

    code: str
    label: str
    kind: FieldKind
    default: str = ""


@dataclass(frozen=True, slots=True)
class BodyPart:
    """A piece of the shipped template: a paragraph, shown only ``when`` a field has a value, once for ``each`` of a list.

    ``rows`` make a table of label and text instead.
    """

    text: str = ""
    heading: bool = False
    when: str = ""
    each: str = ""
    rows: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class LetterForm:
    """One letter: ``needs`` must have values, of ``any_of`` at least one, ``prints`` and ``may`` can have some.

    Every template has a place for what it ``prints``; ``fixed`` words come from the rule. ``call`` is how the letter names itself. ``once``: a case has it at most once. ``limit`` names the rule of its period.
    """

    code: str
    title: str
    phase: str
    direction: Direction
    route: LetterRoute
    fields: Mapping[str, LetterField]
    needs: tuple[str, ...]
    may: tuple[str, ...]
    any_of: tuple[str, ...]
    prints: tuple[str, ...]
    fixed: Mapping[str, str]
    body: tuple[BodyPart, ...]
    call: str
    once: bool
    limit: str
    verified: bool
    note: str
    basis: tuple[Basis, ...]

    @property
    def tells_remedies(self) -> bool:
        """Tell whether the letter has a place for the paragraphs on remedies."""
        return self.route in (LetterRoute.BY_DISPOSITION, LetterRoute.FREE_CHOICE)

    @property
    def known(self) -> tuple[str, ...]:
        """Return the fields a template may use, in order."""
        remedy = (REMEDY,) if self.tells_remedies else ()
        return tuple(dict.fromkeys((*self.needs, *self.any_of, *self.prints, *self.fixed, *remedy, *self.may)))

    @property
    def printed(self) -> tuple[str, ...]:
        """Return the fields every template of the letter must have a place for; those in fixed words stand there."""
        remedy = (REMEDY,) if self.tells_remedies else ()
        carried = {code for words in self.fixed.values() for code in _CARRIED.findall(words)}
        wanted = dict.fromkeys((*self.needs, *self.any_of, *self.prints, *self.fixed, *remedy))
        return tuple(code for code in wanted if code not in carried)


def day_words(day: date) -> str:
    """Write a day as letters do: 2026年11月20日."""
    return f"{day.year}年{day.month}月{day.day}日"


def citation_text(grounds: Collection[DecisionGround]) -> str:
    """Write the provisions of grounds, law by law: 《…条例》第十五条、第三十二条.

    A ground that no law provides for is named in its own words.
    """
    laws: dict[str, list[str]] = {}
    for ground in grounds:
        articles = laws.setdefault(ground.law or ground.words, [])
        if ground.article and ground.article not in articles:
            articles.append(ground.article)
    return "和".join(law + "、".join(articles) for law, articles in laws.items())


def letter_context(form: LetterForm, values: Mapping[str, object]) -> tuple[dict[str, object], tuple[Issue, ...]]:
    """Turn the values of a letter into what its template is filled with, and tell everything that is wrong with them.

    Days become Chinese text, lists stay lists, what was not given is empty, and the fixed words of the law are put in.
    With issues the context must not be used.
    """
    issues = [*_unknown(form, values)]
    context: dict[str, object] = {"title": form.title}
    for code in form.known:
        if code in form.fixed:
            continue
        field = form.fields[code]
        value = values.get(code)
        if value is None or value in ("", [], ()):
            context[code] = field.default if field.kind in (FieldKind.TEXT, FieldKind.DAY) else []
            if code in form.needs and not field.default:
                told = {"field": field.label, "letter": form.title}
                issues.append(Issue("foi.letter.field_missing", code, told, basis=form.basis))
            continue
        written = _written(field.kind, value)
        if isinstance(written, str) and code not in VERBATIM:
            written = written.rstrip("。；;，,") or written
        if written is None:
            told = {"field": field.label, "letter": form.title, "kind": KIND_NAMES[field.kind]}
            issues.append(Issue("foi.letter.field_form", code, told))
        elif any(_UNPRINTABLE.search(text) for text in _texts(written)):
            issues.append(Issue("foi.letter.field_unprintable", code, {"field": field.label, "letter": form.title}))
        else:
            context[code] = written
    if form.any_of and not any(context.get(code) for code in form.any_of):
        told = {"fields": "、".join(form.fields[code].label for code in form.any_of), "letter": form.title}
        issues.append(Issue("foi.letter.any_missing", form.any_of[0], told, basis=form.basis))
    if not issues:
        plain = {code: value for code, value in context.items() if isinstance(value, str)}
        context.update({code: words.format_map(plain) for code, words in form.fixed.items()})
    return context, tuple(issues)


def sample_values(form: LetterForm, *, day: date) -> dict[str, object]:
    """Return values that fill a letter for a look at its template: each says which field it stands for."""
    values: dict[str, object] = {}
    for code in form.known:
        if code in form.fixed:
            continue
        field = form.fields[code]
        values[code] = {
            FieldKind.TEXT: field.default or f"（{field.label}）",
            FieldKind.DAY: day,
            FieldKind.LINES: [f"（{field.label}一）", f"（{field.label}二）"],
            FieldKind.PARTS: [{"part": "（部分一）", "reason": "（理由一）", "article": "（条款一）"}],
        }[field.kind]
    return values


def _unknown(form: LetterForm, values: Mapping[str, object]) -> Iterator[Issue]:
    for code in values:
        if code in form.fixed:
            told = {"field": form.fields[code].label, "letter": form.title}
            yield Issue("foi.letter.field_fixed", code, told)
        elif code not in form.known:
            labels = "、".join(form.fields[known].label for known in form.known)
            yield Issue("foi.letter.field_unknown", code, {"field": code, "letter": form.title, "known": labels})


def _written(kind: FieldKind, value: object) -> object | None:
    """Return the value as the template takes it, None when it is not of its kind."""
    if kind is FieldKind.TEXT:
        return _plain(value) if isinstance(value, str) and value.strip() else None
    if kind is FieldKind.DAY:
        return day_words(value) if isinstance(value, date) else None
    if not isinstance(value, list | tuple):
        return None
    if kind is FieldKind.LINES:
        lines = [_plain(one) for one in value if isinstance(one, str) and one.strip()]
        return lines if len(lines) == len(value) else None
    parts = [_part(one) for one in value]
    return None if None in parts else parts


def _plain(text: str) -> str:
    """One kind of line break, nothing around it."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def _part(value: object) -> dict[str, str] | None:
    if not isinstance(value, Mapping) or set(value) != set(PART_KEYS):
        return None
    part = {key: _plain(str(value[key])).rstrip("。；;，,") for key in PART_KEYS}
    return part if all(part.values()) else None


def _texts(written: object) -> Iterator[str]:
    if isinstance(written, str):
        yield written
    elif isinstance(written, list):
        for one in written:
            yield from _texts(one)
    elif isinstance(written, dict):
        yield from written.values()
