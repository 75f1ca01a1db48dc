"""``gongkai doctor``: what is wrong with this installation and how to mend it."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime

import click

from gongkai.config.doctor import Level, Situation, examine
from gongkai.config.env import BadEnvironment, Environment

COLORS = {Level.FINE: "green", Level.NOTICE: "yellow", Level.ERROR: "red"}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
def doctor(as_json: bool) -> None:
    """检查安装是否正常，并说明怎样改正；有错误时退出码为 1。"""
    situation = look()
    findings = examine(situation)
    if as_json:
        click.echo(json.dumps([finding.as_json() for finding in findings], ensure_ascii=False, indent=2))
    else:
        for finding in findings:
            click.echo(f"{click.style(finding.level, fg=COLORS[finding.level])}  {finding.title}：{finding.message}")
            if finding.remedy and finding.level is not Level.FINE:
                click.echo(f"      怎样改正：{finding.remedy}")
        worst = [sum(finding.level is level for finding in findings) for level in (Level.ERROR, Level.NOTICE)]
        click.echo(f"\n{worst[0]} 处错误，{worst[1]} 处需要注意。")
    raise SystemExit(int(any(finding.level is Level.ERROR for finding in findings)))


def look() -> Situation:
    """Return the situation: settings chosen, database started or joined where there is one."""
    # In the machine's own time zone, which Django's settings replace in this process a moment later.
    source, now = dict(os.environ), datetime.now(UTC).astimezone()
    try:
        env = Environment(source)
    except BadEnvironment:
        return Situation(source, now, "设置有误，没有连接数据库。")
    from gongkai.config.manage import use_settings

    module = use_settings()
    return Situation(source, now, _database_problem(env), module)


def _database_problem(env: Environment) -> str:
    """Make Django and the database ready; return why that did not work, or nothing."""
    from gongkai.config.cluster import DatabaseUnavailable
    from gongkai.config.database import data_folder
    from gongkai.config.manage import start_database

    if not env["DATABASE_URL"] and not data_folder(env["GONGKAI_HOME"]).exists():
        return "内置数据库还没有建立。"
    try:
        start_database()
        import django
        from django.db import connection

        django.setup()
        connection.ensure_connection()
    except SystemExit as reason:
        return str(reason.code)
    except DatabaseUnavailable as reason:
        return str(reason)
    except Exception as reason:  # settings and drivers fail in many ways; each is a finding
        return f"数据库不能使用：{' '.join(str(reason).split())}"
    return ""
