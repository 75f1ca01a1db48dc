"""What the public pages of items and columns say of themselves to machines (``gongkai.domain.site``)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.urls import reverse

from gongkai.domain.site import DISCLOSURE, ArticleFacts, ColumnFacts, PageFacts, article_page, column_page
from gongkai.features.disclosure.selectors.directory import ColumnView
from gongkai.features.disclosure.selectors.public_files import file_path, public_files
from gongkai.features.disclosure.selectors.public_items import PublicItem, PublicRow
from gongkai.rulebook.disclosure import disclosure_rules
from gongkai.rulebook.site import meta_rules, section_words

SECTION = "政府信息公开"
SUMMARY = 200
"""Characters of the text that stand for a summary where there is none."""


def column_facts(column: ColumnView | None) -> ColumnFacts:
    """Return what is said of a column; None is the whole section."""
    if column is None:
        return ColumnFacts(SECTION, "依法主动公开的政府信息，按栏目和单位列出", (SECTION, "主动公开"))
    rules = disclosure_rules().columns
    rule = rules.get(column.code)
    above = rules.get(rule.parent) if rule is not None else None
    words = rule.words if rule is not None else ""
    extra = meta_rules().types_of_items.get(column.statutory)
    return ColumnFacts(
        name=column.name,
        description=column.description or words or f"{above.name if above else SECTION}：{column.name}",
        keywords=tuple(dict.fromkeys((column.name, *((above.name,) if above else ()), SECTION))),
        types=(DISCLOSURE, extra) if extra else (DISCLOSURE,),
    )


def list_page(title: str, column: ColumnView | None) -> PageFacts:
    """Return the facts of a list: of a column, or of something else that its title names."""
    known = column_facts(column)
    if column is not None or title == SECTION:
        return column_page(known.name, known.description, keywords=known.keywords, types=known.types)
    return column_page(title, f"{title}主动公开的政府信息", keywords=(title, SECTION))


def section_parts(columns: Iterable[ColumnView]) -> list[tuple[ColumnView, str]]:
    """Return the fixed parts of the section (专栏) that are not closed, each with what it is for."""
    return [(one, section_words()[one.code]) for one in columns if one.code in section_words()]


def column_head(column: ColumnView | None, rows: Sequence[PublicRow]) -> dict[str, Any]:
    """Return what the head of a column's first page tells: description, and the day of the newest of its ``rows``."""
    if column is None:
        return {}
    newest = max((row.published_at for row in rows), default=None)
    return {"column_description": column_facts(column).description, "updated_on": newest}


def item_page(item: PublicItem, columns: Sequence[ColumnView]) -> PageFacts:
    """Return the facts of the page of a public item; ``columns`` are those it stands in."""
    content, rules = item.content, disclosure_rules()
    kind = rules.kinds.get(content.kind)
    issuers = [unit.name for unit in (content.issuer, *content.joint) if unit is not None]
    column = columns[0] if columns else None
    article = ArticleFacts(
        title=item.title,
        published_at=item.first_published_at,
        source=" ".join(issuers) or item.unit_name,
        url=item_url(item),
        keywords=content.keywords
        or tuple(one for one in (kind.name if kind else "", column_facts(column).name) if one),
        author=item.unit_name,
        description=item_summary(item),
        images=tuple(
            f"{settings.BASE_URL}{quote(file_path(uid=item.uid, file_id=one.file_id, name=one.name))}"
            for one in public_files(content=content)
            if one.picture
        ),
    )
    return article_page(column_facts(column), article)


def item_url(item: PublicItem) -> str:
    """Return the full address of an item, the one that holds for ever."""
    return f"{settings.BASE_URL}{reverse('disclosure:public:item_detail', args=[item.uid])}"


def item_summary(item: PublicItem) -> str:
    """Return the summary of an item; where it has none, how its text begins, and at last its title."""
    if item.content.summary:
        return item.content.summary
    lines = item.content.plain_text().split("\n")
    text = " ".join(line for line in lines if line and line != item.title)
    return text[:SUMMARY] or item.title
