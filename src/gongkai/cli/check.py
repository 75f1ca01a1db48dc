"""``gongkai check``: wording and personal data in a file, hidden places included. Touches neither Django nor a database."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from gongkai.kernel.content import ContentRules, Report

MOST_SHOWN = 200
"""Findings on the screen, gravest first; JSON has them all."""


@click.command("check")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
@click.option(
    "--lexicon",
    "lexicons",
    type=click.Path(path_type=Path),
    multiple=True,
    help="另加一份词库（.txt 每行“错词 => 正词 => L2”，或 .yaml）；可以给出多次。",
)
def check(file: Path, *, as_json: bool, lexicons: tuple[Path, ...]) -> None:
    """公开前的内容检查：错误表述和个人信息，包括隐藏表页、批注、修订、被遮盖的文字等。

    可查 TXT、DOCX、XLSX、PDF、OFD、HTML 和图片的位置信息。退出码：0 没有严重问题（L3、L4 仅列出）；
    1 有 L1 或 L2；2 文件或词库读不了。
    """
    from gongkai.kernel.content import check_file, report_as_dict
    from gongkai.kernel.documents import DocumentRefused
    from gongkai.rulebook.messages import describe

    rules = _rules(lexicons)
    try:
        report = check_file(file, name=file.name, rules=rules)
    except DocumentRefused as refused:
        if as_json:
            refusals = [{"code": i.code, "severity": i.severity.value, "message": describe(i)} for i in refused.issues]
            click.echo(json.dumps({"name": file.name, "issues": refusals}, ensure_ascii=False, indent=2))
        click.echo(str(refused), err=True)
        raise SystemExit(2) from refused
    if as_json:
        click.echo(json.dumps(report_as_dict(report), ensure_ascii=False, indent=2))
    else:
        _show(report)
    raise SystemExit(1 if report.stops else 0)


def _rules(lexicons: tuple[Path, ...]) -> ContentRules:
    """Compile the rules; wrong lexicon files and wrong settings end the command with their reasons."""
    from gongkai.config.env import BadEnvironment, read_environment
    from gongkai.kernel.content import ContentRulesInvalid, load_rules

    try:
        env = read_environment()
        folder = env["GONGKAI_RULES_DIR"]
        cache = env["GONGKAI_HOME"] / "cache" / "content"
        return load_rules(Path(folder) if folder else None, files=lexicons, cache=cache)
    except (BadEnvironment, ContentRulesInvalid) as error:
        click.echo(str(error), err=True)
        raise SystemExit(2) from error


def _show(report: Report) -> None:
    from gongkai.kernel.content import place_text, safe_context, sentence
    from gongkai.rulebook.messages import describe

    for finding in report.findings[:MOST_SHOWN]:
        click.echo(f"[{finding.grade.value}] {place_text(finding.place)}：{sentence(finding)}")
        if finding.context and finding.context != finding.shown:
            click.echo(f"      {safe_context(finding)}")
    if len(report.findings) > MOST_SHOWN:
        click.echo(f"……另有 {len(report.findings) - MOST_SHOWN} 处没有列出，全部结果请用 --json 查看。")
    for issue in report.issues:
        click.echo(f"[注意] {describe(issue)}")
    total = "，".join(f"{grade} {count} 处" for grade, count in report.counts().items() if count)
    if total:
        click.echo(f"《{report.name}》：{total}。分级是本系统的建议（待核），处理以人工核对为准。")
    else:
        click.echo(f"《{report.name}》：没有发现问题。")
