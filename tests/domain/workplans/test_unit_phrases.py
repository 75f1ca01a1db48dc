from __future__ import annotations

import pytest

from gongkai.domain.workplans.unit_phrases import assignment_in_prose, names_units, parse_assignment


class TestParseAssignment:
    @pytest.mark.parametrize(
        ("phrase", "lead", "responsible"),
        [
            ("牵头单位：市司法局；责任单位：市政府各部门", ["市司法局"], ["市政府各部门"]),
            ("牵头单位：市政府办公室、市行政审批局，责任单位：市政府各部门", ["市政府办公室", "市行政审批局"], ["市政府各部门"]),
            ("牵头单位：市政府办公室，各县（市、区）人民政府；责任单位：市政府有关部门",
             ["市政府办公室", "各县（市、区）人民政府"], ["市政府有关部门"]),
            ("责任单位：区财政局、区审计局按职责分工牵头负责；区政府各部门，各乡镇、街道落实",
             ["区财政局", "区审计局"], ["区政府各部门", "各乡镇、街道"]),
            ("责任单位：区司法局牵头，区政府各部门落实", ["区司法局"], ["区政府各部门"]),
            ("市教育局牵头，市财政局、市审计局按职责分工负责", ["市教育局"], ["市财政局", "市审计局"]),
            ("市教育局牵头,市财政局配合", ["市教育局"], ["市财政局"]),
            ("市教育局、市财政局等负责", [], ["市教育局", "市财政局"]),
            ("市信访局负责，各区县政府配合", ["市信访局"], ["各区县政府"]),
            ("市政府办公室会同市司法局负责", ["市政府办公室"], ["市司法局"]),
            ("由市教育局牵头，市财政局配合", ["市教育局"], ["市财政局"]),
            ("牵头：市教育局；配合：市财政局", ["市教育局"], ["市财政局"]),
            ("主办单位：市教育局；协办单位：市财政局", ["市教育局"], ["市财政局"]),
            ("责任科室：办公室、政策法规科", [], ["办公室", "政策法规科"]),
            ("牵头单位：市数据局，各县区配合", ["市数据局"], ["各县区"]),
            ("市教育局牵头，市财政局、市审计局等部门配合", ["市教育局"], ["市财政局", "市审计局"]),
        ],
    )  # fmt: skip
    def test_finds_who_leads_and_who_does(self, phrase: str, lead: list[str], responsible: list[str]) -> None:
        found = parse_assignment(phrase)
        assert list(found.lead_units) == lead
        assert list(found.responsible_units) == responsible

    @pytest.mark.parametrize(
        ("phrase", "due"),
        [
            ("责任单位：市司法局；完成时限：9月底前完成并长期坚持", "9月底前完成并长期坚持"),
            ("完成时间：上半年；责任单位：市司法局", "上半年"),
            ("市司法局牵头，9月底前完成", "9月底前完成"),
            ("市司法局按职责分工负责，持续推进", "持续推进"),
        ],
    )
    def test_finds_the_limit(self, phrase: str, due: str) -> None:
        assert parse_assignment(phrase).due_text == due

    def test_keeps_shared_duty_cooperation_and_leaders_apart(self) -> None:
        found = parse_assignment("牵头领导：周启明；牵头单位：市教育局；配合单位：市财政局按职责分工负责")
        assert found.leaders == ("周启明",)
        assert found.cooperating_units == ("市财政局",)
        assert found.shared


class TestNamesUnits:
    @pytest.mark.parametrize(
        "phrase",
        [
            "责任单位：市司法局",
            "市司法局、市财政局等负责",
            "X局牵头，Y局配合",
            "市政府办公室",
            "市司法局牵头，9月底前完成",
        ],
    )
    def test_takes_an_assignment(self, phrase: str) -> None:
        assert names_units(phrase)

    @pytest.mark.parametrize(
        "phrase", ["街道", "社区", "分别是主动公开、不予公开", "以下简称条例", "详见附件2", "2024年6月底前完成"]
    )
    def test_leaves_other_brackets_alone(self, phrase: str) -> None:
        assert not names_units(phrase)


class TestAssignmentInProse:
    def test_reads_a_sentence_that_says_who_leads(self) -> None:
        found = assignment_in_prose("市政府办公室牵头，各乡镇街道配合，于6月底前编制本级目录。")
        assert found is not None
        assert found.lead_units == ("市政府办公室",)
        assert found.responsible_units == ("各乡镇街道",)

    @pytest.mark.parametrize(
        "text", ["各部门负责同志要带头。", "加强牵头单位与配合单位的衔接。", "主要负责人亲自抓、分管负责人具体抓。"]
    )
    def test_does_not_take_persons_or_words_for_units(self, text: str) -> None:
        assert assignment_in_prose(text) is None
