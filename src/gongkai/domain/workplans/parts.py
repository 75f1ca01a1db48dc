"""The main part of a document and its annexes, each with its head, its outline and its tables."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from gongkai.domain.document import Document, Table
from gongkai.domain.issues import Where
from gongkai.domain.workplans.characters import fold, tidy
from gongkai.domain.workplans.clauses import segments
from gongkai.domain.workplans.flow import (
    FlowItem,
    Grid,
    Joiner,
    Line,
    Para,
    grid_of,
    is_decoration,
    lines_of,
    wrap_width,
)
from gongkai.domain.workplans.frame import (
    annex_start,
    annex_titled,
    classify,
    is_date,
    is_site_owner,
    is_title_like,
    read_date,
)
from gongkai.domain.workplans.headers import cells_of, find_header
from gongkai.domain.workplans.meta_rows import meta_grid, meta_lines
from gongkai.domain.workplans.model import FramePart
from gongkai.domain.workplans.numbering import Mark
from gongkai.domain.workplans.plain_tables import extract_tables
from gongkai.domain.workplans.run_on import split_run_on
from gongkai.domain.workplans.schedules import timed_line
from gongkai.domain.workplans.tree import Node, grow, is_heading
from gongkai.domain.workplans.unit_lists import looks_like_unit, split_units, surely_unit


@dataclass(slots=True)
class Part:
    """The main part (no label) or one annex (附件1)."""

    label: str = ""
    items: list[FlowItem] = field(default_factory=list)
    loose: list[Para] = field(default_factory=list)
    roots: list[Node] = field(default_factory=list)
    grids: list[tuple[Grid, str]] = field(default_factory=list)
    dates: list[Para] = field(default_factory=list)
    timed: list[tuple[Para, str, str]] = field(default_factory=list)

    def table_title(self) -> str:
        """Return the title that stands inside the first table, above its head."""
        for grid, _ in self.grids:
            header = find_header(grid)
            for r in range(header.first if header else min(2, len(grid.rows))):
                text = tidy("".join(t for _, t in cells_of(grid, r)))
                if len(text) >= 4 and not annex_start(text):
                    return text
        return ""


def read_parts(document: Document) -> tuple[list[Part], list[FramePart]]:
    """Cut the document into its parts; the frame parts are rules, page numbers, dates, notes, annex lists."""
    frame: list[FramePart] = []
    parts = _split(_flow(document, frame), frame)
    for part in parts:
        _prepare(part, frame)
    return parts, frame


def _flow(document: Document, frame: list[FramePart]) -> list[FlowItem]:
    """Return paragraphs and tables in reading order."""
    source = lines_of(document)
    plain = [line for line in source if isinstance(line, Line)]
    wrap = wrap_width(plain) if document.format in ("txt", "pdf", "html") else None
    flow: list[FlowItem] = []
    run: list[Line] = []
    for entry in [*source, None]:
        if isinstance(entry, Line):
            run.append(entry)
            continue
        grid = grid_of(entry) if isinstance(entry, Table) and entry.rows else None
        particulars = meta_grid(grid) if grid else None
        flow.extend(_paragraphs(run, wrap, frame))
        run = []
        if particulars:
            flow.extend(Para(line.text, [(0, line.number)], page=line.page) for line in particulars)
        elif grid:
            flow.append(grid)
    return flow


def _paragraphs(lines: list[Line], wrap: float | None, frame: list[FramePart]) -> list[FlowItem]:
    out: list[FlowItem] = []
    joiner = Joiner(wrap)
    for item in extract_tables(split_run_on(meta_lines(lines))):
        if isinstance(item, Grid):
            out.extend(joiner.paras)
            out.append(item)
            joiner = Joiner(wrap)
        elif is_decoration(item.text):
            frame.append(FramePart("decoration", item.text.strip(), Where(item.number, item.number, item.page)))
            joiner.blank = True
        elif not item.label and item.heading is None and len(item.text.strip()) > 1 and classify(item.text) == "site":
            frame.append(FramePart("site", tidy(item.text), Where(item.number, item.number, item.page)))
            joiner.blank = True
        else:
            joiner.add(item)
    out.extend(joiner.paras)
    return out


def _split(flow: list[FlowItem], frame: list[FramePart]) -> list[Part]:
    """Begin a new part at every annex, and put lists of annexes into the frame."""
    parts = [Part()]
    listing = False
    for i, item in enumerate(flow):
        if isinstance(item, Grid):
            listing = False
            parts[-1].items.append(item)
            continue
        text = item.text.strip()
        label = annex_start(text)
        titled = annex_titled(text)
        following = flow[i + 1] if i + 1 < len(flow) else None
        if label and following is not None:
            parts.append(Part(label))
            frame.append(FramePart("annex", label, item.where))
            listing = False
            continue
        if titled and "\n" not in text and _opens_annex(following) and not (listing and titled[0] == "附件"):
            parts.append(Part(titled[0]))
            item.text, item.mark = titled[1], None
            parts[-1].items.append(item)
            listing = False
            continue
        if titled and re.match(r"附\s*件", text):
            frame.append(FramePart("annex_list", tidy(text), item.where))
            listing = True
            continue
        if listing and item.mark and item.mark.style == "arab" and item.mark.number > 1 and is_heading(item.content):
            frame.append(FramePart("annex_list", tidy(text), item.where))
            continue
        listing = False
        if _opens_plan(parts[-1], item, following):
            parts.append(Part())
        parts[-1].items.append(item)
    return [p for k, p in enumerate(parts) if k == 0 or p.items]


def _opens_plan(part: Part, item: Para, following: FlowItem | None) -> bool:
    """Tell whether a line is the title of the plan after a letter with numbered points of its own."""
    before = [i for i in part.items if isinstance(i, Para)]
    if item.mark or following is None or not is_title_like(item.text) or not any(p.mark for p in before):
        return False
    if isinstance(following, Para) and following.mark and following.mark.number > 1:
        return False
    return any(classify(p.text) in ("date", "note") for p in before[-4:])


def _opens_annex(following: FlowItem | None) -> bool:
    """Tell whether what follows an annex's title is its content, and not a date or a further annex."""
    if following is None:
        return False
    if isinstance(following, Grid):
        return True
    text = following.text.strip()
    if is_date(text) or looks_like_unit(text) or re.match(r"附\s*件", text) or classify(text):
        return False
    return following.mark is None or following.mark.number == 1


