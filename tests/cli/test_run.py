"""``gongkai run``: what keeps it from starting is one sentence, never a traceback. A real start is in tests/stories."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from gongkai.cli.run import _message
from gongkai.config.startup import hold_home


def run(home: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GONGKAI_", "DJANGO_"))}
    return subprocess.run(
        [sys.executable, "-m", "gongkai", "run", "--no-demo", *arguments],
        env={**kept, "GONGKAI_HOME": str(home), **variables},
        capture_output=True,
        text=True,
        timeout=60,
    )


def refused(done: subprocess.CompletedProcess[str], words: str) -> None:
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1, done.stderr
    assert words in done.stderr
    assert "Traceback" not in done.stderr


class TestRun:
    def test_names_the_process_that_has_the_port(self, tmp_path: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            refused(run(tmp_path, "--port", str(port)), f"端口 {port} 已被占用（进程 {os.getpid()}")
        assert not (tmp_path / "postgres").exists()

    def test_refuses_a_second_start_on_the_same_home(self, tmp_path: Path) -> None:
        with hold_home(tmp_path):
            refused(run(tmp_path), f"已有一个 gongkai run 在运行（进程 {os.getpid()}）")

    def test_refuses_a_home_that_is_a_file(self, tmp_path: Path) -> None:
        (tmp_path / "var").write_text("")
        refused(run(tmp_path / "var"), "不能写入")

    def test_refuses_settings_it_cannot_read(self, tmp_path: Path) -> None:
        refused(run(tmp_path, GONGKAI_PORT="http"), "GONGKAI_PORT 应是一个整数")

    def test_refuses_a_data_folder_of_another_version(self, tmp_path: Path) -> None:
        (tmp_path / "postgres").mkdir()
        (tmp_path / "postgres" / "PG_VERSION").write_text("14\n")
        port = str(free_port())
        refused(run(tmp_path, "--port", port), "是 PostgreSQL 14 的")

    def test_refuses_an_outside_database_that_does_not_answer(self, tmp_path: Path) -> None:
        address = f"postgresql://nobody@127.0.0.1:{free_port()}/none"
        done = run(tmp_path, "--port", str(free_port()), DATABASE_URL=address)
        assert done.returncode == 1
        assert done.stderr.count("\n") == 1
        assert "数据库不能使用" in done.stderr


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


class TestMessage:
    @pytest.mark.parametrize(
        ("line", "message"),
        [
            ('{"gongkai": {"step": "好"}}\n', {"step": "好"}),
            ("Applying workplans.0001\n", None),
            ('{"gongkai": broken\n', None),
        ],
    )
    def test_is_told_from_noise(self, line: str, message: object) -> None:
        assert _message(line) == message
