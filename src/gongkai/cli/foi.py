"""``gongkai foi``: replay applications for disclosure from a file of dated events, without a database."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import NoReturn

import click

from gongkai.cli.foi_output import SCHEMA, case_data, problem_data, tell_case
from gongkai.domain.foi.dispositions import DispositionRules
from gongkai.domain.foi.fees import FeeMethod, Tariff
from gongkai.domain.foi.model import Law
from gongkai.domain.foi.replay.outcome import check_expected
from gongkai.domain.foi.replay.player import Run
from gongkai.domain.foi.replay.reading import read_scripts
from gongkai.domain.foi.replay.results import RESULTS
from gongkai.domain.foi.replay.running import run_script
from gongkai.domain.foi.replay.script import Script
from gongkai.domain.foi.replay.source import LAST_YEAR, decode, problem, read_date
from gongkai.domain.foi.replay.vocabulary import (
    APPLICANTS,
    CHANNELS,
    DELIVERIES,
    EVENTS,
    EXPECTED,
    FEE_METHODS,
    HEAD,
    OPINIONS,
    OPTIONS,
    OUTCOMES,
)
from gongkai.domain.issues import Issue
from gongkai.rulebook.foi_fees import fee_rules
from gongkai.rulebook.foi_law import case_law
from gongkai.rulebook.lookup import NotInForce, layers, shipped
from gongkai.rulebook.messages import describe, text
from gongkai.rulebook.schema import layer_chain

UNMET, BAD_INPUT = 1, 2
INDENTED = 20  # cases; many more are for programs to read
LARGEST = 32 * 1024 * 1024  # bytes


@click.group()
def foi() -> None:
    """依申请公开：按事实逐步推演一件申请，看状态、期限和年报归类。"""


@foi.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, allow_dash=True))
@click.option("--layer", default="cn", show_default=True, help="层级，如 cn-360783（龙南市）；文件里写明的优先。")
@click.option("--today", "today", help="从哪一天看；不写则从每件的最后一件事那天看。文件里写明的优先。")
@click.option("--json", "as_json", is_flag=True, help="输出JSON。")
@click.option("--days", "with_days", is_flag=True, help="逐日列出期限的计算。")
def replay(files: tuple[Path, ...], layer: str, today: str | None, as_json: bool, with_days: bool) -> None:
    """推演案件文件（YAML），一个或者多个；“-”表示标准输入。

    返回码：0 完成（不被接受的事件列在结果里）；1 有预期（expect）不符；2 文件或者参数有错。写法见文档 foi-cases。
    """
    seen_from = _today(today)
    _check_layer(layer)
    law_on = _Laws()
    runs: list[tuple[str, Run]] = []
    problems: list[tuple[str, Issue]] = []
    for path in files:
        content, fault = _read(path)
        if fault is not None:
            problems.append((str(path), fault))
            continue
        scripts, found = read_scripts(content, _results())
        problems += [(str(path), issue) for issue in found]
        for script in scripts:
            run = _run(script, law_on, seen_from, layer, problems, str(path))
            if run is not None:
                runs.append((str(path), run))
    if as_json:
        cases = [case_data(run, source, number) for number, (source, run) in enumerate(runs, 1)]
        listed = [problem_data(source, issue) for source, issue in problems]
        unmet = sum(not one["met"] for case in cases for one in case["expect"])
        told = {"schema": SCHEMA, "ok": not (listed or unmet), "problems": listed, "unmet": unmet, "cases": cases}
        click.echo(json.dumps(told, ensure_ascii=False, indent=2 if len(cases) <= INDENTED else None))
    else:
        for number, (source, run) in enumerate(runs, 1):
            tell_case(run, source, number, with_days=with_days)
    for source, issue in problems:
        place = f"{source} 第{issue.where.line_from}行" if issue.where is not None else source
        click.echo(f"错误：{place}：{describe(issue)}", err=True)
    if problems:
        raise SystemExit(BAD_INPUT)
    if any(not one.met for _, run in runs for one in check_expected(run)):
        raise SystemExit(UNMET)


@foi.command()
def words() -> None:
    """列出案件文件可以使用的词：事件、案头、附加内容、渠道、处理决定等，各带同义写法。"""
    tables = (
        ("事件", EVENTS),
        ("案头", HEAD),
        ("事件旁边", OPTIONS),
        ("预期", EXPECTED),
        ("渠道", {str(name): others for name, others in CHANNELS.items()}),
        ("申请人", {str(name): others for name, others in APPLICANTS.items()}),
        ("送达方式", {str(name): others for name, others in DELIVERIES.items()}),
        ("第三方、机关的意见", {str(name): others for name, others in OPINIONS.items()}),
        ("复议、诉讼的结果", {str(name): others for name, others in OUTCOMES.items()}),
        ("信息处理费的计收", {str(name): others for name, others in FEE_METHODS.items()}),
        (
            "处理决定",
            {one.code: (one.title, *RESULTS.get(one.code, ())) for one in _results().dispositions.values()},
        ),
    )
    for title, known in tables:
        click.echo(title)
        for name, others in known.items():
            click.echo(f"    {name}  {'、'.join(others)}")


def _results() -> DispositionRules:
    """The dispositions that a file may name: those of the law as it stands last."""
    return case_law(on=date(LAST_YEAR, 1, 1)).dispositions


class _Laws:
    """The law of each day and layer asked for, built once."""

    def __init__(self) -> None:
        self.known: dict[tuple[date, str], Law] = {}

    def __call__(self, on: date, layer: str) -> Law:
        """Return the law of a case that began on ``on``."""
        if (on, layer) not in self.known:
            self.known[on, layer] = case_law(on=on, layer=layer)
        return self.known[on, layer]


@cache
def _tariffs(on: date, layer: str) -> Mapping[FeeMethod, Tariff]:
    """The prices of the processing fee of a day; none before there was one."""
    found = fee_rules(shipped(), on=on, layer=layer)
    return found.tariffs if found is not None else {}


def _run(
    script: Script, law_on: _Laws, today: date | None, layer: str, problems: list[tuple[str, Issue]], source: str
) -> Run | None:
    try:
        return run_script(script, law_on=law_on, today=today, layer=layer, tariffs_on=_tariffs)
    except NotInForce as fault:
        problems.append((source, problem("foi.replay.no_law", script.line, on=fault.on)))
    except ValueError:
        known = "、".join(layers())
        problems.append((source, problem("foi.replay.layer", script.line, "layer", layer=script.layer, known=known)))
    except OverflowError:
        problems.append((source, problem("foi.replay.beyond", script.line)))
    return None


def _read(path: Path) -> tuple[str, Issue | None]:
    """Read a file or standard input as text."""
    try:
        data = sys.stdin.buffer.read(LARGEST + 1) if str(path) == "-" else _bytes(path)
        if len(data) > LARGEST:
            return "", Issue("foi.replay.too_large", values={"most": LARGEST // 1024 // 1024})
        return decode(data), None
    except UnicodeDecodeError:
        return "", Issue("foi.replay.not_text")
    except IsADirectoryError:
        return "", Issue("foi.replay.folder")
    except FileNotFoundError:
        return "", Issue("foi.replay.no_file")
    except OSError as fault:
        return "", Issue("foi.replay.unreadable", values={"why": fault.strerror or str(fault)})


def _bytes(path: Path) -> bytes:
    with path.open("rb") as source:
        return source.read(LARGEST + 1)


def _today(written: str | None) -> date | None:
    if written is None:
        return None
    day = read_date(written)
    if day is None:
        _refuse([text("clock.input.date", text=written)])
    return day


def _check_layer(layer: str) -> None:
    try:
        layer_chain(layer)
    except ValueError:
        _refuse([text("clock.input.layer", layer=layer, known="、".join(layers()))])


def _refuse(problems: Iterable[str] | Sequence[str]) -> NoReturn:
    for one in problems:
        click.echo(f"错误：{one}", err=True)
    raise SystemExit(BAD_INPUT)
