"""Words that mean the same in a search, as they come with the software."""

from __future__ import annotations

from functools import cache
from importlib import resources

import yaml


@cache
def shipped_synonyms() -> tuple[tuple[str, ...], ...]:
    """Return the groups of the shipped file, read once; raises ValueError when the file is not of its form."""
    text = (resources.files("gongkai.rulebook") / "data" / "search" / "synonyms.yaml").read_text(encoding="utf-8")
    data = yaml.safe_load(text)
    groups = data.get("groups") if isinstance(data, dict) else None
    if not isinstance(groups, list) or not all(isinstance(group, list) for group in groups):
        raise ValueError("data/search/synonyms.yaml has no list of groups")
    return tuple(tuple(str(word) for word in group) for group in groups)
