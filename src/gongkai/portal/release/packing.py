"""Compressed forms of files, made once when they are written; the same bytes in give the same bytes out."""

from __future__ import annotations

import zlib

import brotli

PACKED = (".html", ".css", ".js", ".json", ".xml", ".svg", ".txt", ".csv")
LEAST_BYTES = 1024
SUFFIXES = (".br", ".gz")
_BROTLI, _GZIP = 5, 6
"""Qualities at which a page takes about a millisecond; higher ones take tens of them for a few percent."""
_WINDOW, _WIDE = 16, 22
"""Powers of two: a page fits into the smaller window, which takes a third less time and no byte more."""
_GZIP_HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"  # no name, no time


def packed(path: str, data: bytes) -> dict[str, bytes]:
    """Return the compressed forms that stand beside a file: text of more than a kilobyte has two, anything else none."""
    if len(data) < LEAST_BYTES or not path.endswith(PACKED):
        return {}
    window = _WINDOW if len(data) <= 1 << _WINDOW else _WIDE
    return {f"{path}.br": brotli.compress(data, quality=_BROTLI, lgwin=window), f"{path}.gz": _gzip(data)}


def _gzip(data: bytes) -> bytes:
    press = zlib.compressobj(_GZIP, zlib.DEFLATED, -zlib.MAX_WBITS)
    body = press.compress(data) + press.flush()
    return _GZIP_HEAD + body + zlib.crc32(data).to_bytes(4, "little") + (len(data) & 0xFFFFFFFF).to_bytes(4, "little")
