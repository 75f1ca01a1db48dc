"""``gongkai verify``: compare the static release with its signed manifest; mend what differs."""

from __future__ import annotations

import sys

import click

from gongkai.config.manage import setup

SHOWN = 50
NAMES = {"changed": "被改动", "missing": "缺失", "added": "多出"}


@click.command()
@click.option("--heal", is_flag=True, help="恢复被改动和缺失的文件，删除多出的文件。")
def verify(heal: bool) -> None:
    """核对静态网站的每个文件与签名清单是否一致。有问题时退出码为 1；--heal 恢复后为 0。"""
    setup(database=heal)
    from gongkai.portal.release.checking import release_check
    from gongkai.portal.release.tasks import builder_here, release_mend

    builder = builder_here()
    if not builder.disk.built:
        raise SystemExit("还没有生成静态网站；请先运行 gongkai build --full。")
    checked = release_check(builder.disk)
    for kind, name in NAMES.items():
        paths = getattr(checked.findings, kind)
        for path in paths[:SHOWN]:
            click.echo(f"{name}：{path}")
        if len(paths) > SHOWN:
            click.echo(f"{name}：另有 {len(paths) - SHOWN} 个")
    for part in checked.damaged:
        click.echo(f"清单受损：{part}")
    if not checked.signed:
        click.echo("清单的签名不符。")
    if checked.clean:
        click.echo(f"共核对 {checked.files} 个文件，没有发现问题。")
        return
    if not heal:
        sys.exit(1)
    again = release_mend(builder, checked)
    if not again.clean:
        click.echo("没有能够全部恢复，请查看日志。")
        sys.exit(1)
    click.echo("已恢复，再次核对没有发现问题。")
