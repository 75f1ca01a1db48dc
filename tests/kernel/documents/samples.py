"""Sample files built in code: one good file of every format, and the ways in which files go wrong."""

from __future__ import annotations

import io
import zipfile

import docx
import openpyxl
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from reportlab.lib.pagesizes import A4
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen import canvas

from tests.kernel.documents.ofd_samples import ofd_bytes

PLAN_LINES = [
    "云溪县2024年政务公开工作方案",
    "一、加强重点领域信息公开",
    "（一）做好财政预决算公开。〔牵头单位：县财政局；完成时限：2024年9月底前〕",
    "（二）公开行政规范性文件。〔牵头单位：县司法局；责任单位：各乡镇人民政府〕",
]


def saved(document) -> bytes:
    """Save a python-docx document or an openpyxl workbook to bytes."""
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def docx_bytes() -> bytes:
    """A plan with a heading, paragraphs and a table of three rows."""
    document = docx.Document()
    document.add_heading(PLAN_LINES[0], level=1)
    for line in PLAN_LINES[1:]:
        document.add_paragraph(line)
    table = document.add_table(rows=3, cols=3)
    for r, row in enumerate(
        [("序号", "主要任务", "牵头单位"), ("1", "公开预算", "县财政局"), ("2", "公开决算", "县财政局")]
    ):
        for c, text in enumerate(row):
            table.cell(r, c).text = text
    return saved(document)


def docx_of(*elements: str, numbering: str | None = None, styles: str = "") -> bytes:
    """A document whose body is the given WordprocessingML, with its own numbering definitions and extra styles."""
    document = docx.Document()
    body = document.element.body
    for child in list(body):
        if not child.tag.endswith("sectPr"):
            body.remove(child)
    extra = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:v="urn:schemas-microsoft-com:vml" xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
    wrapper = parse_xml(f"<w:body {nsdecls('w', 'r', 'wp', 'a', 'pic')} {extra}>{''.join(elements)}</w:body>")
    for position, child in enumerate(list(wrapper)):
        body.insert(position, child)
    if numbering is not None:
        root = document.part.numbering_part.element
        for child in list(root):
            root.remove(child)
        for child in parse_xml(f"<w:numbering {nsdecls('w')}>{numbering}</w:numbering>"):
            root.append(child)
    if styles:
        for child in parse_xml(f"<w:styles {nsdecls('w')}>{styles}</w:styles>"):
            document.styles.element.append(child)
    return saved(document)


def xlsx_bytes() -> bytes:
    """A task table with a merged heading."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "任务分解表"
    sheet.append(["云溪县2024年政务公开任务分解表"])
    sheet.merge_cells("A1:C1")
    sheet.append(["序号", "主要任务", "牵头单位"])
    sheet.append([1, "公开预算", "县财政局"])
    sheet.append([2, "公开决算", "县财政局"])
    return saved(book)


def pdf_bytes(pages: list[list[str]] | None = None, *, password: str | None = None) -> bytes:
    """A PDF with Chinese text, a list of lines for every page."""
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    target = io.BytesIO()
    encrypt = StandardEncryption(password, ownerPassword="owner") if password else None
    paper = canvas.Canvas(target, pagesize=A4, encrypt=encrypt, invariant=1)
    for lines in [PLAN_LINES] if pages is None else pages:
        paper.setFont("STSong-Light", 12)
        for n, line in enumerate(lines):
            paper.drawString(72, 760 - 24 * n, line)
        if not lines:
            paper.rect(72, 200, 300, 300, fill=1)
        paper.showPage()
    paper.save()
    return target.getvalue()


def html_bytes() -> bytes:
    """A page with a heading, paragraphs and a table."""
    lines = "".join(f"<p>{line}</p>" for line in PLAN_LINES[1:])
    return (
        f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>方案</title></head><body><h1>{PLAN_LINES[0]}</h1>"
        f"{lines}<table><tr><th>主要任务</th><th>牵头单位</th></tr><tr><td>公开预算</td><td>县财政局</td></tr></table>"
        "</body></html>"
    ).encode()


def txt_bytes(encoding: str = "utf-8") -> bytes:
    """The plan as plain text."""
    return "\r\n".join(PLAN_LINES).encode(encoding)


GOOD = {
    "txt": txt_bytes,
    "docx": docx_bytes,
    "xlsx": xlsx_bytes,
    "pdf": pdf_bytes,
    "ofd": ofd_bytes,
    "html": html_bytes,
}


def changed_zip(data: bytes, *, replace: dict[str, bytes] | None = None, add: dict[str, bytes] | None = None) -> bytes:
    """The same ZIP file with some members replaced or added."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as out:
        for info in source.infolist():
            out.writestr(info.filename, (replace or {}).get(info.filename, source.read(info)))
        for name, content in (add or {}).items():
            out.writestr(name, content)
    return target.getvalue()


def member(data: bytes, name: str) -> bytes:
    """One member of a ZIP file."""
    with zipfile.ZipFile(io.BytesIO(data)) as source:
        return source.read(name)


def zip_of(**members: bytes) -> bytes:
    """A plain ZIP file; double underscores in names stand for a full stop."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as out:
        for name, content in members.items():
            out.writestr(name.replace("__", "."), content)
    return target.getvalue()
