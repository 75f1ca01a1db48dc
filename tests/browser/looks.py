"""Looking at pages in a real browser: how far one scrolls sideways, and what is wrong with each of many."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any


def sideways(page: Any) -> int:
    """How far the page itself scrolls sideways."""
    wide: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return wide


def faults(page: Any, axe: Callable[..., None], root: str, paths: Iterable[str]) -> list[str]:
    """What is wrong with pages, opened in a light and a dark look by turns: barriers for some, or too wide for a phone."""
    wrong = []
    for count, path in enumerate(paths):
        page.emulate_media(color_scheme="dark" if count % 2 else "light")
        page.set_viewport_size({"width": 1440, "height": 900})
        page.goto(f"{root}{path}")
        try:
            axe(page)
        except AssertionError as failed:
            wrong.append(f"{path}: {failed}")
        for width in (375, 320):
            page.set_viewport_size({"width": width, "height": 800})
            if sideways(page):
                wrong.append(f"{path}: {sideways(page)} pixels too wide at {width}")
    return wrong
