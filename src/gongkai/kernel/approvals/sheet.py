"""Builds the shipped template of the review sheet: ``python -m gongkai.kernel.approvals.sheet`` writes it anew.

The DOCX file stands in ``templates/approvals/sheets``. One A4 page or more: the matter, every step with its signer and
opinion, the special forms in full. Rows and tables that repeat are marked for ``docxtpl`` (``{%tr %}``).
"""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

from gongkai.kernel.documents.packing import repack

FILE = Path(__file__).resolve().parent / "templates" / "approvals" / "sheets" / "review_sheet.docx"
BODY, HEAD, KAI = "仿宋_GB2312", "黑体", "楷体_GB2312"
STEP_WIDTHS = (Cm(2.6), Cm(3.6), Cm(2.6), Cm(7.2))


def build_sheet() -> bytes:
    """Return the template as a DOCX file; the same bytes every time."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.top_margin, section.bottom_margin = Cm(2.5), Cm(2.2)
    section.left_margin, section.right_margin = Cm(2.5), Cm(2.5)
    title = document.add_paragraph()
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _run(title, "{{ heading }}", "方正小标宋简体", 22)
    under = document.add_paragraph()
    under.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _run(under, "（一事一审）  第{{ round }}轮  {{ state }}", KAI, 12)

    _heading(document.add_paragraph(), "一、送审事项")
    matter = _table(document, 2)
    _repeat(matter, "row in matter", ("{{ row.label }}", "{{ row.text }}"), (Cm(3.4), Cm(12.6)))

    _heading(document.add_paragraph(), "二、审批经过")
    steps = _table(document, 4)
    _fill(steps.add_row().cells, ("步骤", "办理人", "时间", "意见"), STEP_WIDTHS, HEAD)
    _repeat(
        steps,
        "row in steps",
        ("{{ row.name }}", "{{ row.who }}", "{{ row.at }}", "{{ row.opinion }}"),
        STEP_WIDTHS,
    )
    _run(document.add_paragraph(), "路线：{{ route }}。{{ separation }}", KAI, 10.5)

    _run(document.add_paragraph(), "{%p for form in forms %}", BODY, 10.5)
    _heading(document.add_paragraph(), "{{ form.title }}")
    _run(document.add_paragraph(), "填表人：{{ form.who }}    时间：{{ form.at }}", KAI, 10.5)
    answers = _table(document, 3)
    _fill(answers.add_row().cells, ("审查内容", "结论", "说明"), (Cm(8.2), Cm(4.2), Cm(3.6)), HEAD)
    _repeat(
        answers,
        "row in form.rows",
        ("{{ row.question }}", "{{ row.answer }}", "{{ row.note }}"),
        (Cm(8.2), Cm(4.2), Cm(3.6)),
    )
    _run(document.add_paragraph(), "{%p endfor %}", BODY, 10.5)

    _run(document.add_paragraph(), "内容摘要值（SHA-256）：{{ digest }}", BODY, 9)
    _run(document.add_paragraph(), "本表由系统根据签批记录生成，生成时间：{{ made_at }}。", BODY, 9)
    target = BytesIO()
    document.save(target)
    return repack(target.getvalue())


def _table(document: object, columns: int) -> Table:
    table: Table = document.add_table(rows=0, cols=columns)  # type: ignore[attr-defined]
    table.style = "Table Grid"
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    return table


def _repeat(table: Table, loop: str, texts: tuple[str, ...], widths: tuple[Cm, ...]) -> None:
    """Add a row that is repeated: the rows that open and close the loop vanish when the template is filled."""
    _run(table.add_row().cells[0].paragraphs[0], "{%tr for " + loop + " %}", BODY, 10.5)
    _fill(table.add_row().cells, texts, widths, BODY)
    _run(table.add_row().cells[0].paragraphs[0], "{%tr endfor %}", BODY, 10.5)


def _fill(cells: tuple[_Cell, ...], texts: tuple[str, ...], widths: tuple[Cm, ...], font: str) -> None:
    for number, (cell, text, width) in enumerate(zip(cells, texts, widths, strict=True)):
        cell.width = width
        _run(cell.paragraphs[0], text, HEAD if number == 0 else font, 10.5)


def _heading(paragraph: Paragraph, text: str) -> None:
    paragraph.paragraph_format.space_before = Pt(10)
    paragraph.paragraph_format.keep_with_next = True
    _run(paragraph, text, HEAD, 13)


def _run(paragraph: Paragraph, text: str, font: str, size: float) -> None:
    """Add text in a Chinese font; Word needs the font named for East Asian characters, too."""
    run = paragraph.add_run(text)
    run.font.name, run.font.size = font, Pt(size)
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)


def write_sheet(path: Path = FILE) -> Path:
    """Write the template and return its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(build_sheet())
    return path


if __name__ == "__main__":
    write_sheet()
