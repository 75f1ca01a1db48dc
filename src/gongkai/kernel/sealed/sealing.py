"""Sealing and opening: authenticated encryption, bound to the place where the value stands.

A sealed text is ``gk1.KEY.BASE64``: the name of the key, then a nonce of 96 random bits and what AES-256-GCM gives for the
text padded to blocks of 32 bytes, so that its length tells little. The place (table, column, row) is authenticated with
it: the same bytes anywhere else cannot be opened.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from gongkai.domain.issues import Issue
from gongkai.kernel.errors import Refused
from gongkai.kernel.sealed.keys import Key, key_ring

MARK = "gk1"
NONCE_BYTES = 12
BLOCK = 32


class SealBroken(Refused):
    """A sealed value cannot be opened: its key is missing, or it was changed or put in another place."""


def seal_text(text: str, place: str) -> str:
    """Seal a text for a place with the newest key."""
    key = key_ring().newest
    padded = text.encode() + b"\x80"
    padded += b"\x00" * (-len(padded) % BLOCK)
    return f"{MARK}.{key.name}.{base64.urlsafe_b64encode(_seal(key, padded, place)).decode()}"


def unseal_text(sealed: str, place: str) -> str:
    """Open what was sealed for this place; raises SealBroken."""
    name = key_name(sealed)
    try:
        data = base64.urlsafe_b64decode(sealed.split(".", 2)[2].encode())
    except (IndexError, binascii.Error, ValueError):
        raise SealBroken(Issue("sealed.damaged", values={"place": place})) from None
    return _open(_key(name, place), data, place).rstrip(b"\x00")[:-1].decode()


def key_name(sealed: str) -> str:
    """Return the name of the key that a sealed text was sealed with; empty where it is no sealed text."""
    parts = sealed.split(".", 2)
    return parts[1] if len(parts) == 3 and parts[0] == MARK else ""


def seal_bytes(data: bytes, *, place: str) -> bytes:
    """Seal the bytes of a file for a place (``foi.identity_proof:UID``) with the newest key."""
    key = key_ring().newest
    return f"{MARK}.{key.name}.".encode() + _seal(key, data, place)


def unseal_bytes(sealed: bytes, *, place: str) -> bytes:
    """Open the bytes of a file that were sealed for this place; raises SealBroken."""
    parts = sealed.split(b".", 2)
    if len(parts) != 3 or parts[0] != MARK.encode():
        raise SealBroken(Issue("sealed.damaged", values={"place": place}))
    return _open(_key(parts[1].decode("ascii", "replace"), place), parts[2], place)


def digest_text(text: str, purpose: str, key: Key) -> str:
    """Return the keyed digest of a text for one purpose (64 hexadecimal digits)."""
    return hmac.new(key.digesting, f"{purpose}\x00{text}".encode(), "sha256").hexdigest()


def _key(name: str, place: str) -> Key:
    key = key_ring().get(name) if name else None
    if not name:
        raise SealBroken(Issue("sealed.damaged", values={"place": place}))
    if key is None:
        raise SealBroken(Issue("sealed.key_missing", values={"place": place, "key": name}))
    return key


def _seal(key: Key, data: bytes, place: str) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(key.sealing).encrypt(nonce, data, _bound(key, place))


def _open(key: Key, data: bytes, place: str) -> bytes:
    try:
        return AESGCM(key.sealing).decrypt(data[:NONCE_BYTES], data[NONCE_BYTES:], _bound(key, place))
    except (InvalidTag, ValueError):
        raise SealBroken(Issue("sealed.damaged", values={"place": place})) from None


def _bound(key: Key, place: str) -> bytes:
    return f"{MARK}\x00{key.name}\x00{place}".encode()
