"""What the public site says of itself and of each of its pages to machines."""

from gongkai.domain.site.meta import (
    DISCLOSURE,
    ArticleFacts,
    ColumnFacts,
    PageFacts,
    SiteFacts,
    article_page,
    column_page,
    home_page,
    page_tags,
)

__all__ = [
    "DISCLOSURE",
    "ArticleFacts",
    "ColumnFacts",
    "PageFacts",
    "SiteFacts",
    "article_page",
    "column_page",
    "home_page",
    "page_tags",
]
