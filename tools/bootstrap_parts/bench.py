"""Measuring: every ``benchmarks/*.py`` is run by itself, one after the other; what it prints becomes its section of a page."""

from __future__ import annotations

import os
import platform
import subprocess
from datetime import date
from pathlib import Path

from bootstrap_parts.progress import Stop, say

PAGE = "docs/benchmarks.md"


def measure(root: Path, python: Path, arguments: list[str]) -> int:
    """Run the benchmarks (all, or those named) and write what each prints (Markdown) into its section of the page.

    Sections stand between marks; whatever else the page says, and the sections of what was not run or failed, stay as
    they are. Arguments from the first one that begins with a dash on go to the benchmark that is named.
    """
    options = next((n for n, word in enumerate(arguments) if word.startswith("-")), len(arguments))
    only, options_given = arguments[:options], arguments[options:]
    if options_given and len(only) != 1:
        raise Stop("参数只能交给一个测量脚本：make bench ARGS='release --sizes 1000'。")
    scripts = [path for path in sorted((root / "benchmarks").glob("*.py")) if not path.name.startswith("_")]
    if only:
        scripts = [path for path in scripts if path.stem in only]
    if not scripts:
        raise Stop(f"benchmarks/ 中没有{'名为 ' + '、'.join(only) + ' 的' if only else '任何'}测量脚本。")
    failed = []
    for script in scripts:
        say(f"测量 {script.stem}…")
        command = [str(python), str(script), *options_given]
        code, printed = _run(command, root)
        if code:
            failed.append(script.stem)
            continue
        page = root / PAGE
        told = page.read_text(encoding="utf-8") if page.exists() else ""
        page.write_text(with_section(told, script.stem, section(script, options_given, printed)), encoding="utf-8")
        say(f"结果已写入 {PAGE}。")
    if failed:
        raise Stop(f"测量 {'、'.join(failed)} 没有成功，{PAGE} 中它们的部分没有改动。")
    return 0


def _run(command: list[str], root: Path) -> tuple[int, str]:
    """Run a benchmark; what it prints is shown as it comes and returned with its exit code."""
    lines = []
    with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            print(line, end="", flush=True)
            lines.append(line)
    return process.returncode, "".join(lines)


def section(script: Path, options: list[str], printed: str) -> str:
    """Return the section of a benchmark: its title, when and how it was run, and what it printed."""
    how = " ".join(["python", "-m", f"benchmarks.{script.stem}", *options])
    return f"## {title(script)}\n\n`{how}`, {date.today().isoformat()}; {machine()}\n\n{printed.strip()}\n"


def with_section(page: str, name: str, text: str) -> str:
    """Return the page with the section of this name put in the place of the one before, or at the end."""
    begin, end = f"<!-- bench {name} -->\n", f"<!-- end of {name} -->\n"
    page = page or head()
    before, found, rest = page.partition(begin)
    if found:
        _, closed, after = rest.partition(end)
        if not closed:
            raise Stop(f"{PAGE} 中 {name} 部分没有结束标记（{end.strip()}）。")
        return f"{before}{begin}{text}{end}{after}"
    return f"{page.rstrip()}\n\n{begin}{text}{end}"


def title(script: Path) -> str:
    """Return the first line of the script's docstring without its full stop, or its name."""
    lines = script.read_text().lstrip().splitlines()
    return lines[0].strip('"').strip().rstrip(".。") if lines and lines[0].startswith('"""') else script.stem


def machine() -> str:
    """Return on what kind of machine this is."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3
    return (
        f"{os.cpu_count()} cores ({platform.machine()}), {memory:.0f} GiB, {platform.system()}, "
        f"Python {platform.python_version()}."
    )


def head() -> str:
    """Return how the page begins."""
    return (
        "# Benchmarks\n\n"
        "Figures of one machine, to compare lines with each other, not with other machines. What stands between marks is "
        "written by `make bench`; the rest by hand.\n"
    )
