from __future__ import annotations

import re
from xml.etree import ElementTree

from gongkai.design import icons

AGREED = ["gk-ledger", "gk-plan", "gk-unit", "gk-people", "gk-calendar", "gk-audit", "gk-inbox", "gk-import"]


class TestIcons:
    def test_has_every_icon_that_features_count_on(self) -> None:
        assert set(AGREED) <= set(icons.names())

    def test_has_a_sprite_made_from_the_files(self) -> None:
        made = icons.SPRITE.read_text(encoding="utf-8")
        assert made == icons.sprite(), "run python -m gongkai.design.icons"

    def test_is_well_formed_and_draws_with_the_colour_of_the_text(self) -> None:
        root = ElementTree.fromstring(icons.sprite())
        assert [child.attrib["id"] for child in root] == icons.names()
        for name in icons.names():
            text = (icons.FOLDER / f"{name}.svg").read_text(encoding="utf-8")
            assert "currentColor" in text
            assert not re.search(r"<script|style=|<style|href=", text)

    def test_offers_template_names_to_wagtail(self) -> None:
        assert "design/icons/gk-ledger.svg" in icons.templates()
