"""Personal data that lie encrypted in the database, are shown masked, and are opened by name and with a reason only.

- ``SealedTextField(row="uid", shown=Shown.EMAIL)`` and ``SealedJSONField(row="uid")`` are columns of models. Reading one
  gives a ``Masked`` value whose ``str()`` is masked and whose ``repr()`` tells nothing.
- ``DigestField(of="email")`` is a keyed digest of such a column; ``matching("email_digest", text, Model)`` finds equals.
- ``services.unmask`` opens a value for a person, asks the permission and writes an audit entry;
  ``Masked.for_machine()`` opens it for what the program itself has to do with it (an e-mail to its owner, a letter).
- ``seal_bytes`` and ``unseal_bytes`` do the same for the bytes of a file.

Written on top of ``cryptography`` (AES-256-GCM, HKDF, HMAC): the field libraries for Django encrypt with Fernet, which
binds a value to nothing, so that somebody who may write to the database could put one person's value into another's row.
How it is meant is told in docs/domain/sealed.md.
"""

from gongkai.domain.personal_data.display import Shown
from gongkai.kernel.sealed.fields import DigestField, SealedJSONField, SealedTextField, matching
from gongkai.kernel.sealed.keys import KeyRing, key_ring
from gongkai.kernel.sealed.sealing import SealBroken, seal_bytes, unseal_bytes
from gongkai.kernel.sealed.values import Masked, SealMisuse

__all__ = [
    "DigestField",
    "KeyRing",
    "Masked",
    "SealBroken",
    "SealMisuse",
    "SealedJSONField",
    "SealedTextField",
    "Shown",
    "key_ring",
    "matching",
    "seal_bytes",
    "unseal_bytes",
]
