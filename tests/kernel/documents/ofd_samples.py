"""OFD files built in code, in the forms that office software writes them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from xml.sax.saxutils import escape

NS = 'xmlns:ofd="http://www.ofdspec.org/2016"'
LINES = ["云溪县2024年政务公开工作方案", "一、加强重点领域信息公开", "做好财政预决算公开，牵头单位：县财政局"]


def text(content: str, *, x: float = 20, y: float = 20, size: float = 5, more: str = "", code: str = "") -> str:
    """A text object whose first base line starts at x, y + size (millimeters)."""
    steps = code or f'DeltaX="g {max(len(content) - 1, 0)} {size}"'
    return (
        f'<ofd:TextObject ID="9" Boundary="{x} {y} 180 {size * 1.2}" Font="2" Size="{size}" {more}>'
        f'<ofd:TextCode X="0" Y="{size}" {steps}>{escape(content)}</ofd:TextCode></ofd:TextObject>'
    )


def path(data: str, *, x: float = 0, y: float = 0, more: str = "", color: str = "") -> str:
    """A drawn path; ``data`` is its short form."""
    return (
        f'<ofd:PathObject ID="8" Boundary="{x} {y} 200 200" {more}>{color}'
        f"<ofd:AbbreviatedData>{data}</ofd:AbbreviatedData></ofd:PathObject>"
    )


def layer(*units: str, more: str = "") -> str:
    """A layer of graphic units."""
    return f'<ofd:Layer ID="7" {more}>{"".join(units)}</ofd:Layer>'


def lines_of(lines: Sequence[str]) -> str:
    """A page with one text object a line."""
    return layer(*(text(line, y=20 + 10 * n) for n, line in enumerate(lines)))


def ofd(
    *pages: str,
    template: str = "",
    annotations: str = "",
    attachments: Sequence[str] = (),
    info: str = "",
    root: str = "",
    absolute: bool = False,
    extra: dict[str, bytes] | None = None,
) -> bytes:
    """An OFD file; every page is the XML of its layers."""
    start = "/Doc_0/" if absolute else ""
    members = {
        "OFD.xml": f'<ofd:OFD {NS} DocType="OFD" Version="1.0"><ofd:DocBody><ofd:DocInfo>{info}</ofd:DocInfo>'
        f"<ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody>{root}</ofd:OFD>",
    }
    listed = "".join(f'<ofd:Page ID="{n}" BaseLoc="{start}Pages/Page_{n}/Content.xml"/>' for n in range(len(pages)))
    common = '<ofd:TemplatePage ID="50" BaseLoc="Tpls/Tpl_0/Content.xml"/>' if template else ""
    tail = "<ofd:Annotations>Annots/Annotations.xml</ofd:Annotations>" if annotations else ""
    tail += "<ofd:Attachments>Attachs/Attachments.xml</ofd:Attachments>" if attachments else ""
    members["Doc_0/Document.xml"] = (
        f"<ofd:Document {NS}><ofd:CommonData><ofd:PageArea><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox>"
        f"</ofd:PageArea>{common}</ofd:CommonData><ofd:Pages>{listed}</ofd:Pages>{tail}</ofd:Document>"
    )
    used = '<ofd:Template TemplateID="50" ZOrder="Background"/>' if template else ""
    for n, page in enumerate(pages):
        members[f"Doc_0/Pages/Page_{n}/Content.xml"] = (
            f"<ofd:Page {NS}>{used}<ofd:Content>{page}</ofd:Content></ofd:Page>"
        )
    if template:
        members["Doc_0/Tpls/Tpl_0/Content.xml"] = f"<ofd:Page {NS}><ofd:Content>{template}</ofd:Content></ofd:Page>"
    if annotations:
        members["Doc_0/Annots/Annotations.xml"] = (
            f'<ofd:Annotations {NS}><ofd:Page PageID="0"><ofd:FileLoc>Page_0/Annotation.xml</ofd:FileLoc>'
            "</ofd:Page></ofd:Annotations>"
        )
        members["Doc_0/Annots/Page_0/Annotation.xml"] = f"<ofd:PageAnnot {NS}>{annotations}</ofd:PageAnnot>"
    if attachments:
        entries = "".join(
            f'<ofd:Attachment ID="a{n}" Name="{name}"><ofd:FileLoc>{name}</ofd:FileLoc></ofd:Attachment>'
            for n, name in enumerate(attachments)
        )
        members["Doc_0/Attachs/Attachments.xml"] = f"<ofd:Attachments {NS}>{entries}</ofd:Attachments>"
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as out:
        for name, content in members.items():
            out.writestr(name, "<?xml version='1.0' encoding='UTF-8'?>" + content)
        for name, data in (extra or {}).items():
            out.writestr(name, data)
    return target.getvalue()


def ofd_bytes() -> bytes:
    """A plan of one page."""
    return ofd(lines_of(LINES))
