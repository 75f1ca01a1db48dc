"""The shipped rules of aggregation risk, and the persons that a file names."""

from __future__ import annotations

from functools import cache
from importlib import resources

import yaml

from gongkai.domain.aggregation import AggregationRules, Category, Mention, mentions_in_table, mentions_in_text
from gongkai.domain.document import Document


@cache
def shipped_aggregation() -> AggregationRules:
    """Return the rules of ``rulebook/data/content/aggregation.yaml``."""
    file = resources.files("gongkai.rulebook") / "data" / "content" / "aggregation.yaml"
    data = yaml.safe_load(file.read_text(encoding="utf-8"))
    return AggregationRules(
        name_headers=tuple(data["names"]["headers"]),
        name_labels=tuple(data["names"]["labels"]),
        categories=tuple(
            Category(entry["code"], entry["label"], tuple(entry["headers"]), bool(entry["grave"]))
            for entry in data["categories"]
        ),
        surnames=frozenset("".join(data["surnames"].split())),
        compound=tuple(data["compound"]),
        least_items=int(data["least_items"]),
        least_categories=int(data["least_categories"]),
        least_mentions=int(data["least_mentions"]),
    )


def document_mentions(document: Document, rules: AggregationRules, *, place: str) -> list[Mention]:
    """Return the private persons that a file names, in its tables and after labels in its text."""
    found = [m for table in document.tables() for m in mentions_in_table(table.rows, rules, place=place)]
    text = "\n".join(paragraph.text for paragraph in document.paragraphs())
    return found + mentions_in_text(text, rules, place=place)
