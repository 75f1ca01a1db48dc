"""Checking a template that an office made: whether it can be filled, carries what it must, and does nothing else.

A template is a program of sorts. Only places to fill in, ``if`` and ``for`` over the letter's own lists are allowed; no
calls, no attributes but those of a list, no macros of the word processor, nothing from outside. All faults at once.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from datetime import date
from io import BytesIO

from docxtpl import DocxTemplate
from jinja2 import TemplateError, meta, nodes
from jinja2.sandbox import SandboxedEnvironment

from gongkai.domain.foi.letters import PART_KEYS, REMEDY, FieldKind, LetterForm, sample_values
from gongkai.domain.issues import Issue
from gongkai.kernel.documents.archive import megabytes
from gongkai.kernel.documents.errors import DocumentRefused
from gongkai.kernel.documents.limits import Limits
from gongkai.kernel.documents.reader import read_document
from gongkai.kernel.errors import Refused
from gongkai.kernel.letters.rendering import letter_render
from gongkai.rulebook.messages import describe

MAX_BYTES = 2 * 1024 * 1024
"""How large a template may be; a seal or a head as a picture fits in."""
MAX_UNPACKED = 32 * 1024 * 1024
"""How large it may be unpacked."""
_SAMPLE_DAY = date(2026, 1, 5)
_ACTIVE = re.compile(r"(?:^|/)(?:vbaProject\.bin|vbaData\.xml|embeddings/|activeX/|afchunk|oleObject)", re.IGNORECASE)
_OUTSIDE = re.compile(rb"<Relationship\b[^>]*TargetMode\s*=\s*[\"']External[\"'][^>]*>", re.IGNORECASE)
_FIELD_CODE = re.compile(rb"INCLUDE(?:TEXT|PICTURE)|DDE(?:AUTO)?\s", re.IGNORECASE)
_FILLED = re.compile(r"word/(?:document|header\d*|footer\d*)\.xml")
_SPECIAL = re.compile(r"\{\{\s*(?:r|p|tr|tc)\s+\w")
_LOOP = frozenset({"index", "index0", "first", "last", "length"})
_PLAIN = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Name,
    nodes.If,
    nodes.For,
    nodes.Const,
    nodes.Compare,
    nodes.Operand,
    nodes.Not,
    nodes.And,
    nodes.Or,
    nodes.CondExpr,
)


_NODE_NAMES: dict[type[nodes.Node], str] = {
    nodes.Call: "调用（…()）",
    nodes.Filter: "过滤器（|）",
    nodes.Getitem: "下标（[]）",
    nodes.Assign: "赋值（set）",
    nodes.AssignBlock: "赋值（set）",
    nodes.Macro: "宏（macro）",
    nodes.Include: "引入（include）",
    nodes.Import: "引入（import）",
    nodes.FromImport: "引入（import）",
    nodes.Extends: "继承（extends）",
    nodes.Test: "判断（is）",
}
"""How the ways of writing that are not allowed are named to the person who made the template."""


def template_issues(form: LetterForm, data: bytes, *, name: str, max_bytes: int = MAX_BYTES) -> tuple[Issue, ...]:
    """Return everything that keeps a DOCX file from being a template of a letter; none means it may be used.

    ``name`` is the name it was handed in under and stands in the sentences.
    """
    if len(data) > max_bytes:
        values = {"name": name, "size": megabytes(len(data)), "limit": megabytes(max_bytes)}
        return (Issue("foi.template.too_large", "file", values),)
    try:
        document = read_document(data, name=name, limits=Limits(max_bytes=max_bytes, max_unpacked_bytes=MAX_UNPACKED))
    except DocumentRefused as refused:
        return tuple(_unreadable(name, describe(issue)) for issue in refused.issues)
    if document.format != "docx":
        return (_unreadable(name, "请上传Word文档。"),)
    issues = [*_active_content(data, name), *_misplaced(data, name)]
    issues += _fill_ins(form, data, name)
    if not issues:
        issues += _trial(form, data, name)
    return tuple(issues)


def _unreadable(name: str, reason: str) -> Issue:
    return Issue("foi.template.unreadable", "file", {"name": name, "reason": reason})


def _active_content(data: bytes, name: str) -> Iterator[Issue]:
    with zipfile.ZipFile(BytesIO(data)) as archive:
        for part in archive.namelist():
            content = archive.read(part)
            outside = [found for found in _OUTSIDE.findall(content) if b"/hyperlink" not in found]
            fetches = _FILLED.fullmatch(part) is not None and _FIELD_CODE.search(content) is not None
            if _ACTIVE.search(part) or (part.endswith(".rels") and outside) or fetches:
                yield Issue("foi.template.active_content", "file", {"name": name, "part": part})


def _misplaced(data: bytes, name: str) -> Iterator[Issue]:
    """Places outside body, header and footer would be filled, too, but nobody sees them."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        for part in archive.namelist():
            if part.endswith(".xml") and not _FILLED.fullmatch(part):
                text = re.sub(rb"<[^>]*>", b"", archive.read(part))
                if b"{{" in text or b"{%" in text:
                    yield Issue("foi.template.place", "file", {"name": name, "part": part})


