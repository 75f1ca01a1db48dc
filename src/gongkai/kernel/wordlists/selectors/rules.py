"""The compiled rules of the content check with the office's own words, kept for as long as nobody changes a list.

One Hyperscan database holds the words of all units; each unit sees only its own through a view, so that fifty units
with a few words each do not cost fifty databases. The database is kept on disk under the digest of its words: a
process that comes later loads what another one compiled.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from importlib import resources
from pathlib import Path

from django.conf import settings
from django.db.models import Q

from gongkai.domain.wording import Grade, Hit, Leader, LeaderTable, Lexicon, Matcher, Term
from gongkai.kernel.content import ContentRules, HyperscanMatcher, build_lexicon, office_words, rules_for
from gongkai.kernel.wordlists.models import AllowedWord, LeaderName, LexiconEntry, WordlistState

MOST_VIEWS = 32
"""Units whose view is kept in memory; a view of 50 000 words takes some ten megabytes."""
FORM = "content.v1"
"""Part of the version of the rules; changed when the check itself learns to find something else."""
Scope = int | None


@dataclass
class _Compiled:
    """Everything of one version of the lists on one day."""

    key: tuple[int, date]
    terms: dict[Scope, dict[str, Term]]
    allowed: dict[Scope, list[str]]
    disabled: frozenset[str]
    leaders: LeaderTable | None
    matcher: HyperscanMatcher
    words: tuple[str, ...]
    digest: str
    views: OrderedDict[Scope, ContentRules] = field(default_factory=OrderedDict)


class _View:
    """The hits of a larger matcher as those of a smaller lexicon."""

    def __init__(self, matcher: Matcher, words: Sequence[str], wanted: Sequence[str]) -> None:
        self._matcher = matcher
        index = {word: number for number, word in enumerate(wanted)}
        self._numbers = [index.get(word, -1) for word in words]

    def scan(self, text: str) -> list[Hit]:
        """Return the hits of the words that belong to the smaller lexicon."""
        numbers = self._numbers
        return [(numbers[word], start, end) for word, start, end in self._matcher.scan(text) if numbers[word] >= 0]


_lock = threading.Lock()
_current: _Compiled | None = None


def content_rules(*, on: date, unit_id: int | None = None) -> ContentRules:
    """Return the shipped rules with the office's own words that hold on a day in a unit (None: those of all units).

    One query tells whether the copy in memory is still the newest; else it is made anew, by one thread of the process
    while the others wait. Raises ContentRulesInvalid when the words on file are too many or an office's file is wrong.
    """
    global _current
    key = (_version(), on)
    with _lock:
        compiled = _current
        if compiled is None or compiled.key != key:
            compiled = _current = _compile(key, compiled)
        scope = unit_id if unit_id in compiled.terms or unit_id in compiled.allowed else None
        rules = compiled.views.get(scope)
        if rules is None:
            rules = compiled.views[scope] = _view(compiled, scope)
            if len(compiled.views) > MOST_VIEWS:
                compiled.views.popitem(last=False)
        else:
            compiled.views.move_to_end(scope)
        return rules


def forget_rules() -> None:
    """Drop the copy in memory; for tests and measurements."""
    global _current
    with _lock:
        _current = None


def _version() -> int:
    return WordlistState.objects.filter(pk=1).values_list("version", flat=True).first() or 0


def _compile(key: tuple[int, date], before: _Compiled | None) -> _Compiled:
    on = key[1]
    folder = Path(settings.RULES_DIR) if settings.RULES_DIR else None
    files = office_words(folder)
    terms: dict[Scope, dict[str, Term]] = {None: dict(files.terms)}
    allowed: dict[Scope, list[str]] = {None: list(files.allowed)}
    valid = Q(from_on__isnull=True) | Q(from_on__lte=on)
    rows = LexiconEntry.objects.filter(valid, _lasts(on), ended_at__isnull=True).order_by("id")
    columns = ("id", "unit_id", "wrong", "right", "grade", "category", "exceptions", "note")
    for number, unit_id, wrong, right, grade, category, exceptions, note in rows.values_list(*columns).iterator():
        rule = f"own:{number}"
        terms.setdefault(unit_id, {})[rule] = Term(
            rule, Grade(grade), right, (wrong,), exceptions=tuple(exceptions), category=category, remark=note
        )
    phrases = AllowedWord.objects.filter(_lasts(on), ended_at__isnull=True).order_by("id")
    for unit_id, word, context in phrases.values_list("unit_id", "word", "context"):
        allowed.setdefault(unit_id, []).append(context or word)
    table = [
        Leader(row.name, row.title, row.order, row.from_on, row.until_on, tuple(row.misspellings))
        for row in LeaderName.objects.order_by("id")
    ]
    every = build_lexicon(
        {rule: term for own in terms.values() for rule, term in own.items()},
        [phrase for own in allowed.values() for phrase in own],
        disabled=files.disabled,
    )
    if before is not None and before.words == every.words:
        matcher = before.matcher  # another day, or a change that leaves the words as they are
    else:
        matcher = HyperscanMatcher(every.words, cache=Path(settings.HOME) / "cache" / "content")
    compiled = _Compiled(
        key=key,
        terms=terms,
        allowed=allowed,
        disabled=files.disabled,
        leaders=LeaderTable(table, day=on) if table else None,
        matcher=matcher,
        words=every.words,
        digest=_digest(every.terms, allowed, table),
    )
    if len(terms) == 1 and len(allowed) == 1:
        compiled.views[None] = _rules(compiled, None, every, matcher, allowed[None])
    return compiled


def _view(compiled: _Compiled, scope: Scope) -> ContentRules:
    terms: Mapping[str, Term] = {**compiled.terms[None], **(compiled.terms.get(scope, {}) if scope else {})}
    allowed = [*compiled.allowed[None], *(compiled.allowed.get(scope, []) if scope else [])]
    lexicon = build_lexicon(terms, allowed, disabled=compiled.disabled)
    matcher = _View(compiled.matcher, compiled.words, lexicon.words)
    return _rules(compiled, scope, lexicon, matcher, allowed)


def _rules(
    compiled: _Compiled, scope: Scope, lexicon: Lexicon, matcher: Matcher, allowed: Sequence[str]
) -> ContentRules:
    version = f"{compiled.digest}.{scope or 0}"
    return rules_for(lexicon, matcher, allowed, leaders=compiled.leaders, version=version)


def _lasts(on: date) -> Q:
    return Q(until_on__isnull=True) | Q(until_on__gte=on)


def _digest(terms: Iterable[Term], allowed: Mapping[Scope, list[str]], leaders: Iterable[Leader]) -> str:
    """Return a name of exactly these rules: the same on every machine and in every process."""
    told = hashlib.sha256(FORM.encode())
    shipped = resources.files("gongkai.rulebook") / "data" / "content"
    for name in ("wording.yaml", "personal_data.yaml"):
        told.update((shipped / name).read_bytes())
    for term in terms:
        told.update(repr((term.rule, term.grade.value, term.replacement, term.words, term.exceptions)).encode())
    told.update(json.dumps({str(k): v for k, v in allowed.items()}, ensure_ascii=False, sort_keys=True).encode())
    for leader in leaders:
        told.update(repr(leader).encode())
    return told.hexdigest()[:16]
