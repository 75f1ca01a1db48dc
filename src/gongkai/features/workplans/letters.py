"""Builds the shipped templates of supervision notices: ``python -m gongkai.features.workplans.letters`` writes them anew.

The DOCX files stand in ``templates/workplans/letters`` and are what an office downloads, edits in a word processor and
uploads as its own. The form follows the usual one of official letters: A4, title centered, body in 仿宋 of size 三号.
"""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from gongkai.kernel.documents.packing import repack

FOLDER = Path(__file__).resolve().parent / "templates" / "workplans" / "letters"
COLORS = {"blue": ("1F5FA8", "提示"), "yellow": ("B7791F", "督办"), "red": ("B42318", "重点督办")}
ROWS = (
    ("来源文件", "{{ plan }}{% if doc_no %}（{{ doc_no }}）{% endif %}"),
    ("任务", "{% if item_number %}{{ item_number }}  {% endif %}{{ item }}"),
    ("条款原文", "{{ clause }}"),
    ("牵头单位", "{{ lead_units }}"),
    ("责任单位", "{{ responsible_units }}"),
    ("完成时限", "{{ due }}（{{ situation }}）"),
    ("督办事由", "{{ reason }}"),
    ("办理要求", "{{ requirement }}"),
    ("答复期限", "{{ answer_due }}前"),
)


def build_letter(color: str) -> bytes:
    """Return the template of one color (blue, yellow, red) as a DOCX file; the same bytes every time."""
    shade, kind = COLORS[color]
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.top_margin, section.bottom_margin = Cm(3.7), Cm(3.5)
    section.left_margin, section.right_margin = Cm(2.8), Cm(2.6)
    title = document.add_paragraph()
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _run(title, "{{ place }}政务公开工作" + f"{kind}单", "方正小标宋简体", 22, shade)
    number = document.add_paragraph()
    number.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _run(number, "（{{ color }}）  {{ number }}", "楷体_GB2312", 16, shade)
    _run(document.add_paragraph(), "{{ unit }}：", "仿宋_GB2312", 16)
    lead = document.add_paragraph()
    lead.paragraph_format.first_line_indent = Pt(32)
    _run(lead, "现就下列任务的办理情况予以" + kind + "，请按要求办理，并在答复期限前书面答复。", "仿宋_GB2312", 16)
    table = document.add_table(rows=0, cols=2)
    table.style = "Table Grid"
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    for label, value in ROWS:
        left, right = table.add_row().cells
        left.width, right.width = Cm(3.2), Cm(12.4)
        _run(left.paragraphs[0], label, "黑体", 14)
        _run(right.paragraphs[0], value, "仿宋_GB2312", 14)
    document.add_paragraph()
    for text in ("{{ issuer }}", "{{ issued }}"):
        line = document.add_paragraph()
        line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        line.paragraph_format.right_indent = Pt(32)
        _run(line, text, "仿宋_GB2312", 16)
    target = BytesIO()
    document.save(target)
    return repack(target.getvalue())


def _run(paragraph: Paragraph, text: str, font: str, size: float, color: str = "") -> None:
    """Add text in a Chinese font; Word needs the font named for East Asian characters, too."""
    run = paragraph.add_run(text)
    run.font.name, run.font.size = font, Pt(size)
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
    if color:
        run.font.color.rgb = RGBColor.from_string(color)


def write_letters(folder: Path = FOLDER) -> list[Path]:
    """Write the three templates and return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for color in COLORS:
        path = folder / f"supervision_{color}.docx"
        path.write_bytes(build_letter(color))
        paths.append(path)
    return paths


if __name__ == "__main__":
    write_letters()