def _prepare(part: Part, frame: list[FramePart]) -> None:
    """Take frame lines out of the part's text, grow its outline, and note under which heading each table stands."""
    paras: list[Para] = []
    section = ""
    noting = False
    for i, item in enumerate(part.items):
        if isinstance(item, Grid):
            part.grids.append((item, section))
            noting = classify(" ".join(dict.fromkeys(t for t in item.rows[-1] if t.strip()))) == "note"
            continue
        kind = classify(item.text) or _site_foot(part.items, i)
        begun = any(p.mark for p in paras) or bool(part.grids)
        if not begun:
            noting = False
            paras.append(item)
            if item.mark and item.mark.style in ("cn", "chapter") and is_heading(item.content):
                section = tidy(item.text)
            continue
        if not kind and noting and item.mark and item.mark.number > 1:
            kind = "note"
        if not kind and not item.mark and _signs(part.items, i):
            kind = "signature"
        noting = kind == "note"
        if kind:
            frame.append(FramePart(kind, tidy(item.text), item.where))
            if kind in ("date", "imprint") and read_date(item.text):
                part.dates.append(item)
            continue
        if item.mark and item.mark.style in ("cn", "chapter") and is_heading(item.content):
            section = tidy(item.text)
        paras.append(item)
    paras = _take_timed(part, paras)
    _units_first(paras)
    _number_plain(paras)
    part.loose, part.roots = grow(paras)
    if part.grids and part.roots:
        _drop_bare_headings(part, frame)


def _site_foot(items: list[FlowItem], place: int) -> str:
    """Return "site" for the owner of a website named beside other lines of its foot."""
    item = items[place]
    if not isinstance(item, Para) or not is_site_owner(item.text):
        return ""
    for beside in items[max(0, place - 1) : place] + items[place + 1 : place + 2]:
        if isinstance(beside, Para) and (classify(beside.text) == "site" or is_site_owner(beside.text)):
            return "site"
    return ""


def _take_timed(part: Part, paras: list[Para]) -> list[Para]:
    """Set lines such as 3月：… apart as a timetable when there are at least two of them."""
    timed = [(p, found) for p in paras if p.mark is None and (found := timed_line(p.text))]
    if len(timed) < 2:
        return paras
    part.timed = [(p, *found) for p, found in timed]
    return [p for p in paras if all(p is not t for t, _ in timed)]


_UNIT_FIRST = re.compile(r"(?P<units>[^：。；\d]{2,40})：(?P<text>[^\n]{8,})", re.S)


def _units_first(paras: list[Para]) -> None:
    """Read 党政办：更新公开栏，6月底前完成。 as an item of that unit where at least two such lines stand in a plan."""
    if any(p.mark for p in paras) or not any(re.search("分工|任务|要点|安排|计划|方案", p.text) for p in paras[:4]):
        return
    found: list[tuple[Para, re.Match[str]]] = []
    for para in paras:
        match = _UNIT_FIRST.fullmatch(fold(para.text).strip())
        units = split_units(match["units"]).units if match else ()
        chinese = len(re.findall("[\u3400-\u9fff]", match["text"])) if match else 0
        if (
            match
            and units
            and chinese >= 6
            and all(surely_unit(u) or len(u) <= 4 and looks_like_unit(u) for u in units)
        ):
            found.append((para, match))
    if len(found) < 2:
        return
    for number, (para, match) in enumerate(found, 1):
        text = para.text.strip()
        para.text = f"{text[match.start('text') :].strip()}\n责任单位：{text[: match.end('units')]}"
        para.mark = Mark("plain", number, str(number), 0)


def _number_plain(paras: list[Para]) -> None:
    """Where nothing is numbered, every paragraph that names its units is an item; a short line above is its heading."""
    if any(p.mark for p in paras):
        return
    count = 0
    for i, para in enumerate(paras):
        found = segments(para.text)
        if not any(s.assignment and s.assignment.has_units for s in found) or not found[0].text:
            continue
        count += 1
        para.mark = Mark("plain", count, str(count), 0)
        above = paras[i - 1] if i else None
        if above and i > 1 and above.mark is None and is_heading(above.text) and len(above.text.strip()) <= 30:
            above.mark, para.mark = para.mark, None


def _signs(items: list[FlowItem], place: int) -> bool:
    """Tell whether a line is the name of the issuer above the date."""
    item = items[place]
    if not isinstance(item, Para) or len(item.text.strip()) > 30 or not looks_like_unit(tidy(item.text)):
        return False
    following = items[place + 1] if place + 1 < len(items) else None
    return following is None or (
        isinstance(following, Para) and (is_date(following.text) or fold(following.text).startswith("附件"))
    )


def _drop_bare_headings(part: Part, frame: list[FramePart]) -> None:
    """A heading with nothing but a table under it is a heading of that table, no task."""
    sections = {section for _, section in part.grids if section}
    kept: list[Node] = []
    for node in part.roots:
        text = tidy(node.paras[0].text)
        if text in sections and not node.children and len(node.paras) == 1:
            frame.append(FramePart("heading", text, node.where))
        else:
            kept.append(node)
    part.roots = kept
