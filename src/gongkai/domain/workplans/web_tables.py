"""Tables copied from web pages: cells parted by |, in lines or one below the other, or by nothing but line breaks."""

from __future__ import annotations

import re
from dataclasses import replace

from gongkai.domain.workplans.cell_places import Cell, Column, columns_of, fit, place_cells, unit_score
from gongkai.domain.workplans.characters import clean, fold, join_lines
from gongkai.domain.workplans.flow import Grid, Line
from gongkai.domain.workplans.frame import annex_start, annex_titled, classify, is_date
from gongkai.domain.workplans.labels import TASK_ROLES, UNIT_ROLES, Role, column_role
from gongkai.domain.workplans.numbering import read_mark

_RULE = re.compile(r"[\s|｜：:+=-]*-{2,}[\s|｜：:+=-]*")
# In a stream of cells a heading of a column is told from a cell by its words: nothing but these.
_HEADING_WORDS = re.compile(
    "(?:序|号|编号|No|重点|主要|工作|年度|目标|任务|具体|总体|要求|措施|举措|内容|事项|项目|名称|责任|牵头|配合|协办|主办|承办|协同|协助|参与|落实|实施|负责"
    "|单位|部门|科室|股室|处室|站所|机构|主体|领导|人员|人|完成|时限|时间|时序|期限|进度|安排|情况|备注|说明|类别|类型|领域|指标|一级|二级|三级|成果|成效|形式|标准|计划"
    "|推进|分工|细化|分解|联系|电话|方式|县|市|区|级|省|乡镇|镇街|街道|公开|政务|信息|及|和|与|、|/|节点|截止|考核|经办|整改|起止|工期|日期|预期|组织|第一|共同|直接|分管|包保"
    "|主管|相关|涉及|是否|目前|季度|月份|年|月|日|所|科|股|的|有关|工作组|专班|行动|改革|清单|要点|量化|评估|板块|方面|分类|对应|清单|条目|条款|路径|步骤|关键|服务|保障|活动|参加|举办|开放|地点|主题|对象|得分|分值)+"
)
_MOST_LINES = 10
_MOST_CELLS = 6000
_PIPES = re.compile("[|｜]")


def read_web_table(lines: list[Line], start: int) -> tuple[Grid, int] | None:
    """Read a table that begins with the line ``start``, or return None; also returns the place after it."""
    text = lines[start].text
    if not text.strip() or "\t" in text.strip():
        return None
    if _PIPES.search(text):
        return _piped(lines, start)
    first = text.strip()
    if column_role(first) is None and (len(first) > 4 or not _beside(lines, start)):
        return None
    return _piped(lines, start) or _bare(lines, start)


def _beside(lines: list[Line], start: int) -> str:
    """Return the next line that is not empty."""
    return next((line.text.strip() for line in lines[start + 1 : start + 4] if line.text.strip()), "")


# --- cells parted by | ------------------------------------------------------------------------------------------


def _piped(lines: list[Line], start: int) -> tuple[Grid, int] | None:
    end = _last_piped(lines, start)
    if end - start < 2:
        return None
    tokens, in_lines = _tokens(lines, start, end)
    head = _head(tokens)
    if head is None:
        return None
    names, rest = head
    cells: list[Cell] = []
    place, k = end, rest
    while k < len(tokens):
        if _same_names(tokens, k, names):
            k += len(names)
            continue
        if _other_head(tokens, k, names):
            place = next(n for n in range(start, end) if lines[n].number >= tokens[k].first)
            break
        cells.append(tokens[k])
        k += 1
    if place <= start + 1:
        return None
    return _build(names, cells, lines[start].number, in_lines=in_lines, place=place, until=lines[place - 1].number)


def _last_piped(lines: list[Line], start: int) -> int:
    """Return the place after the last line that still belongs to a run of cells parted by |."""
    last, place, quiet = start, start, 0
    while place < len(lines):
        text = lines[place].text
        if _PIPES.search(text) and "\t" not in text.strip():
            last, quiet = place + 1, 0
        elif text.strip():
            quiet += 1
            if quiet > _MOST_LINES or annex_start(text) or _parts_documents(text):
                break
        place += 1
    return last


def _parts_documents(text: str) -> bool:
    return bool(annex_titled(text)) or (classify(text) in ("site", "imprint", "annex_list", "meta"))


