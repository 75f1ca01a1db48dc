"""``gongkai build``: render the static release, once or as long as the service runs."""

from __future__ import annotations

import signal
import sys
import threading
import time
from typing import TYPE_CHECKING

import click

from gongkai.config.manage import setup

if TYPE_CHECKING:
    from gongkai.portal.release.builder import Builder, Built


@click.command()
@click.option("--full", is_flag=True, help="全部重新生成（内容没有变化的文件不动）。")
@click.option(
    "--processes", type=click.IntRange(1, 64), default=None, help="全部生成时同时工作的进程数，默认为处理器核数。"
)
@click.option(
    "--watch", is_flag=True, help="一直运行，随时生成有变化的页面；gongkai run 会自动启动它。按 Ctrl-C 停止。"
)
@click.option("--supervised", is_flag=True, hidden=True)
def build(full: bool, processes: int | None, watch: bool, supervised: bool) -> None:
    """把公众网站生成为静态文件：只生成有变化的部分，或全部重新生成。"""
    setup(database=not supervised)
    from gongkai.portal.release.builder import BuildFailed
    from gongkai.portal.release.tasks import builder_here, release_until

    if not supervised:
        from django.conf import settings

        from gongkai.config.startup import collect_static

        collect_static(settings.HOME)
    if watch:
        stop = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stop.set())
        release_until(stop, tell=click.echo)
        return
    began = time.monotonic()
    builder = builder_here(processes=processes)
    try:
        if full:
            built = _full(builder)
        else:
            found = builder.step()
            if found is None:
                click.echo("没有变化，不需要生成。")
                return
            built = found
    except BuildFailed as error:
        raise SystemExit(f"大量页面不能生成，已生成的保持原样；详情见上面的日志（{error}）。") from error
    seconds = time.monotonic() - began
    kind = "全部" if built.everything else "有变化的"
    click.echo(f"已生成{kind}页面：{built.parts} 个部分，{built.files} 个文件，用时 {seconds:.1f} 秒。")
    click.echo(f"位置：{builder.disk.site}")


def _full(builder: Builder) -> Built:
    """Build everything behind a bar that tells the pace."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    began = time.monotonic()
    columns = (BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}"), TimeRemainingColumn())
    with Progress(*columns, disable=not sys.stdout.isatty()) as bar:
        task = bar.add_task("", total=None)

        def tell(done: int, of: int, files: int) -> None:
            pace = done / max(time.monotonic() - began, 0.001)
            bar.update(task, completed=done, total=max(of, 1), description=f"每秒 {pace:.0f} 条，{files} 个文件")

        return builder.full(tell)
