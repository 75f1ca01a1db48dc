"""The attachments and pictures of an item and where the public reads each of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from gongkai.domain.items import ItemContent
from gongkai.features.disclosure.selectors.addresses import public_path
from gongkai.kernel.files.selectors import file_media_types

MOST_BYTES = 200
"""Bytes of UTF-8 that the last part of an address may have: file systems end at 255, and a suffix may follow."""
PICTURES = {"image/png": "png", "image/jpeg": "jpg", "image/gif": "gif", "image/webp": "webp"}


@dataclass(frozen=True, slots=True)
class PublicFile:
    """A file of an item: the digest that was published, and the last part of its address. ``picture``: shown in pages."""

    file_id: int
    sha256: str
    name: str
    picture: bool


def public_files(*, content: ItemContent) -> tuple[PublicFile, ...]:
    """Return the attachments of an item, then the pictures in its text that are none of them."""
    attached = {
        file.file_id: PublicFile(file.file_id, file.sha256, address_name(file.name), file.media_type in PICTURES)
        for file in content.attachments
    }
    shown = {file_id: sha256 for file_id, sha256 in _pictures(content.body) if file_id not in attached}
    names = picture_names(file_ids=shown)
    return (
        *attached.values(),
        *(PublicFile(file_id, sha256, names[file_id], True) for file_id, sha256 in shown.items() if file_id in names),
    )


def address_name(name: str) -> str:
    """Return the name of a file as its address has it: cut where it is too long, the extension kept."""
    stem, dot, extension = name.rpartition(".")
    if not dot or len(extension) > 10:
        stem, dot, extension = name, "", ""
    room = MOST_BYTES - len(f"{dot}{extension}".encode())
    return stem.encode()[:room].decode(errors="ignore") + dot + extension


def picture_names(*, file_ids: Iterable[int]) -> dict[int, str]:
    """Return the names that pictures in a text have in their addresses, by id; files that are no picture have none."""
    wanted = list(file_ids)
    types = file_media_types(file_ids=wanted) if wanted else {}
    return {file_id: f"{file_id}.{PICTURES[kind]}" for file_id, kind in types.items() if kind in PICTURES}


def file_path(*, uid: UUID | str, file_id: int, name: str) -> str:
    """Return where the public reads a file of an item, as the path itself: not yet quoted for an address."""
    return f"{public_path(uid)}files/{file_id}/{name}"


def _pictures(body: Iterable[Mapping[str, Any]]) -> list[tuple[int, str]]:
    found = []
    for block in body:
        value = block.get("value")
        if block.get("type") == "image" and isinstance(value, Mapping):
            found.append((int(value["file_id"]), str(value["sha256"])))
    return found