def _tokens(lines: list[Line], start: int, end: int) -> tuple[list[Cell], bool]:
    """Cut a run of lines into cells; the second value tells that every row stands in lines of its own."""
    many = sum(1 for line in lines[start:end] if len([c for c in _PIPES.split(line.text) if c.strip()]) >= 2)
    lone = sum(1 for line in lines[start:end] if line.text.strip() and not _PIPES.sub("", line.text).strip())
    in_lines = many >= 2 and many * 2 >= lone
    # Without a bar at the ends of the lines the end of a line ends a cell too.
    ended = sum(1 for line in lines[start:end] if line.text.rstrip()[-1:] in ("|", "｜"))
    whole = in_lines and ended * 2 < many
    led = sum(1 for line in lines[start:end] if line.text.lstrip()[:1] in ("|", "｜")) * 2 > many
    tokens: list[Cell] = []
    text, first, last = "", 0, 0
    fresh, empties = True, 0
    for line in lines[start:end]:
        if _RULE.fullmatch(fold(line.text)) or not line.text.strip():
            continue
        if in_lines and not text.strip() and _PIPES.sub("", line.text).strip():
            fresh = True
        stripped = line.text.strip()
        if in_lines and not text and not _PIPES.search(stripped) and (led or _heads_rows(stripped)):
            # A line without bars between the rows is a heading over those that follow.
            tokens.append(Cell(clean(stripped), line.number, line.number, 1.0))
            fresh = True
            continue
        if in_lines and not text.strip() and stripped[:1] in "|｜":
            stripped = stripped[1:]
        pieces = _PIPES.split(stripped)
        for k, piece in enumerate(pieces):
            piece = piece.strip()
            if piece:
                text = f"{text}\n{piece}" if text else piece
                first, last = first or line.number, line.number
            if k + 1 == len(pieces) and not (whole and len(pieces) > 1):
                break
            if text:
                begins = (1.0 if fresh else -1.0) if in_lines else 0.4 if empties else 0.0
                tokens.append(Cell(clean(text), first, last, begins))
                text, first, fresh, empties = "", 0, False, 0
            else:
                empties += 1
    if text:
        tokens.append(Cell(clean(text), first, last, 1.0 if in_lines and fresh else 0.0))
    return tokens, in_lines


def _heads_rows(text: str) -> bool:
    mark = read_mark(text)
    return mark is not None and mark.style in ("chapter", "cn", "cn_paren") and len(text) <= 60 and "。" not in text


def _head(tokens: list[Cell]) -> tuple[list[str], int] | None:
    """Return the names of the columns and the place after them."""
    names: list[str] = []
    for token in tokens[:12]:
        name = re.sub(r"\s+", "", token.text)
        if fold(name).endswith("："):
            break
        # A cell that stands in the head's own line is a heading, whatever it says.
        beside = bool(names) and token.begins < 0 and len(name) <= 14
        if (_is_heading(name) and (not names or token.begins < 1.0)) or beside:
            names.append(name)
        elif len(names) == 1 and len(names[0] + name) <= 4 and _is_heading(names[0] + name):
            names[0] += name
        else:
            break
    if sum(1 for name in names if _is_heading(name)) * 3 < len(names) * 2 or not _useful(names):
        return None
    return _with_second_row(names, tokens)


def _with_second_row(names: list[str], tokens: list[Cell]) -> tuple[list[str], int]:
    """Put 牵头单位 and 配合单位 in the place of 责任分工 when they stand in a second row of headings."""
    place = len(names)
    second = [re.sub(r"\s+", "", t.text) for t in tokens[place : place + 4]]
    begins = [t.begins for t in tokens[place : place + 4]]
    count = next((k for k in range(1, len(begins)) if begins[k] >= 1.0), len(begins))
    units = [name for name in second[:count] if column_role(name) in UNIT_ROLES and _is_heading(name)]
    over = [i for i, name in enumerate(names) if column_role(name) in UNIT_ROLES]
    if not begins or begins[0] < 1.0 or len(units) != count or count < 2 or len(over) != 1:
        return names, place
    return [*names[: over[0]], *units, *names[over[0] + 1 :]], place + count


def _is_heading(name: str) -> bool:
    """Tell whether a cell is the heading of a column; ``name`` has no blanks."""
    plain = re.sub("[（〔][^（）〔〕]*[）〕]", "", fold(name)).strip("*：")
    return len(plain) <= 14 and column_role(name) is not None and bool(_HEADING_WORDS.fullmatch(plain or fold(name)))


def _useful(names: list[str]) -> bool:
    roles = [column_role(n) for n in names]
    units = [r for r in roles if r in UNIT_ROLES or r in (Role.DUE, Role.LEADERS)]
    return len(names) >= 2 and bool(units) and any(r in TASK_ROLES for r in roles)


def _same_names(tokens: list[Cell], place: int, names: list[str]) -> bool:
    return [re.sub(r"\s+", "", t.text) for t in tokens[place : place + len(names)]] == names


def _other_head(tokens: list[Cell], place: int, names: list[str]) -> bool:
    """Tell whether the head of another table stands at this place."""
    found = _head(tokens[place : place + 12])
    return found is not None and len(found[0]) >= 3 and found[0] != names


def _without_heads(cells: list[Cell], names: list[str]) -> list[Cell]:
    """Drop heads repeated at page breaks."""
    out: list[Cell] = []
    place = 0
    while place < len(cells):
        if _same_names(cells, place, names):
            place += len(names)
            continue
        out.append(cells[place])
        place += 1
    return out


# --- cells parted by line breaks only -----------------------------------------------------------------------------


