"""Every issue code has a sentence, and the sentence gets the values it asks for."""

from __future__ import annotations

import ast
import string

from gongkai.rulebook import messages
from tests.architecture.sources import calls, modules


def issue_calls() -> list[tuple[str, str, set[str] | None]]:
    """(place, code, keys of the values where they are written as a plain dict) of each ``Issue(...)`` in the source."""
    found = []
    for module in modules():
        for node, name in calls(module):
            if name.rpartition(".")[2] != "Issue":
                continue
            code = node.args[0] if node.args else next((k.value for k in node.keywords if k.arg == "code"), None)
            if not (isinstance(code, ast.Constant) and isinstance(code.value, str)):
                continue
            values = next((k.value for k in node.keywords if k.arg == "values"), None)
            keys: set[str] | None = set()
            if values is not None:
                plain = isinstance(values, ast.Dict) and all(isinstance(k, ast.Constant) for k in values.keys)
                keys = {k.value for k in values.keys} if plain else None  # type: ignore[union-attr]
            if len(node.args) > 2:
                keys = None
            found.append((f"{module.name}:{node.lineno}", code.value, keys))
    return found


def placeholders(text: str) -> set[str]:
    return {name.split(".")[0].split("[")[0] for _, name, _, _ in string.Formatter().parse(text) if name}


class TestMessages:
    def test_every_code_in_the_source_has_a_sentence(self) -> None:
        known = messages.catalog()
        assert [(place, code) for place, code, _ in issue_calls() if code not in known] == []

    def test_every_sentence_gets_the_values_it_names(self) -> None:
        known = messages.catalog()
        lacking = [
            (place, code, placeholders(known[code]) - keys)
            for place, code, keys in issue_calls()
            if keys is not None and code in known and placeholders(known[code]) - keys
        ]
        assert lacking == []

    def test_sentences_are_chinese(self) -> None:
        assert [c for c, t in messages.catalog().items() if not any("\u4e00" <= ch <= "\u9fff" for ch in t)] == []
