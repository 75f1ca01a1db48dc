"""From a document to proposals for the fields of an item; a person confirms every one of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import PurePosixPath

from gongkai.domain.document import Document
from gongkai.domain.identifiers import find_doc_nos, parse_doc_no
from gongkai.domain.intake.clauses import annex_proposals, cited_proposals, looks_normative, term_proposals
from gongkai.domain.intake.dates import DATE, find_date, read_date
from gongkai.domain.intake.frame import IMPRINT, Frame, bare_number, find_frame
from gongkai.domain.intake.labels import read_labels
from gongkai.domain.intake.lines import Line, joined, lines_of
from gongkai.domain.intake.model import Confidence, Proposal, Proposals, ranked
from gongkai.domain.intake.words import REDACTED, REMARK, TITLE_END, attribute_of, is_unit, kind_of

_STATED, _INFERRED = Confidence.STATED, Confidence.INFERRED
_HEAD = re.compile(r"^(?P<units>[^《》]{2,80}?)关于")
_UNIT_IN_TITLE = re.compile(r"^(?P<unit>.{2,30}?(?:人民政府|政府|办公室|局|委员会|厅|委))(?:20[0-9]{2}年|关于|印发)")


def propose(document: Document) -> Proposals:
    """Find the fields in a document; what is not found is not proposed."""
    lines = lines_of(document)
    if not lines:
        return Proposals()
    labels, labeled = read_labels(lines)
    known = frozenset(n for n, line in enumerate(lines) if line.number in labeled)
    frame = find_frame(lines, known)
    found = [*labels, *_from_frame(lines, frame)]
    title = next((str(p.value) for p in ranked(found) if p.field == "title"), "")
    if not title:
        found += _from_name(document, lines[0])
        title = next((str(p.value) for p in found if p.field == "title"), "")
    found += _from_title(title, lines, frame)
    doc_no = next((str(p.value) for p in ranked(found) if p.field == "doc_no"), "")
    text = [line for n, line in enumerate(lines) if n not in known]
    kind = kind_of(title)
    found += cited_proposals(text, own=doc_no)
    found += annex_proposals(lines, start=frame.start())
    found += looks_normative(lines, doc_no, kind)
    found += term_proposals(text, issued_on=_day(found, "issued_on") or _day(found, "written_on"))
    parts = {**labeled, **{lines[p].number: part for p, part in frame.parts.items()}}
    return Proposals(found=ranked(found), frame=tuple(sorted(parts.items())))


def _from_frame(lines: Sequence[Line], frame: Frame) -> Iterator[Proposal]:
    yield from _number(lines, frame)
    yield from _title(lines, frame)
    yield from _issuers(lines, frame)
    if frame.addressee:
        text = joined([lines[p].text for p in frame.addressee]).rstrip("：:")
        first = lines[frame.addressee[0]]
        yield Proposal("addressee", text, _STATED, first.number, first.text, "addressee")
    if frame.dated is not None:
        line = lines[frame.dated]
        day = find_date(line.text)
        if day is not None:
            yield Proposal("written_on", day, _STATED, line.number, line.text, "masthead")
    elif frame.signed is not None:
        line = lines[frame.signed]
        day = read_date(line.text)
        sure = bool(frame.signers) or (frame.remark is not None and frame.signed < frame.remark <= frame.signed + 3)
        if day is not None:
            yield Proposal("written_on", day, _STATED if sure else _INFERRED, line.number, line.text, "signature")
    if frame.remark is not None:
        line = lines[frame.remark]
        match = REMARK.match(line.text)
        attribute = attribute_of(match["what"]) if match else ""
        if attribute:
            sure = not REDACTED.search(line.flat)
            yield Proposal("attribute", attribute, _STATED if sure else _INFERRED, line.number, line.text, "remark")
    if frame.imprint is not None:
        line = lines[frame.imprint]
        day = find_date(line.text)
        match = IMPRINT.match(line.text)
        if day is not None:
            yield Proposal("issued_on", day, _STATED, line.number, line.text, "imprint")
        if match is not None and is_unit(match["unit"]):
            name = joined([match["unit"]])
            yield Proposal("issuers", (name,), _INFERRED, line.number, line.text, "imprint")


def _number(lines: Sequence[Line], frame: Frame) -> Iterator[Proposal]:
    if frame.number is None:
        return
    line = lines[frame.number]
    number = parse_doc_no(bare_number(line))
    if number is not None:
        yield Proposal("doc_no", str(number), _STATED, line.number, line.text, "number")
    else:
        head = "".join(lines[p].flat for p in frame.masthead)
        serial = line.flat.strip("（）()")
        whole = f"{head}{serial}" if head.endswith(("令", "公告", "通告")) else serial
        yield Proposal("doc_no", whole, _INFERRED, line.number, line.text, "number")


def _title(lines: Sequence[Line], frame: Frame) -> Iterator[Proposal]:
    if not frame.title:
        start = frame.start()
        named = re.search("《([^《》]{4,100})》", lines[start].text) if start < len(lines) else None
        if named is not None and frame.masthead and lines[frame.masthead[-1]].flat.endswith("令"):
            yield Proposal("title", joined([named.group(1)]), _INFERRED, lines[start].number, lines[start].text, "body")
        return
    first = lines[frame.title[0]]
    text = joined([lines[p].text for p in frame.title])
    names = [lines[p] for p in frame.title]
    if len(names) > 1 and is_unit(names[0].flat) and is_unit(names[1].flat) and "关于" in text:
        # Units that issue together are written one below the other; run together they could not be read.
        units = 0
        while units < len(names) and is_unit(names[units].flat):
            units += 1
        text = " ".join(joined([line.text]) for line in names[:units]) + joined([line.text for line in names[units:]])
    own = find_doc_nos(text[-40:]) if text.endswith(("）", ")")) else []
    sure = bool(TITLE_END.search(text)) and ("关于" in text or frame.number is not None or first.heading is not None)
    if own and not ("关于" in text[-40:] and "的" not in text[text.rfind("关于") :]):
        bare = re.sub(r"[（(][^（）()]*[）)]$", "", text)
        yield Proposal("title", bare[:300], _STATED if sure else _INFERRED, first.number, first.text, "title")
        if frame.number is None:
            yield Proposal("doc_no", str(own[-1].doc_no), _INFERRED, first.number, first.text, "title")
        return
    yield Proposal("title", text[:300], _STATED if sure else _INFERRED, first.number, first.text, "title")


def _issuers(lines: Sequence[Line], frame: Frame) -> Iterator[Proposal]:
    head = _unit_names(lines, frame.masthead, masthead=True)
    if head:
        first = lines[frame.masthead[0]]
        yield Proposal("issuers", head, _STATED, first.number, first.text, "masthead")
    signed = _unit_names(lines, frame.signers, masthead=False)
    if signed:
        first = lines[frame.signers[0]]
        # A masthead names the organ in full; where both stand and differ a person should look.
        yield Proposal("issuers", signed, _INFERRED if head else _STATED, first.number, first.text, "signature")


def _unit_names(lines: Sequence[Line], positions: Sequence[int], *, masthead: bool) -> tuple[str, ...]:
    names: list[str] = []
    for position in positions:
        text = lines[position].text
        if masthead:
            text = DATE.sub("", text)
            text = re.sub(r"(?:文[\s\u3000]*件|令(?:[\s\u3000]*第.*号)?)[\s\u3000]*$", "", text)
        parts = [part for part in re.split(r"[\s\u3000]+", text.strip()) if part]
        whole = "".join(parts)
        several = len(parts) > 1 and all(len(part) > 3 and is_unit(part) for part in parts)
        names += [joined([name]) for name in (parts if several else [whole]) if is_unit(name)]
    return tuple(dict.fromkeys(names))


def _from_title(title: str, lines: Sequence[Line], frame: Frame) -> Iterator[Proposal]:
    line = lines[frame.title[0]] if frame.title else lines[0]
    kind = kind_of(title)
    if kind:
        yield Proposal("document_kind", kind, _STATED, line.number, line.text, "title")
    match = _HEAD.match(title) or _UNIT_IN_TITLE.match(title)
    if match is not None:
        names = tuple(name for name in re.split(r"[\s\u3000、]+", match.group(1)) if is_unit(name))
        if names:
            yield Proposal("issuers", names, _INFERRED, line.number, line.text, "title")


def _from_name(document: Document, line: Line) -> Iterator[Proposal]:
    stem = PurePosixPath(document.name).stem.strip()
    if stem and stem != "（未命名）":
        yield Proposal("title", stem[:300], _INFERRED, line.number, document.name, "file_name")


def _day(found: Sequence[Proposal], name: str) -> date | None:
    best = next((p for p in ranked(found) if p.field == name), None)
    return best.value if best is not None and isinstance(best.value, date) else None
