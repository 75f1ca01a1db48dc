"""What the guide for government web sites says of the tags of a page; the file lies in ``data/site``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import yaml

from gongkai.rulebook.schema import Status

REQUIRED = ("yes", "recommended", "optional")


@dataclass(frozen=True, slots=True)
class MetaTag:
    """A tag: its Chinese name, whether it has to be there, whether it holds several values, and the form of a value."""

    name: str
    label: str
    required: str
    multi: bool
    pattern: str
    status: Status

    def fits(self, content: str) -> bool:
        """Return whether a value is of the tag's form."""
        return bool(content) and (not self.pattern or re.fullmatch(self.pattern, content, re.ASCII) is not None)


@dataclass(frozen=True, slots=True)
class MetaRules:
    """Tags by kind of page and by name, the classes of columns, and words that show a template that was not filled in."""

    basis: str
    pages: Mapping[str, tuple[str, ...]]
    tags: Mapping[str, MetaTag]
    column_types: tuple[str, ...]
    types_of_items: Mapping[str, str]
    placeholders: frozenset[str]


@cache
def section_words() -> Mapping[str, str]:
    """Return what each fixed part of the disclosure section is for, by the code of its column, in their order."""
    text = (resources.files("gongkai.rulebook") / "data" / "site" / "section.yaml").read_text(encoding="utf-8")
    return {row["code"]: row["words"] for row in yaml.safe_load(text)["parts"]}


@cache
def meta_rules() -> MetaRules:
    """Return the shipped rules, read once; raises ValueError naming what is not of its form."""
    text = (resources.files("gongkai.rulebook") / "data" / "site" / "meta_tags.yaml").read_text(encoding="utf-8")
    return read_meta_rules(text)


def read_meta_rules(text: str) -> MetaRules:
    """Read the rules from the text of a file; raises ValueError naming what is not of its form."""
    data: dict[str, Any] = yaml.safe_load(text)
    tags = {
        row["code"]: MetaTag(
            name=row["code"],
            label=row["name"],
            required=row["required"],
            multi=bool(row.get("multi")),
            pattern=row.get("pattern", ""),
            status=Status(row["status"]),
        )
        for row in data["tags"]
    }
    pages = {row["code"]: tuple(row["tags"]) for row in data["pages"]}
    types = tuple(data["column_types"])
    wrong = [f"pages.{kind}: {name}" for kind, names in pages.items() for name in names if name not in tags]
    wrong += [f"tags.{tag.name}.required: {tag.required}" for tag in tags.values() if tag.required not in REQUIRED]
    wrong += [f"types_of_items: {one}" for one in data["types_of_items"].values() if one not in types]
    if wrong:
        raise ValueError("site/meta_tags.yaml: " + "; ".join(wrong))
    return MetaRules(
        basis=data["basis"],
        pages=pages,
        tags=tags,
        column_types=types,
        types_of_items=dict(data["types_of_items"]),
        placeholders=frozenset(data["placeholders"]),
    )
