"""``tools/bootstrap.py``: what stands in the way is told in one sentence; interrupted set-ups are taken up again."""

from __future__ import annotations

import ast
import errno
import json
import os
import shutil
import socket
import stat
import subprocess
import sys
import tempfile
from collections import namedtuple
from pathlib import Path
from typing import Any

import pytest
from bootstrap_parts import browser, environment, locking, machine, progress, tasks
from bootstrap_parts.environment import Environment
from bootstrap_parts.progress import Stop

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "tools" / "bootstrap.py"
PRETEND_OLD = "import runpy, sys; sys.version_info = (3, 9, 2, 'final', 0); sys.argv = sys.argv[1:]; runpy.run_path(sys.argv[0], run_name='__main__')"


def program(folder: Path, name: str, text: str) -> None:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


def with_old_python(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", PRETEND_OLD, str(SCRIPT), "run"],
        env={"PATH": str(folder)},
        capture_output=True,
        text=True,
    )


class TestOldPython:
    def test_can_read_the_script(self) -> None:
        ast.parse(SCRIPT.read_text(), feature_version=(3, 6))

    def test_answers_with_one_sentence_when_there_is_no_newer_one(self, tmp_path: Path) -> None:
        program(tmp_path, "python3.12", "exit 127")  # what a version manager leaves for versions that are not there
        done = with_old_python(tmp_path)
        assert done.returncode == 1
        assert done.stdout == ""
        assert done.stderr.splitlines() == [done.stderr.strip()]
        assert "需要 Python 3.11 或更高版本，这里的 python3 是 3.9.2" in done.stderr

    def test_hands_over_to_a_newer_one_on_the_path(self, tmp_path: Path) -> None:
        program(tmp_path, "python3.11", "exit 1")
        program(tmp_path, "python3.13", 'case "$1" in -c) exit 0;; esac; echo "newer: $2"')
        assert with_old_python(tmp_path).stdout == "newer: run\n"


