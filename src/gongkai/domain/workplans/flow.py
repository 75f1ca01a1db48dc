"""From a document to its flow: paragraphs whose broken lines are joined again, and grids, in reading order."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape

from gongkai.domain.document import Document, Table
from gongkai.domain.issues import Where
from gongkai.domain.workplans.brackets import open_depth
from gongkai.domain.workplans.characters import clean, fold, join_lines
from gongkai.domain.workplans.labels import UNIT_ROLES, Role, label_at_line
from gongkai.domain.workplans.numbering import Mark, read_mark
from gongkai.domain.workplans.unit_lists import looks_like_unit, split_units
from gongkai.domain.workplans.unit_phrases import names_units


@dataclass(frozen=True, slots=True)
class Line:
    """One physical line or paragraph of the source."""

    text: str
    number: int
    label: str = ""
    heading: int | None = None
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Grid:
    """A table of texts. ``above[r][c]`` tells that the cell continues the one above it (merged).

    ``exact`` is True when every cell stands in its true column; a table rebuilt from text may have shifted cells.
    ``inferred`` tells that the columns themselves were found by content.
    """

    rows: tuple[tuple[str, ...], ...]
    above: tuple[tuple[bool, ...], ...]
    left: tuple[tuple[bool, ...], ...]
    lines: tuple[tuple[int, int], ...]
    exact: bool = True
    sheet: str | None = None
    page: int | None = None
    inferred: bool = False

    def where(self, first: int, last: int | None = None) -> Where:
        """Return the source place of rows ``first`` to ``last``."""
        end = self.lines[first if last is None else last][1]
        return Where(self.lines[first][0], end, self.page, self.sheet)


@dataclass(slots=True)
class Para:
    """A paragraph; ``spans`` say at which offset of ``text`` each source line begins."""

    text: str
    spans: list[tuple[int, int]]
    mark: Mark | None = None
    heading: int | None = None
    page: int | None = None
    end_line: int = field(default=0)

    def __post_init__(self) -> None:
        self.end_line = self.end_line or self.spans[-1][1]

    @property
    def first(self) -> int:
        """Return the first source line."""
        return self.spans[0][1]

    @property
    def where(self) -> Where:
        """Return the source place."""
        return Where(self.first, self.end_line, self.page)

    @property
    def content(self) -> str:
        """Return the text without the number at its head."""
        return self.text[self.mark.length :].strip() if self.mark else self.text.strip()

    def append(self, line: Line) -> None:
        """Join a further line to the paragraph."""
        before = self.text
        self.text = join_lines(before, line.text)
        self.spans.append((len(self.text) - len(line.text.strip()), line.number))
        self.end_line = line.number


FlowItem = Para | Grid

_DECORATION = re.compile(
    r"\s*(?:[-—–_=*·•\s]{3,}|[-—–·\s]*\d{1,3}[-—–·\s]*|第\s*\d+\s*页[，,\s]*(?:共\s*\d+\s*页)?|\d+\s*/\s*\d+|[\\￥¥|]+)\s*"
)
_MARKDOWN = re.compile(r"^\s*(#{1,6})\s+")
# A bullet or a quotation mark at the head of a line, as plain-text formats write them; - 1 - is a page number.
_BULLET = re.compile(r"^\s*(?:[-*+•·●■◆▪]|>+)\s+(?=[^\s\d*-])|^\s*[•●■◆▪]\s*(?=\S)")
_ENTITY = re.compile(r"&(?:[a-zA-Z]{2,8}|#\d{2,6});")
# Readings that some websites put behind the characters of a converted text: 区(qū).
_READING = re.compile("(?<=[\u3400-\u9fff])[(（][a-zü]{0,5}[āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ][a-zü]{0,5}[)）]")
_TERMINAL = "。！？；：…"


def lines_of(document: Document) -> list[Line | Table]:
    """Return the document's lines, cleaned, and its tables, in reading order."""
    out: list[Line | Table] = []
    for block in document.blocks:
        if isinstance(block, Table):
            out.append(block)
            continue
        for text in re.split(r"[\n\v\f\u2028\u2029]", block.text) or [""]:
            cleaned = clean(_ENTITY.sub(lambda m: unescape(m.group()), text).replace("\xa0", " "))
            cleaned = _READING.sub("", cleaned)
            heading = block.heading
            markdown = _MARKDOWN.match(cleaned)
            if markdown and document.format in ("txt", "html"):
                cleaned, heading = cleaned[markdown.end() :], heading or len(markdown.group(1))
            if document.format in ("txt", "html"):
                cleaned = _BULLET.sub("", cleaned)
            if cleaned.lstrip().startswith("**") and cleaned.count("**") >= 2:
                cleaned = cleaned.replace("**", "")
            out.append(Line(cleaned, block.line, block.label, heading, block.page))
    return out


def grid_of(table: Table) -> Grid:
    """Turn a real table, merged cells resolved, into a grid."""
    height = range(len(table.rows))
    return Grid(
        rows=tuple(tuple(clean(t).strip() for t in row) for row in table.rows),
        above=tuple(tuple(table.origins[r][c][0] < r for c in range(len(table.rows[r]))) for r in height),
        left=tuple(tuple(table.origins[r][c][1] < c for c in range(len(table.rows[r]))) for r in height),
        lines=tuple((n, n) for n in table.lines),
        sheet=table.sheet,
        page=table.page,
    )


