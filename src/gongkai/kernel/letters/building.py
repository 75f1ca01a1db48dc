"""Builds the shipped templates: ``python -m gongkai.kernel.letters.building`` writes them anew from the rules.

The DOCX files stand in ``templates`` and are what an office downloads, edits in a word processor and puts in as its own.
Their form is the usual one of official letters (公文): title, number, addressee, body, remedies, attachments, issuer and
day. Page and fonts come from the rule ``foi.letters.layout``.
"""

from __future__ import annotations

from datetime import date
from io import BytesIO
from pathlib import Path

from docx import Document
from docx.document import Document as Docx
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph

from gongkai.domain.foi.letters import OUTGOING, BodyPart, LetterForm
from gongkai.kernel.documents.packing import repack
from gongkai.kernel.letters.base import empty_document
from gongkai.rulebook import shipped
from gongkai.rulebook.foi_letters import Layout, Typeface, letter_rules

FOLDER = Path(__file__).resolve().parent / "templates"
SHIPPED_ON = date(2026, 1, 1)
"""The day whose rules the shipped templates show."""
_LABEL_SHARE = 0.3
"""How much of a table's width its labels take."""


def build_template(form: LetterForm, layout: Layout) -> bytes:
    """Return the template of a letter as a DOCX file; the same bytes every time."""
    document = Document(BytesIO(empty_document(font=layout.body.font, points=layout.body.points)))
    _Builder(document, layout).letter(form)
    properties = document.core_properties
    properties.title, properties.author, properties.last_modified_by, properties.comments = form.title, "", "", ""
    target = BytesIO()
    document.save(target)
    return repack(target.getvalue())


class _Builder:
    """Writes one letter into an empty document."""

    def __init__(self, document: Docx, layout: Layout) -> None:
        self.document, self.layout = document, layout
        section = document.sections[0]
        section.page_width, section.page_height = Mm(layout.page_mm[0]), Mm(layout.page_mm[1])
        top, right, bottom, left = (Mm(size) for size in layout.margins_mm)
        section.top_margin, section.right_margin = top, right
        section.bottom_margin, section.left_margin = bottom, left
        self.width_mm = layout.page_mm[0] - layout.margins_mm[1] - layout.margins_mm[3]

    def letter(self, form: LetterForm) -> None:
        outgoing = form.direction in OUTGOING
        if "issuer" in form.needs:
            self._centered("{{ issuer }}", self.layout.title)
        self._centered("{{ title }}", self.layout.title)
        if "doc_no" in form.needs and outgoing:
            self._centered("{{ doc_no }}", self.layout.body)
        elif "doc_no" in form.may and outgoing:
            self._when("doc_no", lambda: self._centered("{{ doc_no }}", self.layout.body))
        self._empty()
        if outgoing:
            self._plain("{{ addressee }}：")
        for part in form.body:
            self._part(part)
        if form.tells_remedies:
            self._loop("remedy", "{{ item }}")
        said = {part.when for part in form.body} | {part.text for part in form.body}
        if outgoing and "contact" in form.may and "contact" not in said:
            self._when("contact", lambda: self._indented("联系人及电话：{{ contact }}"))
        if outgoing and "attachments" in form.may:
            self._empty()
            self._when("attachments", lambda: self._indented("附件："))
            self._loop("attachments", "{{ loop.index }}．{{ item }}")
        if outgoing:
            self._empty()
            self._right("{{ issuer }}")
            self._right("{{ date }}")

    def _part(self, part: BodyPart) -> None:
        if part.rows:
            self._table(part.rows)
        elif part.heading:
            self._run(self._paragraph(indent=True), part.text, self.layout.heading)
        elif part.each:
            self._loop(part.each, part.text)
        elif part.when:
            self._when(part.when, lambda: self._indented(part.text))
        else:
            self._indented(part.text)

    def _when(self, field: str, write: object) -> None:
        self._tag("{%p if " + field + " %}")
        if callable(write):
            write()
        self._tag("{%p endif %}")

    def _loop(self, field: str, text: str) -> None:
        self._tag("{%p for item in " + field + " %}")
        self._indented(text)
        self._tag("{%p endfor %}")

    def _table(self, rows: tuple[tuple[str, str], ...]) -> None:
        table = self.document.add_table(rows=0, cols=2)
        table.style = "Table Grid"
        table.alignment = WD_TABLE_ALIGNMENT.CENTER
        table.autofit = False
        label_mm = round(self.width_mm * _LABEL_SHARE)
        for label, text in rows:
            left, right = table.add_row().cells
            left.width, right.width = Mm(label_mm), Mm(self.width_mm - label_mm)
            self._spaced(self._run(left.paragraphs[0], label, self.layout.heading))
            self._spaced(self._run(right.paragraphs[0], text, self.layout.body))

    def _centered(self, text: str, face: Typeface) -> None:
        paragraph = self._paragraph(exact=face is self.layout.body)
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        self._run(paragraph, text, face)

    def _right(self, text: str) -> None:
        paragraph = self._paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        paragraph.paragraph_format.right_indent = Pt(self.layout.body.points * 2)
        self._run(paragraph, text, self.layout.body)

    def _plain(self, text: str) -> None:
        self._run(self._paragraph(), text, self.layout.body)

    def _indented(self, text: str) -> None:
        self._run(self._paragraph(indent=True), text, self.layout.body)

    def _tag(self, text: str) -> None:
        self._run(self._paragraph(), text, self.layout.body)

    def _empty(self) -> None:
        self._paragraph()

    def _paragraph(self, *, indent: bool = False, exact: bool = True) -> Paragraph:
        paragraph = self.document.add_paragraph()
        if indent:
            paragraph.paragraph_format.first_line_indent = Pt(self.layout.body.points * 2)
        return self._spaced(paragraph) if exact else paragraph

    def _spaced(self, paragraph: Paragraph) -> Paragraph:
        paragraph.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
        paragraph.paragraph_format.line_spacing = Pt(self.layout.line_points)
        return paragraph

    @staticmethod
    def _run(paragraph: Paragraph, text: str, face: Typeface) -> Paragraph:
        """Add text in a Chinese font; a word processor needs the font named for East Asian characters, too."""
        run = paragraph.add_run(text)
        run.font.name, run.font.size = face.font, Pt(face.points)
        run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), face.font)
        return paragraph


def write_templates(folder: Path = FOLDER) -> list[Path]:
    """Write the templates of all letters and return their paths."""
    rules = letter_rules(shipped(), on=SHIPPED_ON)
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for code, form in rules.letters.items():
        path = folder / f"{code}.docx"
        path.write_bytes(build_template(form, rules.layout))
        paths.append(path)
    return paths


if __name__ == "__main__":
    write_templates()
