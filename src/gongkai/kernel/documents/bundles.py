"""Many documents at once: a ZIP archive or a folder, listed and opened without trusting it.

An archive is looked at by its directory first: paths that lead out of it, passwords and sizes that no document has are
told per file and never unpacked. Names without the mark of UTF-8 are read as GBK, as Windows packs them.
"""

from __future__ import annotations

import os
import posixpath
import stat
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from gongkai.domain.issues import Issue
from gongkai.kernel.documents.archive import megabytes
from gongkai.kernel.documents.errors import DocumentRefused, refusal
from gongkai.kernel.documents.limits import DEFAULT, Limits

MOST_FILES = 200_000
"""Files in one batch; a technical bound."""
_JUNK = frozenset({"thumbs.db", "desktop.ini", ".ds_store"})
_UTF8 = 0x800
_ENCRYPTED = 0x1


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of a bundle: its path with slashes, its size in bytes unpacked, and why it cannot be taken."""

    path: str
    size: int
    issues: tuple[Issue, ...] = ()


@dataclass(slots=True)
class Bundle:
    """A listed archive or folder; ``read`` opens one file. Used with ``with``, so that the archive is closed."""

    name: str
    limits: Limits
    entries: tuple[Entry, ...] = ()
    _zip: zipfile.ZipFile | None = None
    _root: Path | None = None
    _infos: dict[str, zipfile.ZipInfo] = field(default_factory=dict)
    _paths: frozenset[str] = frozenset()

    def __enter__(self) -> Bundle:
        """Return the bundle itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the archive."""
        if self._zip is not None:
            self._zip.close()

    def __contains__(self, path: object) -> bool:
        """Tell whether there is a file of that path."""
        if not self._paths:
            self._paths = frozenset(entry.path for entry in self.entries)
        return path in self._paths

    def read(self, path: str) -> bytes:
        """Return the bytes of one file.

        Raises DocumentRefused when it is not there, damaged, encrypted, too large, or unpacks to more than it says.
        """
        name = posixpath.basename(path)
        if self._zip is not None:
            return self._unpack(path, name)
        assert self._root is not None
        place = self._root.joinpath(*path.split("/"))
        if self._root not in place.resolve().parents:
            raise refusal("intake.bundle.outside", name=path)
        try:
            size = place.stat().st_size
            if size > self.limits.max_bytes:
                raise _too_large(name, size, self.limits)
            return place.read_bytes()
        except OSError as error:
            raise refusal("document.unreadable", name=name) from error

    def _unpack(self, path: str, name: str) -> bytes:
        info = self._infos.get(path)
        if info is None:
            raise refusal("document.unreadable", name=name)
        problem = _problem(info, path, self.limits)
        if problem is not None:
            raise DocumentRefused([problem])
        assert self._zip is not None
        try:
            with self._zip.open(info) as source:
                data = source.read(self.limits.max_bytes + 1)
        except Exception as error:
            # zipfile answers damaged members with a dozen kinds of error.
            raise refusal("document.damaged", name=name) from error
        if len(data) > self.limits.max_bytes:
            raise _too_large(name, len(data), self.limits)
        return data


def open_zip(source: Path | BinaryIO, *, name: str, limits: Limits = DEFAULT) -> Bundle:
    """List a ZIP archive. Raises DocumentRefused when it is none, is damaged, empty, or holds too many files."""
    try:
        archive = zipfile.ZipFile(source)
    except Exception as error:
        raise refusal("intake.bundle.no_zip", name=name) from error
    infos = [info for info in archive.infolist() if not info.is_dir()]
    if len(infos) > MOST_FILES:
        archive.close()
        raise refusal("intake.bundle.too_many", name=name, count=len(infos), limit=MOST_FILES)
    entries: list[Entry] = []
    by_path: dict[str, zipfile.ZipInfo] = {}
    for info in infos:
        path = _name(info)
        if _is_junk(path):
            continue
        problem = _problem(info, path, limits)
        entries.append(Entry(path, info.file_size, (problem,) if problem else ()))
        by_path.setdefault(path, info)
    if not entries:
        archive.close()
        raise refusal("intake.bundle.empty", name=name)
    return Bundle(name, limits, tuple(entries), _zip=archive, _infos=by_path)


def open_folder(root: Path, *, limits: Limits = DEFAULT) -> Bundle:
    """List a folder with everything below it, in order of paths; links that lead out of it are not followed.

    Raises DocumentRefused when it is not there, empty, or holds too many files.
    """
    root = root.resolve()
    if not root.is_dir():
        raise refusal("intake.bundle.no_folder", name=str(root))
    entries = sorted(_walk(root), key=lambda entry: entry.path)
    if not entries:
        raise refusal("intake.bundle.empty", name=root.name)
    if len(entries) > MOST_FILES:
        raise refusal("intake.bundle.too_many", name=root.name, count=len(entries), limit=MOST_FILES)
    return Bundle(root.name, limits, tuple(entries), _root=root)


def unlisted_folder(root: Path, *, limits: Limits = DEFAULT) -> Bundle:
    """Return a folder whose files are read by paths that are known; ``entries`` stays empty."""
    root = root.resolve()
    return Bundle(root.name, limits, _root=root)


def _walk(root: Path) -> Iterator[Entry]:
    for folder, folders, files in os.walk(root, followlinks=False):
        folders.sort()
        for file in files:
            place = Path(folder) / file
            path = place.relative_to(root).as_posix()
            if _is_junk(path):
                continue
            try:
                told = place.lstat()
            except OSError:
                continue  # gone between listing and looking
            if stat.S_ISREG(told.st_mode):
                yield Entry(path, told.st_size)
            elif stat.S_ISLNK(told.st_mode):
                yield Entry(path, 0, (Issue("intake.bundle.outside", field="file", values={"name": path}),))


def _problem(info: zipfile.ZipInfo, path: str, limits: Limits) -> Issue | None:
    """Return why a member cannot be taken; None when it can."""
    name = posixpath.basename(path)
    parts = path.split("/")
    if path.startswith("/") or ".." in parts or (len(parts[0]) == 2 and parts[0].endswith(":")):
        return Issue("intake.bundle.outside", field="file", values={"name": path})
    if stat.S_ISLNK(info.external_attr >> 16):
        return Issue("intake.bundle.outside", field="file", values={"name": path})
    if info.flag_bits & _ENCRYPTED:
        return Issue("document.encrypted", field="file", values={"name": name})
    if info.file_size == 0:
        return Issue("document.empty", field="file", values={"name": name})
    if info.file_size > limits.max_bytes:
        return _too_large(name, info.file_size, limits).issues[0]
    packed = max(info.compress_size, 1)
    if info.file_size > limits.ratio_floor_bytes and info.file_size // packed > limits.max_ratio:
        values = {"name": name, "packed": megabytes(packed), "unpacked": megabytes(info.file_size)}
        return Issue("document.bomb", field="file", values=values)
    return None


def _too_large(name: str, size: int, limits: Limits) -> DocumentRefused:
    return refusal("document.too_large", name=name, size=megabytes(size), limit=megabytes(limits.max_bytes))


def _name(info: zipfile.ZipInfo) -> str:
    """Return a member's path: UTF-8 where it is marked or is valid, else GBK, else as it stands."""
    name = info.filename
    if not info.flag_bits & _UTF8:
        try:
            raw = name.encode("cp437")
        except UnicodeEncodeError:
            raw = b""
        for encoding in ("utf-8", "gb18030") if raw else ():
            try:
                name = raw.decode(encoding)
                break
            except UnicodeDecodeError:
                continue
    return name.replace("\\", "/")


def _is_junk(path: str) -> bool:
    parts = path.lower().split("/")
    return "__macosx" in parts or parts[-1] in _JUNK or parts[-1].startswith(("~$", "._"))
