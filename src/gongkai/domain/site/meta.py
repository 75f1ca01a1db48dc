"""The tags in the head of a page by which those who check government web sites read it (网页标签).

A page is the home page, a column or list, or an article; which tags each kind carries stands in the rulebook. A tag that
has nothing to say is left out: an empty one and one with words of a template are both counted as faults.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

BEIJING = ZoneInfo("Asia/Shanghai")
HOME, COLUMN, ARTICLE = "home", "column", "article"
DISCLOSURE = "信息公开"
LONGEST = 200
"""Characters of a summary."""


@dataclass(frozen=True, slots=True)
class SiteFacts:
    """The site as it is registered: its name, its domain without protocol, its code (网站标识码); empty when not given."""

    name: str
    domain: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class ColumnFacts:
    """A column: its name as in the breadcrumbs, what it is for, words for it, and its classes (栏目类别)."""

    name: str
    description: str
    keywords: tuple[str, ...] = ()
    types: tuple[str, ...] = (DISCLOSURE,)


@dataclass(frozen=True, slots=True)
class ArticleFacts:
    """An article. ``published_at`` is what the page shows; ``source`` who issued it; ``url`` and ``images`` are absolute."""

    title: str
    published_at: datetime
    source: str
    url: str
    keywords: tuple[str, ...] = ()
    author: str = ""
    description: str = ""
    images: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PageFacts:
    """A page: its kind (``home``, ``column``, ``article``), the column it is or lies in, and the article it shows."""

    kind: str
    column: ColumnFacts | None = None
    article: ArticleFacts | None = None


def home_page() -> PageFacts:
    """Return the facts of the home page."""
    return PageFacts(HOME)


def column_page(
    name: str, description: str, *, keywords: Iterable[str] = (), types: Iterable[str] = (DISCLOSURE,)
) -> PageFacts:
    """Return the facts of a page that is a column, a list, or stands for itself."""
    return PageFacts(COLUMN, ColumnFacts(name, description, tuple(keywords), tuple(types)))


def article_page(column: ColumnFacts, article: ArticleFacts) -> PageFacts:
    """Return the facts of a page that shows an article of a column."""
    return PageFacts(ARTICLE, column, article)


def page_tags(carried: Sequence[str], *, site: SiteFacts, page: PageFacts) -> tuple[tuple[str, str], ...]:
    """Return the tags of a page as (name, content), in the order of ``carried``; what is empty is left out.

    A tag that may be there more than once in a page is there once, with its values parted by commas.
    """
    column, article = page.column, page.article
    values = {"SiteName": site.name, "SiteDomain": site.domain, "SiteIDCode": site.code}
    if column is not None:
        values |= {
            "ColumnName": column.name,
            "ColumnDescription": column.description,
            "ColumnKeywords": _joined(column.keywords or (column.name,)),
            "ColumnType": _joined(column.types),
        }
    if article is not None:
        values |= {
            "ArticleTitle": article.title,
            "PubDate": article.published_at.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M"),
            "ContentSource": article.source,
            "Keywords": _joined(article.keywords),
            "Author": article.author,
            "Description": _shortened(article.description),
            "Image": _joined(article.images),
            "Url": article.url,
        }
    said = ((name, _line(values.get(name, ""))) for name in carried)
    return tuple((name, content) for name, content in said if content)


def _joined(words: Iterable[str]) -> str:
    return ",".join(dict.fromkeys(word.replace(",", "，").strip() for word in words if word.strip()))


def _line(text: str) -> str:
    return " ".join(text.split())


def _shortened(text: str) -> str:
    line = _line(text)
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"
