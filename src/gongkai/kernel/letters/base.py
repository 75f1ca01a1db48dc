"""The empty DOCX file that the shipped templates are built on: nothing but a page, fonts and a table with lines.

The start file of python-docx carries 350 KB of styles and a picture; 41 templates would weigh more than the program.
"""

from __future__ import annotations

import zipfile
from io import BytesIO

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_LINE = 'w:val="single" w:sz="4" w:space="0" w:color="auto"'


def empty_document(*, font: str, points: float) -> bytes:
    """Return a DOCX file with one A4 section and no text; ``font`` and ``points`` are those of the body."""
    size = round(points * 2)
    styles = (
        f'<w:styles {_W}><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="{font}" w:hAnsi="{font}" '
        f'w:eastAsia="{font}"/><w:sz w:val="{size}"/><w:szCs w:val="{size}"/><w:lang w:val="en-US" w:eastAsia="zh-CN"/>'
        "</w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>"
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>'
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/><w:tblPr>'
        '<w:tblCellMar><w:left w:w="108" w:type="dxa"/><w:right w:w="108" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>'
        '<w:style w:type="table" w:styleId="TableGrid"><w:name w:val="Table Grid"/><w:basedOn w:val="TableNormal"/><w:tblPr>'
        f"<w:tblBorders><w:top {_LINE}/><w:left {_LINE}/><w:bottom {_LINE}/><w:right {_LINE}/><w:insideH {_LINE}/>"
        f"<w:insideV {_LINE}/></w:tblBorders></w:tblPr></w:style></w:styles>"
    )
    members = {
        "[Content_Types].xml": (
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/>'
            f'<Override PartName="/word/document.xml" ContentType="{_TYPE}.document.main+xml"/>'
            f'<Override PartName="/word/styles.xml" ContentType="{_TYPE}.styles+xml"/></Types>'
        ),
        "_rels/.rels": _relationships("officeDocument", "word/document.xml"),
        "word/document.xml": f"<w:document {_W}><w:body><w:sectPr/></w:body></w:document>",
        "word/styles.xml": styles,
        "word/_rels/document.xml.rels": _relationships("styles", "styles.xml"),
    }
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as out:
        for name, content in members.items():
            out.writestr(name, _HEAD + content)
    return target.getvalue()


def _relationships(kind: str, target: str) -> str:
    return (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{_REL}/{kind}" Target="{target}"/></Relationships>'
    )
