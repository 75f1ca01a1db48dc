"""Fields that stand behind a label: the table above a document on a web site, 主题词, 公开方式 and the like."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gongkai.domain.identifiers import parse_doc_no
from gongkai.domain.intake.dates import find_date
from gongkai.domain.intake.lines import Line, joined
from gongkai.domain.intake.model import Confidence, Proposal, Value
from gongkai.domain.intake.words import attribute_of

LABELS = {
    "索引号": "index_no",
    "信息索引号": "index_no",
    "信息索引": "index_no",
    "发布机构": "issuers",
    "发布单位": "issuers",
    "发文机关": "issuers",
    "发文机构": "issuers",
    "发文单位": "issuers",
    "制发机关": "issuers",
    "公开机构": "issuers",
    "公开主体": "issuers",
    "成文日期": "written_on",
    "成文时间": "written_on",
    "生成日期": "written_on",
    "印发日期": "issued_on",
    "发文日期": "written_on",
    "发布日期": "published_on",
    "发布时间": "published_on",
    "公开日期": "published_on",
    "公开时间": "published_on",
    "文号": "doc_no",
    "发文字号": "doc_no",
    "文件编号": "doc_no",
    "标题": "title",
    "名称": "title",
    "信息名称": "title",
    "文件名称": "title",
    "公开方式": "attribute",
    "公开属性": "attribute",
    "公开类别": "attribute",
    "信息公开选项": "attribute",
    "公开选项": "attribute",
    "主题词": "keywords",
    "关键词": "keywords",
    "公文种类": "document_kind",
    "施行日期": "effective_on",
    "实施日期": "effective_on",
    "生效日期": "effective_on",
    "失效日期": "expires_on",
    "废止日期": "expires_on",
    "有效期至": "expires_on",
    "主题分类": "",
    "信息分类": "",
    "信息类别": "",
    "组配分类": "",
    "体裁分类": "",
    "服务对象": "",
    "有效性": "",
    "时效性": "",
    "效力状态": "",
    "公开时限": "",
    "公开范围": "",
    "责任部门": "",
    "浏览次数": "",
    "浏览量": "",
    "点击数": "",
    "访问量": "",
    "来源": "",
    "信息来源": "",
    "作者": "",
    "字体": "",
    "字号": "",
}
"""Labels without blanks, and the field they name; an empty field is known and not used."""
_DATES = frozenset({"written_on", "issued_on", "effective_on", "expires_on", "published_on"})
_NAMES = sorted(LABELS, key=len, reverse=True)
_SPACED = "|".join(r"[ \t\u3000\xa0]*".join(name) for name in _NAMES)
_LABEL = re.compile(
    rf"(?:^|(?<=[\s\u3000\xa0｜|;；\[【（(\]】]))[\[【（(]?(?P<label>{_SPACED})[\]】）)]?[ \t\u3000]*[:：]"
)
_KEYWORDS = re.compile(r"[\s\u3000、，,;；/]+")
_EMPTY = frozenset({"", "无", "-", "—", "--", "/", "暂无", "空"})
TOP = 40
"""How many lines from the top (and from the end) labels are looked for: a sentence further down is no label."""


@dataclass(frozen=True, slots=True)
class Labeled:
    """What stands behind one label."""

    field: str
    value: str
    line: Line


def read_labels(lines: Sequence[Line]) -> tuple[list[Proposal], dict[int, str]]:
    """Return the proposals of labels, and the lines that hold labels only."""
    found: list[Proposal] = []
    frame: dict[int, str] = {}
    waiting: Labeled | None = None  # a label alone on its line; the next line is its value
    for position, line in enumerate(lines):
        near = position < TOP or position >= len(lines) - 10
        pairs = list(_cells(line) if line.cells else _text(line)) if near else []
        if not pairs:
            if waiting is not None and not line.cells and len(line.text) <= 120:
                frame[line.number] = "label"
                proposal = _proposal(Labeled(waiting.field, line.text, line))
                found += [] if proposal is None else [proposal]
            waiting = None
            continue
        frame[line.number] = "label"
        waiting = pairs[-1] if len(pairs) == 1 and not pairs[0].value and not line.cells else None
        for pair in pairs:
            proposal = _proposal(pair)
            if proposal is not None:
                found.append(proposal)
    return found, frame


def _cells(line: Line) -> Iterator[Labeled]:
    """Read a table row of label, value, label, value; or of cells that hold both."""
    cells = line.cells
    at = 0
    pairs: list[Labeled] = []
    other = 0
    while at < len(cells):
        label = re.sub(r"[\s\u3000\xa0:：\[\]【】]", "", cells[at])
        if label in LABELS:
            value = cells[at + 1] if at + 1 < len(cells) else ""
            pairs.append(Labeled(LABELS[label], value, line))
            at += 2
            continue
        inner = list(_pairs(cells[at], line))
        pairs += inner
        other += not inner and bool(cells[at])
        at += 1
    # A row with more free cells than labels is a row of the document's own table.
    return iter(pairs if other <= len(pairs) else [])


def _text(line: Line) -> Iterator[Labeled]:
    match = _LABEL.search(line.text)
    if match is None or match.start() > 3 or len(line.text) > 300:
        return iter(())
    return _pairs(line.text, line)


def _pairs(text: str, line: Line) -> Iterator[Labeled]:
    matches = list(_LABEL.finditer(text))
    for n, match in enumerate(matches):
        end = matches[n + 1].start() if n + 1 < len(matches) else len(text)
        label = re.sub(r"[\s\u3000\xa0]", "", match["label"])
        yield Labeled(LABELS[label], text[match.end() : end].strip(" \t\u3000\xa0|｜;；[【"), line)


def _proposal(pair: Labeled) -> Proposal | None:
    value = _value(pair.field, pair.value.strip())
    if pair.field == "" or value is None:
        return None
    return Proposal(pair.field, value, Confidence.STATED, pair.line.number, pair.line.text, "label")


def _value(field: str, text: str) -> Value | None:
    if text in _EMPTY:
        return None
    if field in _DATES:
        return find_date(text)
    if field == "attribute":
        return attribute_of(text) or None
    if field == "keywords":
        return tuple(word for word in _KEYWORDS.split(text) if word) or None
    if field == "issuers":
        names = [joined([name]) for name in re.split(r"[、，,;；\s\u3000]+", text) if name.strip()]
        return tuple(dict.fromkeys(names)) or None
    if field == "doc_no":
        number = parse_doc_no(text)
        return str(number) if number is not None else joined([text])[:100]
    return joined([text])[:300]
