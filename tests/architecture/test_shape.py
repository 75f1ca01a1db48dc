"""Sizes, names and documents that hold the house together."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT, Module, modules

FORBIDDEN_NAMES = {"utils", "util", "common", "helpers", "helper", "misc"}


class TestSize:
    @pytest.mark.parametrize("module", modules(), ids=lambda m: m.name)
    def test_source_file_stays_under_400_lines(self, module: Module) -> None:
        assert module.lines <= 400

    def test_test_files_stay_under_600_lines(self) -> None:
        long = {p.name: n for p in (ROOT / "tests").rglob("*.py") if (n := p.read_text().count("\n")) > 600}
        assert long == {}


class TestNames:
    def test_no_module_is_called_after_nothing(self) -> None:
        bad = [m.name for m in modules() if FORBIDDEN_NAMES & set(m.parts)]
        assert bad == []

    def test_no_second_database_engine(self) -> None:
        assert [m.name for m in modules() if "sqlite" in m.text.lower()] == []


class TestDocstrings:
    @pytest.mark.parametrize("module", modules(), ids=lambda m: m.name)
    def test_every_module_says_what_it_is(self, module: Module) -> None:
        assert not module.text.strip() or ast.get_docstring(module.tree)


class TestDecisions:
    def test_index_lists_every_adr(self) -> None:
        folder = ROOT / "docs" / "adr"
        index = (folder / "README.md").read_text()
        missing = [p.name for p in folder.glob("[0-9]*.md") if p.name not in index]
        assert missing == []

    def test_documents_link_to_files_that_exist(self) -> None:
        broken = []
        for path in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
            targets = re.findall(r"\]\(([^)#\s]+)", path.read_text())
            local = [t for t in targets if "://" not in t and not t.startswith("mailto:")]
            broken += [f"{path.relative_to(ROOT)} → {t}" for t in local if not (path.parent / t).exists()]
        assert broken == []


class TestLocks:
    @pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
    def test_every_package_is_pinned_with_hashes_and_names_no_registry(self, name: str) -> None:
        text = (ROOT / name).read_text()
        packages = [line for line in text.splitlines() if line and not line.startswith((" ", "#"))]
        assert len(packages) > 20
        assert [line for line in packages if "==" not in line or not line.endswith("\\")] == []
        assert not re.search(r"https?://|file:|--index-url|--find-links|--extra-index-url", text)


class TestRepository:
    def test_tracked_text_names_no_folder_of_one_machine(self) -> None:
        listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
        if listed.returncode:
            pytest.skip("not a git checkout")
        pattern = re.compile(r"/(work|root|tmp)/(main|gk|shared)\b")
        found = []
        for name in listed.stdout.splitlines():
            path = Path(ROOT / name)
            if (
                path.suffix in {".py", ".md", ".toml", ".yaml", ".txt", ".html", ".css", ".js", ".cfg"}
                and path.exists()
            ) and pattern.search(path.read_text(errors="replace")):
                found.append(name)
        assert found == []
