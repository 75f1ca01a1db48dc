"""Files made in code, each with something planted where nobody looks."""

from __future__ import annotations

import zipfile
from io import BytesIO

import docx
import openpyxl
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from openpyxl.comments import Comment
from openpyxl.workbook.defined_name import DefinedName
from PIL import Image
from reportlab.lib.colors import Color, black
from reportlab.pdfgen import canvas

ID = "11010519491231002X"
WORD = "峻工"


def workbook(*, plant: str = "", text: str = ID) -> bytes:
    """Return a workbook with ``text`` planted in the place that ``plant`` names."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "公示名单"
    sheet.append(["序号", "姓名", "金额"])
    for number, name in enumerate(["张某某", "李某某", "王某某"], 1):
        sheet.append([number, name, 300 * number])
    if plant == "cell":
        sheet["D3"] = text
    elif plant == "sheet":
        other = book.create_sheet("原始数据")
        other["B2"] = text
        other.sheet_state = "veryHidden"
    elif plant == "row":
        sheet["D3"] = text
        sheet.row_dimensions[3].hidden = True
    elif plant == "column":
        sheet["E3"] = text
        sheet.column_dimensions["E"].hidden = True
    elif plant == "narrow":
        sheet["E3"] = text
        sheet.column_dimensions["E"].width = 0.1
    elif plant == "comment":
        sheet["B2"].comment = Comment(f"核对过 {text}", "经办人")
    elif plant == "name":
        book.defined_names["旧编号"] = DefinedName("旧编号", attr_text=f'"{text}"')
    elif plant == "header":
        sheet.oddHeader.center.text = f"核对 {text}"
    elif plant == "property":
        book.properties.creator = text
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def with_members(data: bytes, members: dict[str, bytes]) -> bytes:
    """Return an office file with more members."""
    stream = BytesIO(data)
    with zipfile.ZipFile(stream, "a") as file:
        for name, content in members.items():
            file.writestr(name, content)
    return stream.getvalue()


def workbook_with_pivot_cache(text: str = ID) -> bytes:
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    definition = (
        f'<pivotCacheDefinition {space}><cacheFields><cacheField name="身份证号"><sharedItems>'
        f'<s v="{text}"/></sharedItems></cacheField></cacheFields></pivotCacheDefinition>'
    )
    records = f'<pivotCacheRecords {space}><r><x v="0"/><s v="{WORD}"/></r></pivotCacheRecords>'
    return with_members(
        workbook(),
        {
            "xl/pivotCache/pivotCacheDefinition1.xml": definition.encode(),
            "xl/pivotCache/pivotCacheRecords1.xml": records.encode(),
        },
    )


def document(*, plant: str = "", text: str = ID) -> bytes:
    """Return a Word document with ``text`` planted in the place that ``plant`` names."""
    file = docx.Document()
    file.core_properties.author = ""
    paragraph = file.add_paragraph("关于公示补助名单的通知")
    if plant == "body":
        file.add_paragraph(f"张某，{text}")
    elif plant == "hidden":
        paragraph.add_run(text).font.hidden = True
    elif plant == "comment":
        file.add_comment(paragraph.runs, text=f"请核对{text}", author="经办人")
    elif plant in {"del", "ins"}:
        tag = "w:delText" if plant == "del" else "w:t"
        paragraph._p.append(
            parse_xml(
                f'<w:{plant} {nsdecls("w")} w:id="1" w:author="审核人"><w:r><{tag}>{text}</{tag}></w:r></w:{plant}>'
            )
        )
    elif plant == "header":
        file.sections[0].header.paragraphs[0].text = text
    elif plant == "footer":
        file.sections[0].footer.paragraphs[0].text = text
    elif plant == "property":
        file.core_properties.comments = text
    elif plant == "author":
        file.core_properties.author = "张某某"
    elif plant == "cell":
        table = file.add_table(rows=2, cols=3)
        for cell, value in zip(table.rows[0].cells, ["姓名", "家庭住址", "残疾等级"], strict=True):
            cell.text = value
        for cell, value in zip(table.rows[1].cells, ["张某", "青麓市山口镇石桥村", "二级"], strict=True):
            cell.text = value
    stream = BytesIO()
    file.save(stream)
    return stream.getvalue()


def pdf(*, plant: str = "", text: str = ID) -> bytes:
    """Return a PDF file; ``box`` covers the text later, ``behind`` and ``glass`` do not cover it."""
    stream = BytesIO()
    page = canvas.Canvas(stream)
    page.setAuthor("张某某" if plant == "author" else "")
    page.setFont("Helvetica", 12)
    page.drawString(72, 760, "List of persons")
    if plant == "behind":
        page.setFillColor(Color(0.8, 0.8, 0.8))
        page.rect(60, 690, 400, 24, stroke=0, fill=1)
        page.setFillColor(black)
    if plant not in {"", "author", "note"}:
        page.drawString(72, 700, f"No. {text} end")
    if plant == "box":
        page.rect(90, 694, 130, 18, stroke=0, fill=1)
    elif plant == "rounded":
        page.roundRect(90, 694, 130, 18, 3, stroke=0, fill=1)
    elif plant == "boxes":
        path = page.beginPath()
        path.rect(90, 694, 130, 18)
        path.rect(90, 500, 130, 18)
        page.drawPath(path, stroke=0, fill=1)
    elif plant == "frame":
        path = page.beginPath()
        path.rect(60, 680, 300, 50)
        path.rect(62, 682, 296, 46)
        page.drawPath(path, stroke=0, fill=1, fillMode=0)
    elif plant == "triangle":
        path = page.beginPath()
        for x, y in ((60, 650), (400, 650), (60, 1000)):
            (path.lineTo if x == 400 or y == 1000 else path.moveTo)(x, y)
        path.close()
        page.drawPath(path, stroke=0, fill=1)
    elif plant in {"form", "elsewhere"}:
        page.beginForm("cover")
        page.rect(0, 0, 65, 9, stroke=0, fill=1)
        page.endForm()
        page.saveState()
        page.translate(90, 694 if plant == "form" else 300)
        page.scale(2, 2)
        page.doForm("cover")
        page.restoreState()
    elif plant == "glass":
        page.setFillColor(Color(1, 1, 0, alpha=0.4))
        page.rect(90, 694, 130, 18, stroke=0, fill=1)
    elif plant == "line":
        page.rect(90, 703, 130, 1, stroke=0, fill=1)
    elif plant == "note":
        page.textAnnotation(text, Rect=[100, 600, 120, 620])
    page.showPage()
    page.save()
    return stream.getvalue()


def picture(*, located: bool) -> bytes:
    """Return a JPEG picture, with the place where it was taken or without."""
    image = Image.new("RGB", (8, 8))
    exif = Image.Exif()
    if located:
        exif[0x8825] = {1: "N", 2: (25.0, 51.0, 0.0), 3: "E", 4: (114.0, 56.0, 0.0)}
    stream = BytesIO()
    image.save(stream, "JPEG", exif=exif)
    return stream.getvalue()
