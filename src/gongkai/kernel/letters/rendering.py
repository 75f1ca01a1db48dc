"""Filling a letter's template, and showing the letter without a word processor."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from importlib import resources

from gongkai.domain.document import Paragraph, Table
from gongkai.domain.foi.letters import LetterForm, letter_context
from gongkai.kernel.documents.reader import read_document
from gongkai.kernel.documents.render import render_docx
from gongkai.kernel.errors import Refused


class LetterRefused(Refused):
    """A letter cannot be written from these values; ``issues`` holds every reason."""


def letter_template(form: LetterForm, *, own: bytes | None = None) -> bytes:
    """Return the template of a letter: the office's own where it has one, else the shipped one.

    Raises FileNotFoundError for a letter that an office's rules brought without a template.
    """
    if own is not None:
        return own
    return (resources.files("gongkai.kernel.letters") / "templates" / f"{form.code}.docx").read_bytes()


def letter_render(form: LetterForm, values: Mapping[str, object], *, own: bytes | None = None) -> bytes:
    """Fill a letter and return it as a DOCX file; the same values and template give the same bytes.

    ``values`` go by field code: texts, days (``date``), lists of texts, lists of withheld parts. Raises LetterRefused with
    everything that is missing or not of its kind, DocumentRefused when an own template cannot be filled.
    """
    context, issues = letter_context(form, values)
    if issues:
        raise LetterRefused(issues)
    return render_docx(letter_template(form, own=own), context)


def letter_blank(form: LetterForm, values: Mapping[str, object] | None = None, *, own: bytes | None = None) -> bytes:
    """Return a form to be filled in by hand: the values that are known, and empty places for the rest.

    For papers that others write: the application form, the reply sheet sent to a third party. Raises LetterRefused for
    values that are unknown or not of their kind.
    """
    given = {code: value for code, value in (values or {}).items() if value}
    context, issues = letter_context(form, given)
    wrong = [issue for issue in issues if not issue.code.endswith("_missing")]
    if wrong:
        raise LetterRefused(wrong)
    empty = dict.fromkeys(form.fixed, "") | context
    return render_docx(letter_template(form, own=own), empty)


def letter_text(data: bytes) -> str:
    """Return a letter as plain text, a paragraph a line, cells of a table separated by tabs; raises DocumentRefused."""
    lines = (line.rstrip() for line in read_document(data, name="文书.docx").text().splitlines())
    return "\n".join(lines).strip("\n") + "\n"


def letter_html(data: bytes) -> str:
    """Return a letter as a piece of HTML for a preview: paragraphs and tables, everything escaped."""
    pieces: list[str] = []
    for block in read_document(data, name="文书.docx").blocks:
        if isinstance(block, Paragraph):
            if block.text.strip():
                pieces.append("<p>" + "<br>".join(escape(line) for line in block.text.splitlines()) + "</p>")
        else:
            pieces.append(_table(block))
    return "\n".join(pieces)


def _table(table: Table) -> str:
    rows = []
    for row in table.rows:
        label, *cells = (escape(cell) for cell in row)
        rows.append(f'<tr><th scope="row">{label}</th>' + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>")
    return "<table>" + "".join(rows) + "</table>"
