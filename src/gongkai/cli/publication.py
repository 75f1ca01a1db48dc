"""``gongkai publication``: verify what was published; publish at the moments that were set."""

from __future__ import annotations

import json
import signal
import sys
import threading
from typing import TYPE_CHECKING

import click

from gongkai.config.manage import setup

if TYPE_CHECKING:
    from gongkai.features.disclosure.selectors.proofs import Proof

MARKS = {True: "✓", False: "✗", None: "–"}


@click.group()
def publication() -> None:
    """核对发布记录；按设定的时间发布。"""


@publication.command()
@click.argument("uid", required=False)
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出，供程序读取。")
@click.option("--all", "every", is_flag=True, help="逐条列出，不只列出有问题的。")
def verify(uid: str | None, as_json: bool, every: bool) -> None:
    """核对发布记录：内容、签批、发布检查、审计链和锚点；只读。给出公开标识 UID 时只核对这一条。有问题时退出码为 1。"""
    setup()
    from gongkai.features.disclosure.selectors.proofs import proofs
    from gongkai.kernel.errors import Refused

    number, wrong, kept = 0, 0, []
    try:
        for proof in proofs(uid=uid):
            number += 1
            wrong += not proof.holds
            if as_json:
                kept.append(_data(proof))
            elif not proof.holds or every or uid:
                _print(proof)
    except Refused as refusal:
        raise SystemExit(str(refusal)) from refusal
    if as_json:
        click.echo(
            json.dumps({"intact": not wrong, "number": number, "publications": kept}, ensure_ascii=False, indent=2)
        )
    elif wrong:
        click.echo(f"共核对 {number} 次发布，{wrong} 次有问题。")
    else:
        click.echo(f"共核对 {number} 次发布，没有发现问题。审计链本身用 gongkai audit verify 核对。")
    sys.exit(1 if wrong else 0)


def _data(proof: Proof) -> dict[str, object]:
    return {
        "uid": str(proof.uid),
        "title": proof.title,
        "number": proof.number,
        "published_at": proof.published_at.isoformat(),
        "entered_at": proof.entered_at.isoformat(),
        "digest": proof.digest,
        "entry": {"sequence": proof.entry_sequence, "digest": proof.entry_digest},
        "anchor": {
            "day": proof.anchor_day.isoformat() if proof.anchor_day else None,
            "sequence": proof.anchor_sequence,
            "digest": proof.anchor_digest,
        },
        "holds": proof.holds,
        "steps": [
            {"code": step.code, "label": step.label, "holds": step.holds, "text": step.text} for step in proof.steps
        ],
    }


def _print(proof: Proof) -> None:
    click.echo(f"{MARKS[proof.holds]} {proof.uid} 第{proof.number}次发布 《{proof.title}》")
    for step in proof.steps:
        click.echo(f"    {MARKS[step.holds]} {step.label}：{step.text}")


@publication.command()
@click.option("--supervised", is_flag=True, hidden=True)
def watch(supervised: bool) -> None:
    """按设定的时间发布和下架，精确到秒；一直运行，按 Ctrl-C 停止。gongkai run 会自动启动它。"""
    setup(database=not supervised)
    from gongkai.features.disclosure.tasks import publish_until

    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    publish_until(stop, tell=lambda settled: click.echo(f"执行了 {settled} 项定时任务。"))
