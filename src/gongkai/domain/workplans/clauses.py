"""Units and time limits cut out of a clause: brackets, labelled lines, closing sentences."""

from __future__ import annotations

import re
from dataclasses import dataclass

from gongkai.domain.issues import Issue, Severity
from gongkai.domain.workplans.brackets import find_brackets
from gongkai.domain.workplans.characters import fold
from gongkai.domain.workplans.labels import UNIT_ROLES, Role, label_at_line, labels_after_stop, labels_in_bracket
from gongkai.domain.workplans.model import Assignment
from gongkai.domain.workplans.unit_phrases import names_units, only_units, parse_assignment

_LABELLED_OPENING = re.compile(
    r"[（〔]\s*(?=[^（）〔〕：。；，]{2,14}(?:[（〔][^（）〔〕]{1,8}[）〕])?[^（）〔〕：。；，]{0,6}\s*：)"
)
_GAP = re.compile(r"[\s。；;，、.]*")


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a clause, from ``start`` to ``end`` of its text, and the assignment that closes it."""

    text: str
    start: int
    end: int
    assignment: Assignment | None
    issues: tuple[Issue, ...] = ()
    alone: bool = False
    after: bool = False


@dataclass(frozen=True, slots=True)
class _Span:
    start: int
    end: int
    phrase: str
    closed: bool = True
    mixed: bool = False
    alone: bool = False


def segments(text: str) -> list[Segment]:
    """Cut a clause into stretches, each with the assignment that follows it; text without any yields one segment.

    ``alone`` of a segment tells that its assignment is a paragraph of its own.
    """
    groups = _groups(text, _spans(text))
    parsed = [(group, _parse(group)) for group in groups]
    with_units = [g for g, a in parsed if a.has_units]
    if not parsed:
        return [Segment(text.strip(), 0, len(text), None)]
    closing = _closing_paragraph(text, groups)
    if closing:
        return [*segments(text[: closing.start]), closing]
    if len(with_units) < 2 or not all(a.has_units for _, a in parsed):
        return [_merged(text, parsed)]
    out: list[Segment] = []
    begin = 0
    for i, (group, assignment) in enumerate(parsed):
        last = i + 1 == len(parsed)
        end = len(text) if last else group[-1].end
        body = text[begin : group[0].start] + (text[group[-1].end :] if last else "")
        out.append(Segment(_trim(body), begin, end, assignment, _span_issues(group), group[0].alone))
        begin = group[-1].end
    return out


def _closing_paragraph(text: str, groups: list[list[_Span]]) -> Segment | None:
    """Find a whole paragraph after the assignment of a clause that was complete before it."""
    end = groups[-1][-1].end
    body, rest = text[: groups[0][0].start], text[end:]
    if not rest.startswith("\n") or "。" not in body or len(rest.strip()) < 12 or not rest.rstrip().endswith("。"):
        return None
    return Segment(rest.strip(), end, len(text), None, after=True)


def _merged(text: str, parsed: list[tuple[list[_Span], Assignment]]) -> Segment:
    spans = [span for group, _ in parsed for span in group]
    body, place = "", 0
    for span in spans:
        body += text[place : span.start]
        place = span.end
    body += text[place:]
    assignment = parse_assignment("；".join(span.phrase for span in spans))
    return Segment(_trim(body), 0, len(text), assignment, _span_issues(spans), spans[0].alone)


def _trim(text: str) -> str:
    text = re.sub(r"\n\s*\n+", "\n", text).strip().rstrip("，、,")
    return re.sub(r"(?<=[。；])[。；]+", "", text)


def _parse(group: list[_Span]) -> Assignment:
    return parse_assignment("；".join(span.phrase for span in group))


def _span_issues(group: list[_Span]) -> tuple[Issue, ...]:
    issues: list[Issue] = []
    for span in group:
        values = {"phrase": span.phrase[:20]}
        if not span.closed:
            issues.append(Issue("plan.bracket.unclosed", "responsible_units", values, Severity.WARNING))
        elif span.mixed:
            issues.append(Issue("plan.bracket.mixed", "responsible_units", values, Severity.NOTICE))
    return tuple(issues)


def _groups(text: str, spans: list[_Span]) -> list[list[_Span]]:
    """Put assignments side by side together: （牵头单位：…）（完成时限：…）, labelled lines below each other."""
    groups: list[list[_Span]] = []
    for span in spans:
        if groups and _GAP.fullmatch(text[groups[-1][-1].end : span.start]):
            groups[-1].append(span)
        else:
            groups.append([span])
    return groups


def _spans(text: str) -> list[_Span]:
    folded = fold(text)
    spans: list[_Span] = []
    for opening in _LABELLED_OPENING.finditer(folded):
        if spans and opening.start() < spans[-1].end:
            continue
        label = _first_label(folded[opening.end() : opening.end() + 40])
        if not label:
            continue
        bracket = find_brackets(text[opening.start() :])[0]
        end = opening.start() + bracket.end
        if not bracket.closed:
            # Nothing closes it: it ends with its paragraph at the latest.
            newline = text.find("\n", opening.start())
            end = newline if newline >= 0 and not labels_in_bracket(folded[newline:]) else len(text)
        inner = text[opening.start() + 1 : end - 1 if bracket.closed else end]
        alone = not text[text.rfind("\n", 0, opening.start()) + 1 : opening.start()].strip()
        spans.append(_Span(opening.start(), end, inner, bracket.closed, bracket.mixed, alone))
    spans.extend(_unlabelled_brackets(text, folded, spans))
    spans.extend(_labelled_lines(text, folded, spans))
    spans.sort(key=lambda s: s.start)
    closing = _closing_sentence(text, folded, spans)
    return spans + ([closing] if closing else [])


def _first_label(folded: str) -> bool:
    label = label_at_line(folded)
    if label:
        return label.role in UNIT_ROLES or label.role in (Role.LEADERS, Role.DUE)
    labels = labels_in_bracket(folded)
    return bool(labels) and labels[0].start == 0 and labels[0].role in UNIT_ROLES


def _free(spans: list[_Span], start: int, end: int) -> bool:
    return all(end <= s.start or start >= s.end for s in spans)


def _unlabelled_brackets(text: str, folded: str, taken: list[_Span]) -> list[_Span]:
    found: list[_Span] = []
    for bracket in find_brackets(text):
        inner = bracket.inner(text)
        if not bracket.closed or not _free(taken, bracket.start, bracket.end) or not names_units(inner):
            continue
        before = folded[: bracket.start].rstrip(" ")
        after = folded[bracket.end :].lstrip(" ")
        if only_units(inner) and ((after and after[0] not in "。；\n") or before[-1:] in tuple("局委办部院府")):
            continue
        if after.startswith("的"):
            continue
        alone = not before or before[-1] == "\n"
        found.append(_Span(bracket.start, bracket.end, inner, mixed=bracket.mixed, alone=alone))
    return found


def _labelled_lines(text: str, folded: str, taken: list[_Span]) -> list[_Span]:
    found: list[_Span] = []
    begin = 0
    for line in folded.split("\n"):
        end = begin + len(line)
        label = label_at_line(line)
        if label and (label.role in UNIT_ROLES or label.role in (Role.DUE, Role.LEADERS)) and _free(taken, begin, end):
            phrase = f"{label.name}：{text[begin + label.end : end].strip()}"
            found.append(_Span(begin, end, phrase, alone=True))
        else:
            for stop in labels_after_stop(line):
                place = begin + stop.start
                if _free(taken, place, end) and _free(found, place, end):
                    found.append(_Span(place, end, text[place:end]))
                    break
        begin = end + 1
    return found


def _closing_sentence(text: str, folded: str, taken: list[_Span]) -> _Span | None:
    """Find 市司法局牵头，市政府各部门配合。 as the last sentence of a clause."""
    end = len(text.rstrip())
    begin = max(folded.rfind(c, 0, max(0, end - 1)) for c in "。；！")
    begin = max(begin, text.rfind("\n", 0, end)) + 1
    sentence = text[begin:end]
    if begin == 0 or not 4 <= len(sentence) <= 160 or not _free(taken, begin, end):
        return None
    if names_units(sentence.strip("。 ")) and not only_units(sentence.strip("。 ")):
        return _Span(begin, end, sentence.strip("。 "))
    return None