def _fill_ins(form: LetterForm, data: bytes, name: str) -> Iterator[Issue]:
    """What the template asks for, and how."""
    environment = SandboxedEnvironment()
    used: set[str] = set()
    try:
        sources = _sources(data)
    except Exception as error:  # whatever breaks while a hand-made file is taken apart is the file's fault
        yield _unreadable(name, type(error).__name__)
        return
    broken = False
    for raw, source in sources:
        for found in _SPECIAL.findall(re.sub(r"<[^>]*>", "", raw)):
            yield Issue("foi.template.not_allowed", "file", {"name": name, "found": found.strip()})
        try:
            tree = environment.parse(source)
        except TemplateError as error:
            broken = True
            yield Issue("foi.template.syntax", "file", {"name": name, "reason": str(error.message or error)})
            continue
        for told in dict.fromkeys(_not_allowed(form, tree)):
            yield Issue("foi.template.not_allowed", "file", {"name": name, "found": told})
        used |= meta.find_undeclared_variables(tree)
    known = "、".join(f"{form.fields[code].label}（{code}）" for code in form.known)
    for code in sorted(used - {*form.known, "title"}):
        values = {"name": name, "letter": form.title, "field": code, "known": known}
        yield Issue("foi.template.field_unknown", code, values)
    for code in form.printed:
        if code not in used and not broken:
            values = {"name": name, "letter": form.title, "field": form.fields[code].label, "place": _place(form, code)}
            yield Issue("foi.template.field_missing", code, values, basis=form.basis)


def _sources(data: bytes) -> list[tuple[str, str]]:
    """The body and each header and footer: as they stand, and as docxtpl hands them to the template language."""
    template = DocxTemplate(BytesIO(data))
    template.init_docx()
    raw = [template.get_xml()]
    for kind in (template.HEADER_URI, template.FOOTER_URI):
        raw += [template.get_part_xml(part) for _, part in template.get_headers_footers(kind)]
    return [(source, template.patch_xml(source)) for source in raw]


def _not_allowed(form: LetterForm, tree: nodes.Template) -> Iterator[str]:
    lists = {code for code in form.known if form.fields[code].kind in (FieldKind.LINES, FieldKind.PARTS)}
    for node in tree.find_all(nodes.Node):
        if isinstance(node, nodes.Getattr):
            allowed = isinstance(node.node, nodes.Name) and (
                node.attr in _LOOP if node.node.name == "loop" else node.attr in PART_KEYS
            )
            if not allowed:
                yield f".{node.attr}"
        elif isinstance(node, nodes.For):
            if not (isinstance(node.iter, nodes.Name) and node.iter.name in lists) or node.recursive:
                yield "for（只能逐条列出：" + "、".join(sorted(lists)) + "）"
            if any(isinstance(part, nodes.For) or part.find(nodes.For) for part in (*node.body, *node.else_)):
                yield "for里面的for"
        elif not isinstance(node, _PLAIN):
            yield _NODE_NAMES.get(type(node), type(node).__name__.lower())


def _place(form: LetterForm, code: str) -> str:
    """How the place is written in a template."""
    kind = form.fields[code].kind
    if code == REMEDY or kind is FieldKind.LINES:
        return f"{{%p for item in {code} %}}{{{{ item }}}}{{%p endfor %}}"
    if kind is FieldKind.PARTS:
        keys = " ".join(f"{{{{ item.{key} }}}}" for key in PART_KEYS)
        return f"{{%p for item in {code} %}}{keys}{{%p endfor %}}"
    return f"{{{{ {code} }}}}"


def _trial(form: LetterForm, data: bytes, name: str) -> Iterator[Issue]:
    """Fill it once with samples: some faults only show then."""
    try:
        filled = letter_render(form, sample_values(form, day=_SAMPLE_DAY), own=data)
        read_document(filled, name=name)
    except Refused as refused:
        for issue in refused.issues:
            yield Issue("foi.template.fails", "file", {"name": name, "reason": describe(issue)})
