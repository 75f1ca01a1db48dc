"""What a file is, found by its content; the name is only compared afterwards."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import PurePath

import olefile

from gongkai.domain.issues import Issue
from gongkai.kernel.documents.archive import Archive
from gongkai.kernel.documents.errors import refusal, warning
from gongkai.kernel.documents.limits import Limits
from gongkai.kernel.documents.txt import without_mark

EXTENSIONS = {
    "txt": "txt",
    "text": "txt",
    "md": "txt",
    "csv": "txt",
    "docx": "docx",
    "xlsx": "xlsx",
    "pdf": "pdf",
    "ofd": "ofd",
    "html": "html",
    "htm": "html",
    "shtml": "html",
    "xhtml": "html",
}
"""Formats by extension, for the comparison only."""

FORMAT_NAMES = {
    "txt": "纯文本",
    "docx": "Word 文档",
    "xlsx": "Excel 工作簿",
    "pdf": "PDF 文件",
    "ofd": "OFD 文件",
    "html": "网页",
}

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OTHER_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", "PNG 图片"),
    (b"\xff\xd8\xff", "JPEG 图片"),
    (b"GIF87a", "GIF 图片"),
    (b"GIF89a", "GIF 图片"),
    (b"II*\x00", "TIFF 图片"),
    (b"MM\x00*", "TIFF 图片"),
    (b"BM", "BMP 图片"),
    (b"Rar!\x1a\x07", "RAR 压缩包"),
    (b"7z\xbc\xaf\x27\x1c", "7z 压缩包"),
    (b"\x1f\x8b\x08", "gzip 压缩包"),
    (b"MZ", "可执行程序"),
    (b"\x7fELF", "可执行程序"),
    (b"RIFF", "音视频文件"),
    (b"ID3", "音频文件"),
)
_HTML_START = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|table|meta|title|style|script|div|center|form|font|span|h[1-6]|p|ul|ol|br)\b",
    re.IGNORECASE,
)
_CONTROL = bytes(range(7)) + bytes(range(14, 27)) + bytes(range(28, 32)) + b"\x7f"


def find_kind(data: bytes, *, name: str, limits: Limits) -> str:
    """Return the format (``txt docx xlsx pdf ofd html``) that ``data`` really is.

    Raises DocumentRefused for an empty file and for every format that is known but not supported.
    """
    if not data.strip(b"\x00 \t\r\n\x0c\xef\xbb\xbf\xff\xfe"):
        raise refusal("document.empty", name=name)
    if data.startswith(_OLE):
        raise _refuse_ole(data, name=name)
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zip_kind(data, name=name, limits=limits)
    if b"%PDF-" in data[:1024]:
        return "pdf"
    head = data[:4096]
    stripped = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if stripped.startswith(b"{\\rtf"):
        raise refusal("document.unsupported", name=name, kind="RTF 文档", advice="请另存为 .docx 后再上传")
    if stripped[:13].lower() == b"mime-version:":
        raise refusal(
            "document.unsupported", name=name, kind="网页归档（MHT）", advice="请另存为 .docx 或 .xlsx 后再上传"
        )
    for magic, kind in _OTHER_MAGIC:
        if data.startswith(magic) and _looks_binary(head):
            advice = "图片里的文字读不出来，请上传可编辑的原件" if "图片" in kind else "请上传其中的文件本身"
            raise refusal("document.unsupported", name=name, kind=kind, advice=advice)
    return _text_kind(head, name=name)


def extension_issue(kind: str, *, name: str) -> Issue | None:
    """Return a warning when the name's extension promises another format than the content has."""
    extension = PurePath(name).suffix.lower().lstrip(".")
    if not extension or EXTENSIONS.get(extension, extension) == kind:
        return None
    if kind == "txt" and extension not in EXTENSIONS and len(extension) > 4:
        return None  # a full stop inside a plain name is no extension
    return warning("document.mistyped", name=name, extension=extension, actual=FORMAT_NAMES[kind])


def _text_kind(head: bytes, *, name: str) -> str:
    wide = head.startswith((b"\xff\xfe", b"\xfe\xff"))
    sample = head.replace(b"\x00", b"") if wide else head
    plain = sample.lstrip(b"\xef\xbb\xbf\xff\xfe")
    if b"<w:wordDocument" in plain or b'progid="Word.Document"' in plain:
        raise refusal("document.unsupported", name=name, kind="Word 2003 XML 文档", advice="请另存为 .docx 后再上传")
    if b"urn:schemas-microsoft-com:office:spreadsheet" in plain and b"<Workbook" in plain:
        raise refusal("document.unsupported", name=name, kind="Excel 2003 XML 表格", advice="请另存为 .xlsx 后再上传")
    if _HTML_START.match(_after_preamble(plain)):
        return "html"
    if not wide and _looks_binary(head) and without_mark(head) is None:
        raise refusal("document.unknown", name=name)
    return "txt"


