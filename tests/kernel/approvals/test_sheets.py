"""The review sheet, read again as a document."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from docx import Document

from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.approvals import services
from gongkai.kernel.approvals.sheet import FILE, build_sheet
from gongkai.kernel.errors import NotPermitted
from tests.factories.world import NOW, TODAY
from tests.kernel.approvals.rounds import DIGEST, LAWFUL, ORDER, Team


def cells(content: bytes) -> list[list[list[str]]]:
    return [[[cell.text for cell in row.cells] for row in table.rows] for table in Document(BytesIO(content)).tables]


def text(content: bytes) -> str:
    return "\n".join(paragraph.text for paragraph in Document(BytesIO(content)).paragraphs)


class TestTemplate:
    def test_is_what_the_program_builds(self) -> None:
        assert FILE.read_bytes() == build_sheet()


class TestReviewSheet:
    def test_says_who_said_what_when_at_every_step(self, team: Team) -> None:
        approval = team.open(flags=["legality"])
        services.delegation_give(
            actor=team.acting("final_review"),
            to_user_id=team.by_step["emergency_sign_off"].pk,
            role=Role.FINAL_REVIEWER,
            unit_id=team.unit.pk,
            from_on=TODAY,
            until_on=TODAY,
            reason="出差",
            now=NOW,
        )
        team.sign_all(approval, ORDER[:5])
        _, token = services.link_issue(
            actor=team.acting(team.office),
            approval_id=approval.pk,
            step="legality_review",
            name="卢律师",
            contact="lu@example.cn",
            now=NOW,
        )
        services.link_sign(token=token, digest=DIGEST, verdict="sign", form=LAWFUL, now=NOW + timedelta(minutes=9))
        team.sign(approval, "third_proof", remark="已逐字核对")
        team.by_step["emergency_sign_off"].posts.update(role=Role.PROOFREADER)
        team.sign(approval, "final_review", "emergency_sign_off")
        made = services.review_sheet(
            actor=team.acting(team.author),
            approval_id=approval.pk,
            extra=[("公开属性", "主动公开"), ("公开依据", "条例第十九条")],
            now=NOW + timedelta(hours=1),
        )
        matter, steps, *forms = cells(made)
        assert ["公开属性", "主动公开"] in matter
        assert steps[0] == ["步骤", "办理人", "时间", "意见"]
        by_name = {row[0]: row for row in steps[1:]}
        assert by_name["初审"] == ["初审", "楚审（初审）", "2026年3月2日 09:05", f"同意（所签内容 {DIGEST[:12]}）"]
        assert by_name["合法性审查"][1] == "卢律师（以一次性链接签署，欧阳办发出）"
        assert by_name["终审"][1] == "单凌（终审，受钟审委托代签）"
        assert by_name["三校"][3].startswith("同意。已逐字核对")
        assert [row[0] for row in steps[1:]] == [
            "初审",
            "一校",
            "复审",
            "二校",
            "保密审查",
            "合法性审查",
            "三校",
            "终审",
        ]
        assert len(forms) == 2
        assert ["是否涉及国家秘密", "不涉及", ""] in forms[0]
        words = text(made)
        assert DIGEST in words
        assert "保密审查表（一事一审）" in words
        assert "审批完成" in words

    def test_shows_what_is_not_signed_yet_and_a_return(self, team: Team) -> None:
        approval = team.open()
        team.sign(approval, "first_review", verdict="return", remark="请核对 <数字> & 单位")
        made = services.review_sheet(actor=team.acting(team.author), approval_id=approval.pk, now=NOW)
        _, steps = cells(made)
        assert steps[1][3].startswith("退回修改。请核对 <数字> & 单位")
        assert steps[-1][3] == "（未签）"

    def test_says_why_an_emergency_went_the_short_way(self, team: Team) -> None:
        approval = team.open(emergency=True, reason="暴雨红色预警")
        made = services.review_sheet(actor=team.acting(team.author), approval_id=approval.pk, now=NOW)
        assert ["应急发布的理由", "暴雨红色预警"] in cells(made)[0]
        assert "应急发布" in text(made)

    def test_is_stored_with_the_text(self, team: Team) -> None:
        approval = team.open()
        file = services.review_sheet_store(actor=team.acting(team.author), approval_id=approval.pk, now=NOW)
        assert (file.target_type, file.target_id) == ("test.text", "1")
        assert file.name.startswith("公开审查表-") and file.name.endswith(".docx")

    def test_is_not_for_visitors(self, team: Team) -> None:
        approval = team.open()
        with pytest.raises(NotPermitted):
            services.review_sheet(actor=Actor.anonymous(), approval_id=approval.pk, now=NOW)
