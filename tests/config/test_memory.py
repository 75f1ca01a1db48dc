from __future__ import annotations

from pathlib import Path

import psutil
import pytest

from gongkai.config.memory import LEAST_MB, MOST_MB, buffer_mb, machine_mb


class TestMachine:
    def test_has_what_the_system_says(self) -> None:
        assert machine_mb(()) == psutil.virtual_memory().total // 2**20

    def test_has_no_more_than_its_container_was_given(self, tmp_path: Path) -> None:
        (tmp_path / "given").write_text(f"{300 * 2**20}\n")
        (tmp_path / "all").write_text("max\n")
        assert machine_mb((tmp_path / "none", tmp_path / "all", tmp_path / "given")) == 300


class TestBuffers:
    @pytest.mark.parametrize(
        ("wanted", "machine", "given"),
        [
            (0, 512, LEAST_MB),
            (0, 1024, 128),
            (0, 8192, 1024),
            (0, 16_384, MOST_MB),
            (0, 262_144, MOST_MB),
            (64, 8192, 64),
            (9000, 8192, 9000),
        ],
    )
    def test_are_an_eighth_of_the_machine_or_what_was_wanted(self, wanted: int, machine: int, given: int) -> None:
        assert buffer_mb(wanted, machine=machine) == given
