"""Is it a plan at all? A brief, a report, a price list say so plainly."""

from __future__ import annotations

import re
from collections.abc import Sequence

from gongkai.domain.issues import Issue, Severity
from gongkai.domain.workplans.characters import fold
from gongkai.domain.workplans.model import Kind, ScheduleEntry, Task

_OTHER_KINDS = re.compile(
    "(?P<kind>工作简报|简报|年度报告|年报|工作报告|调研报告|工作总结|总结|公报|通报|公告|公示|办法|条例|规定|细则|目录|指南|纪要|名单|价格|统计|新闻|批复|预案|章程|合同|招标|解读"
    "|规则|制度|规程|讲话|致辞|意见建议|权责清单|权力清单|通讯录|工资表|收费标准|问答|考核指标|指标体系|评分标准|评分表|测评表|评估指标)"
)
_PLAN_WORDS = re.compile(
    "要点|方案|计划|任务|清单|分解|分工|行动|台账|安排|举措|措施|实事|路线图|重点工作|实施意见|责任表|工作表|攻坚"
)
_REVIEWS = re.compile("总结|报告|年报")
_EXPLAINS = re.compile("同志解读|解读(?:《|20\\d\\d)|解读$|答记者问|一图读懂|图解")
_ENDS_PLANNED = re.compile(f"(?:{_PLAN_WORDS.pattern})(?:任务)?(?:分工|分解)?(?:表|书)?(?:（[^（）]*）)*(?:的通知)?$")
_ARTICLE = re.compile("第.{1,4}条")
_QUESTIONS = re.compile(r"^\s*问\s*[：:].*[\s\S]*?^\s*答\s*[：:]", re.M)
_PAST = re.compile("截至目前|今年以来|去年以来|累计|已完成|同比|共召开|共开展|取得.{0,6}成效|圆满完成|先后")


def decide(
    title: str, tasks: Sequence[Task], schedule: Sequence[ScheduleEntry], tables: int, text: str, annexed: bool
) -> tuple[Kind, list[Issue]]:
    """Return the kind and, for what is no plan, the reason.

    ``tables`` is the number of tasks that came from tables, ``annexed`` tells that rows of an annex stand beside the
    body's tasks; ``text`` is the whole text, ``title`` its title.
    """
    if not text.strip():
        return Kind.NOT_A_PLAN, [_no("plan.not_a_plan.empty")]
    # What is named in the title (宣传《条例》工作方案) is not what the document is.
    named = re.sub("《[^《》]*》", "", fold(title)) or fold(title)
    other = _OTHER_KINDS.search(named)
    planned = bool(_PLAN_WORDS.search(_OTHER_KINDS.sub("", named)))
    if not title and sum(1 for t in tasks if t.due) >= 2:
        planned = any(_PLAN_WORDS.search(heading) for t in tasks for heading in t.path)
    with_units = sum(1 for t in tasks if t.lead_units or t.responsible_units)
    dated = sum(1 for t in tasks if t.due)
    scheduled = sum(1 for e in schedule if e.units or e.ends_on)
    share = with_units / len(tasks) if tasks else 0.0
    if _QUESTIONS.search(text) and with_units < 2:
        return Kind.NOT_A_PLAN, [_no("plan.not_a_plan.other_kind", kind="问答")]
    if other and _is_other(named, other["kind"], tasks, planned=planned):
        return Kind.NOT_A_PLAN, [_no("plan.not_a_plan.other_kind", kind=other["kind"])]
    if not tasks and not scheduled:
        return Kind.NOT_A_PLAN, [_no("plan.not_a_plan.no_tasks")]
    if not tasks and not planned and not any(e.units for e in schedule):
        return Kind.NOT_A_PLAN, [_no("plan.not_a_plan.no_tasks")]
    if tasks and not with_units:
        past = len(_PAST.findall(text))
        if past >= 3 and not dated:
            return Kind.NOT_A_PLAN, [_no("plan.not_a_plan.past")]
        if not planned or len(tasks) < 2:
            return Kind.NOT_A_PLAN, [_no("plan.not_a_plan.no_units")]
    if with_units and not planned and (with_units < 2 or (share < 0.2 and with_units < 3)):
        return Kind.NOT_A_PLAN, [_no("plan.not_a_plan.few_units", count=with_units)]
    if not tasks:
        return Kind.SCHEDULE, []
    if tables == len(tasks):
        return Kind.TASK_TABLE, []
    return (Kind.MIXED if tables or annexed else Kind.PLAN_TEXT), []


def _is_other(title: str, kind: str, tasks: Sequence[Task], *, planned: bool) -> bool:
    """Tell whether a document whose title names another kind really is one: no units are given out in it."""
    with_units = [t for t in tasks if t.lead_units or t.responsible_units]
    if planned:
        return (
            bool(tasks)
            and not with_units
            and (bool(_REVIEWS.search(kind) or _EXPLAINS.search(title)) or not _ENDS_PLANNED.search(title))
        )
    if len(with_units) < 2 or len(with_units) * 2 < len(tasks):
        return True
    articles = sum(1 for t in tasks if _ARTICLE.fullmatch(t.no))
    said = sum(1 for t in with_units if any(i.code == "plan.units.from_prose" for i in t.issues))
    return articles * 2 >= len(tasks) or said == len(with_units)


def _no(code: str, **values: object) -> Issue:
    return Issue(code, None, values, Severity.ERROR)
