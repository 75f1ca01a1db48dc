"""``gongkai search``: make the index of the public site's search anew."""

from __future__ import annotations

import os
import sys
import time

import click

from gongkai.config.manage import setup


@click.group()
def search() -> None:
    """站内检索的索引。"""


@search.command()
def rebuild() -> None:
    """重新建立检索索引；重建期间检索不中断，中途停下也不影响原来的索引。"""
    setup()
    from django.utils import timezone
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from gongkai.portal.search.services.feed import index_follow, index_rebuild

    began = time.monotonic()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, disable=not sys.stdout.isatty()) as bar:
        task = bar.add_task("收录", total=None)
        done = index_rebuild(
            at=timezone.now(),
            processes=os.cpu_count() or 1,
            tell=lambda number, of: bar.update(task, completed=number, total=max(of, 1)),
        )
    if done is None:
        raise SystemExit("另一个进程正在重建索引，请等它完成。")
    followed = index_follow(at=timezone.now())
    changed = followed.put + followed.taken if followed is not None else 0
    seconds = time.monotonic() - began
    click.echo(f"检索索引已重建：收录 {done} 条公开信息，用时 {seconds:.1f} 秒。")
    if changed:
        click.echo(f"重建期间有变动的 {changed} 条也已更新。")


@search.command()
def status() -> None:
    """显示索引收录了多少、核对到什么时候。"""
    setup()
    from django.utils import timezone

    from gongkai.kernel.accounts.actor import Actor
    from gongkai.portal.search.lists import index_standing

    standing = index_standing(actor=Actor.system("命令行"), at=timezone.now())
    if not standing.name:
        raise SystemExit("还没有检索索引。请运行 gongkai search rebuild。")
    until = timezone.localtime(standing.swept_at).strftime("%Y-%m-%d %H:%M:%S") if standing.swept_at else "未完成"
    click.echo(f"索引 {standing.name}：收录 {standing.documents} 条，现在公开 {standing.public} 条，核对至 {until}。")
    if standing.unread:
        click.echo(f"{standing.unread} 个附件读不出文字，只能按名称找到。")
