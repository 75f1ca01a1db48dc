"""A page made anew: the picture of it with the removed places blackened, and the kept text invisibly above it.

Nothing of the old page is taken over but pixels and the signs that may stay, so that it stays searchable and readable aloud.
"""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from io import BytesIO
from itertools import groupby
from statistics import median

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream
from PIL import Image, ImageChops, ImageDraw

from gongkai.domain.redaction.marks import BLOCK
from gongkai.kernel.redaction.pdf_signs import Box, Sign

Codes = dict[str, tuple[int, int]]
"""Font and code of each sign."""

GRAY = 10
"""Steps between the colors of a pixel up to which it counts as gray."""
LARGE = 1_500_000
"""Bytes of a gray picture above which it is a photograph rather than print."""
QUALITY = 88
LOWEST = 0.02
"""Share of the page's height that the sign of a larger place is high."""
A_FONT = 250
"""Signs of one font; its codes are one byte long."""


def blackened(picture: Image.Image, boxes: Iterable[Box]) -> Image.Image:
    """Return the picture with boxes painted black: their pixels are gone."""
    painted = picture.convert("RGB")
    draw = ImageDraw.Draw(painted)
    for left, top, right, bottom in boxes:
        width, height = painted.size
        corners = (int(left * width), int(top * height), int(right * width) + 1, int(bottom * height) + 1)
        draw.rectangle(corners, fill=(0, 0, 0))
    return painted


def set_page(
    pdf: pikepdf.Pdf, page: pikepdf.Page, *, size: tuple[float, float], picture: Image.Image, signs: Sequence[Sign]
) -> None:
    """Put a picture and the text of it in the place of everything that a page held."""
    width, height = size
    for key in list(page.obj.keys()):
        if key not in ("/Type", "/Parent"):
            del page.obj[key]
    codes, widths = _codes(signs), _widths(signs, width, height)
    content = f"q {width:.2f} 0 0 {height:.2f} 0 0 cm /P Do Q\n" + _text(signs, codes, widths, width, height)
    resources = Dictionary(XObject=Dictionary(P=_image(pdf, picture)))
    if codes:
        resources.Font = _fonts(pdf, codes, widths)
    page.obj.MediaBox = Array([0, 0, round(width, 2), round(height, 2)])
    page.obj.Resources = resources
    page.obj.Contents = Stream(pdf, content.encode("ascii"))


def block_sign(box: Box) -> Sign:
    """Return what stands in the text where something was removed."""
    left, top, right, bottom = box
    return Sign(BLOCK, (left, top, right, min(bottom, top + LOWEST)))


