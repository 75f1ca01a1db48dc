"""Reading the text of a case file into nodes that know their line; YAML with nothing resolved but its shape."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

import yaml

from gongkai.domain.issues import Issue, Severity, Where

DEEPEST = 12
MOST_NODES = 400_000
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NULL = frozenset({"", "~", "null", "Null", "NULL"})
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
    if "\x00" in text:
        return [], [problem("foi.replay.not_text", 1)]
    try:
        documents = [node for node in _Composer().documents(yaml.parse(text, Loader=_LOADER)) if not node.empty]
    except yaml.reader.ReaderError:
        return [], [problem("foi.replay.not_text", 1)]
    except yaml.MarkedYAMLError as error:
        return [], [_fault(_in_words(text, error))]
    except _TooMuch:
        return [], [problem("foi.replay.too_much", 1, deepest=DEEPEST, most=MOST_NODES)]
    if not documents:
        return [], [problem("foi.replay.empty", 1)]
    return documents, []


def _in_words(text: str, error: yaml.MarkedYAMLError) -> yaml.MarkedYAMLError:
    """The same fault as the reader written in Python tells it, which says more than the fast one."""
    try:
        _Composer().documents(yaml.parse(text, Loader=yaml.SafeLoader))
    except yaml.MarkedYAMLError as told:
        return told
    except (yaml.YAMLError, _TooMuch):
        return error
    return error


def _fault(error: yaml.MarkedYAMLError) -> Issue:
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark is not None else (1, 1)
    return problem("foi.replay.yaml", line, column=column, problem=_say(error))


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


class _Sized(NamedTuple):
    """A node with the number of nodes in it, aliases counted each time, and how deep it goes; ``merge`` is a bare ``<<``."""

    node: Node
    size: int
    height: int
    merge: bool = False


@dataclass(slots=True)
class _Open:
    """A list or mapping that is being read."""

    line: int
    anchor: str | None
    mapping: bool
    children: list[_Sized] = field(default_factory=list)
    size: int = 1


class _Composer:
    """Builds nodes from the events of a YAML text, within bounds: an alias may repeat a node without end."""

    def __init__(self) -> None:
        self.anchors: dict[str, _Sized] = {}
        self.open: list[_Open] = []
        self.found: list[Node] = []

    def documents(self, told: Iterable[Any]) -> list[Node]:
        """Return one node a document; raises MarkedYAMLError and _TooMuch."""
        for event in told:
            mark: Any = event.start_mark
            line = mark.line + 1
            if isinstance(event, yaml.AliasEvent):
                self.alias(str(event.anchor), mark)
            elif isinstance(event, yaml.ScalarEvent):
                plain = bool(event.implicit[0])
                text = "" if plain and event.value in _NULL else str(event.value).strip()
                self.done(_Sized(Node(line, text), 1, 0, plain and text == "<<"), event.anchor)
            elif isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
                if len(self.open) > DEEPEST:
                    raise _TooMuch
                self.open.append(_Open(line, event.anchor, isinstance(event, yaml.MappingStartEvent)))
            elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
                self.close()
            elif isinstance(event, yaml.DocumentStartEvent):
                self.anchors.clear()
        return self.found

    def alias(self, name: str, mark: Any) -> None:
        """What was read under a name stands here again; inside itself it would have no end."""
        if any(one.anchor == name for one in self.open):
            raise _TooMuch
        if name not in self.anchors:
            raise yaml.MarkedYAMLError(problem="found undefined alias", problem_mark=mark)
        self.add(self.anchors[name])

    def close(self) -> None:
        """Make a node of what was open last."""
        one = self.open.pop()
        height = 1 + max((child.height for child in one.children), default=0)
        if one.mapping:
            node = Node(one.line, pairs=_pairs(one.children))
        else:
            node = Node(one.line, items=tuple(child.node for child in one.children))
        self.done(_Sized(node, one.size, height), one.anchor)

    def done(self, one: _Sized, anchor: str | None) -> None:
        """A node is whole."""
        if anchor is not None:
            self.anchors[anchor] = one
        self.add(one)

    def add(self, one: _Sized) -> None:
        """Put a node into what is open, or take it as a document."""
        if not self.open:
            self.found.append(one.node)
            return
        around = self.open[-1]
        around.children.append(one)
        around.size += one.size
        if around.size > MOST_NODES or len(self.open) + one.height > DEEPEST:
            raise _TooMuch


def _pairs(children: list[_Sized]) -> tuple[tuple[Node, Node], ...]:
    """Keys and values by turns; what is merged in (``<<: *name``) comes behind and gives way to the mapping's own keys."""
    own: list[tuple[Node, Node]] = []
    merged: list[tuple[Node, Node]] = []
    for key, value in zip(children[::2], children[1::2], strict=True):
        sources = value.node.items or (value.node,)
        if key.merge and all(source.pairs is not None for source in sources):
            for source in sources:
                merged += source.pairs or ()
        else:
            own.append((key.node, value.node))
    known = {key.text for key, _ in own}
    for name, given in merged:
        if name.text not in known:
            known.add(name.text)
            own.append((name, given))
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
