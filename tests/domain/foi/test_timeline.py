"""The sheet of a case for each of its three readers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gongkai.domain.foi import commands as c
from gongkai.domain.foi.events import Event
from gongkai.domain.foi.model import Opinion, Stage
from gongkai.domain.foi.timeline import AUDIENCE_NAMES, Audience, Timeline, timeline
from gongkai.rulebook.foi_law import case_law
from tests.domain.foi.stories import FIRST, JOINT, STORIES, THIRD, TO_HANDLING, day, law, told

COURSE = (
    *TO_HANDLING,
    c.Consult(on=day(3, 6), kind=THIRD, ref="甲公司", by="张三"),
    c.Consult(on=day(3, 6), kind=THIRD, ref="乙公司", by="张三"),
    c.AnswerConsultation(on=day(3, 10), kind=THIRD, ref="甲公司", opinion=Opinion.REFUSES, reason="商业秘密"),
    c.AnswerConsultation(on=day(3, 12), kind=THIRD, ref="乙公司", opinion=Opinion.CONSENTS),
    c.Assign(on=day(3, 13), ref="档案科", due_on=day(3, 18)),
    c.Extend(on=day(3, 20), approved_by="李主任", days=10, reason="要逐页核对"),
)


def sheet(audience: Audience, *commands: c.Command) -> Timeline:
    return timeline(events(*commands), law(), today=day(4, 1), audience=audience)


def events(*commands: c.Command) -> list[Event]:
    return told(*(commands or COURSE))[1]


def written(one: Timeline) -> str:
    days = (day.why for day in one.days)
    return "\n".join([*(line.words + line.by for line in one.lines), *(step.words for step in one.steps), *days])


class TestTimeline:
    def test_every_reader_sees_the_same_days(self) -> None:
        sheets = [sheet(audience) for audience in Audience]
        assert {(one.received_on, one.due_on, one.overdue_days) for one in sheets} == {(FIRST, day(4, 20), 0)}
        assert {sum(step.count for step in one.steps if step.kind == "count") for one in sheets} == {30}
        days = [[(one.day, one.counted, one.number) for one in each.days] for each in sheets]
        assert days[0] == days[1] == days[2] and sum(counted for _, counted, _ in days[0]) == 30

    def test_the_applicant_reads_no_names_and_no_inner_steps(self) -> None:
        text = written(sheet(Audience.APPLICANT))
        assert not any(name in text for name in ("甲公司", "乙公司", "档案科", "李主任", "张三", "登记", "商业秘密"))
        assert "征求第三方意见（1）" in text
        assert "延长答复期限10个工作日" in text and "逐页核对" not in text

    def test_one_asked_side_needs_no_number(self) -> None:
        text = written(sheet(Audience.APPLICANT, *STORIES[Stage.THIRD_PARTY_WAIT]))
        assert "征求第三方意见，自次日起不计入期限" in text

    def test_staff_see_who_did_it_and_what_is_awaited(self) -> None:
        one = sheet(Audience.STAFF)
        assert "张三" in written(one)
        assert [wait.who for wait in one.waits] == ["档案科"]

    def test_the_review_body_sees_provisions_and_every_day(self) -> None:
        one = sheet(Audience.REVIEW_BODY)
        cited = {citation for line in one.lines for citation in line.citations}
        assert any("第三十二条" in citation for citation in cited)
        assert one.days[0].day == FIRST
        assert sum(each.counted for each in one.days) == 30
        assert "李主任" in written(one) and "：要逐页核对" in written(one)

    def test_the_local_target_is_for_staff_only(self) -> None:
        local = case_law(on=FIRST, layer="cn-360783")
        shown = {
            audience: timeline(events(*TO_HANDLING), local, today=day(4, 1), audience=audience).target_on
            for audience in Audience
        }
        assert shown == {Audience.STAFF: day(3, 20), Audience.APPLICANT: None, Audience.REVIEW_BODY: None}

    @pytest.mark.parametrize("stage", list(Stage))
    @pytest.mark.parametrize("audience", list(Audience))
    def test_a_case_at_any_stage_can_be_told(self, stage: Stage, audience: Audience) -> None:
        one = timeline(told(*STORIES[stage])[1], law(), today=day(5, 1), audience=audience)
        assert bool(one.lines) == (stage is not Stage.NEW)
        assert AUDIENCE_NAMES[one.audience]

    def test_a_silent_joint_maker_is_told_to_consent(self) -> None:
        commands = (
            *TO_HANDLING,
            c.Consult(on=day(3, 6), kind=JOINT, ref="乙局"),
            c.DeliverConsultation(on=day(3, 6), kind=JOINT, ref="乙局"),
            c.LapseConsultation(on=day(3, 30), kind=JOINT, ref="乙局"),
        )
        assert "视为同意公开" in written(sheet(Audience.STAFF, *commands))

    def test_lines_tell_the_due_day_as_it_then_stood(self) -> None:
        one = sheet(Audience.STAFF, *TO_HANDLING, replace(COURSE[-1], on=day(3, 20)))
        assert [line.due_on for line in one.lines[-2:]] == [day(3, 30), day(4, 14)]
