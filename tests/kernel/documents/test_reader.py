"""The door: what is read, what is refused and in which words."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gongkai.domain.document import Document
from gongkai.kernel.documents import DocumentRefused, Limits, read_document
from gongkai.kernel.documents.limits import DEFAULT
from tests.kernel.documents import samples
from tests.kernel.documents.samples import GOOD

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
TYPES = "[Content_Types].xml"


def refusal_of(data: bytes, name: str = "方案.docx", limits: Limits = DEFAULT) -> DocumentRefused:
    with pytest.raises(DocumentRefused) as caught:
        read_document(data, name=name, limits=limits)
    return caught.value


class TestReadDocument:
    @pytest.mark.parametrize("kind", GOOD)
    def test_reads_every_format_by_its_content(self, kind):
        document = read_document(GOOD[kind](), name=f"方案.{kind}")
        assert (document.format, document.issues, document.name) == (kind, (), f"方案.{kind}")
        assert "县财政局" in document.text()

    def test_reads_a_path_under_its_own_name(self, tmp_path: Path):
        path = tmp_path / "方案.txt"
        path.write_bytes(samples.txt_bytes())
        assert read_document(path).name == "方案.txt"

    def test_refuses_a_path_that_is_not_there(self, tmp_path: Path):
        with pytest.raises(DocumentRefused, match="打不开"):
            read_document(tmp_path / "无.txt")

    @pytest.mark.parametrize(
        ("kind", "extension", "actual"),
        [("pdf", "docx", "PDF 文件"), ("html", "xls", "网页"), ("docx", "doc", "Word 文档"), ("txt", "pdf", "纯文本")],
    )
    def test_reads_a_mistyped_file_as_what_it_is_with_a_warning(self, kind, extension, actual):
        document = read_document(GOOD[kind](), name=f"方案.{extension}")
        assert document.format == kind
        assert [(i.code, i.values["actual"]) for i in document.issues] == [("document.mistyped", actual)]

    @pytest.mark.parametrize(
        "beginning",
        [b"", b"\xef\xbb\xbf \n", b"<?xml version='1.0'?>\n<!-- a --><!-- b -->", b"<!---->" * 500],
        ids=["nothing", "mark", "declaration", "comments"],
    )
    def test_knows_a_page_by_its_first_element(self, beginning):
        assert read_document(beginning + "<HTML><p>甲</p></HTML>".encode(), name="x.html").format == "html"

    def test_takes_other_markup_for_text(self):
        assert read_document("<预算>公开</预算>".encode(), name="x.txt").format == "txt"


def legacy(stream: str) -> bytes:
    """The smallest compound file with one stream: header, one table sector, one directory sector, data sectors."""
    free, end, table = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD

    def numbers(*values: int) -> bytes:
        return b"".join(v.to_bytes(4, "little") for v in values)

    header = OLE + bytes(16) + b"\x3e\x00\x03\x00\xfe\xff\x09\x00\x06\x00" + bytes(6)
    header += numbers(0, 1, 1, 0, 4096, end, 0, end, 0) + numbers(0, *([free] * 108))
    chain = numbers(table, end, *range(3, 10), end, *([free] * 118))

    def entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
        encoded = (name + "\0").encode("utf-16-le")
        return (
            encoded.ljust(64, b"\0") + len(encoded).to_bytes(2, "little") + bytes([kind, 1]) + numbers(free, free, child)
            + bytes(36) + numbers(start, size, 0)
        )  # fmt: skip

    directory = entry("Root Entry", 5, 1, end, 0) + entry(stream, 2, free, 2, 4096) + bytes(256)
    return header + chain + directory + bytes(4096)


class TestRefusals:
    @pytest.mark.parametrize(
        ("data", "code"),
        [
            (b"", "document.empty"),
            (b" \r\n\t", "document.empty"),
            (b"\xef\xbb\xbf", "document.empty"),
            (legacy("WordDocument"), "document.legacy"),
            (legacy("Workbook"), "document.legacy"),
            (legacy("EncryptedPackage"), "document.encrypted"),
            (legacy("PowerPoint Document"), "document.unsupported"),
            (OLE + b"\0" * 600, "document.damaged"),
            (b"{\\rtf1\\ansi hello}", "document.unsupported"),
            (b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + b"\0" * 40, "document.unsupported"),
            (b"\xff\xd8\xff\xe0" + b"\0\x10JFIF\0\1" * 9, "document.unsupported"),
            (bytes(range(256)) * 9, "document.unknown"),
            (samples.zip_of(readme__txt=b"x"), "document.unsupported"),
            (samples.zip_of(OFD__xml=b"<x/>"), "document.ofd.no_text"),
            (samples.zip_of(mimetype=b"application/vnd.oasis.opendocument.text"), "document.unsupported"),
            (b"PK\x05\x06" + b"\0" * 18, "document.empty"),
            (samples.docx_bytes()[:-400], "document.damaged"),
            (samples.xlsx_bytes()[:3000], "document.damaged"),
            (b"%PDF-1.7 nothing else", "document.damaged"),
            (samples.pdf_bytes(password="1234"), "document.encrypted"),
            (samples.pdf_bytes([[], []]), "document.pdf.no_text"),
            (samples.docx_of("<w:p/>"), "document.no_text"),
            (b"<html><body><script>var a = 1</script></body></html>", "document.no_text"),
        ],
    )
    def test_says_why(self, data, code):
        refused = refusal_of(data)
        assert refused.codes() == [code]
        assert "方案.docx" in str(refused)

    @pytest.mark.parametrize(("stream", "advice"), [("WordDocument", ".docx"), ("Workbook", ".xlsx")])
    def test_asks_to_save_old_formats_anew(self, stream, advice):
        assert f"请另存为 {advice}" in str(refusal_of(legacy(stream), name="方案.wps"))

    def test_refuses_macros_by_member_and_by_content_type(self):
        data = samples.docx_bytes()
        assert refusal_of(samples.changed_zip(data, add={"word/vbaProject.bin": b"x"})).codes() == ["document.macros"]
        types = samples.member(data, TYPES).replace(
            b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
            b"application/vnd.ms-word.document.macroEnabled.main+xml",
        )
        assert refusal_of(samples.changed_zip(data, replace={TYPES: types})).codes() == ["document.macros"]

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
    def test_refuses_entity_bombs(self, encoding):
        bomb = (
            f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE b [<!ENTITY a "aaaa"><!ENTITY c "&a;&a;">]>'
            '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>&c;</w:body></w:document>'
        ).encode(encoding)
        data = samples.changed_zip(samples.docx_bytes(), replace={"word/document.xml": bomb})
        assert refusal_of(data).codes() == ["document.entities"]

    def test_refuses_a_zip_bomb_before_unpacking_it(self):
        data = samples.changed_zip(samples.docx_bytes(), add={"word/media/x.bin": b"\0" * 40_000_000})
        assert refusal_of(data).codes() == ["document.bomb"]

    def test_refuses_an_encrypted_zip_member(self):
        data = bytearray(samples.docx_bytes())
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            start = file.start_dir
        data[start + 8] |= 1
        assert refusal_of(bytes(data)).codes() == ["document.encrypted"]

    @pytest.mark.parametrize(
        ("kind", "limits", "code"),
        [
            ("txt", Limits(max_bytes=10), "document.too_large"),
            ("txt", Limits(max_paragraphs=2), "document.too_many_paragraphs"),
            ("docx", Limits(max_paragraphs=2), "document.too_many_paragraphs"),
            ("docx", Limits(max_rows=2), "document.too_many_rows"),
            ("docx", Limits(max_cells=8), "document.too_many_cells"),
            ("docx", Limits(max_members=3), "document.too_many_members"),
            ("docx", Limits(max_unpacked_bytes=1000), "document.bomb"),
            ("docx", Limits(max_part_bytes=500), "document.part_too_large"),
            ("xlsx", Limits(max_rows=3), "document.too_many_rows"),
            ("xlsx", Limits(max_cells=6), "document.too_many_cells"),
            ("pdf", Limits(max_pages=0), "document.too_many_pages"),
            ("pdf", Limits(max_paragraphs=2), "document.too_many_paragraphs"),
            ("html", Limits(max_paragraphs=2), "document.too_many_paragraphs"),
            ("html", Limits(max_cells=3), "document.too_many_cells"),
            ("html", Limits(max_depth=0), "document.too_deep"),
        ],
    )
    def test_holds_every_limit(self, kind, limits, code):
        assert refusal_of(GOOD[kind](), limits=limits).codes() == [code]

    def test_refuses_a_large_file_on_disk_without_loading_it(self, tmp_path: Path):
        path = tmp_path / "大.txt"
        with path.open("wb") as file:
            file.truncate(60 * 1024 * 1024)
        with pytest.raises(DocumentRefused, match="60.0 MB"):
            read_document(path)


class TestDamage:
    """Whatever happens to a good file, the answer is a document or a refusal with sentences."""

    @staticmethod
    def check(data: bytes, kind: str) -> None:
        try:
            document = read_document(data, name=f"方案.{kind}")
        except DocumentRefused as refused:
            assert all(refused.sentences())
        else:
            assert isinstance(document, Document)

    @pytest.mark.parametrize("kind", GOOD)
    def test_survives_truncation(self, kind):
        data = GOOD[kind]()
        for part in range(1, 60):
            self.check(data[: len(data) * part // 60], kind)

    @pytest.mark.parametrize("kind", GOOD)
    @given(changes=st.lists(st.tuples(st.floats(0, 0.999999), st.integers(0, 255)), min_size=1, max_size=8))
    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    def test_survives_changed_bytes(self, kind, changes):
        data = bytearray(_cached(kind))
        for place, value in changes:
            data[int(place * len(data))] = value
        self.check(bytes(data), kind)

    @pytest.mark.parametrize(
        ("kind", "part"),
        [
            ("docx", "word/document.xml"),
            ("docx", "word/numbering.xml"),
            ("docx", "word/styles.xml"),
            ("docx", "[Content_Types].xml"),
            ("docx", "word/_rels/document.xml.rels"),
            ("xlsx", "xl/workbook.xml"),
            ("xlsx", "xl/worksheets/sheet1.xml"),
            ("xlsx", "xl/styles.xml"),
        ],
    )
    @given(changes=st.lists(st.tuples(st.floats(0, 0.999999), st.integers(0, 255)), min_size=1, max_size=4))
    @settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    def test_survives_changed_bytes_inside_the_archive(self, kind, part, changes):
        data = _cached(kind)
        content = bytearray(samples.member(data, part))
        for place, value in changes:
            content[int(place * len(content))] = value
        self.check(samples.changed_zip(data, replace={part: bytes(content)}), kind)


_SAMPLES: dict[str, bytes] = {}


def _cached(kind: str) -> bytes:
    return _SAMPLES.setdefault(kind, GOOD[kind]())
