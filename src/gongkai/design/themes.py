"""The reader's text size and theme as a stylesheet of its own, so that every page is the same for everybody.

Every public page links ``/display/theme.css``; the answer to it alone depends on the reader's cookies. The rules are taken
from ``tokens.css``, where each theme stands once.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

SIZES = ("normal", "large", "plain")
"""Plain is large type in one column without anything beside the words (简洁版)."""
THEMES = ("auto", "light", "dark", "contrast")
SIZE_COOKIE = "gk_size"
THEME_COOKIE = "gk_theme"
_FOLDER = Path(__file__).parent / "static" / "design" / "css"
TOKENS, PLAIN = _FOLDER / "tokens.css", _FOLDER / "plain.css"
_THEME_BLOCKS = {
    "light": ":root {",
    "dark": ':root[data-theme="dark"],\n:root.w-theme-dark {',
    "contrast": ':root[data-theme="contrast"] {',
}
_LARGE_BLOCK = ':root[data-size="large"] {'
# Stronger than the rules for the system's own dark theme, which has four parts.
_STRONG = ":root" * 6


def wishes(cookies: Mapping[str, str]) -> tuple[str, str]:
    """Return the text size and theme that a reader chose; unknown values are ignored."""
    size, theme = cookies.get(SIZE_COOKIE, "normal"), cookies.get(THEME_COOKIE, "auto")
    return size if size in SIZES else "normal", theme if theme in THEMES else "auto"


@cache
def theme_css(size: str, theme: str) -> str:
    """Return the stylesheet of a size and a theme; the links that lead to what is on already are hidden in it."""
    rules = []
    if theme in _THEME_BLOCKS:
        rules.append(f"{_STRONG} {{{_block(_THEME_BLOCKS[theme])}}}")
        scheme = "dark" if theme == "dark" else "light"
        rules.append(f"{_STRONG} {{ color-scheme: {scheme}; }}")
    if size != "normal":
        rules.append(f"{_STRONG} {{{_block(_LARGE_BLOCK)}}}")
    if size == "plain":
        rules.append(PLAIN.read_text(encoding="utf-8"))
    rules.append(_hidden(size))
    rules.append(_hidden("contrast" if theme == "contrast" else "auto"))
    return "\n".join(rules) + "\n"


def preview_css(size: str, theme: str) -> str:
    """Return the stylesheet of a size and a theme for a page that somebody with wishes of his own looks at: it undoes them."""
    plain = f"{_STRONG} {{{_block(_THEME_BLOCKS['light'])}  font-size: 100%;\n}}"
    return f"{plain}\n{theme_css(size, theme)}"


def _hidden(wish: str) -> str:
    return f".gk .gk-display .gk-display__{wish} {{ display: none; }}"


def _block(selector: str) -> str:
    """The declarations of the first rule with this selector; raises LookupError where the tokens have none."""
    found = re.search(rf"^{re.escape(selector)}(.*?)^}}", TOKENS.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    if found is None:
        raise LookupError(f"tokens.css has no rule {selector}")
    return found[1]
