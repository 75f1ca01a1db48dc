from __future__ import annotations

import pytest

from gongkai.domain.workplans.unit_lists import split_units


class TestSplitUnits:
    @pytest.mark.parametrize(
        ("text", "units"),
        [
            ("市发改委、市工信局", ("市发改委", "市工信局")),
            ("市政府有关部门，各县（市、区）人民政府", ("市政府有关部门", "各县（市、区）人民政府")),
            ("市属、驻市有关单位", ("市属、驻市有关单位",)),
            ("市政府各部门，市属、驻市有关单位", ("市政府各部门", "市属、驻市有关单位")),
            ("各乡镇人民政府、城市社区管委会", ("各乡镇人民政府", "城市社区管委会")),
            ("区政府各部门，各乡镇、街道", ("区政府各部门", "各乡镇、街道")),
            ("各乡镇、街道等", ("各乡镇、街道",)),
            ("各县区、各开发区", ("各县区", "各开发区")),
            ("各区县政府、市政府各部门", ("各区县政府", "市政府各部门")),
            ("市委、市政府督查室", ("市委、市政府督查室",)),
            ("市委办、市政府办", ("市委办", "市政府办")),
            ("各乡镇党委、政府", ("各乡镇党委、政府",)),
            ("中央、省属驻市单位", ("中央、省属驻市单位",)),
            ("市发改委 市自然资源局", ("市发改委", "市自然资源局")),
            ("市 政府办", ("市政府办",)),
            ("市委宣传部（市委网信办）、市公安局", ("市委宣传部（市委网信办）", "市公安局")),
            ("市住房和城乡建设局和市文化和旅游局", ("市住房和城乡建设局", "市文化和旅游局")),
            ("县发展和改革局", ("县发展和改革局",)),
            ("市财政局；市审计局。", ("市财政局", "市审计局")),
            ("市财政局/市审计局", ("市财政局", "市审计局")),
            ("市财政局\n市审计局", ("市财政局", "市审计局")),
            ("市财政局、市财政局", ("市财政局",)),
            ("各县(市、区)政府,市政府有关部门", ("各县(市、区)政府", "市政府有关部门")),
        ],
    )
    def test_parts_lists_but_never_a_phrase(self, text: str, units: tuple[str, ...]) -> None:
        assert split_units(text).units == units

    @pytest.mark.parametrize(
        "text", ["市财政局等", "市财政局、市审计局等部门", "市财政局等有关单位", "市财政局等政府各有关部门"]
    )
    def test_marks_a_list_that_goes_on(self, text: str) -> None:
        found = split_units(text)
        assert found.open_list
        assert found.units[0] == "市财政局"

    def test_tells_what_does_not_look_like_a_unit(self) -> None:
        assert split_units("市财政局、加快推进").odd == ("加快推进",)