def is_decoration(text: str) -> bool:
    """Tell whether a line is a rule, a page number or the like."""
    return bool(text.strip()) and bool(_DECORATION.fullmatch(fold(text)))


def wrap_width(lines: list[Line]) -> float | None:
    """Return the width at which the source was wrapped, or None when its lines are whole paragraphs."""
    widths = sorted(w for w in (display_width(line.text) for line in lines) if w >= 15)
    if len(widths) < 6:
        return None
    widest = widths[int(len(widths) * 0.95) - 1]
    near = sum(1 for w in widths if widest - 2.5 <= w <= widest + 2.5)
    return widest if near >= 0.4 * len(widths) and widest <= 60 else None


def display_width(text: str) -> float:
    """Return the width of a line in Chinese characters; Latin letters and digits take half a place."""
    return sum(0.5 if ord(c) < 0x2E80 and c not in "“”‘’…—·" else 1.0 for c in text.rstrip())


class Joiner:
    """Joins the lines of a run of text into paragraphs."""

    def __init__(self, wrap: float | None) -> None:
        self.wrap = wrap
        self.paras: list[Para] = []
        self.counts: dict[str, int] = {}
        self.blank = False
        self.last_width = 0.0

    def add(self, line: Line) -> None:
        """Take the next line; an empty one only parts or, in the middle of a sentence, does nothing."""
        if not line.text.strip() and not line.label:
            self.blank = True
            return
        text = (
            line.label + " " if line.label and not line.label.endswith(("、", "）", ".")) else line.label
        ) + line.text
        mark = read_mark(text)
        previous = self.paras[-1] if self.paras else None
        is_open = previous is not None and (self._open(previous) or _lists_on(previous.text, text))
        if mark and is_open and not line.label and line.heading is None and not self._expected(mark):
            mark = None
        if (
            previous is None
            or mark
            or not is_open
            or line.heading is not None
            or line.label
            or (_starts_labelled(text) and not open_depth(previous.text))
            or re.match(r"\s*附\s*件\s*[\d一二三四五六七八九十]*\s*[：:]?", text)
        ):
            self.paras.append(Para(text.rstrip(), [(0, line.number)], mark, line.heading, line.page))
            if mark:
                self.counts[mark.style] = mark.number
        else:
            if _lists_on(previous.text, text) and _next_unit(previous.text, text):
                previous.text += "、"
            previous.append(Line(text, line.number))
        self.blank = False
        self.last_width = display_width(line.text)

    def _expected(self, mark: Mark) -> bool:
        """Tell whether a number in the middle of an open sentence continues a list, or begins one."""
        return mark.number == self.counts.get(mark.style, 0) + 1 or (
            mark.number == 1 and mark.style not in ("arab", "bare", "dotted")
        )

    def _open(self, para: Para) -> bool:
        """Tell whether a paragraph stops in the middle of a sentence or of a bracket."""
        text = fold(para.text).rstrip()
        if not text:
            return False
        if open_depth(para.text) and len(para.text) < 4000:
            return True
        last = text[-1]
        if last in _TERMINAL or (not para.mark and len(text) <= 90 and text.endswith(("的通知", "的函"))):
            return False
        if last in "，、（〔《“-":
            return True
        wrapped = self.wrap is not None and self.last_width >= self.wrap - 2
        if last in "）〕":
            return (
                wrapped and not _starts_labelled(text[text.rfind("（") :]) and "。" in text and not _ends_assigned(text)
            )
        content = fold(para.content)
        if para.heading is not None and "。" not in content:
            return False
        if para.mark:
            return "。" in content or "；" in content or len(content) > 45 or (wrapped and not self.blank)
        return ("。" in content or ("，" in content and len(content) > 20) or wrapped) and len(content) > 12


def _lists_on(previous: str, text: str) -> bool:
    """Tell whether a line goes on with the content of a labelled line (责任单位：…) above it."""
    folded = fold(previous).strip()
    if not _starts_labelled(previous) or folded[0] in "（〔" or folded[-1] in "。；！":
        return False
    if folded.endswith("："):
        return True
    if re.search("(?:时限|时间|期限)：.{0,12}[年月至到-]$", folded) and len(text) <= 12 and text.strip()[:1].isdigit():
        return True
    units = split_units(text).units
    return (
        "。" not in text and len(text) <= 80 and bool(units) and all(looks_like_unit(u) and len(u) > 1 for u in units)
    )


def _next_unit(previous: str, text: str) -> bool:
    """Tell whether a new unit begins at a line break, so that the list lacks its separator there."""
    last = fold(previous).rstrip()
    if not looks_like_unit(last) or last.endswith(("：", "、", "，")):
        return False
    return fold(text).lstrip()[:1] in tuple("市县区省州本") or (
        fold(text).lstrip()[:1] == "各" and not last.endswith("政府")
    )


def _ends_assigned(text: str) -> bool:
    opened = max(text.rfind("（"), text.rfind("〔"))
    return opened >= 0 and names_units(text[opened + 1 : -1])


def _starts_labelled(text: str) -> bool:
    label = label_at_line(fold(text))
    return label is not None and (label.role in UNIT_ROLES or label.role in (Role.DUE, Role.LEADERS))
