"""Opening a ZIP-based office file without trusting it: sizes, ratio, encryption and XML entities are looked at first."""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass
from io import BytesIO

from gongkai.kernel.documents.errors import DocumentRefused, refusal
from gongkai.kernel.documents.limits import Limits

_XML = (".xml", ".rels", ".vml")
_DTD = re.compile(rb"<\s*!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Archive:
    """The members of a checked ZIP file; ``read`` unpacks one."""

    file: zipfile.ZipFile
    name: str
    limits: Limits
    names: frozenset[str]

    @classmethod
    def open(cls, data: bytes, *, name: str, limits: Limits) -> Archive:
        """Open the ZIP file and look at its directory only.

        Raises DocumentRefused when it is damaged, encrypted, or unpacks to more than the limits allow.
        """
        try:
            file = zipfile.ZipFile(BytesIO(data))
            infos = file.infolist()
        except Exception as error:
            # zipfile answers a broken directory with a dozen kinds of error.
            raise refusal("document.damaged", name=name) from error
        if not infos:
            raise refusal("document.empty", name=name)
        if any(info.flag_bits & 0x1 for info in infos):
            raise refusal("document.encrypted", name=name)
        unpacked = sum(info.file_size for info in infos)
        packed = max(len(data), 1)
        if len(infos) > limits.max_members:
            raise refusal("document.too_many_members", name=name, limit=limits.max_members)
        if unpacked > limits.max_unpacked_bytes or (
            unpacked > limits.ratio_floor_bytes and unpacked // packed > limits.max_ratio
        ):
            raise refusal("document.bomb", name=name, unpacked=megabytes(unpacked), packed=megabytes(packed))
        return cls(file=file, name=name, limits=limits, names=frozenset(info.filename for info in infos))

    def read(self, member: str) -> bytes:
        """Unpack one member; raises DocumentRefused when it is damaged or larger than a part may be."""
        try:
            if self.file.getinfo(member).file_size > self.limits.max_part_bytes and member.endswith(_XML):
                size = megabytes(self.file.getinfo(member).file_size)
                raise refusal("document.part_too_large", name=self.name, part=member, size=size)
            return self.file.read(member)
        except DocumentRefused:
            raise
        except Exception as error:
            raise refusal("document.damaged", name=self.name) from error

    def check_xml(self) -> None:
        """Unpack every XML member once and refuse any document type or entity declaration.

        Office formats never carry one; they are how entity bombs and reads of foreign files are built.
        """
        for member in sorted(self.names):
            if member.lower().endswith(_XML):
                content = self.read(member)
                wide = content[:64].count(b"\x00") > 8
                if _DTD.search(content.replace(b"\x00", b"") if wide else content):
                    raise refusal("document.entities", name=self.name, part=member)


def megabytes(size: int) -> str:
    """Write a size in bytes as megabytes with one decimal, for sentences."""
    return f"{size / 1024 / 1024:.1f}"
