"""From the outline of a text to its tasks: which numbered paragraphs are tasks, and whose units they take."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field, replace

from gongkai.domain.issues import Issue, Severity, Where
from gongkai.domain.workplans.characters import fold, tidy
from gongkai.domain.workplans.clauses import Segment, segments
from gongkai.domain.workplans.due_phrases import PlanYear, is_due_clause
from gongkai.domain.workplans.model import Assignment, FramePart, ScheduleEntry, Task
from gongkai.domain.workplans.schedules import entry, leading_time, stage_time
from gongkai.domain.workplans.tasks import build_task
from gongkai.domain.workplans.tree import MINOR_STYLES, Node, split_title
from gongkai.domain.workplans.unit_phrases import assignment_in_prose, only_units, parse_assignment

_GOALS = re.compile(
    "总体要求|总体目标|指导思想|工作目标|主要目标|基本原则|工作思路|总体思路|工作原则|编制依据|适用范围|工作依据|重要意义|总体考虑|总体部署|工作背景|目标要求|总体安排|基本思路"
    "|年度目标|发展目标|整治范围|整治目标|实施范围|重大意义|总要求|现状|形势|政策依据|名词解释|工作内容及目标"
)
_GUARANTEE = re.compile(
    "保障措施|组织保障|组织实施|组织领导|工作要求|有关要求|相关要求|监督保障|工作保障|强化保障|保障机制|加强领导|实施保障|考核评估|保障落实|落实保障|工作措施和要求"
    "|几点要求|加强保障|推进措施|保障要求|监督管理|监督考核|强化组织|组织推进|监督检查"
)
_STAGES = re.compile(
    "实施步骤|工作步骤|工作安排|推进安排|进度安排|时间安排|方法步骤|阶段安排|推进步骤|步骤安排|实施阶段|时间步骤|工作进度|行动步骤|整治步骤|步骤和时间|步骤及时间|阶段划分"
)
_STAFF = re.compile("领导小组|组织机构|工作专班|组成人员|工作机构|组织架构")


@dataclass(slots=True)
class OutlineReading:
    """Tasks, stages and other parts of a text."""

    tasks: list[Task] = field(default_factory=list)
    schedule: list[ScheduleEntry] = field(default_factory=list)
    frame: list[FramePart] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)


@dataclass(slots=True)
class _Cut:
    """A node with its text cut into segments."""

    node: Node
    text: str
    spans: list[tuple[int, int]]
    segments: list[Segment]

    @property
    def has_units(self) -> bool:
        return any(s.assignment and s.assignment.has_units for s in self.segments)


class OutlineReader:
    """Walks an outline once and collects what it says."""

    def __init__(self, plan_year: PlanYear, *, annex: str = "") -> None:
        self.plan_year = plan_year
        self.annex = annex
        self.reading = OutlineReading()
        self.cuts: dict[int, _Cut] = {}
        self.group_style = False

    def read(self, roots: list[Node]) -> OutlineReading:
        """Read the whole outline."""
        for root in roots:
            for node in root.walk():
                text, spans = node.text()
                self.cuts[id(node)] = _Cut(node, text, spans, segments(text))
        for root in roots:
            self._fold_minor(root)
        self.group_style = self._units_close_groups(roots)
        first_tasks = False
        for root in roots:
            section = self._section(root, first=not first_tasks, only=len(roots) == 1)
            first_tasks = first_tasks or section == "task"
            self._visit(root, (), section, None)
        return self.reading

    def _cut(self, node: Node) -> _Cut:
        return self.cuts[id(node)]

    def _section(self, node: Node, *, first: bool, only: bool) -> str:
        title = self._title(node)
        if _STAGES.search(title) and len(title) <= 20:
            return "stage"
        if _STAFF.search(title) and len(title) <= 16:
            return "guarantee"
        if (
            first
            and re.search("工作要求|目标任务|工作任务目标", title)
            and not node.children
            and not self._cut(node).has_units
        ):
            return "goals"
        if _GOALS.search(title) and len(title) <= 24 and not re.search("任务|举措", title):
            return "goals"
        if re.fullmatch(".{0,6}目标", title) or (_GOALS.match(title) and not node.children):
            return "goals"
        if _GUARANTEE.search(title) and len(title) <= 24:
            return "guarantee"
        return "task"

    def _title(self, node: Node) -> str:
        cut = self._cut(node)
        text = cut.segments[0].text if len(cut.segments) == 1 else cut.text[: cut.segments[0].end]
        return split_title(text)[0]

    # --- merging minor items -------------------------------------------------------------------------------------

    def _fold_minor(self, node: Node) -> None:
        """Fold （1） … ；（2） … 。 back into the clause when they are parts of it and name no units of their own."""
        for child in node.children:
            self._fold_minor(child)
        children = node.children
        if not children or any(child.children for child in children):
            return
        cuts = [self._cut(c) for c in children]
        if any(c.has_units for c in cuts[:-1]):
            return
        minor = all(c.style in MINOR_STYLES for c in children)
        fragments = sum(1 for c in cuts[:-1] if fold(c.text).rstrip()[-1:] in "；，")
        if not minor and not (len(cuts) > 1 and fragments >= (len(cuts) - 1) * 0.6 and fragments > 0):
            return
        if node.style.startswith("heading") or (
            node.style in ("cn", "chapter") and not self._cut(node).has_units and not fragments
        ):
            return
        text, spans = self._cut(node).text, list(self._cut(node).spans)
        for child in children:
            written = "\n" + child.paras[0].text.strip()
            extra = "".join("\n" + p.text.strip() for p in child.paras[1:])
            offset = len(text) + 1
            for para in child.paras:
                spans.extend((offset + min(o, len(para.text)), line) for o, line in para.spans)
                offset += len(para.text.strip()) + 1
            text += written + extra
            node.paras.extend(child.paras)
        node.children = []
        self.cuts[id(node)] = _Cut(node, text, spans, segments(text))

    def _units_close_groups(self, roots: list[Node]) -> bool:
        """Tell whether units stand once at the end of each group of items and hold for the whole group."""
        groups = closing = 0
        for root in roots:
            for node in root.walk():
                leaves = [self._cut(c) for c in node.children if not c.children]
                if len(leaves) < 2 or len(leaves) != len(node.children):
                    continue
                if any(c.has_units for c in leaves):
                    groups += 1
                    closing += leaves[-1].has_units and not any(c.has_units for c in leaves[:-1])
        return groups >= 2 and closing == groups

    # --- walking -------------------------------------------------------------------------------------------------

    def _visit(self, node: Node, path: tuple[str, ...], section: str, inherited: Assignment | None) -> None:
        cut = self._cut(node)
        if node.children:
            self._visit_parent(node, cut, path, section, inherited)
            return
        if section == "stage":
            title = self._title(node)
            when = stage_time(title, self.plan_year) or stage_time(cut.text[:80], self.plan_year)
            when = when or leading_time(cut.text)
            if when and not cut.has_units:
                self._stage(node, cut, title, when)
                return
        if section == "goals" and not cut.has_units:
            self.reading.frame.append(FramePart("goals", tidy(cut.text), node.where))
            return
        kind = "guarantee" if section in ("guarantee", "stage") else "task"
        self._leaf(node, cut, path, kind, inherited)

    def _visit_parent(
        self, node: Node, cut: _Cut, path: tuple[str, ...], section: str, inherited: Assignment | None
    ) -> None:
        title, intro, _ = split_title(cut.segments[0].text)
        own = next((s.assignment for s in cut.segments if s.assignment and s.assignment.has_units), None)
        self.reading.frame.append(
            FramePart(
                "heading", node.heading(title), Where(node.paras[0].first, node.paras[0].end_line, node.paras[0].page)
            )
        )
        own = own or self._heading_units(title)
        intro = intro if fold(intro).rstrip("。") != fold(title).rstrip("。") else ""
        child_units = [self._cut(c).has_units for c in node.children]
        child_path = (*path, node.heading(title))
        if own and intro and all(child_units) and section != "goals":
            # Parent and children are assigned apart: the parent's own words are a task too.
            self._leaf(node, cut, path, "task", inherited)
        elif intro or len(node.paras) > 1:
            self.reading.frame.append(FramePart("intro", tidy(intro or cut.text), node.where))
        handed = own or inherited
        if is_due_clause(title):
            handed = replace(handed or Assignment(), due_text=title)
        closing = self._closing_assignment(node)
        for child in node.children:
            child_section = section
            if section == "task":
                child_section = self._child_section(child)
            self._visit(
                child, child_path, child_section, closing if closing and not self._cut(child).has_units else handed
            )

    def _heading_units(self, title: str) -> Assignment | None:
        """Return the units when a heading is nothing but units: the plan is ordered by unit."""
        return parse_assignment(title) if len(title) <= 60 and only_units(title) else None

    def _child_section(self, child: Node) -> str:
        title = self._title(child)
        if self._cut(child).has_units or len(title) > 12:
            return "task"
        return "goals" if _GOALS.fullmatch(title) else "task"

    def _closing_assignment(self, node: Node) -> Assignment | None:
        """Return the assignment after the last item when it holds for all items of the group."""
        cuts = [self._cut(c) for c in node.children]
        if len(cuts) < 2 or any(c.node.children for c in cuts) or any(c.has_units for c in cuts[:-1]):
            return None
        last = cuts[-1].segments[-1]
        if last.assignment and last.assignment.has_units and (last.alone or self.group_style):
            return last.assignment
        return None

    def _stage(self, node: Node, cut: _Cut, title: str, when: str) -> None:
        who = next((s.assignment for s in cut.segments if s.assignment), None)
        units = (*who.lead_units, *who.responsible_units) if who else ()
        read, issues = entry(
            when, tuple(dict.fromkeys(units)), node.where, self.plan_year, text=cut.text, annex=self.annex
        )
        self.reading.schedule.append(read)
        self.reading.issues.extend(issues)

    def _leaf(self, node: Node, cut: _Cut, path: tuple[str, ...], kind: str, inherited: Assignment | None) -> None:
        no = node.mark.shown if node.mark else ""
        head_title = split_title(cut.segments[0].text)[0]
        many = sum(1 for s in cut.segments if not s.after) > 1
        for i, segment in enumerate(cut.segments):
            if segment.after:
                self._closing(cut, segment)
                continue
            title, text, _ = split_title(segment.text)
            if i and segment.text:
                title = head_title
            assignment = segment.assignment
            issues = list(segment.issues)
            if inherited is not None and not inherited.has_units:
                if not (assignment and assignment.due_text):
                    assignment = replace(assignment or Assignment(), due_text=inherited.due_text)
            elif inherited is not None and not (assignment and assignment.has_units):
                due = assignment.due_text if assignment else ""
                assignment = replace(inherited, due_text=due or inherited.due_text)
                issues.append(Issue("plan.units.from_group", "responsible_units", {"title": title}, Severity.NOTICE))
            if not (assignment and assignment.has_units):
                found = self._heading_units(head_title) or assignment_in_prose(segment.text)
                if found:
                    due_text = assignment.due_text if assignment else ""
                    assignment = replace(found, due_text="；".join(d for d in (due_text, found.due_text) if d))
                    issues.append(
                        Issue("plan.units.from_prose", "responsible_units", {"title": title}, Severity.NOTICE)
                    )
            self.reading.tasks.append(
                build_task(
                    no=f"{no}-{i + 1}" if many else no,
                    path=path,
                    title=title,
                    text=text or title,
                    assignment=assignment,
                    plan_year=self.plan_year,
                    source=self._source(cut, segment) if len(cut.segments) > 1 else node.where,
                    annex=self.annex,
                    kind="task" if assignment and assignment.has_units else kind,
                    issues=tuple(issues),
                )
            )

    def _closing(self, cut: _Cut, segment: Segment) -> None:
        """A paragraph after the units of the last task binds everybody; it is a measure of its own."""
        self.reading.tasks.append(
            build_task(
                no="",
                path=(),
                title=split_title(segment.text)[0],
                text=segment.text,
                assignment=None,
                plan_year=self.plan_year,
                source=self._source(cut, segment),
                annex=self.annex,
                kind="guarantee",
            )
        )

    def _source(self, cut: _Cut, segment: Segment) -> Where:
        offsets = [o for o, _ in cut.spans]
        first = cut.spans[max(0, bisect_right(offsets, segment.start) - 1)][1]
        last = cut.spans[max(0, bisect_right(offsets, max(segment.start, segment.end - 1)) - 1)][1]
        return Where(first, max(first, last), cut.node.where.page)
