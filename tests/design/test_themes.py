from __future__ import annotations

from itertools import product

import pytest

from gongkai.design.themes import SIZES, THEMES, theme_css, wishes


class TestWishes:
    @pytest.mark.parametrize(
        ("cookies", "size", "theme"),
        [
            ({}, "normal", "auto"),
            ({"gk_size": "large", "gk_theme": "contrast"}, "large", "contrast"),
            ({"gk_size": "plain"}, "plain", "auto"),
            ({"gk_size": '"><script>', "gk_theme": "pink"}, "normal", "auto"),
        ],
    )
    def test_takes_only_known_ones_from_cookies(self, cookies: dict[str, str], size: str, theme: str) -> None:
        assert wishes(cookies) == (size, theme)


class TestThemeCss:
    @pytest.mark.parametrize(("size", "theme"), list(product(SIZES, THEMES)))
    def test_sets_what_was_chosen_and_hides_the_link_to_it(self, size: str, theme: str) -> None:
        css = theme_css(size, theme)
        assert ("font-size: 125%" in css) is (size != "normal")
        assert (".gp-topic__picture" in css) is (size == "plain")
        assert ("--gk-page-bg" in css) is (theme != "auto")
        assert f"gk-display__{size} {{ display: none; }}" in css
        assert f"gk-display__{'contrast' if theme == 'contrast' else 'auto'} {{ display: none; }}" in css

    def test_takes_the_colors_of_the_theme(self) -> None:
        assert "--gk-text: #000000;" in theme_css("normal", "contrast")
        assert "--gk-page-bg: #11161c;" in theme_css("normal", "dark")
        assert "--gk-text: #000000;" not in theme_css("normal", "light")