class TestMachine:
    def test_refuses_a_folder_that_is_a_file(self, tmp_path: Path) -> None:
        (tmp_path / "var").write_text("")
        with pytest.raises(Stop, match="不是目录"):
            machine.check_folder(tmp_path / "var")

    @pytest.mark.parametrize(
        ("number", "words"), [(errno.EACCES, "不能写入"), (errno.EROFS, "不能写入"), (errno.ENOSPC, "磁盘已满")]
    )
    def test_refuses_a_folder_that_takes_no_files(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, words: str
    ) -> None:
        def fail(**_: Any) -> None:
            raise OSError(number, os.strerror(number))

        monkeypatch.setattr(tempfile, "NamedTemporaryFile", fail)
        with pytest.raises(Stop, match=words):
            machine.check_folder(tmp_path)

    @pytest.mark.parametrize(("first", "needed"), [(True, "2048 MB"), (False, "300 MB")])
    def test_refuses_a_full_disk(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, first: bool, needed: str
    ) -> None:
        usage = namedtuple("usage", "total used free")(10**12, 10**12, 200 * 1024**2)
        monkeypatch.setattr(shutil, "disk_usage", lambda path: usage)
        with pytest.raises(Stop, match=f"只剩 200 MB.*{needed}"):
            machine.check_disk(tmp_path, first=first)

    def test_names_the_process_that_has_the_port(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            with pytest.raises(Stop) as caught:
                machine.check_port("127.0.0.1", port)
        assert f"端口 {port} 已被占用" in str(caught.value)
        if sys.platform == "linux":
            assert f"（进程 {os.getpid()}：" in str(caught.value)

    def test_takes_a_free_port(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
        machine.check_port("127.0.0.1", port)

    @pytest.mark.parametrize("port", [0, 70000])
    def test_refuses_a_number_that_is_no_port(self, port: int) -> None:
        with pytest.raises(Stop, match="端口应在 1 到 65535 之间"):
            machine.check_port("127.0.0.1", port)

    def test_refuses_an_address_that_is_not_ours(self) -> None:
        with pytest.raises(Stop, match="不能在 203.0.113.9 上监听"):
            machine.check_port("203.0.113.9", 8000)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """The files of a checkout that an environment is made from, with one dependency."""
    for name in ("requirements.txt", "requirements-build.txt"):
        (tmp_path / name).write_text("six==1.0 \\\n    --hash=sha256:00\n")
    (tmp_path / "pyproject.toml").write_text("[project]\n")
    return tmp_path


class FakeTools:
    """Stands in for venv and pip: makes a folder with a working Python, or fails as told."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.calls: list[list[str]] = []
        self.answers: dict[str, tuple[int, str]] = {}

    def __call__(self, command: Any, log: Path, **_: Any) -> tuple[int, str]:
        words = [str(part) for part in command]
        self.calls.append(words)
        kind = (
            "venv"
            if "venv" in words
            else "project"
            if "--editable" in words
            else "apt"
            if words[0] == "apt-get"
            else "pip"
        )
        answer = self.answers.get(kind, (0, ""))
        if kind == "venv" and answer[0] == 0:
            (self.folder / "bin").mkdir(parents=True)
            (self.folder / "bin" / "python").symlink_to(sys.executable)
        return answer

    def kinds(self) -> list[str]:
        return [
            "venv" if "venv" in c else "project" if "--editable" in c else "apt" if c[0] == "apt-get" else "pip"
            for c in self.calls
        ]


@pytest.fixture
def tools(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> FakeTools:
    fake = FakeTools(checkout / ".venv")
    monkeypatch.setattr(environment, "run_logged", fake)
    return fake


def made(checkout: Path) -> Environment:
    return Environment(checkout, checkout / "var" / "logs" / "setup.log")


class TestEnvironment:
    def test_is_made_once(self, checkout: Path, tools: FakeTools) -> None:
        made(checkout).prepare("requirements.txt")
        assert tools.kinds() == ["venv", "pip", "project"]
        made(checkout).prepare("requirements.txt")
        assert tools.kinds() == ["venv", "pip", "project"]

    def test_installs_only_what_was_locked(self, checkout: Path, tools: FakeTools) -> None:
        made(checkout).prepare("requirements.txt")
        assert {"--require-hashes", "--no-deps", "--no-input"} <= set(tools.calls[1])
        assert {"--no-index", "--no-build-isolation", "--no-deps"} <= set(tools.calls[2])

    def test_is_filled_again_when_the_lock_changed(self, checkout: Path, tools: FakeTools) -> None:
        made(checkout).prepare("requirements.txt")
        (checkout / "requirements.txt").write_text("six==1.1 \\\n    --hash=sha256:01\n")
        made(checkout).prepare("requirements.txt")
        assert tools.kinds() == ["venv", "pip", "project", "pip", "project"]

    def test_goes_on_after_an_interrupted_installation(self, checkout: Path, tools: FakeTools) -> None:
        tools.answers["project"] = (1, "killed")
        with pytest.raises(Stop):
            made(checkout).prepare("requirements.txt")
        assert not made(checkout).ready("requirements.txt")
        tools.answers.clear()
        made(checkout).prepare("requirements.txt")
        assert tools.kinds() == ["venv", "pip", "project", "pip", "project"]
        assert made(checkout).ready("requirements.txt")

    def test_is_made_anew_when_it_is_half_made(self, checkout: Path, tools: FakeTools) -> None:
        (checkout / ".venv" / "bin").mkdir(parents=True)
        (checkout / ".venv" / "bin" / "python").symlink_to("/nonexistent/python")
        made(checkout).prepare("requirements.txt")
        assert tools.kinds() == ["venv", "pip", "project"]

    def test_is_not_ready_in_another_place(self, checkout: Path, tools: FakeTools, tmp_path: Path) -> None:
        made(checkout).prepare("requirements.txt")
        stamp = checkout / ".venv" / ".requirements.stamp"
        stamp.write_text(json.dumps({**json.loads(stamp.read_text()), "root": "/elsewhere"}))
        assert not made(checkout).ready("requirements.txt")

    @pytest.mark.parametrize(
        ("said", "words"),
        [
            ("ERROR: Could not install: [Errno 28] No space left on device", "磁盘已满"),
            ("THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE", "校验值不符"),
            ("Failed to establish a new connection: NewConnectionError", "连接不上 Python 软件源"),
            ("ERROR: No matching distribution found for six==1.0", "连接不上 Python 软件源"),
            ("[Errno 13] Permission denied: '/x'", "没有权限写入"),
            ("something else", "安装依赖没有成功，详情见 .*setup.log"),
        ],
    )
    def test_says_why_installing_failed(self, checkout: Path, tools: FakeTools, said: str, words: str) -> None:
        tools.answers["pip"] = (1, said)
        with pytest.raises(Stop, match=words) as caught:
            made(checkout).prepare("requirements.txt")
        assert "\n" not in str(caught.value)

    def test_says_which_package_is_missing_where_it_may_not_install_it(
        self, checkout: Path, tools: FakeTools, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        tools.answers["venv"] = (1, "The virtual environment was not created because ensurepip is not available.")
        monkeypatch.setattr(os, "geteuid", lambda: 1000)
        with pytest.raises(Stop, match=r"apt-get install python3\.\d+-venv"):
            made(checkout).prepare("requirements.txt")

    def test_installs_the_missing_package_as_root(
        self, checkout: Path, tools: FakeTools, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        tools.answers["venv"] = (1, "ensurepip is not available")
        monkeypatch.setattr(os, "geteuid", lambda: 0)
        monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
        with pytest.raises(Stop, match="建立虚拟环境没有成功"):
            made(checkout).prepare("requirements.txt")
        assert tools.kinds() == ["venv", "apt", "venv"]


class TestRunLogged:
    def test_keeps_the_noise_in_the_log(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        log = tmp_path / "logs" / "setup.log"
        code, said = progress.run_logged(["sh", "-c", "echo loud; exit 3"], log, what="试")
        assert (code, said) == (3, "loud\n")
        assert "loud" in log.read_text()
        assert capsys.readouterr().out == ""

    def test_tells_of_a_program_that_is_not_there(self, tmp_path: Path) -> None:
        code, said = progress.run_logged(["no-such-program"], tmp_path / "log", what="试")
        assert code == 127
        assert "no-such-program" in said


class TestBrowser:
    def test_is_content_with_what_is_installed(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        program(tmp_path, "chromium", "exit 0")
        monkeypatch.setenv("PATH", str(tmp_path))
        monkeypatch.setattr(browser, "has_chinese_font", lambda: True)
        browser.prepare_browser(tmp_path / "log")

    def test_says_how_to_install_it_without_the_right_to(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("PATH", str(tmp_path))
        monkeypatch.setattr(os, "geteuid", lambda: 1000)
        with pytest.raises(Stop, match="apt-get install chromium.*GONGKAI_SKIP_BROWSER=1"):
            browser.prepare_browser(tmp_path / "log")

    def test_knows_a_chinese_font_by_its_file(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(browser, "FONT_FOLDERS", (str(tmp_path),))
        assert not browser.has_chinese_font()
        (tmp_path / "noto").mkdir()
        (tmp_path / "noto" / "NotoSansCJK-Regular.ttc").touch()
        assert browser.has_chinese_font()


class TestLock:
    @pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt", "requirements-build.txt"])
    def test_of_the_repository_has_hashes_and_no_address(self, name: str) -> None:
        locking.check_lock((ROOT / name).read_text(), name)

    @pytest.mark.parametrize(
        "text",
        [
            "--index-url x\nsix==1 \\\n    --hash=sha256:0\n",
            "six @ https://x/six.whl \\\n    --hash=sha256:0\n",
            "six==1\n",
            "six>=1 \\\n    --hash=sha256:0\n",
        ],
    )
    def test_is_refused(self, text: str) -> None:
        with pytest.raises(Stop):
            locking.check_lock(text, "requirements.txt")


class TestPerform:
    def test_answers_an_unknown_task_with_its_usage(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert tasks.perform(["dance"]) == 2
        assert "run|test|check|bench|lock" in capsys.readouterr().err

    @pytest.mark.parametrize(
        ("raised", "code", "words"),
        [
            (Stop("没有空间"), 1, "没有空间"),
            (KeyboardInterrupt(), 130, "再次运行会从中断处继续"),
            (OSError(errno.ENOSPC, "x", "/f"), 1, "/f No space left on device"),
        ],
    )
    def test_turns_what_is_in_the_way_into_one_line(
        self,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
        raised: BaseException,
        code: int,
        words: str,
    ) -> None:
        def fail(*_: Any, **__: Any) -> None:
            raise raised

        monkeypatch.setattr(tasks, "check_port", fail)
        assert tasks.perform(["run"]) == code
        said = capsys.readouterr().err
        assert words in said
        assert said.count("\n") == 1

    @pytest.mark.parametrize(
        ("arguments", "port"),
        [(["--port", "18001"], 18001), (["--port=18002"], 18002), ([], 18003), (["--verbose"], 18003)],
    )
    def test_looks_at_the_port_that_will_be_used(
        self, monkeypatch: pytest.MonkeyPatch, arguments: list[str], port: int
    ) -> None:
        asked: list[tuple[str, int]] = []
        monkeypatch.setenv("GONGKAI_PORT", "18003")
        monkeypatch.delenv("GONGKAI_BIND", raising=False)

        def check(address: str, number: int) -> None:
            asked.append((address, number))
            raise Stop("enough")

        monkeypatch.setattr(tasks, "check_port", check)
        tasks.perform(["run", *arguments])
        assert asked == [("127.0.0.1", port)]


class TestContinuousIntegration:
    def test_calls_exactly_the_command_everybody_uses(self) -> None:
        path = ROOT / ".ci" / "run"
        assert stat.S_IMODE(path.stat().st_mode) & stat.S_IXUSR
        lines = [line for line in path.read_text().splitlines() if line and not line.startswith("#")]
        assert lines[0] == "set -euo pipefail"
        assert lines[-1] == "exec make test </dev/null"
