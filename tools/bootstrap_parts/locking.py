"""Locking: ``pyproject.toml`` in, requirements files with hashes out, without registry addresses or paths of a machine."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

from bootstrap_parts.progress import Stop, say

COMPILE = ("pip", "compile", "--quiet", "--universal", "--python-version", "3.11", "--generate-hashes")
PLAIN = ("--no-emit-index-url", "--no-emit-find-links", "--no-header")


def lock_requirements(root: Path, uv: Path, *, upgrade: bool) -> None:
    """Write the three requirements files of the checkout at ``root``; raises Stop when uv cannot resolve them."""
    build = tomllib.loads((root / "pyproject.toml").read_text())["build-system"]["requires"]
    newer = ["--upgrade"] if upgrade else []
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "build.in"
        source.write_text("\n".join(build) + "\n")
        _compile(root, uv, [str(source), "--no-annotate"], "requirements-build.txt", newer)
    _compile(root, uv, ["pyproject.toml"], "requirements.txt", newer)
    _compile(root, uv, ["pyproject.toml", "--extra", "dev", "-c", "requirements.txt"], "requirements-dev.txt", newer)


def _compile(root: Path, uv: Path, sources: list[str], name: str, newer: list[str]) -> None:
    say(f"锁定 {name}…")
    command = [str(uv), *COMPILE, *PLAIN, *newer, *sources, "-o", name]
    done = subprocess.run(command, cwd=root, env={**os.environ, **pip_sources()}, capture_output=True, text=True)
    if done.returncode:
        raise Stop(f"锁定 {name} 没有成功：{done.stderr.strip()}")
    check_lock((root / name).read_text(), name)


def pip_sources() -> dict[str, str]:
    """Return for uv the registry that this user's pip is set to, unless uv was told itself; it is written nowhere."""
    if any(name in os.environ for name in ("UV_DEFAULT_INDEX", "UV_INDEX_URL", "UV_INDEX")):
        return {}
    asked = subprocess.run([sys.executable, "-m", "pip", "config", "list"], capture_output=True, text=True, check=False)
    settings = dict(re.findall(r"^(?:global|user|site|install|:env:)\.([a-z-]+)='(.*)'$", asked.stdout, re.MULTILINE))
    # Not extra indexes and folders of wheels: they hold a part of each release, and its other hashes would be missing.
    names = {"index-url": "UV_DEFAULT_INDEX", "cert": "SSL_CERT_FILE"}
    return {names[key]: value for key, value in settings.items() if key in names}


def check_lock(text: str, name: str) -> None:
    """Raise Stop when a lock names an address or a path, or has a line without a hash."""
    if re.search(r"://|^-|file:|@ ", text, re.MULTILINE):
        raise Stop(f"{name} 中出现了地址或路径，请检查本机的软件源设置。")
    pinned = [line for line in text.splitlines() if re.match(r"[A-Za-z0-9]", line)]
    if any("==" not in line or not line.endswith("\\") for line in pinned) or text.count("--hash=sha256:") < len(
        pinned
    ):
        raise Stop(f"{name} 中有没有校验值的行。")
