"""No template of ours carries style or script of its own: the policy of the public pages would not run it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import gongkai

SOURCES = Path(gongkai.__file__).parent
TEMPLATES = sorted(path for path in SOURCES.rglob("templates/**/*.html"))
FORBIDDEN = {
    "a style attribute": re.compile(r"<[^>]*\sstyle\s*=", re.I),
    "a style element": re.compile(r"<style[\s>]", re.I),
    "an inline script": re.compile(r"<script(?![^>]*\ssrc=)(?![^>]*type=\"application/json\")[^>]*>", re.I),
    "an event attribute": re.compile(r"<[^>]*\son[a-z]+\s*=\s*[\"']", re.I),
    "a javascript address": re.compile(r"(href|src)\s*=\s*[\"']javascript:", re.I),
    "something from another host": re.compile(
        r"<(script|link|img|iframe)[^>]*(src|href)\s*=\s*[\"'](https?:)?//", re.I
    ),
}


def problems_of(text: str) -> list[str]:
    return [name for name, pattern in FORBIDDEN.items() if pattern.search(text)]


class TestTemplates:
    def test_are_found(self) -> None:
        assert SOURCES / "design/templates/gk/public_base.html" in TEMPLATES

    @pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(SOURCES)))
    def test_carry_no_style_or_script(self, path: Path) -> None:
        assert problems_of(path.read_text(encoding="utf-8")) == []

    @pytest.mark.parametrize(
        ("bad", "name"),
        [
            ('<p class="x" style="color:red">', "a style attribute"),
            ("<style>p{}</style>", "a style element"),
            ("<script>alert(1)</script>", "an inline script"),
            ('<button onclick="go()">', "an event attribute"),
            ("<a href='javascript:go()'>", "a javascript address"),
            ('<script src="https://cdn.example/x.js"></script>', "something from another host"),
        ],
    )
    def test_would_be_caught(self, bad: str, name: str) -> None:
        assert name in problems_of(bad)

    @pytest.mark.parametrize("good", ['<script src="/static/x.js" defer></script>', '<a href="https://gov.example/">'])
    def test_may_load_our_own_files_and_link_elsewhere(self, good: str) -> None:
        assert problems_of(good) == []
