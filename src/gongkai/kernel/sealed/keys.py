"""The keys: a ring of which the newest seals and all open, from the setting or from a file made on first use."""

from __future__ import annotations

import base64
import binascii
import os
import re
import secrets
import threading
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from gongkai.domain.issues import Issue
from gongkai.kernel.errors import Refused

KEY_BYTES = 32
_NAME = re.compile(r"[0-9a-z]{4,16}")


@dataclass(frozen=True, slots=True)
class Key:
    """One key: a name that is written beside what it seals, and two keys drawn from the secret, for two purposes."""

    name: str
    sealing: bytes = field(repr=False)
    digesting: bytes = field(repr=False)

    @classmethod
    def of(cls, name: str, secret: bytes) -> Key:
        """Return the key drawn from 32 secret bytes."""
        drawn = [
            HKDF(SHA256(), KEY_BYTES, None, purpose).derive(secret) for purpose in (b"gongkai seal", b"gongkai digest")
        ]
        return cls(name, *drawn)


@dataclass(frozen=True, slots=True)
class KeyRing:
    """All keys, the newest first."""

    keys: tuple[Key, ...]

    @property
    def newest(self) -> Key:
        """The key that seals."""
        return self.keys[0]

    def get(self, name: str) -> Key | None:
        """Return the key of that name, or None."""
        return next((key for key in self.keys if key.name == name), None)


_lock = threading.Lock()
_read: tuple[object, KeyRing] | None = None


def key_ring() -> KeyRing:
    """Return the keys of this installation: of ``SEALED_KEYS``, else of the file, which is made when it is missing.

    A file that another process has changed is read again. Raises Refused when the keys cannot be read.
    """
    global _read
    given: str = settings.SEALED_KEYS
    stamp: object = given
    if not given:
        path = key_file()
        if not path.exists():
            _make(path)
        status = path.stat()
        stamp = (str(path), status.st_mtime_ns, status.st_size, status.st_ino)
    with _lock:
        if _read is None or _read[0] != stamp:
            lines = given.split(",") if given else key_file().read_text(encoding="ascii", errors="replace").splitlines()
            _read = (stamp, ring_of(lines))
        return _read[1]


def key_file() -> Path:
    """Return where the keys lie unless the setting gives them."""
    path: Path = settings.SEALED_KEYS_FILE
    return path


def ring_of(lines: list[str]) -> KeyRing:
    """Read keys written ``name:secret`` (32 bytes in URL-safe base64), the newest first; raises Refused naming all faults."""
    keys: list[Key] = []
    faults: list[Issue] = []
    for number, line in enumerate((line.strip() for line in lines if line.strip()), start=1):
        name, _, text = line.partition(":")
        try:
            secret = base64.b64decode(text.encode(), altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            secret = b""
        if not _NAME.fullmatch(name) or len(secret) != KEY_BYTES:
            faults.append(Issue("sealed.key_unreadable", values={"number": number}))
        elif any(key.name == name for key in keys):
            faults.append(Issue("sealed.key_twice", values={"name": name}))
        else:
            keys.append(Key.of(name, secret))
    if not keys and not faults:
        faults.append(Issue("sealed.no_key"))
    if faults:
        raise Refused(faults)
    return KeyRing(tuple(keys))


def new_line() -> str:
    """Return a new key as a line of the file."""
    return f"{secrets.token_hex(4)}:{base64.urlsafe_b64encode(secrets.token_bytes(KEY_BYTES)).decode()}"


def _make(path: Path) -> None:
    """Make the file with its first key; of two processes that do so at once the first one's stays."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = _written(path, [new_line()])
    try:
        os.link(temporary, path)
    except FileExistsError:
        pass
    finally:
        temporary.unlink()


def replace_lines(path: Path, lines: list[str]) -> None:
    """Put other keys into the file, all or nothing."""
    ring_of(lines)
    os.replace(_written(path, lines), path)


def _written(path: Path, lines: list[str]) -> Path:
    temporary = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as handle:
        handle.write("".join(f"{line}\n" for line in lines))
        handle.flush()
        os.fsync(handle.fileno())
    return temporary
