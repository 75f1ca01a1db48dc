"""The sample city: a fictional county-level city that shows every screen something.

``gongkai demo load`` builds it through the same services that people use; ``demo remove`` leaves the installation as
new; ``demo status`` tells what is there. It is loaded into an empty installation only, so it never mixes with real data.
"""

from __future__ import annotations

from datetime import datetime

import click


@click.group()
def demo() -> None:
    """示例市：装入、查看、移除。"""


@demo.command()
@click.option("--today", "day", type=click.DateTime(["%Y-%m-%d"]), help="把示例台账做到哪一天，默认今天。")
@click.option("--all-items", is_flag=True, help="装入全部三百多条公开信息（需要几分钟），默认只装入一部分。")
def load(day: datetime | None, *, all_items: bool) -> None:
    """装入虚构的示例市（约六十个单位、两份方案、办到一半的台账、各个环节的公开信息）。"""
    _setup()
    from django.conf import settings

    from gongkai.cli.demo.loading import demo_load
    from gongkai.config.startup import migrate
    from gongkai.kernel.errors import Refused

    migrate(settings.HOME, click.echo)  # a program that is just being started may be at it: then after it
    try:
        demo_load(now=_moment(day), tell=click.echo, all_items=all_items)
    except Refused as error:
        raise SystemExit(str(error)) from error
    click.echo("\n".join(demo_signins()))


@demo.command()
@click.option("--yes", is_flag=True, help="不再询问。")
def remove(yes: bool) -> None:
    """移除示例市，恢复成全新的安装；示例期间录入的内容也一并清除。"""
    _setup()
    from gongkai.cli.demo.removal import demo_remove, entered_since
    from gongkai.kernel.errors import Refused

    try:
        if not yes:
            click.echo(f"将清空数据库和上传的文件，其中装入示例市之后的操作记录有 {entered_since()} 条。")
            click.confirm("确定移除示例市吗？", abort=True)
        demo_remove(tell=click.echo)
    except Refused as error:
        raise SystemExit(str(error)) from error


@demo.command()
def status() -> None:
    """看看示例市是否在。"""
    _setup()
    from gongkai.cli.demo.loading import loaded_at

    at = loaded_at()
    if at is None:
        click.echo("没有装入示例市。")
        return
    click.echo(f"示例市于 {at:%Y-%m-%d %H:%M} 装入。")
    click.echo("\n".join(demo_signins()))


def _setup() -> None:
    from gongkai.config.manage import setup

    setup()


def demo_ensure() -> None:
    """Load the sample city unless it is there; for the first start of ``gongkai run``."""
    from gongkai.cli.demo.loading import demo_load, loaded_at

    if loaded_at() is None:
        demo_load(now=_moment(None), tell=lambda line: None)


def demo_signins() -> list[str]:
    """Return the lines that tell how to sign in to the sample city; none where it is not loaded."""
    from gongkai.cli.demo.documents import content
    from gongkai.cli.demo.loading import PASSWORD, loaded_at

    if loaded_at() is None:
        return []
    lines = [f"示例账号（密码都是 {PASSWORD}）"]
    lines += [f"  {name:<8} {what}" for name, what in content("people.yaml")["shown"]]
    return [*lines, "移除示例数据：gongkai demo remove"]


def _moment(day: datetime | None) -> datetime:
    from django.utils import timezone

    now = timezone.localtime()
    return now if day is None else now.replace(year=day.year, month=day.month, day=day.day)
