"""``gongkai audit``: check the chain of audit entries, and write it out."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import IO, Any

import click

from gongkai.config.manage import setup
from gongkai.domain.issues import Issue, has_errors
from gongkai.rulebook.messages import describe


@click.group()
def audit() -> None:
    """核对和导出审计记录。"""


@audit.command()
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出，供程序读取。")
@click.option("--file", "file", type=click.File(encoding="utf-8"), help="核对导出的文件，不连接数据库。")
def verify(as_json: bool, file: IO[str] | None) -> None:
    """从头核对审计链，指出第一处断开的地方；断开时退出码为 1。"""
    if file is None:
        setup()
        from gongkai.kernel.audit import selectors

        issues = selectors.chain_verify()
        sequence, digest = selectors.chain_head()
    else:
        issues, (sequence, digest) = _check_file(file)
    if as_json:
        _print_json(issues, sequence, digest)
    else:
        _print_words(issues, sequence, digest)
    sys.exit(1 if has_errors(issues) else 0)


def _check_file(file: IO[str]) -> tuple[list[Issue], tuple[int, str]]:
    from gongkai.kernel.audit.export import check_lines, from_line
    from gongkai.kernel.errors import Refused

    last = ""

    def lines() -> Iterable[str]:
        nonlocal last
        for line in file:
            last = line if line.strip() else last
            yield line

    try:
        issues = list(check_lines(lines()))
        link, digest = from_line(last, 0) if last else (None, "")
    except Refused as refusal:
        return list(refusal.issues), (0, "")
    except UnicodeDecodeError:
        return [Issue("audit.file.line", values={"line": 1})], (0, "")
    return issues, (link.sequence if link else 0, digest)


def _print_json(issues: list[Issue], sequence: int, digest: str) -> None:
    found = [
        {"code": issue.code, "severity": issue.severity.value, "text": describe(issue), **dict(issue.values)}
        for issue in issues
    ]
    result: dict[str, Any] = {
        "intact": not has_errors(issues),
        "last_sequence": sequence,
        "last_digest": digest,
        "issues": found,
    }
    click.echo(json.dumps(result, ensure_ascii=False, indent=2, default=str))


def _print_words(issues: list[Issue], sequence: int, digest: str) -> None:
    for issue in issues:
        click.echo(describe(issue))
    if has_errors(issues):
        return
    if sequence == 0:
        click.echo("还没有审计记录。")
    else:
        click.echo(f"审计链完好，共到第 {sequence} 条，最后一条的摘要值是 {digest}。")


DAY = click.DateTime(["%Y-%m-%d"])


@audit.command()
@click.option("--from", "first", type=DAY, required=True, help="起始日期（入库日期，北京时间），如 2026-01-01。")
@click.option("--to", "last", type=DAY, required=True, help="截止日期，含当日。")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def export(first: datetime, last: datetime, file: Path) -> None:
    """把一段审计记录写入 FILE，每行一条 JSON，可用 gongkai audit verify --file 核对。"""
    setup()
    from gongkai.kernel.audit import selectors
    from gongkai.kernel.audit.export import as_line
    from gongkai.kernel.errors import Refused

    number = 0
    try:
        entries = selectors.entries_between(first=first.date(), last=last.date())
        with file.open("w", encoding="utf-8") as handle:
            for entry in entries:
                handle.write(as_line(entry.link, entry.digest) + "\n")
                number += 1
    except Refused as refusal:
        raise SystemExit(str(refusal)) from refusal
    except OSError as error:
        raise SystemExit(f"文件 {file} 无法写入：{error.strerror}。") from error
    click.echo(f"已写入 {number} 条审计记录：{file}")
