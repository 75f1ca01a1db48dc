"""Laws that hold for any text: nothing raises, nothing is lost, broken lines change nothing."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai.domain.document import from_lines
from gongkai.domain.workplans import Kind, Plan, plan_as_dict, read_plan
from gongkai.rulebook.messages import describe
from tests.domain.workplans.expectations import SAMPLES, sample

WORDS = st.sampled_from(
    ["一、", "（一）", "1.", "（1）", "牵头单位：", "责任单位：", "完成时限：", "市司法局", "各乡镇、街道", "9月底前", "长期坚持", "。", "；", "，", "（",
     "）", "〔", "〕", "\n", "\n\n", "\t", "附件1\n", "序号\t任务\t责任单位\n", "2024年", "工作要点", "公布目录", "《", "》", "| ", "第三季度"]
)  # fmt: skip
BREAKABLE = ["01-trailing-labels", "02-lead-and-cooperate", "04-multi-duty-clauses", "12-three-year"]


def covered_lines(plan: Plan) -> set[int]:
    places = [f.source for f in plan.frame] + [e.source for e in plan.schedule]
    places += [t.source for t in plan.tasks] + [p.source for t in plan.tasks for p in t.parts]
    places += [i.where for i in plan.issues if i.where]
    return {n for where in places for n in range(where.line_from, where.line_to + 1)}


class TestReadPlanOnAnyText:
    @given(st.text(max_size=300))
    def test_never_raises_on_any_characters(self, text: str) -> None:
        plan_as_dict(read_plan(from_lines(text)), describe=describe)

    @settings(max_examples=300)
    @given(st.lists(WORDS, max_size=60).map("".join))
    def test_never_raises_on_scrambled_plans_and_loses_no_line(self, text: str) -> None:
        plan = read_plan(from_lines(text))
        plan_as_dict(plan, describe=describe)
        if plan.kind is not Kind.NOT_A_PLAN:
            filled = {n for n, line in enumerate(text.split("\n"), 1) if line.strip()}
            assert filled <= covered_lines(plan)

    @pytest.mark.parametrize("path", sorted(SAMPLES.glob("*.txt")), ids=lambda p: p.stem)
    def test_covers_every_line_of_the_samples(self, path) -> None:  # type: ignore[no-untyped-def]
        plan = read_plan(sample(path.name))
        if plan.is_plan:
            filled = {n for n, t in enumerate(path.read_text(encoding="utf-8").split("\n"), 1) if t.strip(" \t\u3000")}
            assert filled <= covered_lines(plan)
            assert [i for i in plan.issues if i.code == "plan.line.unread"] == []


class TestBrokenLines:
    @settings(max_examples=40, deadline=None)
    @given(st.sampled_from(BREAKABLE), st.data())
    def test_do_not_change_the_tasks(self, name: str, data: st.DataObject) -> None:
        """A page break in the middle of a sentence, with or without an empty line, is not part of the plan."""
        text = (SAMPLES / f"{name}.txt").read_text(encoding="utf-8")
        places = [
            m.start() + 1
            for m in re.finditer(r"(?<=[\u4e00-\u9fff，、])[\u4e00-\u9fff](?=[\u4e00-\u9fff]{3})", text)
            if _in_a_long_sentence(text, m.start() + 1)
        ]
        cuts = sorted(data.draw(st.sets(st.sampled_from(places), max_size=4)))
        gap = data.draw(st.sampled_from(["\n", "\n\n", "\n\n\n"]))
        broken = "".join(
            text[a:b] + (gap if b in cuts else "") for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)
        )
        assert _what(read_plan(from_lines(broken))) == _what(read_plan(from_lines(text)))


def _in_a_long_sentence(text: str, place: int) -> bool:
    """Break only inside items whose sentence has begun: a heading cut in two cannot be told from two lines."""
    line = text[text.rfind("\n", 0, place) + 1 : place]
    rest = text[place : (text.find("\n", place) + 1 or len(text) + 1) - 1]
    return bool(re.match(r"\s*(?:\d+[.．、]|（.{1,2}）|第.条)", line)) and "。" in line and len(rest) > 3


def _what(plan: Plan) -> list[tuple[object, ...]]:
    return [
        (t.no, t.path, t.title, t.text, t.lead_units, t.responsible_units, tuple((d.on, d.standing) for d in t.due))
        for t in plan.tasks
    ]
