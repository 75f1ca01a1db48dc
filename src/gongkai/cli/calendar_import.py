"""``gongkai calendar import``: put a holiday notice on file after showing what was understood."""

from __future__ import annotations

import os
from pathlib import Path

import click

from gongkai.cli.calendar import BAD_INPUT, read_text, say_issue, tell
from gongkai.config.manage import setup
from gongkai.domain.holiday_notice import read_notice
from gongkai.domain.issues import has_errors
from gongkai.rulebook import statutory_days


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--yes", is_flag=True, help="不再询问，直接导入。")
def import_notice(file: Path, yes: bool) -> None:
    """导入一份节假日安排通知：先列出读懂的内容，确认后保存并重新计算期限。"""
    text = read_text(file)
    reading = read_notice(text, statutory_days=statutory_days)
    tell(reading)
    if has_errors(reading.issues):
        click.echo("通知没有通过核对，未保存。", err=True)
        raise SystemExit(BAD_INPUT)
    setup()
    from django.utils import timezone

    from gongkai.kernel.accounts.actor import Actor
    from gongkai.kernel.clocks import selectors, services
    from gongkai.kernel.errors import Refused

    actor = Actor.system(f"命令行（{os.environ.get('USER') or os.getuid()}）")
    preview = selectors.calendar_preview(actor=actor, text=text)
    for issue in preview.issues[len(reading.issues) :]:
        click.echo(say_issue(issue), err=True)
    if has_errors(preview.issues):
        raise SystemExit(BAD_INPUT)
    click.echo(f"导入后，{selectors.open_clock_count()}项尚未办结的期限会重新计算。")
    if not yes and not click.confirm("确认导入"):
        click.echo("未导入。")
        return
    try:
        saved = services.calendar_year_import(actor=actor, text=text, now=timezone.now())
    except Refused as refusal:
        raise SystemExit(str(refusal)) from refusal
    click.echo(f"已导入{saved.year}年的安排（第{saved.version}版）。")