def _codes(signs: Sequence[Sign]) -> Codes:
    """Return for each sign the number of its font and its code in it."""
    found = sorted({sign.text for sign in signs if sign.text != "\n"})
    return {sign: (number // A_FONT, number % A_FONT + 1) for number, sign in enumerate(found)}


def _text(signs: Sequence[Sign], codes: Codes, widths: dict[str, int], width: float, height: float) -> str:
    """Return the instructions that set each sign into its box."""
    if not codes:
        return ""
    lines = ["BT 3 Tr"]
    for line in _lines([sign for sign in signs if sign.text in codes or sign.box is None]):
        boxes = [sign.box for sign in line if sign.box]
        top, bottom = median(box[1] for box in boxes), median(box[3] for box in boxes)
        size = max((bottom - top) * height, 1.0)
        y = (1 - bottom) * height + size * 0.15
        for font, run in groupby(line, key=lambda sign: codes[sign.text][0]):
            lines.append(_run(list(run), codes, widths, font=font, size=size, y=y, width=width))
    lines.append("ET")
    return "\n".join(lines)


def _run(
    signs: Sequence[Sign], codes: Codes, widths: dict[str, int], *, font: int, size: float, y: float, width: float
) -> str:
    """Return the instruction that sets signs of one font on one line, each where it stood: a reader takes it as one text."""
    start = at = next((sign.box[0] for sign in signs if sign.box), 0.0) * width
    parts = []
    for sign in signs:
        left = sign.box[0] * width if sign.box else at
        if abs(left - at) > 0.01:
            parts.append(f"{(at - left) / size * 1000:.0f}")
            at = left
        parts.append(f"<{codes[sign.text][1]:02X}>")
        at += widths[sign.text] / 1000 * size
    return f"/T{font} {size:.2f} Tf 1 0 0 1 {start:.2f} {y:.2f} Tm [{' '.join(parts)}] TJ"


def _widths(signs: Sequence[Sign], width: float, height: float) -> dict[str, int]:
    """Return how wide each sign usually is, in thousandths of its height: where gaps are, readers see blanks."""
    found: dict[str, list[float]] = defaultdict(list)
    for sign in signs:
        if sign.box:
            left, top, right, bottom = sign.box
            found[sign.text].append((right - left) * width / max((bottom - top) * height, 0.01) * 1000)
    usual = {text: max(50, min(2000, round(median(held)))) for text, held in found.items()}
    return {**usual, " ": 250}


def _lines(signs: Sequence[Sign]) -> list[list[Sign]]:
    """Return the signs line by line, blanks between them: readers order text by the line it stands on."""
    lines: list[list[Sign]] = [[]]
    for sign in signs:
        line = lines[-1]
        if sign.text == "\n":
            lines.append([])
        elif sign.box is None:
            if line and line[-1].text != " ":
                line.append(sign)
        else:
            last = next((one.box for one in reversed(line) if one.box), None)
            middle = (sign.box[1] + sign.box[3]) / 2
            if last is not None and not last[1] - 0.002 <= middle <= last[3] + 0.002:
                lines.append([])
            lines[-1].append(sign)
    return [line for line in lines if line and line[0].box]


def _fonts(pdf: pikepdf.Pdf, codes: Codes, widths: dict[str, int]) -> Dictionary:
    """Return fonts that only say which code is which sign: every glyph is an empty square."""
    fonts = Dictionary()
    empty = pdf.make_indirect(Stream(pdf, b"1000 0 0 -150 1000 850 d1"))
    for number in sorted({font for font, _ in codes.values()}):
        own = {sign: code for sign, (font, code) in codes.items() if font == number}
        fonts[f"/T{number}"] = pdf.make_indirect(
            Dictionary(
                Type=Name.Font,
                Subtype=Name.Type3,
                FontBBox=Array([0, -150, 1000, 850]),
                FontMatrix=Array([0.001, 0, 0, 0.001, 0, 0]),
                CharProcs=Dictionary(g=empty),
                Encoding=Dictionary(Type=Name.Encoding, Differences=Array([1, *[Name("/g")] * len(own)])),
                FirstChar=1,
                LastChar=len(own),
                Widths=Array([widths[sign] for sign in own]),
                Resources=Dictionary(),
                ToUnicode=pdf.make_indirect(Stream(pdf, _to_unicode(own))),
            )
        )
    return fonts


def _to_unicode(codes: dict[str, int]) -> bytes:
    rows = [f"<{code:02X}> <{sign.encode('utf-16-be').hex().upper()}>" for sign, code in codes.items()]
    parts = ["/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Text def /CMapType 2 def"]
    parts.append("1 begincodespacerange <00> <FF> endcodespacerange")
    for at in range(0, len(rows), 100):
        some = rows[at : at + 100]
        parts += [f"{len(some)} beginbfchar", *some, "endbfchar"]
    parts.append("endcmap CMapName currentdict /CMap defineresource pop end end")
    return "\n".join(parts).encode("ascii")


def _image(pdf: pikepdf.Pdf, picture: Image.Image) -> pikepdf.Object:
    """Return the picture as an object: print without loss, photographs as JPEG."""
    red, green, blue = picture.convert("RGB").split()
    colored = any(ImageChops.difference(one, green).getextrema()[1] > GRAY for one in (red, blue))
    kept = picture if colored else picture.convert("L")
    color = Name.DeviceRGB if colored else Name.DeviceGray
    data = zlib.compress(kept.tobytes(), 6)
    coding = Name.FlateDecode
    if len(data) > LARGE:
        target = BytesIO()
        kept.save(target, "JPEG", quality=QUALITY, subsampling=0)
        data, coding = target.getvalue(), Name.DCTDecode
    image = Stream(pdf, data)
    image.Type, image.Subtype = Name.XObject, Name.Image
    image.Width, image.Height = kept.size
    image.ColorSpace, image.BitsPerComponent, image.Filter = color, 8, coding
    return image
