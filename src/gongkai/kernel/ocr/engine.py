"""The engine that reads an image: loaded when it is first asked for, once a process."""

from __future__ import annotations

import functools
import importlib.metadata
import importlib.util
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from PIL.Image import Image

ENGINE = "rapidocr-onnxruntime"
DOUBTFUL = 0.9
"""Below this confidence (0 to 1) a line is marked for a person to look at; clean print is read with 0.95 and more."""
_LOCK = threading.Lock()  # one page at a time: the engine uses every core by itself


@dataclass(frozen=True, slots=True)
class Word:
    """A piece of text on one line, the engine's confidence (0 to 1), and its box in shares of the page: left, top,
    right, bottom."""

    text: str
    score: float
    box: tuple[float, float, float, float]


def engine_ready() -> bool:
    """Tell whether the engine is installed."""
    return importlib.util.find_spec("rapidocr_onnxruntime") is not None


def engine_name() -> str:
    """Return program and version, as it is kept with what was read."""
    return f"{ENGINE} {importlib.metadata.version(ENGINE)}"


def recognize(image: Image) -> list[Word]:
    """Return the text of an image in reading order: line by line from the top, each from the left.

    Raises RuntimeError when the engine is not installed.
    """
    if not engine_ready():
        raise RuntimeError(f"{ENGINE} is not installed")
    import numpy

    width, height = image.size
    with _LOCK:
        found, _ = _engine()(numpy.asarray(image.convert("RGB"))[:, :, ::-1])
    words = []
    for corners, text, score in found or ():
        xs, ys = [float(x) for x, _ in corners], [float(y) for _, y in corners]
        box = (min(xs) / width, min(ys) / height, max(xs) / width, max(ys) / height)
        if str(text).strip():
            words.append(Word(str(text).strip(), round(float(score), 4), tuple(round(v, 5) for v in box)))  # type: ignore[arg-type]
    return in_order(words)


def in_order(words: list[Word]) -> list[Word]:
    """Put pieces of text into lines by their height, and lines from the left."""
    lines: list[list[Word]] = []
    for word in sorted(words, key=lambda w: (w.box[1] + w.box[3]) / 2):
        middle = (word.box[1] + word.box[3]) / 2
        last = lines[-1][0] if lines else None
        if last is not None and last.box[1] < middle < last.box[3]:
            lines[-1].append(word)
        else:
            lines.append([word])
    return [word for line in lines for word in sorted(line, key=lambda w: w.box[0])]


@functools.cache
def _engine() -> Any:
    from rapidocr_onnxruntime import RapidOCR

    return RapidOCR()
