"""The rules of the content check: those that ship with the program, and the lexicons of the office.

An office keeps its own words in ``<GONGKAI_RULES_DIR>/content/``: ``*.txt`` with a word a line, ``*.yaml`` in the form of
the shipped file, and ``allow.txt`` (or ``允许.txt``) with phrases and phone numbers that are right. Everything that is
wrong with these files is told at once.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import yaml

from gongkai.domain.issues import Issue
from gongkai.domain.personal_data import Headers, Mask, PersonalRules, Rule
from gongkai.domain.wording import Grade, LeaderTable, Lexicon, Matcher, Term
from gongkai.kernel.content.matcher import MOST_WORDS, HyperscanMatcher
from gongkai.kernel.errors import Refused

FOLDER = "content"
ALLOWED_NAMES = frozenset({"allow.txt", "允许.txt"})
_SEPARATOR = re.compile(r"\t+|\s*=>\s*|\s*→\s*")
_NUMBER = re.compile(r"[0-9][0-9 ()-]{5,}[0-9]")
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class ContentRulesInvalid(Refused):
    """Lexicon files that cannot be used; ``issues`` names every fault with its file and line."""


@dataclass(frozen=True)
class ContentRules:
    """Everything the check needs, compiled once; ``hidden`` are the grades of hidden content by code.

    ``in_lists`` gives for a kind of personal data the graver kind it counts as in a list of persons. ``leaders`` is the
    office's table of names, where it keeps one; ``version`` names exactly these rules, empty where nobody keeps results.
    """

    lexicon: Lexicon
    matcher: Matcher
    personal: PersonalRules
    headers: Headers
    hidden: Mapping[str, Grade]
    in_lists: Mapping[str, str] = field(default_factory=dict)
    leaders: LeaderTable | None = None
    version: str = ""

    def on_day(self, day: date) -> ContentRules:
        """Return the same rules for a text of a date, by whose posts the titles of leaders are judged."""
        return self if self.leaders is None else replace(self, leaders=self.leaders.on_day(day))


@dataclass
class _Own:
    """What is read from the files of an office."""

    terms: dict[str, Term]
    allowed: list[str]
    disabled: set[str]
    issues: list[Issue]


@dataclass(frozen=True, slots=True)
class OfficeWords:
    """What the lexicon files of an office say: terms by rule, allowed phrases, shipped rules switched off."""

    terms: Mapping[str, Term]
    allowed: tuple[str, ...]
    disabled: frozenset[str]


def office_words(folder: Path | None, *, files: Sequence[Path] = ()) -> OfficeWords:
    """Read the lexicons of an office below ``folder`` and in further ``files``; raises ContentRulesInvalid."""
    own = _Own({}, [], set(), [])
    if folder is not None and not folder.is_dir():
        own.issues.append(Issue("content.rules.no_folder", None, {"file": str(folder)}))
    elif folder is not None and (folder / FOLDER).is_dir():
        _read_folder(folder / FOLDER, own)
    for path in files:
        if path.suffix in {".txt", ".yaml", ".yml"}:
            _read_lexicon(path, own)
        else:
            own.issues.append(Issue("content.rules.suffix", None, {"file": path.name}))
    if own.issues:
        raise ContentRulesInvalid(own.issues)
    return OfficeWords(own.terms, tuple(own.allowed), frozenset(own.disabled))


def load_rules(folder: Path | None = None, *, files: Sequence[Path] = (), cache: Path | None = None) -> ContentRules:
    """Read the shipped rules and, below ``folder`` and in ``files``, the lexicons of the office; compile them.

    ``cache`` is a folder in which large compiled lexicons are kept between runs. Raises ContentRulesInvalid.
    """
    own = office_words(folder, files=files)
    return build_rules(own.terms, own.allowed, disabled=own.disabled, cache=cache)


def build_rules(
    terms: Mapping[str, Term],
    allowed: Sequence[str] = (),
    *,
    disabled: Collection[str] = (),
    leaders: LeaderTable | None = None,
    version: str = "",
    cache: Path | None = None,
) -> ContentRules:
    """Compile the shipped rules with ``terms`` (the same rule takes the place of a shipped one) and allowed phrases.

    Raises ContentRulesInvalid when there are more words than one lexicon may have.
    """
    lexicon = build_lexicon(terms, allowed, disabled=disabled)
    if len(lexicon.words) > MOST_WORDS:
        values = {"count": len(lexicon.words), "limit": MOST_WORDS}
        raise ContentRulesInvalid([Issue("content.rules.too_many", None, values)])
    return rules_for(lexicon, HyperscanMatcher(lexicon.words, cache=cache), allowed, leaders=leaders, version=version)


def build_lexicon(terms: Mapping[str, Term], allowed: Sequence[str] = (), *, disabled: Collection[str] = ()) -> Lexicon:
    """Return the shipped terms with those given, without those switched off."""
    every = {rule: term for rule, term in {**_shipped_terms(), **terms}.items() if rule not in disabled}
    return Lexicon(every.values(), allowed)


def rules_for(
    lexicon: Lexicon,
    matcher: Matcher,
    allowed: Sequence[str] = (),
    *,
    leaders: LeaderTable | None = None,
    version: str = "",
) -> ContentRules:
    """Put the shipped rules of personal data beside a lexicon and the matcher that finds its words."""
    numbers = frozenset(re.sub("[^0-9]", "", phrase) for phrase in allowed if _NUMBER.fullmatch(phrase))
    kinds, headers, hidden, in_lists = _shipped_personal()
    return ContentRules(
        lexicon=lexicon,
        matcher=matcher,
        personal=PersonalRules(kinds=kinds, allowed=numbers),
        headers=headers,
        hidden=hidden,
        in_lists=in_lists,
        leaders=leaders,
        version=version,
    )


@cache
def shipped_rules() -> ContentRules:
    """Return the rules that ship with the program, compiled once a process."""
    return load_rules()


@cache
def personal_rules() -> PersonalRules:
    """Return the shipped rules of personal data alone: without a lexicon they cost nothing to load."""
    return PersonalRules(kinds=_shipped_personal()[0])


@cache
def _shipped_terms() -> Mapping[str, Term]:
    return {entry["id"]: term_from_data(entry) for entry in _data("wording")["term_rules"]}


def _shipped_personal() -> tuple[dict[str, Rule], Headers, dict[str, Grade], dict[str, str]]:
    data = _data("personal_data")
    kinds = {
        kind["code"]: Rule(kind["rule"], Grade(kind["level"]), Mask(kind["mask"]["head"], kind["mask"]["tail"]))
        for kind in data["kinds"]
    }
    headers = Headers(**{key: tuple(words) for key, words in data["headers"].items()})
    hidden = {entry["code"]: Grade(entry["level"]) for entry in data["hidden"]}
    return kinds, headers, hidden, dict(data["in_lists"])


@cache
def _data(name: str) -> Any:
    file = resources.files("gongkai.rulebook") / "data" / FOLDER / f"{name}.yaml"
    return yaml.load(file.read_text(encoding="utf-8"), Loader=_LOADER)


def term_from_data(entry: Mapping[str, Any]) -> Term:
    """Build a term from its entry in a rule file; raises KeyError, TypeError, ValueError or re.error for a bad one."""
    wrong = entry.get("wrong")
    words = (str(wrong), *map(str, entry.get("also") or ())) if wrong is not None else ()
    pattern = str(entry.get("pattern") or "")
    re.compile(pattern)
    return Term(
        rule=str(entry["id"]),
        grade=Grade(str(entry.get("level", "L3"))),
        replacement=str(entry.get("right") or ""),
        words=words,
        pattern=pattern,
        anchors=tuple(map(str, entry.get("anchors") or ())),
        exceptions=tuple(map(str, entry.get("except") or ())),
        category=str(entry.get("class") or ""),
        source=str(entry.get("source") or ""),
        remark=str(entry.get("not_when") or entry.get("note") or ""),
        auto_fix=bool(entry.get("auto_fix")),
    )


def _read_folder(folder: Path, own: _Own) -> None:
    for path in sorted(folder.iterdir()):
        if path.suffix in {".txt", ".yaml", ".yml"} and not path.name.startswith("."):
            _read_lexicon(path, own)


def _read_lexicon(path: Path, own: _Own) -> None:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        own.issues.append(Issue("content.rules.unreadable", None, {"file": path.name}))
        return
    if path.name.lower() in ALLOWED_NAMES:
        own.allowed += [line.strip() for _, line in _lines(text)]
    elif path.suffix == ".txt":
        _read_words(path, text, own)
    else:
        _read_yaml(path, text, own)


def _lines(text: str) -> list[tuple[int, str]]:
    lines = [(number, line.strip()) for number, line in enumerate(text.splitlines(), 1)]
    return [(number, line) for number, line in lines if line and not line.startswith("#")]


def _read_words(path: Path, text: str, own: _Own) -> None:
    """Read ``word``, ``word => right`` or ``word => right => L2``, one a line; a tab or → does for the arrow."""
    for number, line in _lines(text):
        parts = [part.strip() for part in _SEPARATOR.split(line)]
        word, right, grade = (*parts, "", "")[:3]
        if len(parts) > 3 or not word or (grade and grade not in Grade.__members__):
            own.issues.append(Issue("content.rules.line", None, {"file": path.name, "line": number, "text": line}))
            continue
        rule = f"{path.stem}:{number}"
        own.terms[rule] = Term(rule, Grade(grade or "L3"), right, words=(word,), category=path.stem, source=path.name)


def _read_yaml(path: Path, text: str, own: _Own) -> None:
    try:
        data = yaml.load(text, Loader=_LOADER) or {}
        entries, allowed, disabled = (data.get(key) or [] for key in ("term_rules", "allow", "disable"))
        own.allowed += [str(phrase) for phrase in allowed if str(phrase).strip()]
        own.disabled.update(map(str, disabled))
    except (yaml.YAMLError, AttributeError, TypeError) as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark is not None else 1
        own.issues.append(Issue("content.rules.line", None, {"file": path.name, "line": line, "text": ""}))
        return
    for number, entry in enumerate(entries, 1):
        try:
            term = term_from_data(entry)
        except (KeyError, TypeError, ValueError, AttributeError, re.error):
            name = entry.get("id", number) if isinstance(entry, dict) else number
            own.issues.append(Issue("content.rules.entry", None, {"file": path.name, "entry": str(name)}))
            continue
        own.terms[term.rule] = term
