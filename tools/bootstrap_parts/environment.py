"""The virtual environment: made when it is missing or broken, filled from the locked requirements when they changed.

A stamp with the digests of what went in is written last. Where set-up was interrupted there is none, and the next
start does that part again.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bootstrap_parts.progress import Stop, run_logged, say

PIP = ("-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--progress-bar", "off")
NO_NETWORK = (
    "NewConnectionError",
    "ConnectTimeoutError",
    "Temporary failure in name resolution",
    "Read timed out",
    "ProxyError",
    "Connection refused",
    "Max retries exceeded",
    "Network is unreachable",
    "No matching distribution found",
)


class Environment:
    """``.venv`` of the checkout at ``root``; ``log`` takes the noise of the tools."""

    def __init__(self, root: Path, log: Path) -> None:
        self.root = root
        self.folder = root / ".venv"
        self.python = self.folder / "bin" / "python"
        self.log = log

    def ready(self, requirements: str) -> bool:
        """Return whether what ``requirements`` names was installed completely, for this checkout and this Python."""
        try:
            return json.loads(self._stamp(requirements).read_text()) == self._wanted(requirements) and self._works()
        except (OSError, ValueError):
            return False

    def prepare(self, requirements: str) -> None:
        """Make the environment and install what ``requirements`` names; a second call has nothing to do."""
        with self._only_one():
            if self.ready(requirements):
                return
            self._stamp(requirements).unlink(missing_ok=True)
            if not self._works(pip=True):
                self._make()
            self._install(requirements)
            self._install_project()
            stamp = self._stamp(requirements)
            fresh = stamp.with_suffix(".new")
            fresh.write_text(json.dumps(self._wanted(requirements)))
            fresh.replace(stamp)

    def _stamp(self, requirements: str) -> Path:
        return self.folder / f".{Path(requirements).stem}.stamp"

    def _wanted(self, requirements: str) -> dict[str, str]:
        files = (requirements, "requirements-build.txt", "pyproject.toml")
        digests = {name: hashlib.sha256((self.root / name).read_bytes()).hexdigest() for name in files}
        return {**digests, "root": str(self.root)}

    @contextmanager
    def _only_one(self) -> Iterator[None]:
        """Two commands started together set up one after the other."""
        handle = os.open(self.root, os.O_RDONLY)
        try:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                say("另一个命令正在安装，等待它完成…")
                fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)

    def _works(self, *, pip: bool = False) -> bool:
        """Return whether the environment's Python starts, is new enough and (for installing) has pip."""
        probe = "import sys, encodings; assert sys.version_info >= (3, 11)" + ("; import pip" if pip else "")
        try:
            return subprocess.run([self.python, "-c", probe], capture_output=True, timeout=60).returncode == 0
        except (OSError, subprocess.TimeoutExpired):
            return False

    def _make(self) -> None:
        say("建立虚拟环境 .venv…")
        if self.folder.exists():
            shutil.rmtree(self.folder)
        code, said = run_logged([sys.executable, "-m", "venv", self.folder], self.log, what="建立虚拟环境")
        if code and ("ensurepip" in said or "python3-venv" in said):
            self._install_venv_package()
            shutil.rmtree(self.folder, ignore_errors=True)
            code, said = run_logged([sys.executable, "-m", "venv", self.folder], self.log, what="建立虚拟环境")
        if code:
            raise Stop(self._why(said) or f"建立虚拟环境没有成功，详情见 {self.log}。")

    def _install_venv_package(self) -> None:
        package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
        hint = f"这台机器的 Python 没有 venv 组件；请安装后重新运行：apt-get install {package}。"
        if os.geteuid() != 0 or shutil.which("apt-get") is None:
            raise Stop(hint)
        say(f"安装系统软件包 {package}…")
        install_packages([package], self.log, hint)

    def _install(self, requirements: str) -> None:
        names = [line for line in (self.root / requirements).read_text().splitlines() if "==" in line]
        say(f"安装锁定的 {len(names)} 个依赖组件（首次需要一两分钟）…")
        self._pip(
            *("--require-hashes", "--no-deps", "--prefer-binary"),
            *("-r", "requirements-build.txt", "-r", requirements),
            what="安装依赖",
            of=len(names),
        )

    def _install_project(self) -> None:
        say("登记本项目…")
        self._pip("--no-deps", "--no-build-isolation", "--no-index", "--editable", ".", what="登记本项目")

    def _pip(self, *arguments: str, what: str, of: int = 0) -> None:
        command: list[str | Path] = [self.python, *PIP, *arguments]
        before = Path.cwd()
        os.chdir(self.root)
        try:
            code, said = run_logged(command, self.log, what=what, count=_is_one_fetched, of=of)
        finally:
            os.chdir(before)
        if code:
            raise Stop(self._why(said) or f"{what}没有成功，详情见 {self.log}。")

    def _why(self, said: str) -> str:
        if "No space left on device" in said:
            return f"磁盘已满，安装没有完成；请腾出空间后重新运行（详情见 {self.log}）。"
        if "DO NOT MATCH THE HASHES" in said:
            return f"下载到的组件与锁定的校验值不符，已停止安装；请检查软件源或代理（详情见 {self.log}）。"
        if any(sign in said for sign in NO_NETWORK):
            return f"连接不上 Python 软件源，下载没有完成；请检查网络、代理或 pip 的软件源设置后重新运行（详情见 {self.log}）。"
        if "Permission denied" in said:
            return f"没有权限写入 {self.folder}；请用拥有该目录的用户运行（详情见 {self.log}）。"
        return ""


def _is_one_fetched(line: str) -> bool:
    return line.startswith("Collecting ")


def install_packages(packages: list[str], log: Path, hint: str) -> None:
    """Install Debian packages as root; raises Stop with ``hint`` when that fails."""
    apt = ["apt-get", "-y", "-q", "-o", "DPkg::Lock::Timeout=300"]
    code, said = run_logged([*apt, "install", "--no-install-recommends", *packages], log, what="安装系统软件包")
    if code:
        run_logged([*apt, "update"], log, what="更新软件包目录")
        code, said = run_logged([*apt, "install", "--no-install-recommends", *packages], log, what="安装系统软件包")
    if code:
        full = "磁盘已满；" if "No space left on device" in said else ""
        raise Stop(f"{full}安装系统软件包 {'、'.join(packages)} 没有成功（详情见 {log}）。{hint}")
