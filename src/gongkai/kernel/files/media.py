"""Media types of stored files: told by the extension, believed only when the first bytes agree."""

from __future__ import annotations

from pathlib import PurePath

UNKNOWN = "application/octet-stream"
_OOXML = "application/vnd.openxmlformats-officedocument."
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

TYPES: dict[str, tuple[str, tuple[bytes, ...]]] = {
    "pdf": ("application/pdf", (b"%PDF-",)),
    "ofd": ("application/ofd", (_ZIP,)),
    "docx": (_OOXML + "wordprocessingml.document", (_ZIP,)),
    "xlsx": (_OOXML + "spreadsheetml.sheet", (_ZIP,)),
    "pptx": (_OOXML + "presentationml.presentation", (_ZIP,)),
    "doc": ("application/msword", (_OLE,)),
    "wps": ("application/vnd.ms-works", (_OLE,)),
    "xls": ("application/vnd.ms-excel", (_OLE,)),
    "zip": ("application/zip", (_ZIP,)),
    "png": ("image/png", (b"\x89PNG\r\n\x1a\n",)),
    "jpg": ("image/jpeg", (b"\xff\xd8\xff",)),
    "jpeg": ("image/jpeg", (b"\xff\xd8\xff",)),
    "gif": ("image/gif", (b"GIF8",)),
    "mp4": ("video/mp4", ()),
    "mp3": ("audio/mpeg", ()),
    "txt": ("text/plain", ()),
    "csv": ("text/csv", ()),
    "html": ("text/html", ()),
    "htm": ("text/html", ()),
}
"""Media type and possible first bytes by extension; no first bytes means that none are asked for."""


def media_type_of(name: str, head: bytes) -> str:
    """Return the media type of a file called ``name`` that begins with ``head``; unknown or disguised ones are bytes."""
    media_type, beginnings = TYPES.get(PurePath(name).suffix.lower().lstrip("."), (UNKNOWN, ()))
    return media_type if not beginnings or head.startswith(beginnings) else UNKNOWN
