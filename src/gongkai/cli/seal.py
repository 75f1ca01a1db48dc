"""``gongkai seal``: the keys under which personal data lie in the database."""

from __future__ import annotations

import click

from gongkai.config.manage import setup


@click.group()
def seal() -> None:
    """个人信息的加密密钥：查看、增加、换用、删除。"""


@seal.command()
def status() -> None:
    """列出密钥，以及各有多少项个人信息用它加密；有打不开的内容时退出码为 1。"""
    setup()
    from gongkai.kernel.errors import Refused
    from gongkai.kernel.sealed.keys import key_ring
    from gongkai.kernel.sealed.selectors import keys_in_use

    try:
        ring, used = key_ring(), keys_in_use()
    except Refused as refusal:
        raise SystemExit(str(refusal)) from refusal
    for number, key in enumerate(ring.keys):
        click.echo(f"{key.name}  {used.pop(key.name, 0)} 项  {'加密和解密' if number == 0 else '只用于解密'}")
    for name, count in sorted(used.items()):
        click.echo(f"{name or '（不是密文）'}  {count} 项  没有这个密钥，打不开")
    raise SystemExit(int(bool(used)))


@seal.command()
def add() -> None:
    """增加一个新的密钥：此后用它加密，原来的仍用于解密。请随后备份密钥文件，再运行 gongkai seal renew。"""
    setup()
    from django.utils import timezone

    from gongkai.kernel.accounts.actor import Actor
    from gongkai.kernel.errors import Refused
    from gongkai.kernel.sealed import services

    try:
        name = services.key_add(actor=Actor.system("命令行"), now=timezone.now())
    except Refused as refusal:
        raise SystemExit(str(refusal)) from refusal
    click.echo(f"已增加密钥 {name}。请备份密钥文件，然后运行 gongkai seal renew，把已有的内容换成用它加密。")


@seal.command()
def renew() -> None:
    """把已有的内容都换成用最新的密钥加密；可以中断后再运行。"""
    setup()
    from gongkai.kernel.errors import Refused
    from gongkai.kernel.sealed import services

    try:
        count = services.renew_seals()
    except Refused as refusal:
        raise SystemExit(str(refusal)) from refusal
    click.echo(f"已重新加密 {count} 行。")


@seal.command()
@click.argument("name")
def drop(name: str) -> None:
    """删除不再使用的密钥 NAME；还有内容用它加密时不删除。"""
    setup()
    from django.utils import timezone

    from gongkai.kernel.accounts.actor import Actor
    from gongkai.kernel.errors import Refused
    from gongkai.kernel.sealed import services

    try:
        services.key_drop(actor=Actor.system("命令行"), name=name, now=timezone.now())
    except Refused as refusal:
        raise SystemExit(str(refusal)) from refusal
    click.echo(f"已删除密钥 {name}。")
