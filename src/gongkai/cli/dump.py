"""``gongkai dump``: write everything that is public into one file, as the daily job does."""

from __future__ import annotations

from pathlib import Path

import click

from gongkai.config.manage import setup


@click.command()
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="写到这个目录；不给则写到数据目录，并由 /api/v1/dumps/ 提供下载。",
)
def dump(out: Path | None) -> None:
    """把现在公开的全部信息写成一个 JSON Lines 文件，一行一条，附 SHA-256。"""
    setup(database=True)
    from django.utils import timezone

    from gongkai.portal.api.dumps import dump_folder
    from gongkai.portal.api.services.dump import dump_make

    now = timezone.now()
    made = dump_make(out or dump_folder(), at=now, on=timezone.localdate(now))
    click.echo(f"已写出 {made.items} 条，{made.size} 字节：{made.path}")
    click.echo(f"SHA-256：{made.sha256}")
    click.echo(f"此后的变动从这个游标读起：{made.cursor}")
