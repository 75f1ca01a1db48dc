"""Filling a letter's template, and showing the letter without a word processor."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from html import escape
from importlib import resources
from io import BytesIO
from typing import Any

from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, Template
from jinja2.sandbox import SandboxedEnvironment

from gongkai.domain.document import Paragraph, Table
from gongkai.domain.foi.letters import LetterForm, letter_context
from gongkai.kernel.documents.packing import repack
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
    return _fill(letter_template(form, own=own), context)


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
    return _fill(letter_template(form, own=own), empty)


@lru_cache(maxsize=256)
def _compiled(source: str) -> Template:
    return SandboxedEnvironment.from_string(_ENVIRONMENT, source)


class _CompilesOnce(SandboxedEnvironment):
    """Keeps what a template was compiled to: one campaign may bring tens of thousands of letters from one template."""

    def from_string(self, source: Any, globals: Any = None, template_class: Any = None) -> Template:
        """Return the compiled source, compiled now or before."""
        return _compiled(str(source))


_PERSONAL = ("author", "last_modified_by", "comments", "keywords", "subject", "category")
"""Properties of the file in which a word processor keeps who made a template; a letter leaves the house without them."""
_ENVIRONMENT = _CompilesOnce(undefined=StrictUndefined, autoescape=True)


def _fill(template: bytes, context: Mapping[str, object]) -> bytes:
    """Fill a template quickly; one that cannot be filled goes the careful way, which says why."""
    try:
        document = DocxTemplate(BytesIO(template))
        document.render(dict(context), _ENVIRONMENT, autoescape=True)
        properties = document.docx.core_properties
        properties.title = str(context.get("title", ""))
        for name in _PERSONAL:
            setattr(properties, name, "")
        target = BytesIO()
        document.save(target)
    except Exception:  # an own template may break in any way; render_docx finds the words for it
        return render_docx(template, context)
    return repack(target.getvalue())


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
