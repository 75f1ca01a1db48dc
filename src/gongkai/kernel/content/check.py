"""The check itself: gather the texts of a file with their places, search them once, place what was found."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from gongkai.domain.document import Document
from gongkai.domain.issues import Issue
from gongkai.domain.personal_data import address_cell, find_personal_data, is_address_header, lists_persons
from gongkai.domain.wording import Finding, Grade, Joined, Piece, Place, PlaceKind
from gongkai.kernel.content.gathering import gather, sensitive_headers
from gongkai.kernel.content.hidden import hidden_findings
from gongkai.kernel.content.parts import gps_position
from gongkai.kernel.content.rules import ContentRules
from gongkai.kernel.documents import DEFAULT, Limits, read_document
from gongkai.kernel.documents.archive import megabytes
from gongkai.kernel.documents.errors import notice, refusal

_PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"II*\x00", b"MM\x00*")
_TWICE = frozenset({PlaceKind.HIDDEN_TEXT, PlaceKind.TRACKED_INSERTION, PlaceKind.COVERED})
"""Layers whose text is read with the body too, so that each finding in them would come twice."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a check found. ``findings`` are sorted by grade, then as they stand in the file.

    ``issues`` tell what could not be looked at. ``format`` is one of ``txt docx xlsx pdf html picture text``.
    """

    name: str
    format: str
    findings: tuple[Finding, ...]
    issues: tuple[Issue, ...] = ()

    @property
    def stops(self) -> bool:
        """Tell whether something was found that keeps the file from being published as it is (L1 or L2)."""
        return any(finding.grade.stops for finding in self.findings)

    def counts(self) -> dict[str, int]:
        """Return how many findings there are of each grade."""
        counted = Counter(finding.grade.value for finding in self.findings)
        return {grade.value: counted[grade.value] for grade in Grade}


def check_text(text: str, *, rules: ContentRules) -> Report:
    """Check a text as an editor holds it; offsets of findings are characters of ``text``, places its lines.

    Characters that show nothing (zero-width ones) are looked past only in ``check_file``, which keeps no offsets.
    """
    breaks = [at for at, sign in enumerate(text) if sign == "\n"]
    findings = _search(text, rules=rules, joined=None)
    placed = (replace(f, place=Place(line=bisect_left(breaks, f.start) + 1)) for f in findings)
    return Report(name="", format="text", findings=tuple(_ranked(placed)))


def check_file(source: Path | bytes, *, name: str = "", rules: ContentRules, limits: Limits = DEFAULT) -> Report:
    """Check a file with everything in it: text, hidden places, embedded files, its own name.

    Raises DocumentRefused when the file cannot be read as a whole, with every reason.
    """
    if isinstance(source, Path):
        name = name or source.name
        data = _load(source, name=name, limits=limits)
    else:
        name, data = name or "（未命名）", source
    if data.startswith(_PICTURES):
        return _check_picture(data, name=name, rules=rules)
    document = read_document(data, name=name, limits=limits)
    gathered = gather(document, data, limits=limits)
    pieces = [Piece(Path(name).stem, Place(PlaceKind.FILE_NAME)), *gathered.pieces]
    findings = [*_check_pieces(pieces, rules=rules), *sensitive_headers(document, rules=rules)]
    findings += [*hidden_findings(gathered, rules=rules)]
    issues = (*document.issues, *gathered.issues)
    return Report(name=name, format=document.format, findings=tuple(_ranked(findings)), issues=issues)


def check_document(document: Document, *, rules: ContentRules) -> list[Finding]:
    """Check the visible text of a document that was read before."""
    return _check_pieces(gather(document, b"", limits=DEFAULT).pieces, rules=rules)


def _check_picture(data: bytes, *, name: str, rules: ContentRules) -> Report:
    pieces = [Piece(Path(name).stem, Place(PlaceKind.FILE_NAME))]
    findings = _check_pieces(pieces, rules=rules)
    position = gps_position(data)
    if position:
        grade = rules.hidden["content.hidden.gps"]
        findings.append(
            Finding("content.hidden.gps", grade, 0, 0, position, "gps", shown=position, place=Place(PlaceKind.GPS))
        )
    issues = (notice("content.picture_not_read", name=name),)
    return Report(name=name, format="picture", findings=tuple(_ranked(findings)), issues=issues)


def _check_pieces(pieces: Iterable[Piece], *, rules: ContentRules) -> list[Finding]:
    joined = Joined(pieces)
    if not joined.pieces:
        return []
    found = placed_findings(joined, rules=rules)
    return _once(found + addresses_in(joined, found, rules=rules))


def placed_findings(joined: Joined, *, rules: ContentRules) -> list[Finding]:
    """Search the joined text; give each finding its place, and in lists of persons the graver kind."""
    found = []
    for finding in _search(joined.text, rules=rules, joined=joined):
        piece = joined.piece_at(finding.start)
        graver = rules.in_lists.get(finding.code) if piece.headers else None
        if graver is not None and lists_persons(piece.headers, rules.headers):
            rule = rules.personal.kinds[graver]
            finding = replace(finding, code=graver, grade=rule.grade, rule=rule.rule)
        found.append(replace(finding, place=piece.place))
    return found


def _search(text: str, *, rules: ContentRules, joined: Joined | None) -> list[Finding]:
    label_at = (lambda at: joined.piece_at(at).label) if joined is not None else (lambda at: "")
    words = rules.lexicon.find(text, rules.matcher.scan(text))
    leaders = rules.leaders.find(text) if rules.leaders is not None else []
    return [*words, *leaders, *find_personal_data(text, rules.personal, label_at=label_at)]


def addresses_in(joined: Joined, found: list[Finding], *, rules: ContentRules) -> list[Finding]:
    """Find the cells in columns of home addresses, unless the cell was found to hold one already."""
    rule = rules.personal.kinds["content.person.address"]
    headed = {label: is_address_header(label) for label in {piece.label for piece in joined.pieces if piece.label}}
    known = {f.place for f in found if f.code == "content.person.address"}
    cells = (piece for piece in joined.pieces if headed.get(piece.label) and piece.place not in known)
    return [replace(f, place=piece.place) for piece in cells if (f := address_cell(piece.text, rule=rule))]


def _once(findings: list[Finding]) -> list[Finding]:
    """Drop from the body what was found in a hidden layer of it, as often as it was found there."""
    layered = Counter((f.code, f.text) for f in findings if f.place is not None and f.place.kind in _TWICE)
    kept = []
    for finding in findings:
        key = (finding.code, finding.text)
        if finding.place is not None and finding.place.kind is PlaceKind.BODY and layered[key] > 0:
            layered[key] -= 1
            continue
        kept.append(finding)
    return kept


def _ranked(findings: Iterable[Finding]) -> list[Finding]:
    return sorted(findings, key=lambda finding: (finding.grade.value, finding.start))


def _load(path: Path, *, name: str, limits: Limits) -> bytes:
    try:
        size = path.stat().st_size
        if size > limits.max_bytes:
            raise refusal("document.too_large", name=name, size=megabytes(size), limit=megabytes(limits.max_bytes))
        return path.read_bytes()
    except OSError as error:
        raise refusal("document.unreadable", name=name) from error
