"""HTML of a body in its one plain form: the few tags that a body may have, cut into paragraphs, headings and lists.

Pure text work. What an editor, a paste or an old draft brings is rewritten tag by tag: unknown tags lose their marks and
keep their words, scripts and styles lose both, attributes go, but for the address of a link.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser

INLINE = {"b": "b", "strong": "b", "i": "i", "em": "i", "sub": "sub", "sup": "sup", "a": "a"}
LISTS = frozenset({"ul", "ol"})
HEADINGS = {"h1": 2, "h2": 2, "h3": 3, "h4": 4, "h5": 4, "h6": 4}
BREAKING = frozenset({"p", "div", "blockquote", "section", "article", "table", "tr", "td", "th", "pre", "figure", "hr"})
SILENT = frozenset({"script", "style", "template", "title", "head", "iframe", "object"})
ADDRESS = re.compile(r"^(https?://|mailto:|tel:|#|/(?!/))", re.IGNORECASE)
_SPACE = re.compile(r"[ \t\r\n\f]+")
_EDGES = " \u3000\u00a0"


@dataclass(frozen=True, slots=True)
class Element:
    """A paragraph, heading or list: ``html`` is its value as a block has it (a heading's is its text)."""

    type: str
    html: str
    level: int = 0


def elements_of(source: str) -> list[Element]:
    """Cut HTML into headings, paragraphs and lists, in the one plain form; empty ones are left out."""
    return _Reader(source).elements()


def plain_form(source: str) -> str:
    """Return HTML as a body may have it; headings in it become paragraphs."""
    return "".join(one.html if one.type != "heading" else f"<p>{one.html}</p>" for one in elements_of(source))


class _Reader(HTMLParser):
    """Walks over HTML once and writes the elements down."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[Element] = []
        self.parts: list[str] = []
        self.open: list[str] = []
        self.lists: list[str] = []
        self.level = 0
        self.silent = 0
        self.feed(source)
        self.close()
        self.end_list()
        self.flush()

    def elements(self) -> list[Element]:
        return self.found

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in SILENT:
            self.silent += 1
        elif tag in INLINE:
            self.start_inline(tag, dict(attrs))
        elif tag == "br":
            self.parts.append("<br>")
        elif tag in LISTS:
            if not self.lists:
                self.flush()
            self.lists.append(tag)
            self.parts.append(f"<{tag}>")
        elif tag == "li" and self.lists:
            self.close_inline()
            self.parts.append("<li>")
        elif tag in HEADINGS and not self.lists:
            self.flush()
            self.level = HEADINGS[tag]
        elif tag in BREAKING and not self.lists:
            self.flush()

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in SILENT:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag in SILENT:
            self.silent = max(self.silent - 1, 0)
        elif tag in INLINE:
            self.end_inline(INLINE[tag])
        elif tag == "li" and self.lists:
            self.close_inline()
            self.parts.append("</li>")
        elif tag in LISTS and self.lists:
            self.close_inline()
            self.parts.append(f"</{self.lists.pop()}>")
            if not self.lists:
                self.write("list")
        elif tag in HEADINGS and self.level or tag in BREAKING and not self.lists:
            self.flush()

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.parts.append(html.escape(_SPACE.sub(" ", data), quote=False))

    def start_inline(self, tag: str, attrs: dict[str, str | None]) -> None:
        name = INLINE[tag]
        if name == "a":
            address = (attrs.get("href") or "").strip()
            if not ADDRESS.match(address) or "a" in self.open:
                return
            self.parts.append(f'<a href="{html.escape(address)}">')
        else:
            self.parts.append(f"<{name}>")
        self.open.append(name)

    def end_inline(self, name: str) -> None:
        if name not in self.open:
            return
        again: list[str] = []
        while (last := self.open.pop()) != name:
            self.parts.append(f"</{last}>")
            again.append(last)
        self.parts.append(f"</{name}>")
        for one in reversed(again):
            if one != "a":  # a link that was torn apart ends here
                self.parts.append(f"<{one}>")
                self.open.append(one)

    def close_inline(self) -> None:
        while self.open:
            self.parts.append(f"</{self.open.pop()}>")

    def end_list(self) -> None:
        while self.lists:
            self.handle_endtag(self.lists[-1])

    def flush(self) -> None:
        self.close_inline()
        self.write("heading" if self.level else "paragraph")

    def write(self, kind: str) -> None:
        inner, self.parts = "".join(self.parts), []
        level, self.level = self.level, 0
        if kind == "list":
            inner = re.sub(r"(<(?:ul|ol|li)>)\s+|\s+(</?(?:ul|ol|li)>)", r"\1\2", inner)
            inner = inner.replace("<li></li>", "")
            if text_of(inner):
                self.found.append(Element("list", inner))
            return
        inner = trim(inner)
        if not text_of(inner):
            return
        if kind == "heading":
            self.found.append(Element("heading", html.escape(text_of(inner), quote=False), level))
        else:
            self.found.append(Element("paragraph", f"<p>{inner}</p>"))


def trim(inner: str) -> str:
    """Take spaces and line breaks off both ends, those typed to indent a paragraph among them, and empty marks."""
    before = None
    while before != inner:
        before = inner
        inner = re.sub(r"<(b|i|sub|sup)></\1>|<a href=\"[^\"]*\"></a>", "", inner.strip(_EDGES))
        inner = re.sub(rf"^((?:<(?:b|i|sub|sup)>|<a href=\"[^\"]*\">)*)(?:[{_EDGES}]|<br>)+", r"\1", inner)
        inner = re.sub(rf"(?:[{_EDGES}]|<br>)+((?:</(?:b|i|sub|sup|a)>)*)$", r"\1", inner)
    return inner


def text_of(inner: str) -> str:
    """Return the words of a piece of HTML without its marks, on one line."""
    return _SPACE.sub(" ", html.unescape(re.sub(r"<[^>]*>", " " if "<li>" in inner else "", inner))).strip(_EDGES)


def paragraphs(source: str) -> Iterator[str]:
    """Yield the inner HTML of each paragraph of a value that consists of paragraphs and lists; lists come whole."""
    for one in elements_of(source):
        yield one.html.removeprefix("<p>").removesuffix("</p>") if one.type == "paragraph" else one.html
