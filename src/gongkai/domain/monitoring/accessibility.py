"""What some readers cannot perceive: pictures without words, headings, tables and links that a screen reader cannot use.

A body carries no colours and no sizes (``domain.items.markup`` takes them out), so contrast is that of the site's own
themes; what is left to judge is a text that speaks of colours that are gone. Words inside pictures are not read.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import unquote, urlsplit

from gongkai.domain.items.content import AttachmentRef
from gongkai.domain.items.markup import Element, text_of
from gongkai.domain.monitoring.reading_rules import Notes, cut, listed

FIRST_LEVEL = 2
"""The title of the item is level 1, so the headings of its body begin with 2."""
FILE_NAME = re.compile(
    r"\.(?:jpe?g|png|gif|bmp|tiff?|webp|heic)$|^(?:img|dsc|dcim|image|mmexport|wx_camera|图片|微信图片|截图|屏幕截图|照片)[-_ 0-9()（）]*$",
    re.IGNORECASE,
)
FILES = ("pdf", "ofd", "doc", "docx", "wps", "xls", "xlsx", "et", "csv", "ppt", "pptx", "zip", "rar", "7z")
_BARE = re.compile(r"^(?:https?://|www\.)\S+$", re.IGNORECASE)
_NO_NAME = re.compile(
    r"^(?:附件|文件|文档|新建.{0,16}|扫描件?|扫描全能王|scan|img|doc|未命名|无标题|untitled|副本)?[-_ .()（）0-9年月日]*(?:\.\w{1,5})?$",
    re.IGNORECASE,
)
_TYPED = re.compile(
    r"^(?:第[一二三四五六七八九十百]{1,4}[章节编]|[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[)）])"
)
_ENDED = tuple("。！？；：，、,.!?;:")
_COLOUR = re.compile(
    r"标(?:红|黄|蓝|绿)(?!线|头|旗)|[红黄蓝绿](?:色|底)?(?:字体|字(?!头|号)|底纹)|(?:以|用)[红黄蓝绿]色(?:标注|标示|表示|标出|显示)"
)
_LINK = re.compile(r'<a href="([^"]*)">(.*?)</a>', re.DOTALL)
_MARKS = '。，,.；;：:、 　>》→…“”"《'
_SIGN = re.compile(r"[\s\u3000\xa0]")


def check_accessibility(body: Sequence[Mapping[str, Any]], attachments: Sequence[AttachmentRef], notes: Notes) -> None:
    """Note what keeps somebody from perceiving the blocks of a body and the files beside it."""
    _headings(body, notes)
    links: dict[str, dict[str, tuple[str, int]]] = {}
    for number, block in enumerate(body, 1):
        value, field = block.get("value"), f"body:{block.get('id') or number}"
        match block.get("type"):
            case "image" if isinstance(value, Mapping):
                _image(value, field, number, notes)
            case "table" if isinstance(value, Mapping):
                _table(value, field, number, notes)
            case _ if isinstance(value, str):
                for address, words in links_in(notes.elements(value) if "<a" in value else ()):
                    _link(address, words, field, number, notes)
                    links.setdefault(words, {}).setdefault(address, (field, number))
                if found := _COLOUR.search(text_of(value)):
                    notes.note("accessibility.colour.mentioned", field, number, shown=found.group())
    for words, places in links.items():
        if len(places) > 1 and not _vague(words, notes) and not _BARE.match(words):
            field, number = list(places.values())[1]
            notes.note("accessibility.link.same_words", field, number, shown=words, count=len(places))
    for file in attachments:
        _file(file, notes)


def links_in(elements: Iterable[Element]) -> Iterator[tuple[str, str]]:
    """Yield the links of paragraphs and lists as (address, words), in reading order."""
    for one in elements:
        for found in _LINK.finditer(one.html):
            yield html.unescape(found[1]), text_of(found[2])


def _headings(body: Sequence[Mapping[str, Any]], notes: Notes) -> None:
    level, typed = FIRST_LEVEL - 1, []
    for number, block in enumerate(body, 1):
        value, field = block.get("value"), f"body:{block.get('id') or number}"
        if block.get("type") == "heading" and isinstance(value, Mapping):
            text, here = str(value.get("text", "")).strip(), value.get("level")
            here = here if isinstance(here, int) else FIRST_LEVEL
            if not text:
                notes.note("accessibility.heading.empty", field, number)
            if here > level + 1:
                notes.note(
                    "accessibility.heading.skipped",
                    field,
                    number,
                    shown=text,
                    text=cut(text),
                    level=here,
                    expected=level + 1,
                )
            level = here
        elif block.get("type") == "paragraph" and isinstance(value, str):
            for inner in (one.html for one in notes.elements(value) if one.type == "paragraph"):
                text = text_of(inner)
                if not text or len(text) > notes.rules.limit("longest_heading_line") or text.endswith(_ENDED):
                    continue
                if _all_bold(inner) and not _BARE.match(text):
                    notes.note("accessibility.heading.bold_line", field, number, shown=text, text=cut(text))
                elif _TYPED.match(text):
                    typed.append((field, number, text))
    if len(typed) >= notes.rules.limit("least_typed_headings"):
        field, number, text = typed[0]
        told = listed((one[2] for one in typed), 3)
        notes.note("accessibility.heading.typed", field, number, shown=text, count=len(typed), texts=told)


def _all_bold(inner: str) -> bool:
    return "<b>" in inner and not text_of(re.sub(r"<b>.*?</b>", "", inner, flags=re.DOTALL)).strip(_MARKS)


def _image(value: Mapping[str, Any], field: str, number: int, notes: Notes) -> None:
    alt, caption = str(value.get("alt") or "").strip(), str(value.get("caption") or "").strip()
    if not alt:
        notes.note("accessibility.image.no_alt", field, number)
    elif FILE_NAME.search(alt) or _SIGN.sub("", alt).strip("。.") in notes.rules.poor_alts:
        notes.note("accessibility.image.poor_alt", field, number, shown=alt, alt=cut(alt))
    elif alt == caption:
        notes.note("accessibility.image.alt_is_caption", field, number, shown=alt)


def _table(value: Mapping[str, Any], field: str, number: int, notes: Notes) -> None:
    head = [str(cell).strip() for cell in value.get("head") or ()]
    rows = [[str(cell).strip() for cell in row] for row in value.get("rows") or ()]
    shown = next((cell for row in (head, *rows) for cell in row if cell), "")
    width = max(map(len, [head, *rows]), default=0)
    longest = max((len(cell) for row in (head, *rows) for cell in row), default=0)
    if width == 1 or (width == 2 and longest > notes.rules.limit("layout_cell")):
        notes.note("accessibility.table.layout", field, number, shown=shown, columns=width)
        return  # a layout has no headers to ask for
    if not any(head):
        notes.note("accessibility.table.no_header", field, number, shown=shown)
    else:
        if empty := [str(at) for at, cell in enumerate(head, 1) if not cell]:
            notes.note("accessibility.table.empty_header", field, number, shown=shown, columns="、".join(empty))
        same = [cell for at, cell in enumerate(head) if cell and cell in head[:at]]
        if same:
            told = listed(dict.fromkeys(same), 3)
            notes.note("accessibility.table.same_header", field, number, shown=same[0], texts=told)
    cells = [cell for row in rows for cell in row]
    holes = sum(not cell for cell in cells)
    if cells and holes * 100 >= notes.rules.limit("holes_percent") * len(cells):
        notes.note("accessibility.table.holes", field, number, shown=shown, holes=holes, cells=len(cells))


def _vague(words: str, notes: Notes) -> bool:
    return words.strip(_MARKS + "》”") in notes.rules.vague_link_texts


def _link(address: str, words: str, field: str, number: int, notes: Notes) -> None:
    path = unquote(urlsplit(address).path) if "[" not in address else ""
    kind = path.rpartition(".")[2].lower() if "." in path.rpartition("/")[2] else ""
    if _BARE.match(words):
        notes.note("accessibility.link.bare", field, number, shown=words, text=cut(words, 40))
    elif _vague(words, notes) or not words.strip(_MARKS):
        notes.note("accessibility.link.vague", field, number, shown=words, text=words or "（没有文字）")
    elif kind in FILES and not _names_type(words, kind):
        notes.note("accessibility.link.file", field, number, shown=words, text=cut(words), kind=kind.upper())


def _names_type(words: str, kind: str) -> bool:
    """Tell whether the words of a link say what kind of file it leads to; DOC says so for DOCX."""
    return kind[:3] in words.lower() or (kind[:3] in ("doc", "xls", "ppt") and "word" in words.lower())


def _file(file: AttachmentRef, notes: Notes) -> None:
    shown = file.title or file.name
    if _NO_NAME.match(shown.strip()):
        notes.note("accessibility.file.no_name", f"attachment:{file.file_id}", 0, shown=shown, text=cut(shown))
