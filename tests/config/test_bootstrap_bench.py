"""What `make bench` writes into the page of benchmarks, and what it leaves alone."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from bootstrap_parts import bench
from bootstrap_parts.progress import Stop

BY_HAND = "## By hand\n\nMeasured once.\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "benchmarks").mkdir()
    (tmp_path / "docs").mkdir()
    return tmp_path


def script(root: Path, name: str, text: str) -> None:
    (root / f"benchmarks/{name}.py").write_text(f'"""What {name} takes."""\n{text}\n')


def page(root: Path) -> str:
    return (root / bench.PAGE).read_text(encoding="utf-8")


class TestMeasure:
    def test_writes_each_section_and_keeps_what_was_written_by_hand(self, root: Path) -> None:
        script(root, "one", "print('first figure')")
        script(root, "two", "print('second figure')")
        script(root, "_helper", "raise SystemExit(1)")
        assert bench.measure(root, Path(sys.executable), []) == 0
        first = page(root)
        (root / bench.PAGE).write_text(first.replace("<!-- bench two -->", f"{BY_HAND}\n<!-- bench two -->"))
        script(root, "one", "print('another figure')")
        assert bench.measure(root, Path(sys.executable), ["one"]) == 0
        again = page(root)
        assert "another figure" in again and "first figure" not in again
        assert "second figure" in again and BY_HAND in again
        assert again.count("## What one takes") == 1
        assert again.index("another figure") < again.index("Measured once.") < again.index("second figure")

    def test_hands_options_to_the_one_that_is_named(self, root: Path) -> None:
        script(root, "one", "import sys; print(sys.argv[1:])")
        bench.measure(root, Path(sys.executable), ["one", "--sizes", "1000"])
        assert "['--sizes', '1000']" in page(root)
        assert "`python -m benchmarks.one --sizes 1000`" in page(root)
        with pytest.raises(Stop):
            bench.measure(root, Path(sys.executable), ["--sizes", "1000"])

    def test_keeps_the_section_of_what_failed(self, root: Path) -> None:
        script(root, "one", "print('a figure')")
        bench.measure(root, Path(sys.executable), [])
        script(root, "one", "print('half'); raise SystemExit(3)")
        script(root, "two", "print('the other')")
        with pytest.raises(Stop, match="one"):
            bench.measure(root, Path(sys.executable), [])
        assert "a figure" in page(root) and "half" not in page(root)
        assert "the other" in page(root)

    def test_a_section_without_its_end_is_told(self) -> None:
        with pytest.raises(Stop, match="one"):
            bench.with_section("# Benchmarks\n<!-- bench one -->\nlost", "one", "text\n")

    def test_the_page_of_the_repository_has_both_marks_of_each_section(self) -> None:
        text = (Path(__file__).resolve().parents[2] / bench.PAGE).read_text(encoding="utf-8")
        begun = [line.split()[2] for line in text.splitlines() if line.startswith("<!-- bench ")]
        ended = [line.split()[3] for line in text.splitlines() if line.startswith("<!-- end of ")]
        assert begun == ended and len(begun) > 3
