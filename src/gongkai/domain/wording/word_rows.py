"""Reading lists of words that an office hands in: rows of a sheet, lines of a CSV or TXT file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from gongkai.domain.issues import Issue, Severity, Where
from gongkai.domain.wording.finding import Grade

SHORTEST, LONGEST = 2, 60
"""Characters of a word: one alone would be found everywhere, more are a sentence."""
_HEADERS = {
    "wrong": ("错词", "错误表述", "错误", "词语", "敏感词", "词"),
    "right": ("正词", "正确表述", "正确", "建议", "建议写法", "替换为"),
    "grade": ("级别", "等级", "分级"),
    "category": ("类别", "分类", "类型"),
    "exceptions": ("例外", "例外语境", "不报的说法"),
    "from_on": ("生效日期", "起始日期", "开始日期"),
    "until_on": ("失效日期", "截止日期", "结束日期"),
    "note": ("备注", "说明", "来源"),
}
COLUMNS = tuple(names[0] for names in _HEADERS.values())
_ORDER = ("wrong", "right", "grade", "category", "note")
"""What the columns mean in a list without headers."""
_ARROW = re.compile(r"\t+|\s*=>\s*|\s*→\s*|\s*[，,]\s*")
_SPLIT = re.compile("[、，,；;|｜]")
_DAY = re.compile(r"(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})日?")


@dataclass(frozen=True, slots=True)
class WordRow:
    """One word as it was handed in; ``line`` counts from 1."""

    line: int
    wrong: str
    right: str = ""
    grade: Grade = Grade.L3
    category: str = ""
    exceptions: tuple[str, ...] = ()
    from_on: date | None = None
    until_on: date | None = None
    note: str = ""


def lines_to_cells(text: str) -> list[tuple[int, tuple[str, ...]]]:
    """Split the lines of a plain list (``错词 => 正词 => L2``, tabs or commas do for the arrow); ``#`` begins a remark."""
    numbered = ((number, line.strip()) for number, line in enumerate(text.splitlines(), 1))
    return [(n, tuple(_ARROW.split(line))) for n, line in numbered if line and not line.startswith("#")]


def read_word_rows(rows: Iterable[tuple[int, Sequence[str]]]) -> tuple[list[WordRow], list[Issue]]:
    """Read rows of cells into words; every row that cannot be used is told with its number.

    The first row may head the columns. Of words that come twice the first is kept and the later told as a notice.
    """
    columns: dict[str, int] | None = None
    words: list[WordRow] = []
    issues: list[Issue] = []
    first: dict[str, int] = {}
    for line, cells in rows:
        told = [str(cell).strip() for cell in cells]
        if not any(told):
            continue
        if columns is None:
            columns = _header(told)
            if columns is not None:
                continue
            columns = {name: at for at, name in enumerate(_ORDER)}
        row, wrong = _row(line, {name: told[at] for name, at in columns.items() if at < len(told)})
        issues += wrong
        if row is None:
            continue
        if row.wrong in first:
            values = {"word": row.wrong, "first": first[row.wrong]}
            issues.append(_issue("wordlists.row.twice", line, values, severity=Severity.NOTICE))
            continue
        first[row.wrong] = line
        words.append(row)
    return words, issues


def word_issues(*, wrong: str, right: str = "", exceptions: Sequence[str] = ()) -> list[Issue]:
    """Return everything that is wrong with one word of a lexicon."""
    found: list[Issue] = []
    if not wrong:
        found.append(Issue("wordlists.word.empty", "wrong"))
    elif not SHORTEST <= len(wrong) <= LONGEST or "\n" in wrong:
        values = {"word": wrong[:20], "shortest": SHORTEST, "longest": LONGEST}
        found.append(Issue("wordlists.word.length", "wrong", values))
    if wrong and wrong == right:
        found.append(Issue("wordlists.word.same", "right", {"word": wrong}))
    strange = [phrase for phrase in exceptions if wrong and wrong not in phrase]
    found += [Issue("wordlists.word.exception", "exceptions", {"word": wrong, "phrase": p}) for p in strange]
    return found


def split_phrases(text: str) -> tuple[str, ...]:
    """Split phrases that somebody wrote into one field, by 、 comma or semicolon or one a line."""
    parts = (part.strip() for line in text.splitlines() for part in _SPLIT.split(line))
    return tuple(dict.fromkeys(part for part in parts if part))


def with_own_exceptions(*, wrong: str, right: str, exceptions: Sequence[str]) -> tuple[str, ...]:
    """Add the right form to the exceptions where it contains the wrong one, so that right texts are left alone."""
    own = (right,) if right and wrong in right else ()
    return tuple(dict.fromkeys((*exceptions, *own)))


def _header(cells: Sequence[str]) -> dict[str, int] | None:
    found: dict[str, int] = {}
    for at, cell in enumerate(cells):
        for name, words in _HEADERS.items():
            if cell in words and name not in found:
                found[name] = at
    return found if "wrong" in found else None


def _row(line: int, told: dict[str, str]) -> tuple[WordRow | None, list[Issue]]:
    issues: list[Issue] = []
    grade = told.get("grade", "").upper() or "L3"
    if grade not in Grade.__members__:
        issues.append(_issue("wordlists.row.grade", line, {"grade": told["grade"]}))
    days: dict[str, date | None] = {}
    for name in ("from_on", "until_on"):
        days[name], readable = _day(told.get(name, ""))
        if not readable:
            issues.append(_issue("wordlists.row.date", line, {"date": told[name]}))
    since, until = days["from_on"], days["until_on"]
    if since and until and until < since:
        issues.append(_issue("wordlists.row.dates", line, {}))
    wrong, right = told.get("wrong", ""), told.get("right", "")
    exceptions = split_phrases(told.get("exceptions", ""))
    bad = word_issues(wrong=wrong, right=right, exceptions=exceptions)
    issues += [Issue(issue.code, issue.field, issue.values, where=Where(line, line)) for issue in bad]
    if issues:
        return None, issues
    row = WordRow(
        line=line,
        wrong=wrong,
        right=right,
        grade=Grade(grade),
        category=told.get("category", "")[:40],
        exceptions=exceptions,
        from_on=since,
        until_on=until,
        note=told.get("note", "")[:200],
    )
    return row, []


def _day(text: str) -> tuple[date | None, bool]:
    if not text:
        return None, True
    match = _DAY.match(text)
    if match is None:
        return None, False
    try:
        return date(int(match[1]), int(match[2]), int(match[3])), True
    except ValueError:
        return None, False


def _issue(code: str, line: int, values: dict[str, object], *, severity: Severity = Severity.ERROR) -> Issue:
    return Issue(code, "file", values, severity=severity, where=Where(line, line))
