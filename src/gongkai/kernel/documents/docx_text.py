"""The running text of one DOCX paragraph, and what hangs on it: text boxes, changes, notes, pictures."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from gongkai.kernel.documents.names import qn

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_VML = "{urn:schemas-microsoft-com:vml}"
_PICTURE = "{http://schemas.openxmlformats.org/drawingml/2006/picture}pic"

_DELETED = frozenset({qn("w:del"), qn("w:moveFrom")})
_INSERTED = frozenset({qn("w:ins"), qn("w:moveTo")})
_THROUGH = frozenset(
    {qn(t) for t in ("w:hyperlink", "w:smartTag", "w:sdt", "w:sdtContent", "w:fldSimple", "w:customXml", "w:dir")}
    | {qn("w:bdo"), qn("w:ruby"), qn("w:rubyBase"), f"{_MATH}oMath", f"{_MATH}oMathPara", qn("w:r")}
)
_BOXES = frozenset({qn("w:drawing"), qn("w:pict"), qn("w:object")})
_CHECKED = {"F0FE": "☑", "F052": "☑", "F0FC": "√", "F0A8": "□", "F06F": "□", "F0A3": "□", "F071": "□"}


@dataclass
class Inline:
    """Text of one paragraph as it reads with all changes accepted."""

    text: list[str] = field(default_factory=list)
    boxes: list[Any] = field(default_factory=list)
    """``w:txbxContent`` elements anchored in the paragraph."""
    footnotes: list[tuple[str, str]] = field(default_factory=list)
    """``("footnote" | "endnote", id)`` in order."""
    seen: Counter[str] = field(default_factory=Counter)
    """How many ``inserted deleted picture hidden object comment`` were met."""

    def read(self, element: Any) -> None:
        """Read the children of a paragraph, run or wrapper."""
        for child in element.iterchildren():
            tag = child.tag
            if not isinstance(tag, str):
                continue  # XML comments and processing instructions
            if tag == qn("w:t") or tag == f"{_MATH}t":
                self.text.append(child.text or "")
            elif tag in _DELETED:
                self.seen["deleted"] += 1
            elif tag in _INSERTED:
                self.seen["inserted"] += 1
                self.read(child)
            elif tag in _THROUGH:
                self._note_hidden(child)
                self.read(child)
            elif tag.startswith(_MATH):
                self.read(child)
            elif tag == f"{_MC}AlternateContent":
                self._alternate(child)
            elif tag in _BOXES:
                self._box(child)
            else:
                self._mark(tag, child)

    def _mark(self, tag: str, child: Any) -> None:
        if tag == qn("w:tab") or tag == qn("w:ptab"):
            self.text.append("\t")
        elif tag in {qn("w:br"), qn("w:cr")}:
            self.text.append("\n" if child.get(qn("w:type")) in {None, "textWrapping"} else "")
        elif tag == qn("w:noBreakHyphen"):
            self.text.append("-")
        elif tag == qn("w:sym"):
            self.text.append(_CHECKED.get((child.get(qn("w:char")) or "").upper(), ""))
        elif tag == qn("w:footnoteReference"):
            self.footnotes.append(("footnote", child.get(qn("w:id")) or ""))
        elif tag == qn("w:endnoteReference"):
            self.footnotes.append(("endnote", child.get(qn("w:id")) or ""))
        elif tag == qn("w:commentReference"):
            self.seen["comment"] += 1

    def _note_hidden(self, run: Any) -> None:
        properties = run.find(qn("w:rPr"))
        vanish = properties.find(qn("w:vanish")) if properties is not None else None
        is_hidden = vanish is not None and vanish.get(qn("w:val"), "1") not in {"0", "false", "off"}
        if is_hidden and run.find(qn("w:t")) is not None:
            self.seen["hidden"] += 1

    def _alternate(self, element: Any) -> None:
        """Take the first choice that yields something; the fallback holds the same content in an older form."""
        choices = [c for c in element.iterchildren() if c.tag in {f"{_MC}Choice", f"{_MC}Fallback"}]
        for choice in choices:
            part = Inline()
            part.read(choice)
            if part.text or part.boxes or part.seen:
                self.text += part.text
                self.boxes += part.boxes
                self.footnotes += part.footnotes
                self.seen.update(part.seen)
                return

    def _box(self, element: Any) -> None:
        content = [
            box
            for box in element.iter(qn("w:txbxContent"))
            if not any(a.tag == f"{_MC}Fallback" for a in _up(box, element))
        ]
        outermost = [box for box in content if not any(a.tag == qn("w:txbxContent") for a in _up(box, element))]
        self.boxes += outermost
        if any(True for _ in element.iter(_PICTURE, f"{_VML}imagedata")):
            self.seen["picture"] += 1
        elif element.tag == qn("w:object"):
            self.seen["object"] += 1


def _up(element: Any, stop: Any) -> list[Any]:
    """List the ancestors of ``element`` below ``stop``."""
    found = []
    for ancestor in element.iterancestors():
        if ancestor is stop:
            break
        found.append(ancestor)
    return found
