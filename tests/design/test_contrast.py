"""Every pair of text and background of the tokens meets WCAG 2 AA, in every theme."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import gongkai.design

CSS = (Path(gongkai.design.__file__).parent / "static/design/css/tokens.css").read_text(encoding="utf-8")
THEMES = {
    "light": ":root",
    "dark by system": ':root:not([data-theme="light"]):not([data-theme="contrast"]):not(.w-theme-light)',
    "dark by choice": ':root[data-theme="dark"],\n:root.w-theme-dark',
    "contrast": ':root[data-theme="contrast"]',
}
GROUNDS = ("page-bg", "surface-bg", "sunken-bg", "hover-bg")
TONES = ("red", "yellow", "green", "blue", "grey")
TEXT_PAIRS = [
    *[(text, ground) for text in ("text", "muted-text", "accent-text", "accent-hover-text") for ground in GROUNDS],
    *[(f"{tone}-text", ground) for tone in TONES for ground in (f"{tone}-bg", "surface-bg", "page-bg", "hover-bg")],
    *[("muted-text", f"{tone}-bg") for tone in ("red", "yellow", "blue")],
    ("accent-text", "accent-bg"),
    ("on-accent-text", "accent-solid"),
    ("on-accent-text", "accent-solid-hover"),
    ("on-danger-text", "danger-solid"),
    ("on-danger-text", "danger-solid-hover"),
    ("band-text", "band-bg"),
    ("band-muted-text", "band-bg"),
]
# Borders of controls, focus rings and the pieces of charts need 3:1 against what they lie on.
SHAPE_PAIRS = [
    ("line-strong", "surface-bg"),
    ("focus", "surface-bg"),
    ("focus", "page-bg"),
    ("seal", "surface-bg"),
    *[(f"{tone}-fill", "surface-bg") for tone in ("red", "green", "blue")],
]


def tokens(theme: str) -> dict[str, str]:
    """The colours of a theme, those it does not name taken from the light one."""
    blocks = {}
    for selector, body in re.findall(r"([^{}/;]+)\{([^{}]*)\}", CSS):
        colours = dict(re.findall(r"--gk-([a-z-]+): (#[0-9a-f]{6});", body))
        if colours:
            blocks.setdefault(selector.strip(), {}).update(colours)
    return {**blocks[":root"], **blocks[THEMES[theme]]}


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


class TestContrast:
    def test_is_computed_as_wcag_says(self) -> None:
        assert contrast("#000000", "#ffffff") == pytest.approx(21)
        assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)

    @pytest.mark.parametrize("theme", THEMES)
    def test_is_enough_to_read_every_text(self, theme: str) -> None:
        colours = tokens(theme)
        poor = {pair: round(ratio, 2) for pair in TEXT_PAIRS if (ratio := contrast(*map(colours.get, pair))) < 4.5}
        assert poor == {}

    @pytest.mark.parametrize("theme", THEMES)
    def test_is_enough_to_see_every_shape(self, theme: str) -> None:
        colours = tokens(theme)
        poor = {pair: round(ratio, 2) for pair in SHAPE_PAIRS if (ratio := contrast(*map(colours.get, pair))) < 3}
        assert poor == {}

    def test_is_the_same_in_the_dark_however_it_was_chosen(self) -> None:
        assert tokens("dark by system") == tokens("dark by choice")

    @pytest.mark.parametrize("theme", ["dark by choice", "contrast"])
    def test_leaves_no_colour_of_the_light_theme(self, theme: str) -> None:
        named = set(tokens("light"))
        changed = {name for name, colour in tokens(theme).items() if colour != tokens("light")[name]}
        assert named - changed <= {
            "page-bg",
            "surface-bg",
            "band-text",
            "on-accent-text",
            "on-danger-text",
            "sunken-bg",
        }