def _after_preamble(head: bytes) -> bytes:
    """Skip white space, the XML declaration and comments at the beginning."""
    rest = head.lstrip()
    while rest.startswith((b"<?", b"<!--")):
        _, found, after = rest.partition(b"?>" if rest.startswith(b"<?") else b"-->")
        if not found:
            break
        rest = after.lstrip()
    return rest


def _looks_binary(head: bytes) -> bool:
    """Tell whether control characters make up more than text can hold."""
    controls = len(head) - len(head.translate(None, _CONTROL))
    return controls * 100 > len(head) * 3


def _refuse_ole(data: bytes, *, name: str) -> Exception:
    try:
        with olefile.OleFileIO(BytesIO(data)) as ole:
            streams = {entry[-1] if entry else "" for entry in ole.listdir()}
    except Exception as error:
        # The container is damaged; the reader of it may fail in many ways.
        failed = refusal("document.damaged", name=name)
        failed.__cause__ = error
        return failed
    if streams & {"EncryptedPackage", "EncryptionInfo"}:
        return refusal("document.encrypted", name=name)
    extension = PurePath(name).suffix.lower()
    if streams & {"Workbook", "Book"} or extension in {".xls", ".et"}:
        return refusal("document.legacy", name=name, kind="旧版 Excel 或 WPS 表格（.xls、.et）", target=".xlsx")
    if "WordDocument" in streams or extension in {".doc", ".wps"}:
        return refusal("document.legacy", name=name, kind="旧版 Word 或 WPS 文字（.doc、.wps）", target=".docx")
    if "PowerPoint Document" in streams:
        return refusal("document.unsupported", name=name, kind="演示文稿", advice="请上传文字材料的 .docx 或 PDF")
    return refusal("document.legacy", name=name, kind="旧版 Office 文件", target=".docx 或 .xlsx")


def _zip_kind(data: bytes, *, name: str, limits: Limits) -> str:
    archive = Archive.open(data, name=name, limits=limits)
    members = archive.names
    lowered = {member.lower() for member in members}
    if any(member.endswith("vbaproject.bin") or "/macrosheets/" in member for member in lowered):
        raise refusal("document.macros", name=name)
    if "OFD.xml" in members:
        return "ofd"
    if "mimetype" in members and archive.read("mimetype").startswith(b"application/vnd.oasis"):
        raise refusal(
            "document.unsupported", name=name, kind="OpenDocument 文件", advice="请另存为 .docx 或 .xlsx 后再上传"
        )
    if "[Content_Types].xml" not in members:
        raise refusal("document.unsupported", name=name, kind="ZIP 压缩包", advice="请解压后逐个上传其中的文件")
    types = archive.read("[Content_Types].xml")
    if b"macroEnabled" in types:
        raise refusal("document.macros", name=name)
    if b"wordprocessingml.document.main" in types or b"wordprocessingml.template.main" in types:
        kind = "docx"
    elif b"spreadsheetml.sheet.main" in types or b"spreadsheetml.template.main" in types:
        kind = "xlsx"
    elif b"presentationml" in types:
        raise refusal("document.unsupported", name=name, kind="演示文稿", advice="请上传文字材料的 .docx 或 PDF")
    elif b"sheet.binary" in types:
        raise refusal(
            "document.unsupported", name=name, kind="Excel 二进制工作簿（.xlsb）", advice="请另存为 .xlsx 后再上传"
        )
    else:
        raise refusal("document.damaged", name=name)
    if b"template.main" in types:
        extension = ".docx" if kind == "docx" else ".xlsx"
        raise refusal("document.unsupported", name=name, kind="Office 模板", advice=f"请另存为 {extension} 后再上传")
    archive.check_xml()
    if any(b"purl.oclc.org/ooxml" in archive.read(m) for m in ("_rels/.rels",) if m in members):
        raise refusal(
            "document.unsupported",
            name=name,
            kind="“严格 Open XML”格式的文件",
            advice=f"请另存为普通的 .{kind} 后再上传",
        )
    return kind
