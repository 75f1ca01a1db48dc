"""Parts of DOCX and XLSX files as XML trees, and the parts that both formats have: properties, pictures."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from lxml import etree
from PIL import Image

from gongkai.domain.wording import Piece, Place, PlaceKind
from gongkai.kernel.documents.archive import Archive
from gongkai.kernel.documents.errors import refusal

_PICTURE = re.compile(r"^(?:word|xl)/media/[^/]+\.(?:jpe?g|png|tiff?|webp)$", re.IGNORECASE)
_GPS = 0x8825
PROPERTY_NAMES = {
    "creator": "作者",
    "lastModifiedBy": "最后修改者",
    "title": "标题",
    "subject": "主题",
    "description": "备注",
    "keywords": "关键词",
    "category": "类别",
    "Company": "单位",
    "Manager": "管理者",
}


def tree(archive: Archive, member: str) -> Any:
    """Parse a member; raises DocumentRefused when it is damaged. Entities are not resolved, nothing is fetched."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, recover=False)
    try:
        return etree.fromstring(archive.read(member), parser)
    except etree.XMLSyntaxError as error:
        raise refusal("document.damaged", name=archive.name) from error


def local(element: Any) -> str:
    """Return an element's name without its namespace, empty for comments and instructions."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def members(archive: Archive, pattern: str) -> list[str]:
    """List the members whose whole name fits, in the order of their numbers."""
    fitting = [name for name in archive.names if re.fullmatch(pattern, name)]
    return sorted(fitting, key=lambda name: [int(n) if n.isdigit() else 0 for n in re.findall("[0-9]+|[^0-9]", name)])


def properties(archive: Archive) -> Iterator[Piece]:
    """Yield what the file says about itself: author, last editor, title, an office's own properties."""
    for member in ("docProps/core.xml", "docProps/app.xml"):
        if member in archive.names:
            for element in tree(archive, member):
                name = PROPERTY_NAMES.get(local(element))
                if name and (element.text or "").strip():
                    yield Piece(element.text.strip(), Place(PlaceKind.PROPERTY, part=name))
    if "docProps/custom.xml" in archive.names:
        for element in tree(archive, "docProps/custom.xml"):
            text = "".join(element.itertext()).strip()
            if text and element.get("name"):
                yield Piece(text, Place(PlaceKind.PROPERTY, part=element.get("name")))


def pictures(archive: Archive) -> Iterator[Piece]:
    """Yield the places at which embedded pictures say they were taken."""
    for member in sorted(name for name in archive.names if _PICTURE.match(name)):
        position = gps_position(archive.read(member))
        if position:
            yield Piece(position, Place(PlaceKind.GPS, part=member.rpartition("/")[2]))


def gps_position(data: bytes) -> str | None:
    """Return the position (degrees, latitude then longitude) in a picture's EXIF data, or None.

    Only the head of the picture is read. A picture that cannot be read has no position.
    """
    try:
        with Image.open(BytesIO(data)) as picture:
            gps = picture.getexif().get_ifd(_GPS)
        latitude, longitude = _degrees(gps[2]), _degrees(gps[4])
    except Exception:
        # Pillow answers damaged pictures with many kinds of error; the picture itself is checked elsewhere.
        return None
    return f"{latitude:.4f}°{gps.get(1, 'N')} {longitude:.4f}°{gps.get(3, 'E')}"


def _degrees(parts: Any) -> float:
    degrees, minutes, seconds = (float(part) for part in parts)
    return degrees + minutes / 60 + seconds / 3600
