"""Every setting is documented, and the documentation is the declaration."""

from __future__ import annotations

import re
from pathlib import Path

from gongkai.config.env import VARIABLES, as_markdown

ROOT = Path(__file__).resolve().parents[2]
READ = re.compile(r"""(?:environ(?:\.get\(|\[)|getenv\(|env\[)\s*["'](GONGKAI_[A-Z_]+|DATABASE_URL)["']""")


class TestSettingsPage:
    def test_equals_what_the_table_of_variables_gives(self) -> None:
        assert (ROOT / "docs" / "settings.md").read_text() == as_markdown(), (
            "docs/settings.md is stale: python -m gongkai.config.env > docs/settings.md"
        )

    def test_names_every_variable_that_code_reads(self) -> None:
        known = {variable.name for variable in VARIABLES}
        paths = [p for top in ("src", "tools", "tests") for p in (ROOT / top).rglob("*.py")]
        read = {name for path in paths for name in READ.findall(path.read_text())}
        assert read - known == set()


class TestVariables:
    def test_are_declared_once(self) -> None:
        names = [variable.name for variable in VARIABLES]
        assert len(names) == len(set(names))

    def test_carry_a_sentence_of_help(self) -> None:
        assert [v.name for v in VARIABLES if not v.help.endswith("。")] == []

    def test_are_all_read_somewhere(self) -> None:
        texts = "\n".join(p.read_text() for top in ("src", "tools", "tests") for p in (ROOT / top).rglob("*.py"))
        unread = [v.name for v in VARIABLES if len(re.findall(rf"""["']{v.name}["']""", texts)) < 2]
        assert unread == []
