"""Looking at a file that will be handed on as it is: what it is, and whether it may go to the public at all."""

from __future__ import annotations

import warnings
from io import BytesIO
from pathlib import PurePath

import pypdfium2
from PIL import Image, UnidentifiedImageError

from gongkai.kernel.documents.archive import megabytes
from gongkai.kernel.documents.errors import DocumentRefused, refusal
from gongkai.kernel.documents.kinds import EXTENSIONS, extension_issue, find_kind
from gongkai.kernel.documents.limits import DEFAULT, Limits

PICTURES = {"PNG": ("png",), "JPEG": ("jpg", "jpeg"), "GIF": ("gif",)}
"""Pictures that may be attached, with the extensions their names may have."""
KINDS = (*sorted(set(EXTENSIONS.values())), *(name.lower() for name in PICTURES))
"""Everything ``check_attachment`` may answer."""
MOST_PIXELS = 100_000_000
"""Width times height of a picture; a technical bound against pictures that unpack without end."""
_MAGIC = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a")
_PASSWORD = 4


def check_attachment(data: bytes, *, name: str, limits: Limits = DEFAULT) -> str:
    """Return what the file is (``docx xlsx pdf ofd html txt png jpeg gif``), found by its content.

    Raises DocumentRefused when it is empty, damaged, encrypted, carries macros, unpacks to more than the limits allow,
    is of another kind, or is not what its name says.
    """
    if data.startswith(_MAGIC):
        return _check_picture(data, name=name)
    kind = find_kind(data, name=name, limits=limits)
    if kind == "pdf":
        _check_pdf(data, name=name, limits=limits)
    mistyped = extension_issue(kind, name=name)
    if mistyped is not None:
        told = mistyped.values
        raise refusal("document.mistyped_refused", name=name, extension=told["extension"], actual=told["actual"])
    return kind


def _check_picture(data: bytes, *, name: str) -> str:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(BytesIO(data), formats=tuple(PICTURES)) as picture:
                found, pixels = str(picture.format), picture.width * picture.height
                if pixels > MOST_PIXELS:
                    raise refusal(
                        "document.bomb", name=name, unpacked=megabytes(pixels * 4), packed=megabytes(len(data))
                    )
                picture.verify()
    except DocumentRefused:
        raise
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError, ValueError) as error:
        raise refusal("document.damaged", name=name) from error
    extension = PurePath(name).suffix.lower().lstrip(".")
    if extension not in PICTURES[found]:
        raise refusal("document.mistyped_refused", name=name, extension=extension or "无", actual=f"{found} 图片")
    return found.lower()


def _check_pdf(data: bytes, *, name: str, limits: Limits) -> None:
    """Open the file without reading its pages; a scan without any text is a proper attachment."""
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        code = "document.encrypted" if getattr(error, "err_code", None) == _PASSWORD else "document.damaged"
        raise refusal(code, name=name) from error
    try:
        if len(document) > limits.max_pages:
            raise refusal("document.too_many_pages", name=name, limit=limits.max_pages, count=len(document))
    finally:
        document.close()
