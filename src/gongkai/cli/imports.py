"""``gongkai import``: a folder of documents on the server becomes drafts of a unit, row by row, resumable."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path

import click


@click.command("import")
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--unit", "unit_name", required=True, help="所属单位的名称。")
@click.option("--as", "username", required=True, help="以哪个用户的名义导入（须能为该单位新建信息）。")
@click.option("--kind", default="notice", show_default=True, help="信息种类代码，清单里没写种类的按它。")
@click.option("--sheet", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="XLSX 清单。")
@click.option("--history", is_flag=True, help="是以前在别处发布过的历史信息。")
def import_folder(folder: Path, *, unit_name: str, username: str, kind: str, sheet: Path | None, history: bool) -> None:
    """把服务器上一个文件夹的文件批量导入为公开信息的草稿。

    中断后在“批量导入”页面点“继续导入”，已经导入的不会再导一遍。退出码：0 全部处理完；1 有问题行；2 没有导入。
    """
    from gongkai.config.manage import setup

    setup()
    from django.contrib.auth import get_user_model
    from django.utils import timezone

    from gongkai.features.disclosure.selectors.imports import batch_progress
    from gongkai.features.disclosure.services.imports import ImportSession, import_request
    from gongkai.kernel.accounts.selectors import actor_get
    from gongkai.kernel.errors import Refused
    from gongkai.kernel.orgs.selectors import unit_resolve

    now = timezone.now()
    user = get_user_model().objects.filter(username=username, is_active=True).first()
    found = unit_resolve(phrase=unit_name, on=timezone.localdate())
    if user is None or found.unit is None:
        click.echo(f"没有用户 {username}。" if user is None else f"没有找到单位“{unit_name}”。", err=True)
        raise SystemExit(2)
    try:
        with sheet.open("rb") if sheet else nullcontext() as opened:
            batch = import_request(
                actor=actor_get(user=user, today=timezone.localdate()),
                unit_id=found.unit.pk,
                kind=kind,
                folder=folder,
                sheet=opened,
                history=history,
                background=False,
                now=now,
            )
    except Refused as refused:
        click.echo(str(refused), err=True)
        raise SystemExit(2) from refused
    with ImportSession(batch.pk) as session:
        while session.step(now=timezone.now()):
            done = batch_progress(batch_id=batch.pk)
            click.echo(f"{done.handled}/{done.total}（{done.percent}%）")
    done = batch_progress(batch_id=batch.pk)
    click.echo(f"批量导入 {batch.pk}：已导入 {done.done}，重复 {done.duplicate}，有问题 {done.failed}。")
    raise SystemExit(1 if done.failed else 0)
