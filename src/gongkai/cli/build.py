"""``gongkai build``: render the static release, once or as long as the service runs."""

from __future__ import annotations

import signal
import threading
import time

import click

from gongkai.config.manage import setup


@click.command()
@click.option("--full", is_flag=True, help="全部重新生成（内容没有变化的文件不动）。")
@click.option(
    "--watch", is_flag=True, help="一直运行，随时生成有变化的页面；gongkai run 会自动启动它。按 Ctrl-C 停止。"
)
@click.option("--supervised", is_flag=True, hidden=True)
def build(full: bool, watch: bool, supervised: bool) -> None:
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
    builder = builder_here()
    try:
        if full:
            built = builder.full(lambda items, files: click.echo(f"  已完成 {items} 条信息，{files} 个文件…"))
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
