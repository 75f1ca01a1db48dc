"""The icons: one small SVG file each, drawn by us, used by the Wagtail sidebar and, as one sprite, everywhere else.

``python -m gongkai.design.icons`` writes ``static/design/icons.svg`` from the files; a test compares the two.
"""

from __future__ import annotations

import re
from pathlib import Path

FOLDER = Path(__file__).parent / "templates" / "design" / "icons"
SPRITE = Path(__file__).parent / "static" / "design" / "icons.svg"
_SHAPE = re.compile(r'<svg id="icon-(?P<name>[a-z-]+)" xmlns="[^"]+" viewBox="(?P<box>[\d. ]+)">(?P<body>.*)</svg>\s*')


def names() -> list[str]:
    """Return the name of every icon."""
    return sorted(path.stem for path in FOLDER.glob("*.svg"))


def templates() -> list[str]:
    """Return the template names that Wagtail's ``register_icons`` hook wants."""
    return [f"design/icons/{name}.svg" for name in names()]


def sprite() -> str:
    """Return all icons as one SVG file of symbols.

    Raises ValueError when a file is not one ``<svg>`` whose id is its own name.
    """
    symbols = []
    for name in names():
        match = _SHAPE.fullmatch((FOLDER / f"{name}.svg").read_text(encoding="utf-8"))
        if match is None or match["name"] != name:
            raise ValueError(f'icon {name} is not one <svg id="icon-{name}" xmlns viewBox> element')
        symbols.append(f'<symbol id="{name}" viewBox="{match["box"]}">{match["body"]}</symbol>')
    return '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"


if __name__ == "__main__":
    SPRITE.write_text(sprite(), encoding="utf-8")