def _bare(lines: list[Line], start: int) -> tuple[Grid, int] | None:
    """Read a table of which only its cells are left, one a line."""
    head = _bare_head(lines, start)
    if head is None:
        return None
    names, place = head
    # Where empty lines part the cells, lines without one between them belong together.
    parted = sum(1 for line in lines[start:place] if not line.text.strip()) >= len(names) - 1
    cells: list[Cell] = []
    while place < len(lines) and len(cells) < _MOST_CELLS:
        text = lines[place].text.strip()
        if text and (annex_start(text) or classify(text) or is_date(text)):
            break
        blank = not lines[place - 1].text.strip()
        if text and parted and not blank and cells:
            joined = join_lines(cells[-1].text, text) if unit_score(text) < 0 else f"{cells[-1].text}\n{text}"
            cells[-1] = replace(cells[-1], text=joined, last=lines[place].number)
        elif text:
            cells.append(Cell(text, lines[place].number, lines[place].number, loose=not parted))
        place += 1
    cells = _without_heads(cells, names)
    built = _build(names, cells, lines[start].number, in_lines=False, place=place)
    return built if built and _convincing(built[0], names) else None


def _bare_head(lines: list[Line], start: int) -> tuple[list[str], int] | None:
    names: list[str] = []
    place = start
    while place < len(lines) and len(names) < 10:
        text = re.sub(r"\s+", "", lines[place].text)
        if not text:
            place += 1
            continue
        short = bool(names) and len(names[-1]) <= 2 and len(text) <= 2
        if short and _is_heading(names[-1] + text):
            names[-1] += text
        elif (
            _is_heading(text)
            or not names
            and len(text) <= 2
            and _is_heading(text + re.sub(r"\s+", "", _beside(lines, place)))
        ):
            names.append(text)
        else:
            break
        place += 1
    if len(names) < 3 or not _useful(names) or place >= len(lines):
        return None
    return names, place


def _convincing(grid: Grid, names: list[str]) -> bool:
    """Tell whether lines one below the other really are cells: most rows have a clause and units or a date."""
    roles = [column_role(n) for n in grid.rows[0]]
    units = [c for c, r in enumerate(roles) if r in UNIT_ROLES]
    texts = [c for c, r in enumerate(roles) if r in TASK_ROLES]
    rows = [row for r, row in enumerate(grid.rows) if r and sum(1 for c in row if c) > 1 and not any(grid.left[r])]
    whole = sum(
        1
        for row in rows
        if any(row[c] for c in texts) and any(row[c] and unit_score(row[c]) > 0 for c in units or range(len(row)))
    )
    return len(rows) >= 2 and whole * 4 >= len(rows) * 3


# --- building the grid --------------------------------------------------------------------------------------------


def _build(
    names: list[str], cells: list[Cell], line: int, *, in_lines: bool, place: int, until: int = 0
) -> tuple[Grid, int] | None:
    if not cells or len(cells) > _MOST_CELLS:
        return None
    most = _most_in_row(cells) if in_lines else 0
    columns = columns_of(names, cells, most=most)
    rows: list[tuple[str, ...]] = [tuple(c.name for c in columns)]
    left: list[tuple[bool, ...]] = [tuple(False for _ in columns)]
    spans = [(line, max(line, cells[0].first - 1))]
    for row in place_cells(cells, columns):
        texts = [""] * len(columns)
        for i, c in row:
            texts[c] = f"{texts[c]}\n{cells[i].text}" if texts[c] else cells[i].text
        first, last = cells[row[0][0]].first, cells[row[-1][0]].last
        heading = len(row) == 1 and _is_heading_row(texts[row[0][1]], columns)
        if heading:
            texts = [texts[row[0][1]].rstrip("。；;")] * len(columns)
        rows.append(tuple(texts))
        left.append(tuple(heading and c > 0 for c in range(len(columns))))
        spans.append((first, max(first, last)))
    # Lines with nothing but separators belong to the row above them.
    for k in range(len(spans) - 1):
        spans[k] = (spans[k][0], max(spans[k][1], spans[k + 1][0] - 1))
    spans[-1] = (spans[-1][0], max(spans[-1][1], until))
    no = tuple(tuple(False for _ in columns) for _ in rows)
    inferred = not in_lines and Role.NO not in [column_role(name) for name in names]
    return Grid(tuple(rows), no, tuple(left), tuple(spans), inferred=inferred), place


def _most_in_row(cells: list[Cell]) -> int:
    most = count = 0
    for cell in cells:
        count = 1 if cell.begins >= 1.0 else count + 1
        most = max(most, count)
    return most


def _is_heading_row(text: str, columns: list[Column]) -> bool:
    """Tell whether the only cell of a row is a heading over the rows that follow."""
    mark = read_mark(text)
    if mark is None or len(text) > 60 or mark.style not in ("chapter", "cn", "cn_paren"):
        return False
    main = next((c for c in columns if c.main), None)
    return main is None or fit(text, main, two_texts=True) < 6
