"""The outline of a text: numbered paragraphs nested by the styles of their numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from gongkai.domain.issues import Where
from gongkai.domain.workplans.characters import fold, tidy
from gongkai.domain.workplans.due_phrases import is_due_clause
from gongkai.domain.workplans.flow import Para
from gongkai.domain.workplans.numbering import RANK, Mark

_SEPARATORS = {"cn": "、", "arab": ".", "bare": ".", "chapter": " ", "article": " ", "task": "："}
# Items of these styles are parts of a sentence or of a task unless they name units of their own.
MINOR_STYLES = frozenset({"arab_paren", "arab_half", "circled", "dotted3", "cn_half"})


@dataclass(slots=True)
class Node:
    """A numbered paragraph, what stands under it, and the numbered paragraphs below it."""

    mark: Mark | None
    paras: list[Para] = field(default_factory=list)
    children: list[Node] = field(default_factory=list)
    style: str = ""

    def walk(self) -> Iterator[Node]:
        """Yield the node and everything below it, in reading order."""
        yield self
        for child in self.children:
            yield from child.walk()

    @property
    def where(self) -> Where:
        """Return the place of the node's own paragraphs."""
        return Where(self.paras[0].first, max(p.end_line for p in self.paras), self.paras[0].page)

    def text(self) -> tuple[str, list[tuple[int, int]]]:
        """Return the node's own text without its number, and where each source line begins in it."""
        parts: list[str] = []
        spans: list[tuple[int, int]] = []
        length = 0
        for i, para in enumerate(self.paras):
            skip = self.mark.length if i == 0 and self.mark else 0
            text = para.text[skip:]
            skip += len(text) - len(text.lstrip())
            text = text.strip()
            spans.extend((length + max(0, offset - skip), line) for offset, line in para.spans)
            parts.append(text)
            length += len(text) + 1
        return "\n".join(parts), spans

    def heading(self, title: str) -> str:
        """Return the heading as it stands in a path: number and title."""
        if self.mark is None or self.mark.style == "heading":
            return title
        return f"{self.mark.shown}{_SEPARATORS.get(self.mark.style, '')}{tidy(title)}"


def grow(paras: list[Para]) -> tuple[list[Para], list[Node]]:
    """Nest paragraphs into an outline; those before the first number come back apart."""
    loose: list[Para] = []
    roots: list[Node] = []
    stack: list[Node] = []
    numbered = any(para.mark for para in paras)
    levels = [para.heading for para in paras if para.heading is not None and is_heading(para.text)]
    for i, para in enumerate(paras):
        mark = para.mark
        if mark is None and (numbered or stack) and _is_bare_heading(paras, i, begun=bool(stack)):
            mark = Mark("line", 0, "", 0)
        if mark is None and para.heading is not None and is_heading(para.text):
            # Before the first number, and alone on the highest level, a heading is the title of the document.
            alone = not stack and para.heading == min(levels, default=0) and levels.count(para.heading) == 1
            if (stack or not numbered) and not alone:
                mark = Mark("heading", 0, "", 0)
        if mark is None:
            if stack:
                stack[-1].paras.append(para)
            else:
                loose.append(para)
            continue
        style = f"heading{para.heading}" if mark.style == "heading" else mark.style
        node = Node(None if mark.style in ("heading", "line") else mark, [para], style=style)
        following = paras[i + 1].mark if mark.style == "line" else None
        _climb(stack, following.style if following and style not in [n.style for n in stack] else style, mark.number)
        (stack[-1].children if stack else roots).append(node)
        stack.append(node)
    return loose, roots


def _climb(stack: list[Node], style: str, number: int) -> None:
    """Leave the levels that a number of this style does not stand under."""
    styles = [node.style for node in stack]
    if style in styles:
        del stack[styles.index(style) :]
        return
    if style.startswith("heading"):
        level = int(style[7:] or 0)
        while stack and not (stack[-1].style.startswith("heading") and int(stack[-1].style[7:]) < level):
            stack.pop()
        return
    if number > 1:
        # A list that does not begin with one stands beside lists of the styles below it, never under them.
        while stack and RANK.get(stack[-1].style, -1) > RANK.get(style, 99):
            stack.pop()
    elif RANK.get(style, 99) <= RANK["cn"]:
        while stack and RANK.get(stack[-1].style, -1) >= RANK[style]:
            stack.pop()


def _is_bare_heading(paras: list[Para], place: int, *, begun: bool) -> bool:
    """Tell whether a short line without a number stands as a heading over the numbered items that follow.

    Before the first number only a period (一季度) is taken for one: there titles stand too.
    """
    text = fold(paras[place].text).strip()
    following = paras[place + 1].mark if place + 1 < len(paras) else None
    if (
        following is None
        or following.style in ("cn", "chapter")
        or not 2 <= len(text) <= 16
        or re.search("[，。；：！？、]", text)
    ):
        return False
    if is_due_clause(text):
        return True
    return begun and fold(paras[place - 1].text).rstrip()[-1:] in "。；）〕！"


def is_heading(text: str) -> bool:
    """Tell whether a text can be a heading: short, no sentence."""
    folded = fold(text).strip()
    return 0 < len(folded) <= 60 and not re.search("[。；！？]", folded)


def split_title(text: str) -> tuple[str, str, int]:
    """Return title, the clause text and the offset where the clause begins.

    A heading on a line of its own is the title and the rest the clause; a run-in heading is the first sentence, and
    the clause keeps it.
    """
    first, newline, rest = text.partition("\n")
    folded = fold(first)
    if newline and rest.strip() and is_heading(first):
        return tidy(first).rstrip("：:。"), rest.strip(), len(first) + 1
    stop = re.search("[。！？；\n]", folded)
    sentence = first[: stop.start()] if stop else first
    if len(sentence) > 40:
        for found in re.finditer("[：，]", fold(sentence)):
            if 4 <= found.start() <= 40:
                sentence = sentence[: found.start()]
                break
        else:
            sentence = sentence[:40]
    return tidy(sentence).rstrip("：:"), text.strip(), 0
