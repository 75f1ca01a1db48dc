"""Which signs an embedded font knows: a subset made for the whole file still tells what stood on a page that was redacted."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import pikepdf
from pikepdf import Dictionary, Name, Stream

_HEX = re.compile(rb"<([0-9A-Fa-f\s]+)>")
_FILES = ("/FontFile", "/FontFile2", "/FontFile3")


def tells(page: pikepdf.Page, secret: set[str], anew: Iterable[pikepdf.Page]) -> bool:
    """Tell whether a font of the page may give away one of these signs.

    One whose signs cannot be read counts when a page that is made anew uses it, too.
    """
    fonts = list(_fonts(page.obj.get("/Resources", Dictionary()), set()))
    others: set[tuple[int, int]] | None = None
    for font in fonts:
        known = _known(font)
        if known is None:
            if others is None:
                others = {one.objgen for other in anew for one in _fonts(other.resources, set())}
            if font.objgen in others:
                return True
        elif known & secret:
            return True
    return False


def _fonts(resources: Any, seen: set[tuple[int, int]]) -> Iterable[Any]:
    """Yield the fonts of resources, and of the forms and patterns in them."""
    yield from resources.get("/Font", Dictionary()).values()
    for kind in ("/XObject", "/Pattern"):
        for thing in resources.get(kind, Dictionary()).values():
            if isinstance(thing, Stream) and "/Resources" in thing and thing.objgen not in seen:
                seen.add(thing.objgen)
                yield from _fonts(thing.Resources, seen)


def _known(font: Any) -> set[str] | None:
    """Return the signs that a font is known to hold, None where that cannot be told; of fonts outside of the file none."""
    if not isinstance(font, Dictionary):
        return set()
    children = list(font.get("/DescendantFonts", pikepdf.Array()))
    holders = [font, *children]
    embedded = any(key in one.get("/FontDescriptor", Dictionary()) for one in holders for key in _FILES)
    if not embedded and font.get("/Subtype") != Name.Type3 and "/ToUnicode" not in font:
        return set()
    table = font.get("/ToUnicode")
    if not isinstance(table, Stream):
        return None
    return signs_of(table.read_bytes())


def signs_of(table: bytes) -> set[str]:
    """Return every sign that a ToUnicode table may map to; of ranges all that lie in them."""
    found: set[str] = set()
    for block in re.findall(rb"beginbfchar(.*?)endbfchar", table, re.S):
        for value in _HEX.findall(block)[1::2]:
            found.update(_text(value))
    for block in re.findall(rb"beginbfrange(.*?)endbfrange", table, re.S):
        for first, last, rest in re.findall(
            rb"<([0-9A-Fa-f\s]+)>\s*<([0-9A-Fa-f\s]+)>\s*(\[.*?\]|<[^>]*>)", block, re.S
        ):
            if rest.startswith(b"["):
                for value in _HEX.findall(rest):
                    found.update(_text(value))
                continue
            start = _text(_HEX.findall(rest)[0])
            count = min(int(last.replace(b" ", b""), 16) - int(first.replace(b" ", b""), 16), 0xFFFF)
            found.update(start)
            if start:
                top = ord(start[-1])
                found.update(chr(top + step) for step in range(count + 1) if top + step < 0x110000)
    return found


def _text(value: bytes) -> str:
    digits = b"".join(value.split())
    return bytes.fromhex(digits.decode() if len(digits) % 2 == 0 else digits.decode() + "0").decode(
        "utf-16-be", "ignore"
    )
