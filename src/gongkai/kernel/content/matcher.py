"""Finding the words of a large lexicon in one pass, with Hyperscan."""

from __future__ import annotations

import hashlib
import os
import tempfile
import threading
from collections.abc import Sequence
from pathlib import Path

import hyperscan

from gongkai.domain.wording import Hit

MOST_WORDS = 100_000
"""Words of one lexicon, a count; more take minutes to compile."""

WORTH_KEEPING = 2_000
"""Words from which on a compiled lexicon is kept in the cache folder: compiling takes longer than a tenth of a second."""


class HyperscanMatcher:
    """Finds all occurrences of fixed words, overlapping ones included; letters of the Latin alphabet in either case.

    Words are matched as UTF-8 and positions come back as characters. One matcher may be used by several threads. With
    ``cache`` a compiled lexicon is kept in that folder under the digest of its words; the folder must be writable by
    nobody but the service, for Hyperscan trusts what it loads. Raises ValueError for more than ``MOST_WORDS`` words or
    an empty word.
    """

    def __init__(self, words: Sequence[str], *, cache: Path | None = None) -> None:
        if len(words) > MOST_WORDS:
            raise ValueError(f"{len(words)} words are more than the {MOST_WORDS} that one lexicon may have")
        self._bytes = [word.encode("utf-8") for word in words]
        if not all(self._bytes):
            raise ValueError("an empty word would be found everywhere")
        self._lengths = [len(word) for word in self._bytes]
        self._scratches = threading.local()
        self._database = self._load(cache) if self._bytes else None

    def scan(self, text: str) -> list[Hit]:
        """Return every hit as (index of the word, start, end) in characters, ordered by end."""
        if self._database is None or not text:
            return []
        data = text.encode("utf-8", "surrogatepass")
        found: list[tuple[int, int]] = []

        def keep(word: int, start: int, end: int, flags: int, context: object) -> None:
            found.append((end, word))

        scratch = getattr(self._scratches, "scratch", None)
        if scratch is None:
            scratch = self._scratches.scratch = hyperscan.Scratch(self._database)
        self._database.scan(data, match_event_handler=keep, scratch=scratch)
        if len(data) == len(text):
            return [(word, end - self._lengths[word], end) for end, word in sorted(set(found))]
        return self._in_characters(data, sorted(set(found)))

    def _in_characters(self, data: bytes, found: list[tuple[int, int]]) -> list[Hit]:
        hits: list[Hit] = []
        at = characters = 0
        for end, word in found:
            characters += len(data[at:end].decode("utf-8", "surrogatepass"))
            at = end
            length = len(data[end - self._lengths[word] : end].decode("utf-8", "surrogatepass"))
            hits.append((word, characters - length, characters))
        return hits

    def _load(self, cache: Path | None) -> hyperscan.Database:
        kept = None
        if cache is not None and len(self._bytes) >= WORTH_KEEPING:
            kept = cache / f"{self._digest()}.hsdb"
            try:
                return hyperscan.loadb(kept.read_bytes(), hyperscan.HS_MODE_BLOCK)
            except (OSError, hyperscan.HyperscanError):
                pass  # not there yet, or made by another version: compiled anew below
        database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
        database.compile(
            expressions=self._bytes,
            ids=list(range(len(self._bytes))),
            flags=[hyperscan.HS_FLAG_CASELESS if word.upper() != word.lower() else 0 for word in self._bytes],
            literal=True,
        )
        if kept is not None:
            _write(kept, hyperscan.dumpb(database))
        return database

    def _digest(self) -> str:
        digest = hashlib.sha256(f"{hyperscan.__version__} {os.uname().machine}".encode())
        for word in self._bytes:
            digest.update(len(word).to_bytes(4, "big") + word)
        return digest.hexdigest()


def _write(path: Path, data: bytes) -> None:
    """Put the file in its place at once, so that a reader never sees half of it; a full disk only costs time."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
            file.write(data)
        os.replace(file.name, path)
    except OSError:
        return
