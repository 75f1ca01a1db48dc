"""Reading the text of a case file into nodes that know their line; YAML with nothing resolved but its shape."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import yaml

from gongkai.domain.issues import Issue, Severity, Where

DEEPEST = 12
MOST_NODES = 400_000
FIRST_YEAR, LAST_YEAR = 1949, 2199
_DATE = re.compile(
    r"^\s*(\d{4})\s*(?:[-/.年])\s*(\d{1,2})\s*(?:[-/.月])\s*(\d{1,2})\s*日?(?:[T\s]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?"
    r"\s*(?:Z|[+-]\d{2}:?\d{2})?)?\s*(?:（?周[一二三四五六日]）?)?\s*$"
)
_NO_TEXT = re.compile(rb"[\x00-\x08\x0e-\x1f]")
_COMPACT = re.compile(r"^\s*(\d{4})(\d{2})(\d{2})\s*$")
_DATED_WORDS = re.compile(r"^\s*(\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?)(?!\d)\s*[：:，,]?\s*(\S.*)$")


@dataclass(frozen=True, slots=True)
class Node:
    """A scalar (``text``), a list (``items``) or a mapping (``pairs``), with its first line, counted from 1."""

    line: int
    text: str | None = None
    items: tuple[Node, ...] | None = None
    pairs: tuple[tuple[Node, Node], ...] | None = None

    @property
    def empty(self) -> bool:
        """Tell whether nothing is written there."""
        return self.text == "" if self.text is not None else not (self.items or self.pairs)

    @property
    def shape(self) -> str:
        """Say in Chinese what it is."""
        if self.pairs is not None:
            return "一组键和值"
        return "一个列表" if self.items is not None else f"“{self.text}”"


def problem(code: str, line: int, field: str | None = None, **values: object) -> Issue:
    """A fault of the file at a line."""
    return Issue(code, field, values, Severity.ERROR, Where(line, line))


def decode(data: bytes) -> str:
    """Return the text of a file: UTF-8, UTF-16 with its mark, else GB18030; raises UnicodeDecodeError."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        if _NO_TEXT.search(data):
            raise
        return data.decode("gb18030")


def read_documents(text: str) -> tuple[list[Node], list[Issue]]:
    """Return the documents of a YAML text, and what keeps it from being read."""
    documents: list[Node] = []
    if "\x00" in text:
        return [], [problem("foi.replay.not_text", 1)]
    try:
        for composed in yaml.compose_all(text, Loader=yaml.SafeLoader):
            node = _Reader().read(composed)
            if not node.empty:
                documents.append(node)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark is not None else (1, 1)
        return [], [problem("foi.replay.yaml", line, column=column, problem=_say(error))]
    except yaml.YAMLError as error:
        return [], [problem("foi.replay.yaml", 1, column=1, problem=str(error).splitlines()[0])]
    except (_TooMuch, RecursionError):
        return [], [problem("foi.replay.too_much", 1, deepest=DEEPEST, most=MOST_NODES)]
    if not documents:
        return [], [problem("foi.replay.empty", 1)]
    return documents, []


_YAML_WORDS = (
    ("could not find expected ':'", "缺少冒号，或者冒号后面没有空格"),
    ("mapping values are not allowed", "这里不应有冒号；含冒号的文字请加引号"),
    ("found character '\\t'", "缩进用了制表符，请改用空格"),
    ("expected <block end>", "缩进没有对齐"),
    ("did not find expected", "缺少逗号或者括号没有配对"),
    ("expected ',' or", "缺少逗号或者括号没有配对"),
    ("found unexpected end of stream", "引号或者括号没有配对"),
    ("found undefined alias", "引用了没有定义的别名"),
)


def _say(error: yaml.MarkedYAMLError) -> str:
    said = error.problem or error.context or ""
    return next((words for start, words in _YAML_WORDS if start in said), said)


class _TooMuch(Exception):
    """The file is nested or repeated beyond what a case can be."""


@dataclass(slots=True)
class _Reader:
    """Turns composed YAML into nodes, within bounds: an alias may repeat a node without end."""

    seen: int = 0

    def read(self, node: yaml.Node | None, depth: int = 0) -> Node:
        """Read one node and everything below it."""
        self.seen += 1
        if depth > DEEPEST or self.seen > MOST_NODES:
            raise _TooMuch
        if node is None:
            return Node(1, text="")
        line = node.start_mark.line + 1
        if isinstance(node, yaml.MappingNode):
            return Node(line, pairs=self.pairs(node, depth))
        if isinstance(node, yaml.SequenceNode):
            return Node(line, items=tuple(self.read(one, depth + 1) for one in node.value))
        null = node.tag == "tag:yaml.org,2002:null"
        return Node(line, text="" if null else str(node.value).strip())

    def pairs(self, node: yaml.MappingNode, depth: int) -> tuple[tuple[Node, Node], ...]:
        """The pairs of a mapping; what is merged into it (``<<: *name``) comes behind and gives way to its own keys."""
        own: list[tuple[Node, Node]] = []
        merged: list[tuple[Node, Node]] = []
        for key, value in node.value:
            if key.tag == "tag:yaml.org,2002:merge":
                sources = value.value if isinstance(value, yaml.SequenceNode) else [value]
                for source in sources:
                    merged += self.read(source, depth + 1).pairs or ()
            else:
                own.append((self.read(key, depth + 1), self.read(value, depth + 1)))
        known = {key.text for key, _ in own}
        for key, value in merged:
            if key.text not in known:
                known.add(key.text)
                own.append((key, value))
        return tuple(own)


def read_date(text: str) -> date | None:
    """Return the day a text names: 2024-03-01, with or without a time, 2024/3/1, 2024年3月1日, 20240301; else None."""
    found = _DATE.match(text) or _COMPACT.match(text)
    if found is None:
        return None
    try:
        day = date(*(int(part) for part in found.groups()))
    except ValueError:
        return None
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else None


def split_dated(text: str) -> tuple[str, str] | None:
    """Split “2024-03-01 收到申请” into its day and its words; None when it does not begin with a day."""
    found = _DATED_WORDS.match(text)
    return (found[1], found[2].strip()) if found is not None else None


def keys(node: Node) -> Iterator[str]:
    """The keys of a mapping as written."""
    for key, _ in node.pairs or ():
        if key.text is not None:
            yield key.text
