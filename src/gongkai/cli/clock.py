"""``gongkai clock``: explain a deadline day by day, without a database."""

from __future__ import annotations

import json
from datetime import date
from typing import NoReturn

import click

from gongkai.domain.deadlines import Direction, Fact, Reading, State, Unit, read_clock
from gongkai.domain.issues import Issue, Severity, has_errors
from gongkai.rulebook.loader import calendar_shipped
from gongkai.rulebook.lookup import NotInForce, UnknownRule, layers, shipped
from gongkai.rulebook.messages import describe, text
from gongkai.rulebook.schema import layer_chain

BAD_INPUT = 2
FIRST_YEAR, LAST_YEAR = 1949, 2199  # anything else is a slip of the pen
_STATES = {State.RUNNING: "计时中", State.PAUSED: "暂停中", State.STOPPED: "已停止", State.NOT_STARTED: "未起算"}


@click.group()
def clock() -> None:
    """期限：逐日说明一个期限是怎样算出来的。"""


@clock.command()
@click.option("--rule", "rule_id", help="规则编号，如 foi.reply。")
@click.option("--received", "received", help="起算事实的日期（收到申请之日），如 2024-09-27。")
@click.option(
    "--fact",
    "facts",
    multiple=True,
    help="其他事实，如 consultation_sent=2024-10-08；可加 ,days=20 ,ref=某公司；可多次。",
)
@click.option("--layer", default="cn", show_default=True, help="层级，如 cn-360783（龙南市）。")
@click.option("--today", "today", help="从哪一天看；不写则算完整个期限。")
@click.option("--json", "as_json", is_flag=True, help="输出JSON。")
def explain(
    rule_id: str | None, received: str | None, facts: tuple[str, ...], layer: str, today: str | None, as_json: bool
) -> None:
    """逐日说明期限：哪天计入、哪天不计入、为什么、依据什么。不需要数据库。"""
    _check_layer(layer)
    known = shipped().clock_ids(layer=layer)
    if rule_id is None:
        _refuse([text("clock.input.rule_missing", known="、".join(known))])
    try:
        rule = shipped().rule(rule_id, layer=layer)
    except UnknownRule as unknown:
        close = f"是不是：{'、'.join(unknown.close)}？" if unknown.close else ""
        _refuse([text("clock.input.rule_unknown", rule=rule_id, close=close, known="、".join(known))])
    if rule.starts_from is None:
        _refuse([text("clock.input.rule_no_clock", rule=rule_id, title=rule.title, known="、".join(known))])
    labels = "、".join(f"{fact.kind}（{fact.label}）" for fact in rule.facts.values())
    problems: list[str] = []
    given = [fact for entry in facts if (fact := _read_fact(entry, labels, problems)) is not None]
    if received is not None and (on := _read_date(received, problems)) is not None:
        given.insert(0, Fact(rule.starts_from, on))
    seen_from = _read_date(today, problems) if today is not None else None
    start = min((fact.on for fact in given if fact.kind == rule.starts_from), default=None)
    if start is None and not problems:
        label = rule.facts[rule.starts_from].label
        problems.append(text("clock.input.received", rule=rule_id, label=label, fact=rule.starts_from))
    if problems or start is None:
        _refuse(problems)
    try:
        clock_rule = shipped().clock_rule(rule_id, on=start, layer=layer)
    except NotInForce:
        _refuse([text("clock.input.not_in_force", rule=rule_id, on=start)])
    reading = read_clock(clock_rule, given, calendar_shipped(), today=seen_from)
    if as_json:
        click.echo(json.dumps(as_data(reading), ensure_ascii=False, indent=2))
    else:
        _tell(reading)
    for issue in reading.issues:
        click.echo(f"{_severity(issue)}：{describe(issue)}", err=True)
    if has_errors(reading.issues):
        raise SystemExit(BAD_INPUT)


@clock.command()
@click.option("--layer", default="cn", show_default=True, help="层级，如 cn-360783（龙南市）。")
def rules(layer: str) -> None:
    """列出可以计时的规则和各自的事实。"""
    _check_layer(layer)
    book = shipped()
    for rule_id in book.clock_ids(layer=layer):
        rule = book.rule(rule_id, layer=layer)
        click.echo(f"{rule_id}  {rule.title}")
        for fact in rule.facts.values():
            click.echo(f"    {fact.kind}  {fact.label}")


