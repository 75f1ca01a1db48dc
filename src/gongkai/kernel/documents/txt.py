"""Plain text: the encoding is found out, the lines stay as they are."""

from __future__ import annotations

import codecs

from charset_normalizer import from_bytes

from gongkai.domain.document import Document, from_lines
from gongkai.domain.issues import Issue
from gongkai.kernel.documents.errors import refusal, warning
from gongkai.kernel.documents.limits import Limits

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_STRAY = str.maketrans({"\x00": None, "\f": None, "\v": None, "\ufeff": None, "\u2028": "\n", "\u2029": "\n"})


def read(data: bytes, *, name: str, limits: Limits) -> Document:
    """Read plain text, one paragraph a line.

    Raises DocumentRefused when no encoding fits or there are more lines than ``limits.max_paragraphs``.
    """
    text, issues = decode(data, name=name)
    text = text.translate(_STRAY)
    if text.count("\n") + text.count("\r") > 2 * limits.max_paragraphs:
        raise refusal("document.too_many_paragraphs", name=name, limit=limits.max_paragraphs)
    document = from_lines(text, name=name)
    if len(document.blocks) > limits.max_paragraphs:
        raise refusal("document.too_many_paragraphs", name=name, limit=limits.max_paragraphs)
    return Document(format="txt", name=name, blocks=document.blocks, issues=issues)


def decode(data: bytes, *, name: str, declared: str | None = None) -> tuple[str, tuple[Issue, ...]]:
    """Return the text of ``data`` and what is doubtful about its encoding.

    A byte order mark decides; then ``declared`` (an HTML page's own word), UTF-8, GB18030 (which holds GBK and
    GB2312), UTF-16 without a mark, and last a statistical guess, which is reported as a warning.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            text = data.decode(encoding, errors="replace")
            return text, _replaced(text, name=name)
    if b"\x00" in data[:4096] and (wide := without_mark(data)) is not None:
        return wide, ()
    for encoding in dict.fromkeys(filter(None, (declared, "utf-8"))):
        text_or_none = _strict(data, encoding)
        if text_or_none is not None:
            return text_or_none, ()
    cut = _cut_utf8(data)
    if cut is not None:
        return cut, (warning("document.txt.cut", name=name),)
    chinese = _strict(data, "gb18030")
    if chinese is not None and _reads_as_chinese(chinese):
        return chinese, ()
    best = from_bytes(data[:200_000]).best()
    guessed = _strict(data, best.encoding) if best is not None else None
    if guessed is not None and best is not None:
        return guessed, (warning("document.txt.encoding_guessed", name=name, encoding=best.encoding),)
    text = data.decode("gb18030", errors="replace")
    if text.count("\ufffd") * 20 <= len(text) and _reads_as_chinese(text):
        return text, _replaced(text, name=name)
    raise refusal("document.txt.encoding_unknown", name=name)


def _strict(data: bytes, encoding: str) -> str | None:
    # GBK and GB2312 pages often hold characters of the larger set.
    wanted = "gb18030" if encoding.lower().replace("-", "") in {"gb2312", "gbk", "gb18030", "xgbk"} else encoding
    try:
        return data.decode(wanted)
    except (UnicodeError, LookupError):
        return None


def without_mark(data: bytes) -> str | None:
    """Decode UTF-16 without a mark: of the two byte orders, the one that gives line ends or Chinese."""
    for encoding in ("utf-16-le", "utf-16-be"):
        text = _strict(data[: len(data) // 2 * 2], encoding)
        if text is not None and _reads_as_chinese(text):
            return text
    return None


def _cut_utf8(data: bytes) -> str | None:
    """Decode UTF-8 that was cut off inside its last character; None when that is not what is wrong."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start >= len(data) - 3 and error.start > 3 and "unexpected end" in error.reason:
            return data[: error.start].decode("utf-8")
    return None


def _reads_as_chinese(text: str) -> bool:
    """Tell whether the text is mostly characters that Chinese office prose uses."""
    sample = text[:20_000]
    usual = sum(
        1
        for c in sample
        if c.isascii()
        or "\u3000" <= c <= "\u303f"
        or "\u4e00" <= c <= "\u9fff"
        or "\uff00" <= c <= "\uffef"
        or "\u2000" <= c <= "\u27bf"
    )
    return usual * 100 >= len(sample) * 85


def _replaced(text: str, *, name: str) -> tuple[Issue, ...]:
    broken = text.count("\ufffd")
    return (warning("document.txt.broken_characters", name=name, count=broken),) if broken else ()
