"""Making a file plain before its pages are looked at: hidden layers go, what annotations show becomes a part of the page.

Returns a file whose pages look as they did, with notes of what was taken away.
"""

from __future__ import annotations

from collections import Counter
from io import BytesIO
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name

SHOWN_NOTES = frozenset(
    f"/{name}" for name in ("Widget", "Stamp", "FreeText", "Square", "Circle", "Line", "Polygon", "PolyLine", "Ink")
)
"""Annotations that are a part of what a reader sees: seals, filled-in fields, drawings."""


class Plain:
    """A file without layers, annotations, fields, actions; ``covers`` are areas that somebody meant to redact, by page from 1."""

    def __init__(
        self, data: bytes, removed: Counter[tuple[str, int]], covers: dict[int, list[tuple[float, ...]]]
    ) -> None:
        self.data = data
        self.removed = removed
        self.covers = covers


def make_plain(data: bytes) -> Plain:
    """Return the file made plain. Raises pikepdf.PdfError for a damaged one."""
    removed: Counter[tuple[str, int]] = Counter()
    covers: dict[int, list[tuple[float, ...]]] = {}
    with pikepdf.open(BytesIO(data)) as pdf:
        _count_root(pdf, data, removed)
        hidden = _hidden_layers(pdf)
        shown = False
        for number, page in enumerate(pdf.pages, start=1):
            if hidden is not None and _strip_layers(pdf, page, hidden):
                removed["redaction.removed.layers", number] += 1
            shown |= _annotations(page, number, removed, covers)
        if shown:
            pdf.flatten_annotations("all")
        for page in pdf.pages:
            if "/Annots" in page.obj:
                del page.obj["/Annots"]
        target = BytesIO()
        pdf.save(target)
    return Plain(target.getvalue(), removed, covers)


def _count_root(pdf: pikepdf.Pdf, data: bytes, removed: Counter[tuple[str, int]]) -> None:
    root = pdf.Root
    names = root.get("/Names", Dictionary())
    for key, code in (
        ("/Outlines", "outline"),
        ("/AcroForm", "forms"),
        ("/StructTreeRoot", "structure"),
        ("/OpenAction", "scripts"),
        ("/AA", "scripts"),
        ("/Metadata", "properties"),
        ("/PieceInfo", "properties"),
        ("/AF", "attachments"),
    ):
        if key in root:
            removed[f"redaction.removed.{code}", 0] += 1
    removed["redaction.removed.attachments", 0] += len(pdf.attachments)
    removed["redaction.removed.scripts", 0] += int("/JavaScript" in names)
    removed["redaction.removed.properties", 0] += len(list(pdf.docinfo.keys())) if "/Info" in pdf.trailer else 0
    removed["redaction.removed.history", 0] += max(
        0, data.count(b"%%EOF") - (2 if b"/Linearized" in data[:2048] else 1)
    )
    for key in [key for key, count in removed.items() if not count]:
        del removed[key]


def _hidden_layers(pdf: pikepdf.Pdf) -> set[tuple[int, int]] | None:
    """Return the layers that are off when the file is opened; None where there are no layers at all."""
    layers = pdf.Root.get("/OCProperties")
    if layers is None:
        return None
    every = {layer.objgen for layer in layers.get("/OCGs", Array())}
    default = layers.get("/D", Dictionary())
    off = {layer.objgen for layer in default.get("/OFF", Array())}
    if default.get("/BaseState") == Name.OFF:
        off |= every - {layer.objgen for layer in default.get("/ON", Array())}
    return off


def _is_hidden(thing: Any, hidden: set[tuple[int, int]]) -> bool:
    """Tell whether content of this layer is not drawn; a rule that is more than a list of layers counts as hidden."""
    if thing is None:
        return False
    if thing.get("/Type") != Name.OCMD:
        return bool(thing.objgen in hidden)
    members = thing.get("/OCGs", Array())
    layers = list(members) if isinstance(members, Array) else [members]
    states = [layer.objgen not in hidden for layer in layers if layer is not None]
    if "/VE" in thing:
        return True
    policy = str(thing.get("/P", "/AnyOn"))
    drawn = {"/AllOn": all(states), "/AnyOff": not all(states), "/AllOff": not any(states)}.get(policy, any(states))
    return bool(states) and not drawn


def _strip_layers(pdf: pikepdf.Pdf, holder: Any, hidden: set[tuple[int, int]], depth: int = 0) -> bool:
    """Take what hidden layers draw out of a page or form; returns whether anything was."""
    resources = holder.resources if isinstance(holder, pikepdf.Page) else holder.get("/Resources", Dictionary())
    properties, things = resources.get("/Properties", Dictionary()), resources.get("/XObject", Dictionary())
    kept: list[Any] = []
    skipping = 0
    found = False
    for instruction in pikepdf.parse_content_stream(holder):
        operator, operands = str(instruction.operator), list(instruction.operands)
        if skipping:
            skipping += (operator in ("BDC", "BMC")) - (operator == "EMC")
            continue
        if operator == "BDC" and str(operands[0]) == "/OC" and isinstance(operands[1], Name):
            if _is_hidden(properties.get(str(operands[1])), hidden):
                skipping, found = 1, True
                continue
        elif operator == "Do":
            thing = things.get(str(operands[0]))
            if thing is not None and _is_hidden(thing.get("/OC"), hidden):
                found = True
                continue
            if thing is not None and thing.get("/Subtype") == Name.Form and depth < 20:
                found |= _strip_layers(pdf, thing, hidden, depth + 1)
        kept.append(instruction)
    if found:
        content = pikepdf.unparse_content_stream(kept)
        if isinstance(holder, pikepdf.Page):
            holder.obj.Contents = pikepdf.Stream(pdf, content)
        else:
            holder.write(content)
    return found


def _annotations(
    page: pikepdf.Page, number: int, removed: Counter[tuple[str, int]], covers: dict[int, list[tuple[float, ...]]]
) -> bool:
    """Keep those annotations that a reader sees as a part of the page; returns whether there are any."""
    notes = page.obj.get("/Annots")
    if notes is None:
        return False
    kept = Array()
    for note in notes:
        kind = str(note.get("/Subtype", ""))
        if kind == "/Redact" or (kind == "/Square" and "/IC" in note):
            covers.setdefault(number, []).append(tuple(float(value) for value in note.get("/Rect", ())))
        shown = kind in SHOWN_NOTES and "/AP" in note and not int(note.get("/F", 0)) & 2
        removed[f"redaction.removed.{'forms' if kind == '/Widget' else 'annotations'}", number] += 1
        if shown:
            note["/F"] = 4
            kept.append(note)
    if len(kept):
        page.obj.Annots = kept
    else:
        del page.obj["/Annots"]
    return bool(len(kept))
