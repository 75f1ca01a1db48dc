"""Media types."""

from __future__ import annotations

import pytest

from gongkai.kernel.files.media import media_type_of


class TestMediaTypeOf:
    @pytest.mark.parametrize(
        ("name", "head", "expected"),
        [
            ("方案.PDF", b"%PDF-1.7", "application/pdf"),
            ("方案.docx", b"PK\x03\x04..", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
            ("方案.docx", b"<html>", "application/octet-stream"),
            ("照片.jpg", b"\xff\xd8\xff\xe0", "image/jpeg"),
            ("说明.txt", b"anything", "text/plain"),
            ("程序.exe", b"MZ", "application/octet-stream"),
            ("无扩展名", b"", "application/octet-stream"),
        ],
    )
    def test_believes_the_extension_only_when_the_bytes_agree(self, name, head, expected):
        assert media_type_of(name, head) == expected
