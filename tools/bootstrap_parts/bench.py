"""Measuring: every ``benchmarks/*.py`` is run by itself, one after the other, and what it prints becomes a page."""

from __future__ import annotations

import os
import platform
import subprocess
from pathlib import Path

from bootstrap_parts.progress import Stop, say

PAGE = "docs/benchmarks.md"


def measure(root: Path, python: Path, only: list[str]) -> int:
    """Run the benchmarks (all, or those named) and write docs/benchmarks.md; each prints Markdown, usually a table."""
    scripts = [path for path in sorted((root / "benchmarks").glob("*.py")) if not path.name.startswith("_")]
    if only:
        scripts = [path for path in scripts if path.stem in only]
    if not scripts:
        raise Stop(f"benchmarks/ 中没有{'名为 ' + '、'.join(only) + ' 的' if only else '任何'}测量脚本。")
    parts, failed = [], []
    for script in scripts:
        say(f"测量 {script.stem}…")
        done = subprocess.run([python, script], cwd=root, stdout=subprocess.PIPE, text=True, check=False)
        print(done.stdout, flush=True)
        if done.returncode:
            failed.append(script.stem)
        else:
            parts.append(f"## {title(script)}\n\n{done.stdout.strip()}\n")
    if failed:
        raise Stop(f"测量 {'、'.join(failed)} 没有成功，{PAGE} 没有改动。")
    if not only:
        (root / PAGE).write_text("\n".join([head(), *parts]))
        say(f"结果已写入 {PAGE}。")
    return 0


def title(script: Path) -> str:
    """Return the first line of the script's docstring without its full stop, or its name."""
    lines = script.read_text().lstrip().splitlines()
    return lines[0].strip('"').strip().rstrip(".。") if lines and lines[0].startswith('"""') else script.stem


def head() -> str:
    """Return the page's beginning: on what kind of machine the figures were taken."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3
    return (
        "# Benchmarks\n\n"
        "Written by `make bench`; figures of one machine, to compare lines with each other, not with other machines.\n\n"
        f"{os.cpu_count()} cores ({platform.machine()}), {memory:.0f} GiB, {platform.system()}, "
        f"Python {platform.python_version()}.\n"
    )
