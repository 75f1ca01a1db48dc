"""A plan printed for people: a head, a table of tasks, a timetable, and what needs a look."""

from __future__ import annotations

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from gongkai.domain.issues import Issue, Severity
from gongkai.domain.workplans import Due, Kind, Period, Plan, ScheduleEntry, Task
from gongkai.rulebook.messages import describe

KINDS = {
    Kind.PLAN_TEXT: "文字方案",
    Kind.TASK_TABLE: "任务分解表",
    Kind.MIXED: "文字方案和任务表",
    Kind.SCHEDULE: "时间安排表",
    Kind.NOT_A_PLAN: "不是工作计划",
}
PERIODS = {
    Period.DAY: "每天", Period.WEEK: "每周", Period.MONTH: "每月", Period.TWO_MONTHS: "每两个月", Period.QUARTER: "每季度",
    Period.HALF_YEAR: "每半年", Period.YEAR: "每年",
}  # fmt: skip
MARKS = {Severity.ERROR: "错误", Severity.WARNING: "核对", Severity.NOTICE: "说明"}


def show(plan: Plan, *, width: int | None = None) -> None:
    """Print the plan to standard output; ``width`` in columns, by default that of the terminal, 150 elsewhere."""
    console = Console(highlight=False)
    if width is not None or not console.is_terminal:
        console = Console(width=width or 150, highlight=False)
    _show_head(console, plan)
    if plan.tasks:
        console.print(_task_table(plan.tasks))
    if plan.schedule:
        console.print(_schedule_table(plan.schedule))
    issues = [
        *plan.issues,
        *(i for t in plan.tasks for i in t.issues),
        *(i for t in plan.tasks for p in t.parts for i in p.issues),
    ]
    if issues:
        console.print(Text(f"\n需要留意的 {len(issues)} 处：", style="bold"))
        for issue in issues:
            console.print(_issue_line(issue))


def _show_head(console: Console, plan: Plan) -> None:
    console.print(Text(plan.title or "（没有标题）", style="bold"))
    parts = sum(len(t.parts) for t in plan.tasks)
    facts = [
        f"类型：{KINDS[plan.kind]}",
        f"文号：{plan.doc_no or '无'}",
        f"年度：{plan.year or '不明'}",
        f"印发日期：{plan.issued_on.isoformat() if plan.issued_on else '不明'}",
    ]
    console.print("　".join(facts))
    if plan.is_plan:
        split = f"（附件细分 {parts} 行）" if parts else ""
        console.print(f"共 {len(plan.tasks)} 项任务{split}，{len(plan.schedule)} 条时间安排。")


def _task_table(tasks: tuple[Task, ...]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, show_lines=True, expand=True)
    table.add_column("编号", no_wrap=True)
    table.add_column("任务", ratio=5, overflow="fold")
    table.add_column("牵头单位", ratio=4, overflow="fold")
    table.add_column("责任单位", ratio=6, overflow="fold")
    table.add_column("时限", ratio=3, overflow="fold")
    table.add_column("行", no_wrap=True, justify="right")
    section: tuple[str, ...] = ()
    for task in tasks:
        if task.path != section:
            section = task.path
            table.add_row("", Text(" › ".join(section), style="bold"), "", "", "", "")
        _add_task(table, task, "")
        for part in task.parts:
            _add_task(table, part, "  └ ")
    return table


def _add_task(table: Table, task: Task, indent: str) -> None:
    units = _joined(task.responsible_units) + ("等" if task.open_list else "")
    if task.shared_duty:
        units += "（按职责分工）"
    lead = _joined((*task.lead_units, *task.leaders))
    due = "；".join(
        [*(_due_words(d) for d in task.due), *(f"{PERIODS[p.period]}至少 {p.count} 次" for p in task.periodic)]
    )
    table.add_row(indent + task.no, Text(task.title), Text(lead), Text(units), due, _lines(task))


def _joined(units: tuple[str, ...]) -> str:
    """Join names; where one of them holds a 、 itself, by ；."""
    return ("；" if any("、" in u for u in units) else "、").join(units)


def _due_words(due: Due) -> str:
    if due.on and due.standing:
        return f"{due.on.isoformat()}，此后长期坚持"
    if due.on:
        return due.on.isoformat()
    return "长期坚持" if due.standing else due.phrase


def _lines(task: Task) -> str:
    where = task.source
    return str(where.line_from) if where.line_from == where.line_to else f"{where.line_from}–{where.line_to}"


def _schedule_table(schedule: tuple[ScheduleEntry, ...]) -> Table:
    table = Table(title="时间安排", title_justify="left", box=box.SIMPLE_HEAD, show_lines=True, expand=True)
    for name, ratio in (("时间", 2), ("从", 2), ("到", 2), ("单位", 7), ("内容", 5)):
        table.add_column(name, ratio=ratio, overflow="fold")
    for e in schedule:
        first = e.starts_on.isoformat() if e.starts_on else "—"
        last = e.ends_on.isoformat() if e.ends_on else "—"
        table.add_row(e.when, first, last, Text(_joined(e.units)), Text(e.text))
    return table


def _issue_line(issue: Issue) -> Text:
    where = issue.where
    place = ""
    if where:
        lines = str(where.line_from) if where.line_from == where.line_to else f"{where.line_from}–{where.line_to}"
        place = f"第 {lines} 行：" if where.sheet is None else f"{where.sheet} 第 {lines} 行："
    return Text(f"  [{MARKS[issue.severity]}] {place}{describe(issue)}")
