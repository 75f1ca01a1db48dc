"""Every public page in a real browser, in every look: accessible, in order, and never wider than the window."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from tests.browser.public_pages import ELSEWHERE, FRAMES, NO_PAGES, PAGES, SAME, Page
from tests.config.test_every_address import PUBLIC
from tests.factories.public_site import PublicSite

import gongkai

SOURCES = Path(gongkai.__file__).parent
REFRESH = re.compile(r'<meta http-equiv="refresh"[^>]*>')
"""What leads on by itself would be gone before it is looked at."""
BASES = ("gk/public_base.html", *FRAMES)
NARROWEST = 320
LOOKS: dict[str, dict[str, Any]] = {
    "light": {},
    "dark": {"color_scheme": "dark"},
    "contrast": {"cookie": ("gk_theme", "contrast")},
    "large": {"cookie": ("gk_size", "large")},
    "plain": {"cookie": ("gk_size", "plain")},
}
SHAPE = """() => ({
  lang: document.documentElement.lang,
  title: document.title,
  about: document.querySelector('meta[name="description"]')?.content ?? document.querySelector('meta[name="Description"]')?.content ?? "",
  h1: [...document.querySelectorAll("h1")].length,
  main: [...document.querySelectorAll("main")].length,
  days: [...document.querySelectorAll("time")].filter((one) => isNaN(Date.parse(one.dateTime))).map((one) => one.outerHTML),
  sideways: document.documentElement.scrollWidth - document.documentElement.clientWidth,
})"""


def public_templates() -> set[str]:
    """Every template of ours that stands on the frame of the public pages, and those that are whole pages of their own."""
    found = set()
    for path in SOURCES.rglob("templates/**/*.html"):
        text = path.read_text(encoding="utf-8")
        if any(f'{{% extends "{base}" %}}' in text for base in BASES) or text.lstrip().startswith(
            "{% load static %}<!doctype"
        ):
            found.add(str(path).rsplit("/templates/", 1)[1])
    return found - set(BASES)


class TestTable:
    def test_has_a_line_for_every_public_address(self) -> None:
        assert {page.name for page in PAGES} - {""} == PUBLIC - NO_PAGES - SAME - ELSEWHERE

    def test_has_a_line_for_every_public_template(self) -> None:
        assert {page.template for page in PAGES} == public_templates()


class Looker:
    """Opens pages in one look after the other, and collects what is wrong instead of stopping at the first."""

    def __init__(self, browser: Any, url: str, site: PublicSite, axe: Callable[..., None], rendered: list[str]) -> None:
        self.url, self.site, self.axe, self.rendered = url, site, axe, rendered
        self.pages = {look: self._page(browser, **wish) for look, wish in LOOKS.items()}
        self.wrong: list[str] = []

    def _page(self, browser: Any, cookie: tuple[str, str] | None = None, **wish: Any) -> Any:
        context = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai", **wish)
        if cookie:
            context.add_cookies([{"name": cookie[0], "value": cookie[1], "url": self.url}])
        return context.new_page()

    def look(self, one: Page, *, look: str, width: int) -> None:
        """Open a page and note everything that is wrong with it."""
        page, told = self.pages[look], f"{one.label}, {look}, {width}"
        page.set_viewport_size({"width": width, "height": 900})
        self.rendered.clear()
        if one.drawn:
            html, address = REFRESH.sub("", one.way(self.site)), f"{self.url}/drawn/{quote(one.label)}/"
            page.route(address, lambda route: route.fulfill(body=html, content_type="text/html; charset=utf-8"))
            page.goto(address)
        else:
            answer = page.goto(f"{self.url}{one.way(self.site)}")
            self._note(answer.status == one.status, told, f"status {answer.status}")
        self._note(one.template in self.rendered, told, f"shows {self.rendered[:1]}, not {one.template}")
        shape = page.evaluate(SHAPE)
        self._note(shape["sideways"] == 0, told, f"{shape['sideways']} pixels too wide")
        self._note(shape["lang"] == "zh-Hans", told, f"language {shape['lang']!r}")
        self._note(not shape["days"], told, f"times that nobody can read: {shape['days'][:3]}")
        self._note(bool(re.search(r"[\u4e00-\u9fff]", shape["title"])), told, f"title {shape['title']!r}")
        if one.label != "banners":  # a frame in other pages
            self._note(shape["h1"] == 1 and shape["main"] == 1, told, f"{shape['h1']} h1, {shape['main']} main")
            self._note(bool(shape["about"]) or one.label == "500", told, "no description")
        try:
            # The frame of the banners is a page of its own in this table.
            options = {"rules": {"landmark-one-main": {"enabled": False}, "page-has-heading-one": {"enabled": False}}}
            self.axe(page, options={"iframes": False, **(options if one.label == "banners" else {})})
        except AssertionError as failed:
            self.wrong.append(f"{told}: {failed}")
        if width < NARROWEST * 2:
            page.set_viewport_size({"width": NARROWEST, "height": 900})
            much = page.evaluate(SHAPE)["sideways"]
            self._note(much == 0, told, f"{much} pixels too wide in a window of {NARROWEST}")

    def _note(self, fine: bool, told: str, what: str) -> None:
        if not fine:
            self.wrong.append(f"{told}: {what}")

    def close(self) -> None:
        """Close every window."""
        for page in self.pages.values():
            page.context.close()


@pytest.fixture
def looker(browser: Any, live_server: Any, public_site: PublicSite, axe: Callable[..., None]) -> Iterator[Looker]:
    from django.test.signals import template_rendered

    names: list[str] = []

    def note(template: Any, **more: Any) -> None:
        names.append(template.name)

    template_rendered.connect(note)
    made = Looker(browser, str(live_server.url), public_site, axe, names)
    yield made
    template_rendered.disconnect(note)
    made.close()


@pytest.mark.django_db(transaction=True)
class TestEveryPage:
    """All pages in the plain look on a wide screen, and all on a phone, where the other looks take turns."""

    def test_is_accessible_in_every_look_and_never_wider_than_the_window(self, looker: Looker) -> None:
        others = [look for look in LOOKS if look != "light"]
        for number, page in enumerate(PAGES):
            looker.look(page, look="light", width=1440)
            looker.look(page, look=others[number % len(others)], width=375)
        assert not looker.wrong, "\n\n".join(looker.wrong)
