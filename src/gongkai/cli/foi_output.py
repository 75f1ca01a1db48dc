"""How a replayed case is told: on the screen in Chinese, and as JSON of a fixed shape."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from enum import StrEnum
from typing import Any

import click

from gongkai.cli.clock import as_data
from gongkai.domain.deadlines import Reading
from gongkai.domain.deadlines.trace import say_day
from gongkai.domain.foi.clocks import CaseClock, read_case
from gongkai.domain.foi.model import OUTCOME_NAMES, REMEDY_NAMES, STAGE_NAMES
from gongkai.domain.foi.receipt import CHANNEL_NAMES, FACT_NAMES
from gongkai.domain.foi.replay.outcome import annual_of, check_expected, route_of
from gongkai.domain.foi.replay.player import UNSTATED, Run
from gongkai.domain.foi.replay.vocabulary import EVENTS
from gongkai.domain.foi.verbs import VERB_NAMES
from gongkai.domain.issues import Issue
from gongkai.rulebook.foi_figures import report_form
from gongkai.rulebook.lookup import NotInForce, shipped
from gongkai.rulebook.messages import describe, text

SCHEMA = "gongkai.foi.replay/1"
_ROUTES = {
    "review_first": "复议前置",
    "free_choice": "复议或者诉讼",
    "procedural": "程序性告知",
    "unsettled": "告知救济，由法制机构确认",
    "": "",
}
_STATES = {"running": "计时中", "paused": "暂停中", "stopped": "已停止", "not_started": "未起算"}


def case_data(run: Run, source: str, number: int) -> dict[str, Any]:
    """Return a replayed case as plain data; the shape is described in docs/domain/foi-cases.md."""
    clock = read_case(run.state, run.law, today=run.today)
    reading, state, script = clock.reply, run.state, run.script
    annual, labels = annual_of(run), _labels(run.today)
    code = state.disposition or (state.answer.disposition if state.answer is not None else "")
    known = run.law.dispositions.dispositions.get(code) if code != UNSTATED else None
    return {
        "number": number,
        "name": script.name or script.ref,
        "file": source,
        "line": script.line,
        "layer": reading.rule.layer if reading is not None else script.layer or "cn",
        "seen_from": run.today.isoformat(),
        "channel": run.channel.value,
        "stage": state.stage.value,
        "stage_name": STAGE_NAMES[state.stage],
        "ended": state.ended,
        "received_on": _iso(state.received_on),
        "due_on": _iso(clock.due_on),
        "target_on": _iso(clock.target_on),
        "replied_on": _iso(state.answer.replied_on if state.answer is not None else None),
        "served_on": _iso(state.answer.served_on if state.answer is not None else None),
        "closed_on": _iso(state.closed_on),
        "overdue_days": clock.overdue_days,
        "provisional": reading.provisional if reading is not None else False,
        "disposition": known.code if known is not None else None,
        "disposition_title": known.title if known is not None else None,
        "remedy_route": route_of(run) or None,
        "annual": {
            "row": annual.row or None,
            "row_label": labels.get(annual.row),
            "column": annual.column.value if annual.column is not None else None,
            "column_label": labels.get(annual.column.value) if annual.column is not None else None,
            "year": annual.year,
            "lines": [{"year": one.year, "row": one.row, "row_label": labels.get(one.row)} for one in annual.lines],
        },
        "clock": as_data(reading) if reading is not None else None,
        "receipt": _receipt_data(clock),
        "waits": [
            {
                "what": one.what,
                "who": one.who,
                "since": one.since.isoformat(),
                "due_on": _iso(one.due_on),
                "overdue_days": one.overdue_days,
            }
            for one in clock.waits
        ],
        "steps": [
            {
                "line": one.line,
                "event": one.kind,
                "command": one.command.verb.value,
                "name": VERB_NAMES[one.command.verb],
                "on": one.command.on.isoformat(),
                "implied": one.implied,
                "details": _details(one.command),
                "stage": one.stage.value,
                "stage_name": STAGE_NAMES[one.stage],
                "due_on": _iso(one.due_on),
            }
            for one in run.taken
        ],
        "refusals": [
            {
                "line": one.line,
                "event": one.kind,
                "on": one.on.isoformat(),
                "command": one.verb.value,
                "stage": one.stage.value,
                "reasons": [_issue_data(issue) for issue in one.issues],
            }
            for one in run.refusals
        ],
        "notices": [
            *({"line": one.line, "code": one.code, "text": text(one.code, **one.values)} for one in run.remarks),
            *({"line": line, "code": issue.code, "text": describe(issue)} for line, issue in run.warnings),
        ],
        "rounds": [
            {
                "started_on": one.started_on.isoformat(),
                "disposition": one.disposition,
                "ended_on": one.ended_on.isoformat(),
            }
            for one in state.rounds
        ],
        "remedies": [
            {
                "kind": one.kind.value,
                "ref": one.ref,
                "filed_on": one.filed_on.isoformat(),
                "decided_on": _iso(one.decided_on),
                "outcome": one.outcome.value,
            }
            for one in state.remedies
        ],
        "corrections": [
            {
                "before": one.before.isoformat(),
                "after": one.after.isoformat(),
                "on": one.on.isoformat(),
                "reason": one.reason,
            }
            for one in state.corrections
        ],
        "service_corrections": [
            {
                "before": one.before.isoformat(),
                "after": one.after.isoformat(),
                "replied_before": _iso(one.replied_before),
                "replied_after": _iso(one.replied_after),
                "on": one.on.isoformat(),
                "reason": one.reason,
                "proof": one.proof,
            }
            for one in state.service_corrections
        ],
        "expect": [
            {
                "line": one.line,
                "key": one.key,
                "expected": list(one.expected),
                "actual": list(one.actual),
                "met": one.met,
            }
            for one in check_expected(run)
        ],
    }


def problem_data(source: str, issue: Issue) -> dict[str, Any]:
    """Return a fault of a file as plain data."""
    line = issue.where.line_from if issue.where is not None else None
    return {"file": source, "line": line, "key": issue.field, "code": issue.code, "text": describe(issue)}


def _issue_data(issue: Issue) -> dict[str, Any]:
    basis = [one.citation for one in issue.basis]
    return {"code": issue.code, "field": issue.field, "text": describe(issue), "basis": basis}


def _receipt_data(clock: CaseClock) -> dict[str, Any] | None:
    receipt = clock.receipt
    if receipt is None:
        return None
    return {
        "confirm_due_on": _iso(receipt.confirm_due_on),
        "late_days": receipt.late_days,
        "alarm": receipt.alarm,
        "unreachable": receipt.unreachable,
        "waits": [{"what": one.fact.value, "name": FACT_NAMES[one.fact], "who": one.who} for one in receipt.waits],
    }


def _details(command: object) -> dict[str, Any]:
    """What a command says beside its day; what is empty is left out."""
    told = {}
    for one in fields(command):  # type: ignore[arg-type]
        value = getattr(command, one.name)
        if one.name not in ("on", "by") and value not in ("", None, ()):
            told[one.name] = _plain(value)
    return told


def _plain(value: object) -> object:
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if isinstance(value, StrEnum):
        return value.value
    return value.isoformat() if isinstance(value, date) else value


def _labels(on: date) -> dict[str, str]:
    """The rows and columns of table three by their code, as printed."""
    try:
        form = report_form(shipped(), on=on)
    except NotInForce:
        form = report_form(shipped(), on=on.replace(year=max(on.year, 2022), month=12, day=31))
    rows = {one.code: f"{one.group}{one.label}" for one in form.rows}
    return rows | {one.code: one.label for one in form.columns}


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def tell_case(run: Run, source: str, number: int, *, with_days: bool = False) -> None:
    """Write one case on the screen."""
    data, state = case_data(run, source, number), run.state
    clock = read_case(state, run.law, today=run.today)
    title = data["name"] or f"第{number}件"
    click.echo(f"{title}（{source} 第{run.script.line}行）")
    click.echo(
        f"  状态：{data['stage_name']}（{data['stage']}），从{say_day(run.today)}看；渠道：{CHANNEL_NAMES[run.channel]}"
    )
    _tell_receipt(clock)
    if clock.reply is not None and clock.reply.due_on is not None:
        _tell_clock(clock.reply, state.received_on)
    for wait in clock.waits:
        due = f"，期限至{wait.due_on}" if wait.due_on is not None else "，尚未送达，期限未起算"
        late = f"，已过{wait.overdue_days}个工作日" if wait.overdue_days else ""
        click.echo(f"  等待：{wait.what}（{wait.who}，自{wait.since}起{due}{late}）")
    if data["disposition"]:
        route = _ROUTES[data["remedy_route"] or ""]
        click.echo(f"  处理决定：{data['disposition_title']}（{data['disposition']}）；救济途径：{route}")
    _tell_annual(data["annual"])
    for remedy in state.remedies:
        named = f"（{remedy.ref}）" if remedy.ref else ""
        click.echo(f"  {REMEDY_NAMES[remedy.kind]}{named}：{remedy.filed_on}提出，{OUTCOME_NAMES[remedy.outcome]}")
    for one in state.service_corrections:
        click.echo(f"  送达日期由{one.before}更正为{one.after}（{one.on}，{one.reason}，凭证：{one.proof}）")
    click.echo("  经过")
    for step in data["steps"]:
        mark = "（推定）" if step["implied"] else ""
        due = f"，期限{step['due_on']}" if step["due_on"] else ""
        click.echo(f"    {step['on']} {step['name']}{mark} → {step['stage_name']}{due}")
    for refusal in data["refusals"]:
        names = EVENTS[refusal["event"]][0] if refusal["event"] in EVENTS else refusal["event"]
        click.echo(f"  不接受：第{refusal['line']}行 {refusal['event']}（{names}，{refusal['on']}），其余事件继续推演")
        for reason in refusal["reasons"]:
            basis = f"　依据：{'；'.join(reason['basis'])}" if reason["basis"] else ""
            click.echo(f"    - {reason['text']}{basis}")
    for notice in data["notices"]:
        click.echo(f"  提示：第{notice['line']}行 {notice['text']}")
    if clock.reply is not None:
        click.echo("  期限的计算")
        for place, step in enumerate(clock.reply.trace, 1):
            click.echo(f"    {place}. {step.words}")
        if with_days:
            for day in clock.reply.days:
                mark = f"第{day.number}个" if day.counted else "不计入"
                click.echo(f"      {day.day} {day.weekday} {mark} {day.why}{'（暂定）' if day.provisional else ''}")
    for one in data["expect"]:
        wanted, actual = "、".join(one["expected"]) or "无", "、".join(one["actual"]) or "无"
        verdict = "相符" if one["met"] else f"不符，实际为{actual}"
        click.echo(f"  预期 {one['key']}：{wanted}——{verdict}")
    click.echo("")


def _tell_receipt(clock: CaseClock) -> None:
    receipt = clock.receipt
    if receipt is None:
        return
    waits = "；".join(
        f"{'申请人' if one.who == 'applicant' else '行政机关'}：{FACT_NAMES[one.fact]}" for one in receipt.waits
    )
    alarm = f"，应在{receipt.confirm_due_on}前确认" if receipt.confirm_due_on is not None else ""
    alarm += f"，已迟{receipt.late_days}个工作日" if receipt.late_days else ""
    reach = "（联系不上申请人，恢复联系后起算）" if receipt.unreachable else ""
    click.echo(f"  收到申请之日未定{reach}，还差：{waits}{alarm}{'【提醒】' if receipt.alarm else ''}")


def _tell_clock(reading: Reading, received_on: date | None) -> None:
    provisional = f"（暂定：{reading.reason}）" if reading.provisional else ""
    click.echo(f"  收到申请之日：{received_on}；法定期限：{reading.due_on}{provisional}")
    if reading.target_on is not None:
        click.echo(f"  本地目标：{reading.target_on}（不改变法定期限）")
    late = f"，逾期{reading.overdue_days}个工作日" if reading.overdue_days else ""
    numbers = f"期限{reading.allowed}，已用{reading.used}，剩余{reading.remaining}，不计入{reading.paused}"
    click.echo(f"  {_STATES[reading.state.value]}：{numbers}{late}")


def _tell_annual(annual: dict[str, Any]) -> None:
    if not annual["lines"]:
        return
    column = annual["column_label"] or "申请人类型未写"
    if annual["row"]:
        click.echo(f"  年报：{annual['year']}年 {annual['row_label']}（{annual['row']}），{column}")
    lines = "；".join(f"{one['year']}年 {one['row_label'] or one['row']}" for one in annual["lines"])
    click.echo(f"  年报各行：{lines}")
