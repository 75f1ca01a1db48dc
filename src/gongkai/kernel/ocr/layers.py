"""From recognized pages to a neutral document."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gongkai.domain.document import Document, Paragraph
from gongkai.kernel.ocr.engine import DOUBTFUL, Word

_GAP = 0.012
"""Share of the page's width: pieces farther apart on one line are parted by a blank."""


@dataclass(frozen=True, slots=True)
class PageLayer:
    """What was recognized on one page, in reading order."""

    page: int
    words: tuple[Word, ...]

    def lines(self) -> Iterator[list[Word]]:
        """Yield the lines of the page; a piece that begins further left than the one before it begins a line."""
        line: list[Word] = []
        for word in self.words:
            if line and not (line[0].box[1] < (word.box[1] + word.box[3]) / 2 < line[0].box[3]):
                yield line
                line = []
            line.append(word)
        if line:
            yield line


def document_of(layers: Sequence[PageLayer], *, name: str) -> tuple[Document, dict[int, tuple[str, ...]]]:
    """Return the document, and for its lines the pieces of text that the engine was not sure of."""
    blocks: list[Paragraph] = []
    doubts: dict[int, tuple[str, ...]] = {}
    for layer in layers:
        for line in layer.lines():
            number = len(blocks) + 1
            blocks.append(Paragraph(_text(line), number, page=layer.page))
            doubtful = tuple(word.text for word in line if word.score < DOUBTFUL)
            if doubtful:
                doubts[number] = doubtful
    pages = layers[-1].page if layers else 0
    return Document(format="pdf", name=name, blocks=tuple(blocks), pages=pages), doubts


def _text(line: Sequence[Word]) -> str:
    text = ""
    for n, word in enumerate(line):
        if n and word.box[0] - line[n - 1].box[2] > _GAP:
            text += " "
        text += word.text
    return text
