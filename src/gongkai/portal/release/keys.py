"""The key with which the manifest is signed: Ed25519, made on first use, readable for the owner of the service only."""

from __future__ import annotations

import base64
import os
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey


def signing_key(path: Path) -> Ed25519PrivateKey:
    """Return the private key that lies at ``path``; two processes that make it at once agree on the first one's."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        data = Ed25519PrivateKey.generate().private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        temporary = path.with_name(f".{path.name}.{os.getpid()}")
        with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as handle:
            handle.write(data)
        try:
            os.link(temporary, path)
        except FileExistsError:
            pass
        finally:
            temporary.unlink()
    key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise TypeError(f"{path} holds another kind of key")
    return key


def public_pem(key: Ed25519PrivateKey) -> bytes:
    """Return the public key that everybody may check with, as PEM."""
    return key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


def signature_of(key: Ed25519PrivateKey, data: bytes) -> bytes:
    """Return the signature of bytes in base64, with a line end."""
    return base64.b64encode(key.sign(data)) + b"\n"


def holds(public: Ed25519PublicKey, data: bytes, signature: bytes) -> bool:
    """Tell whether a signature in base64 is this key's on these bytes."""
    try:
        public.verify(base64.b64decode(signature, validate=False), data)
    except (InvalidSignature, ValueError):
        return False
    return True
