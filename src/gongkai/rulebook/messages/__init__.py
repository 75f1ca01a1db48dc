"""The sentences behind issue codes, in Chinese, one YAML file an area.

``describe(issue)`` fills the sentence with the issue's values. A code without a sentence is a defect that a test finds.
"""

from __future__ import annotations

from functools import cache
from importlib import resources

import yaml

from gongkai.domain.issues import Issue


@cache
def catalog() -> dict[str, str]:
    """Return every message by its code; two files may not define the same code."""
    texts: dict[str, str] = {}
    for entry in sorted(resources.files(__name__).iterdir(), key=lambda e: e.name):
        if not entry.name.endswith(".yaml"):
            continue
        for code, text in (yaml.safe_load(entry.read_text(encoding="utf-8")) or {}).items():
            if code in texts:
                raise ValueError(f"message code {code} is defined twice, again in {entry.name}")
            texts[code] = text
    return texts


def text(code: str, /, **values: object) -> str:
    """Return the sentence for ``code`` with its values filled in.

    Raises KeyError when the code has no sentence or a value is missing.
    """
    return catalog()[code].format(**values)


def describe(issue: Issue) -> str:
    """Return the issue as a Chinese sentence."""
    return text(issue.code, **issue.values)
