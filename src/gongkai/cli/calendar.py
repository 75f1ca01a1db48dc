"""``gongkai calendar``: read a holiday notice, show a year. Importing one needs the database and has its own module."""

from __future__ import annotations

import importlib
import importlib.util
import json
from datetime import date
from pathlib import Path

import click

from gongkai.domain.calendars import WEEKDAYS, CalendarNotPublished, YearCalendar
from gongkai.domain.holiday_notice import NoticeKind, NoticeReading, Understood, read_notice
from gongkai.domain.issues import Issue, Severity, has_errors
from gongkai.rulebook.holidays import statutory_days
from gongkai.rulebook.loader import calendar_shipped, year_to_data
from gongkai.rulebook.messages import describe

BAD_INPUT = 2
SIZE_LIMIT = 1_000_000  # bytes; a notice has a few thousand
# Subcommands that need the database: name → module:attribute, imported only when called.
LAZY = {"import": "gongkai.cli.calendar_import:import_notice"}
_KINDS = {"title": "标题", "doc_no": "文号", "item": "安排", "ignored": "略过"}


class CalendarGroup(click.Group):
    """The pure subcommands, and those of LAZY whose module is installed."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name the subcommands."""
        there = [name for name, path in LAZY.items() if importlib.util.find_spec(path.partition(":")[0])]
        return sorted([*super().list_commands(ctx), *there])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a subcommand, importing its module when it is one of LAZY."""
        if cmd_name not in LAZY:
            return super().get_command(ctx, cmd_name)
        module, _, attribute = LAZY[cmd_name].partition(":")
        if importlib.util.find_spec(module) is None:
            return None
        command = getattr(importlib.import_module(module), attribute)
        assert isinstance(command, click.Command)
        return command


@click.group(cls=CalendarGroup)
def calendar() -> None:
    """工作日历：读节假日安排通知，查某年的放假与调休。"""


@calendar.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="输出JSON。")
def read(file: Path, as_json: bool) -> None:
    """读一份节假日安排通知，说明读懂了什么；不保存。"""
    reading = read_file(file)
    if as_json:
        click.echo(json.dumps(as_data(reading), ensure_ascii=False, indent=2))
    else:
        tell(reading)
    if has_errors(reading.issues):
        raise SystemExit(BAD_INPUT)


@calendar.command()
@click.argument("year", type=int)
def show(year: int) -> None:
    """列出随程序提供的某一年的放假与调休上班日。"""
    shipped = calendar_shipped()
    try:
        found = shipped.year(year)
    except CalendarNotPublished:
        known = "、".join(map(str, shipped.published_years))
        click.echo(f"错误：{year}年的放假安排不在随程序提供的年份里；有：{known}。", err=True)
        raise SystemExit(BAD_INPUT) from None
    click.echo(f"{year}年（{found.notice_no}，{found.notice_date}）")
    _tell_year(found)
    months = shipped.working_days_by_month(year)
    each = "，".join(f"{number}月{count}" for number, count in enumerate(months, 1))
    click.echo(f"全年工作日{sum(months)}天：{each}")


def read_file(file: Path) -> NoticeReading:
    """Read a notice from a text file; exits with a sentence when it cannot be read."""
    return read_notice(read_text(file), statutory_days=statutory_days)


def read_text(file: Path) -> str:
    """Return the text of a file in UTF-8 or GB 18030; exits with a sentence when it is no text."""
    if not file.is_file():
        click.echo(f"错误：没有文件“{file}”；请写出通知文本文件的路径。", err=True)
        raise SystemExit(BAD_INPUT)
    raw = file.read_bytes()
    if len(raw) > SIZE_LIMIT or b"\0" in raw:
        click.echo(f"错误：{file.name}不是通知的文本；请把通知全文存成UTF-8文本再读。", err=True)
        raise SystemExit(BAD_INPUT)
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    click.echo(f"错误：{file.name}不是文本文件；请把通知全文存成UTF-8文本再读。", err=True)
    raise SystemExit(BAD_INPUT)


def tell(reading: NoticeReading) -> None:
    """Print what was understood, then every issue."""
    if reading.kind is not NoticeKind.UNKNOWN:
        kind = "年度安排" if reading.kind is NoticeKind.ANNUAL else "调整通知"
        issued = reading.notice_date or "日期不详"
        click.echo(f"{reading.year}年{kind}（{reading.notice_no or '文号不详'}，{issued}）")
    for line in reading.understood:
        where = f"第{line.line_from}行" if line.line_from == line.line_to else f"第{line.line_from}至{line.line_to}行"
        click.echo(f"  {where} {_KINDS.get(line.kind, line.kind)}：{_say(line)}")
    if reading.calendar is not None:
        click.echo("读懂，各项核对相符：")
        _tell_year(reading.calendar)
    for issue in reading.issues:
        click.echo(say_issue(issue), err=True)


def say_issue(issue: Issue) -> str:
    """Say an issue with its gravity and its line."""
    gravity = {Severity.ERROR: "错误", Severity.WARNING: "注意", Severity.NOTICE: "提示"}[issue.severity]
    where = f"第{issue.where.line_from}行：" if issue.where is not None else ""
    return f"{gravity}：{where}{describe(issue)}"


def as_data(reading: NoticeReading) -> dict[str, object]:
    """Return a notice reading as plain data."""
    amendment = reading.amendment
    return {
        "kind": reading.kind.value,
        "year": reading.year,
        "notice_no": reading.notice_no,
        "notice_date": None if reading.notice_date is None else reading.notice_date.isoformat(),
        "calendar": None if reading.calendar is None else year_to_data(reading.calendar),
        "changes": []
        if amendment is None
        else [
            {
                "name": change.name,
                "mode": change.mode,
                "off_days": _isos(change.off_days),
                "make_up_days": _isos(change.make_up_days),
                "resumed_on": None if change.resumed_on is None else change.resumed_on.isoformat(),
            }
            for change in amendment.changes
        ],
        "understood": [
            {
                "line_from": line.line_from,
                "line_to": line.line_to,
                "kind": line.kind,
                "text": line.text,
                "name": line.name,
                "off_days": _isos(line.off_days),
                "make_up_days": _isos(line.make_up_days),
            }
            for line in reading.understood
        ],
        "issues": [
            {
                "code": issue.code,
                "severity": issue.severity.value,
                "line": issue.where.line_from if issue.where is not None else None,
                "text": describe(issue),
            }
            for issue in reading.issues
        ],
    }


def _tell_year(year: YearCalendar) -> None:
    for holiday in year.holidays:
        made_up = "、".join(_say_day(day) for day in holiday.make_up_days)
        click.echo(f"  {holiday.name}：{_say_days(holiday.off_days)}放假{f'，{made_up}上班' if made_up else ''}")


def _say(line: Understood) -> str:
    if line.kind != "item":
        return line.text if len(line.text) <= 40 else f"{line.text[:40]}…"
    made_up = "、".join(_say_day(day) for day in line.make_up_days)
    off = f"{_say_days(line.off_days)}放假" if line.off_days else "没有读出放假日期"
    return f"{line.name}：{off}{f'，{made_up}上班' if made_up else ''}"


def _say_days(days: tuple[date, ...]) -> str:
    """Say days as stretches: 10月1日（周四）至10月7日（周三）共7天."""
    stretches: list[list[date]] = []
    for day in days:
        if stretches and (day - stretches[-1][-1]).days == 1:
            stretches[-1].append(day)
        else:
            stretches.append([day])
    said = [_say_day(s[0]) if len(s) == 1 else f"{_say_day(s[0])}至{_say_day(s[-1])}" for s in stretches]
    return f"{'、'.join(said)}（{len(days)}天）"


def _say_day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日（{WEEKDAYS[day.weekday()]}）"


def _isos(days: tuple[date, ...]) -> list[str]:
    return [day.isoformat() for day in days]
