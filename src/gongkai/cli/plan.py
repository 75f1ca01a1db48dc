"""``gongkai plan read``: a plan as issued, read into tasks. Touches neither Django nor a database."""

from __future__ import annotations

import json
from pathlib import Path

import click


@click.group()
def plan() -> None:
    """工作要点、工作方案、任务分解表的读取。"""


@plan.command("read")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
def read(file: Path, *, as_json: bool) -> None:
    """读出一份工作计划里的任务、牵头单位、责任单位和时限（TXT、DOCX、XLSX、PDF、HTML）。

    退出码：0 是工作计划；3 不是工作计划；2 文件打不开或读不了。
    """
    from gongkai.domain.workplans import plan_as_dict, read_plan
    from gongkai.kernel.documents import DocumentRefused, read_document
    from gongkai.rulebook.messages import describe

    try:
        document = read_document(file, name=file.name)
    except DocumentRefused as refused:
        if as_json:
            refusals = [{"code": i.code, "severity": i.severity.value, "message": describe(i)} for i in refused.issues]
            click.echo(json.dumps({"issues": refusals}, ensure_ascii=False, indent=2))
        for issue in refused.issues:
            click.echo(describe(issue), err=True)
        raise SystemExit(2) from refused
    result = read_plan(document)
    if as_json:
        click.echo(json.dumps(plan_as_dict(result, describe=describe), ensure_ascii=False, indent=2))
    else:
        from gongkai.cli.plan_output import show

        show(result)
    if not result.is_plan:
        raise SystemExit(3)
