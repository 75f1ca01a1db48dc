"""``read_document``: one door for every format."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from gongkai.domain.document import Document
from gongkai.kernel.documents import docx, html, ofd, pdf, txt, xlsx
from gongkai.kernel.documents.archive import megabytes
from gongkai.kernel.documents.errors import DocumentRefused, refusal
from gongkai.kernel.documents.kinds import extension_issue, find_kind
from gongkai.kernel.documents.limits import DEFAULT, Limits

READERS = {
    "txt": txt.read,
    "docx": docx.read,
    "xlsx": xlsx.read,
    "pdf": pdf.read,
    "ofd": ofd.read,
    "html": html.read,
}


def read_document(source: Path | bytes, *, name: str = "", limits: Limits = DEFAULT) -> Document:
    """Read an office file into the neutral structure.

    ``source`` is a path or the file's bytes, ``name`` the name it was handed in under (used in sentences and compared
    with what the file really is; a path's own name is the default). The format is found by content. Findings that do
    not stop the reading are in ``Document.issues``.

    Raises DocumentRefused, and nothing else, when the file is empty, damaged, encrypted, too large, carries macros or
    is of a format that is not read.
    """
    if isinstance(source, Path):
        name = name or source.name
        data = _load(source, name=name, limits=limits)
    else:
        name = name or "（未命名）"
        data = source
    if len(data) > limits.max_bytes:
        raise refusal("document.too_large", name=name, size=megabytes(len(data)), limit=megabytes(limits.max_bytes))
    try:
        kind = find_kind(data, name=name, limits=limits)
        document = READERS[kind](data, name=name, limits=limits)
    except DocumentRefused:
        raise
    except MemoryError as error:
        raise refusal("document.too_complex", name=name) from error
    except RecursionError as error:
        raise refusal("document.too_deep", name=name, limit=limits.max_depth) from error
    except Exception as error:
        # A reader that trips over a file means that the file is not what its format says; the person who hands it
        # in gets one sentence, the cause stays attached for the log.
        raise refusal("document.damaged", name=name) from error
    if not document.text().strip():
        raise refusal("document.no_text", name=name)
    mistyped = extension_issue(kind, name=name)
    return replace(document, name=name, issues=((mistyped,) if mistyped else ()) + document.issues)


def _load(path: Path, *, name: str, limits: Limits) -> bytes:
    try:
        size = path.stat().st_size
        if size > limits.max_bytes:
            raise refusal("document.too_large", name=name, size=megabytes(size), limit=megabytes(limits.max_bytes))
        return path.read_bytes()
    except OSError as error:
        raise refusal("document.unreadable", name=name) from error
