"""Pictures for the topics of the sample city: hills and the sky, drawn from numbers; nobody's photograph."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence

from PIL import Image, ImageDraw, ImageFilter

Colour = tuple[int, int, int]
SIZE = (1280, 640)
SNOW: Sequence[Colour] = ((226, 236, 245), (178, 201, 221), (120, 154, 184), (70, 108, 143), (32, 66, 99))
DAWN: Sequence[Colour] = ((252, 236, 214), (233, 196, 160), (191, 142, 116), (128, 96, 96), (66, 60, 78))
SPRING: Sequence[Colour] = ((232, 243, 236), (176, 209, 187), (118, 168, 141), (66, 120, 98), (29, 78, 66))


def scenery(colours: Sequence[Colour], *, seed: int, flakes: bool = False) -> bytes:
    """Return a landscape as JPEG: ``colours`` from the sky to the nearest hill, ``seed`` for the lines of the hills."""
    picture = Image.new("RGB", SIZE, colours[0])
    draw = ImageDraw.Draw(picture)
    width, height = SIZE
    for row in range(height):
        share = row / height
        draw.line([(0, row), (width, row)], fill=_between((255, 255, 255), colours[0], min(1.0, 0.25 + share)))
    sun = (width * (0.68 + 0.02 * (seed % 5)), height * 0.26)
    draw.ellipse([sun[0] - 52, sun[1] - 52, sun[0] + 52, sun[1] + 52], fill=_between(colours[0], (255, 255, 255), 0.75))
    picture = picture.filter(ImageFilter.GaussianBlur(3))
    draw = ImageDraw.Draw(picture)
    for layer, colour in enumerate(colours[1:], 1):
        base = height * (0.36 + 0.13 * layer)
        line = [(x, base + _hill(x / width, layer, seed) * height * 0.1) for x in range(0, width + 8, 8)]
        draw.polygon([(0, height), *line, (width, height)], fill=colour)
    if flakes:
        for number in range(240):
            x, y = (number * 7919 + seed * 13) % width, (number * 104729 + seed * 7) % height
            size = 1.5 + number % 3
            draw.ellipse([x - size, y - size, x + size, y + size], fill=(255, 255, 255))
    held = io.BytesIO()
    picture.save(held, "JPEG", quality=90)
    return held.getvalue()


def _hill(at: float, layer: int, seed: int) -> float:
    shift = seed * 1.7 + layer * 2.3
    return math.sin(at * 5.1 + shift) + 0.55 * math.sin(at * 11.7 + shift * 1.9) + 0.2 * math.sin(at * 29 + shift * 3.1)


def _between(one: Colour, other: Colour, share: float) -> Colour:
    return (
        round(one[0] + (other[0] - one[0]) * share),
        round(one[1] + (other[1] - one[1]) * share),
        round(one[2] + (other[2] - one[2]) * share),
    )
