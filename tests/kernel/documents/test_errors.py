"""Every refusal and finding of this package has a sentence that gets the values it names."""

from __future__ import annotations

import ast
import string
from pathlib import Path

import gongkai.kernel.documents
from gongkai.kernel.documents.docx import _FOUND
from gongkai.kernel.documents.errors import DocumentRefused, refusal
from gongkai.kernel.errors import Refused
from gongkai.rulebook.messages import catalog

FOLDER = Path(gongkai.kernel.documents.__file__).parent


def findings() -> list[tuple[str, set[str]]]:
    """(code, names of values) of each ``refusal``, ``warning`` and ``notice`` written in the package."""
    found = []
    for path in sorted(FOLDER.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                first = node.args[0] if node.args else None
                if node.func.id in {"refusal", "warning", "notice"} and isinstance(first, ast.Constant):
                    found.append((first.value, {k.arg for k in node.keywords if k.arg}))
    return found


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


class TestSentences:
    def test_every_finding_has_one_and_fills_it(self):
        found = findings()
        assert len(found) > 40
        assert [
            (code, places(catalog()[code]) - values) for code, values in found if places(catalog()[code]) - values
        ] == []

    def test_every_thing_met_in_a_docx_has_one(self):
        assert {
            code: places(catalog()[code]) for code in _FOUND.values() if places(catalog()[code]) != {"name", "count"}
        } == {}

    def test_no_sentence_is_left_over(self):
        used = {code for code, _ in findings()} | set(_FOUND.values()) | {"document.xlsx.error_cells"}
        assert {code for code in catalog() if code.startswith("document.")} - used == set()


class TestDocumentRefused:
    def test_is_a_refusal_like_any_other(self):
        refused = refusal("document.empty", name="甲.txt")
        assert isinstance(refused, DocumentRefused)
        assert isinstance(refused, Refused)
        assert refused.sentences() == ["《甲.txt》是空文件，里面没有内容。"]