def as_data(reading: Reading) -> dict[str, object]:
    """Return a reading as plain data: dates as ISO text, sentences in Chinese."""
    rule = reading.rule
    return {
        "rule": rule.id,
        "title": rule.title,
        "layer": rule.layer,
        "unit": rule.unit.value,
        "state": reading.state.value,
        "started_on": _iso(reading.started_on),
        "due_on": _iso(reading.due_on),
        "target_on": _iso(reading.target_on),
        "provisional": reading.provisional,
        "reason": reading.reason,
        "used": reading.used,
        "allowed": reading.allowed,
        "remaining": reading.remaining,
        "paused": reading.paused,
        "overdue_days": reading.overdue_days,
        "trace": [
            {
                "kind": step.kind,
                "from": step.first.isoformat(),
                "to": step.last.isoformat(),
                "count": step.count,
                "total": step.total,
                "words": step.words,
                "citation": step.citation,
            }
            for step in reading.trace
        ],
        "days": [
            {
                "on": day.day.isoformat(),
                "weekday": day.weekday,
                "counted": day.counted,
                "number": day.number,
                "why": day.why,
                "provisional": day.provisional,
            }
            for day in reading.days
        ],
        "basis": [
            {"rule": b.rule, "citation": b.citation, "status": b.status, "layer": b.layer, "since": b.in_force_from}
            for b in reading.basis
        ],
        "issues": [
            {"code": i.code, "field": i.field, "severity": i.severity.value, "text": describe(i)}
            for i in reading.issues
        ],
    }


def _tell(reading: Reading) -> None:
    rule = reading.rule
    click.echo(f"{rule.title}（{rule.id}，{rule.layer}）")
    if reading.due_on is None:
        return
    unit = "个工作日" if rule.unit is Unit.WORKING_DAY else "日"
    provisional = f"（暂定：{reading.reason}）" if reading.provisional else ""
    word = "最迟" if rule.direction is Direction.BEFORE else "届满"
    click.echo(f"{word}：{reading.due_on}{provisional}")
    if reading.target_on is not None:
        click.echo(f"本地目标：{reading.target_on}（不改变法定期限）")
    numbers = f"期限{reading.allowed}{unit}"
    if reading.today is not None or reading.state is State.STOPPED:
        numbers += f"，已用{reading.used}，剩余{reading.remaining}"
    late = f"，逾期{reading.overdue_days}{unit}" if reading.overdue_days else ""
    click.echo(f"{_STATES[reading.state]}：{numbers}，另有{reading.paused}{unit}不计入{late}")
    click.echo("\n步骤")
    for number, step in enumerate(reading.trace, 1):
        click.echo(f"  {number}. {step.words}")
    click.echo("\n逐日")
    for day in reading.days:
        mark = f"计入  第{day.number}{unit}" if day.counted else "不计入"
        click.echo(f"  {day.day} {day.weekday}  {mark}  {day.why}{'（暂定）' if day.provisional else ''}")
    click.echo("\n依据")
    for basis in reading.basis:
        click.echo(f"  {basis.citation}{'［待核］' if basis.status != 'verified' else ''}")


def _read_date(written: str, problems: list[str]) -> date | None:
    try:
        day = date.fromisoformat(written.strip())
    except ValueError:
        problems.append(text("clock.input.date", text=written))
        return None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        problems.append(text("clock.input.date_range", text=written, first=FIRST_YEAR, last=LAST_YEAR))
        return None
    return day


def _read_fact(written: str, labels: str, problems: list[str]) -> Fact | None:
    """Read kind=date[,days=n][,ref=text]."""
    first, *more = written.replace("，", ",").split(",")
    kind, sign, day = first.partition("=")
    extras = dict(part.partition("=")[::2] for part in more)
    if not sign or not kind.strip() or set(extras) - {"days", "ref"}:
        problems.append(text("clock.input.fact", text=written, known=labels))
        return None
    on = _read_date(day, problems)
    days: int | None = None
    if "days" in extras:
        try:
            days = int(extras["days"])
        except ValueError:
            problems.append(text("clock.input.days", text=written))
            return None
    return None if on is None else Fact(kind.strip(), on, days, extras.get("ref", "").strip())


def _check_layer(layer: str) -> None:
    try:
        layer_chain(layer)
    except ValueError:
        _refuse([text("clock.input.layer", layer=layer, known="、".join(layers()))])


def _refuse(problems: list[str]) -> NoReturn:
    for problem in problems:
        click.echo(f"错误：{problem}", err=True)
    raise SystemExit(BAD_INPUT)


def _severity(issue: Issue) -> str:
    return {Severity.ERROR: "错误", Severity.WARNING: "注意", Severity.NOTICE: "提示"}[issue.severity]


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
