"""What ``make`` can do: run, test, check, bench, lock."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from bootstrap_parts.bench import measure
from bootstrap_parts.browser import prepare_browser
from bootstrap_parts.environment import Environment
from bootstrap_parts.locking import lock_requirements
from bootstrap_parts.machine import check_disk, check_folder, check_port
from bootstrap_parts.progress import Stop, complain, say

ROOT = Path(__file__).resolve().parents[2]
FAST_TESTS = ("tests/architecture", "tests/domain", "tests/rulebook")
TRUE = {"1", "true", "yes", "on", "是"}


def perform(argv: Sequence[str]) -> int:
    """Carry out one task and return its exit code; what is in the way is told in one sentence."""
    tasks = {"run": run, "test": test, "check": check, "bench": bench, "lock": lock}
    if not argv or argv[0] not in tasks:
        complain(f"用法：bootstrap.py {'|'.join(tasks)}")
        return 2
    try:
        return tasks[argv[0]](list(argv[1:]))
    except Stop as stop:
        complain(str(stop))
        return 1
    except KeyboardInterrupt:
        complain("已中断；再次运行会从中断处继续。")
        return 130
    except OSError as error:
        complain(f"{error.filename or ''} {os.strerror(error.errno) if error.errno else error}".strip() + "。")
        return 1


def home() -> Path:
    """Return the data folder, where logs of the set-up go too."""
    return Path(os.environ.get("GONGKAI_HOME") or ROOT / "var").expanduser().resolve()


def set_up(requirements: str) -> Environment:
    """Check the machine and make the environment ready."""
    check_folder(ROOT)
    check_folder(home())
    environment = Environment(ROOT, home() / "logs" / "setup.log")
    first = not environment.ready(requirements)
    check_disk(ROOT, first=first)
    check_disk(home(), first=False)
    if first:
        environment.prepare(requirements)
        say("依赖已就绪。")
    return environment


def run(arguments: list[str]) -> int:
    """Install and become ``gongkai run``."""
    check_port(_option(arguments, "--bind", "GONGKAI_BIND", "127.0.0.1"), _port(arguments))
    environment = set_up("requirements.txt")
    os.chdir(ROOT)
    sys.stdout.flush()
    os.environ.setdefault("GONGKAI_HOME", str(home()))
    os.execv(environment.python, [str(environment.python), "-m", "gongkai", "run", *arguments])


def _option(arguments: list[str], flag: str, variable: str, default: str) -> str:
    for position, argument in enumerate(arguments):
        if argument.startswith(flag + "="):
            return argument.split("=", 1)[1]
        if argument == flag and position + 1 < len(arguments):
            return arguments[position + 1]
    return os.environ.get(variable) or default


def _port(arguments: list[str]) -> int:
    text = _option(arguments, "--port", "GONGKAI_PORT", "8000")
    try:
        return int(text)
    except ValueError:
        raise Stop(f"端口应是一个整数，现在是“{text}”；请改正 GONGKAI_PORT。") from None


def test(arguments: list[str]) -> int:
    """Install everything, the browser too, and run the whole suite."""
    environment = set_up("requirements-dev.txt")
    if os.environ.get("GONGKAI_SKIP_BROWSER", "").lower() not in TRUE:
        prepare_browser(environment.log)
    os.chdir(ROOT)
    say("运行全部测试…")
    _without_operators_choices()
    command = [str(environment.python), "-m", "pytest", "-n", "auto", "--dist", "worksteal", *arguments]
    sys.stdout.flush()
    os.execv(environment.python, command)


def _without_operators_choices() -> None:
    """Tests state their own settings: a GONGKAI_ variable of the person who runs them must not change the outcome."""
    for name in [n for n in os.environ if n.startswith("GONGKAI_") and n != "GONGKAI_SKIP_BROWSER"]:
        del os.environ[name]


def check(arguments: list[str]) -> int:
    """Run the fast checks side by side and show what the failing ones said."""
    environment = set_up("requirements-dev.txt")
    _without_operators_choices()
    scripts = environment.folder / "bin"
    code_folders = [name for name in ("src", "tests", "tools", "benchmarks") if (ROOT / name).is_dir()]
    tests = [name for name in FAST_TESTS if (ROOT / name).is_dir()]
    commands: dict[str, list[str]] = {
        "类型（mypy）": [str(scripts / "mypy")],
        "测试（pytest）": [str(environment.python), "-m", "pytest", "-q", "-n", "2", *tests, *arguments],
        "格式（ruff format）": [str(scripts / "ruff"), "format", "--check", *code_folders],
        "规范（ruff check）": [str(scripts / "ruff"), "check", *code_folders],
        "分层（import-linter）": [str(scripts / "lint-imports")],
    }
    with ThreadPoolExecutor(max_workers=2) as pool:
        results = list(pool.map(_captured, commands.values()))
    for name, (code, _, said) in zip(commands, results, strict=True):
        if code:
            print(f"\n--- {name} ---\n{said}")
    for name, (code, seconds, _) in zip(commands, results, strict=True):
        print(f"{'通过' if code == 0 else '未过'}  {seconds:5.1f} 秒  {name}")
    return int(any(code for code, _, _ in results))


def _captured(command: list[str]) -> tuple[int, float, str]:
    began = time.monotonic()
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, errors="replace", stdin=subprocess.DEVNULL, check=False
    )
    return done.returncode, time.monotonic() - began, done.stdout + done.stderr


def bench(arguments: list[str]) -> int:
    """Run every benchmark and write docs/benchmarks.md."""
    environment = set_up("requirements-dev.txt")
    return measure(ROOT, environment.python, arguments)


def lock(arguments: list[str]) -> int:
    """Lock the dependencies again, with hashes and without any address or path."""
    environment = set_up("requirements-dev.txt")
    lock_requirements(ROOT, environment.folder / "bin" / "uv", upgrade="--upgrade" in arguments)
    return 0
