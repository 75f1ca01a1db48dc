"""Which unit a phrase names on a date."""

from __future__ import annotations

from datetime import date

import pytest

from gongkai.domain.organizations.resolve import Found, Match
from tests.domain.organizations.sample import LONGNAN, TODAY, Builder, county, prefecture

COUNTY = county()
CITY = prefecture()


class TestResolveInACounty:
    @pytest.mark.parametrize(
        ("phrase", "name"),
        [
            ("龙南市发展和改革委员会", "龙南市发展和改革委员会"),
            ("市发展和改革委员会", "龙南市发展和改革委员会"),
            ("市发展改革委", "龙南市发展和改革委员会"),
            ("市发改委", "龙南市发展和改革委员会"),
            ("龙南市发展改革委员会", "龙南市发展和改革委员会"),
            ("发改委", "龙南市发展和改革委员会"),
            ("市 发改委", "龙南市发展和改革委员会"),
            ("市教体局", "龙南市教育体育局"),
            ("市市场监管局", "龙南市市场监督管理局"),
            ("市场监管局", "龙南市市场监督管理局"),
            ("市监局", "龙南市市场监督管理局"),
            ("市卫健委", "龙南市卫生健康委员会"),
            ("市人社局", "龙南市人力资源和社会保障局"),
            ("市文广旅局", "龙南市文化广电旅游局"),
            ("市工信局", "龙南市工业和信息化局"),
            ("市住建局", "龙南市住房和城乡建设局"),
            ("市城管局", "龙南市城市管理局"),
            ("市政府办", "龙南市人民政府办公室"),
            ("市政府办公室", "龙南市人民政府办公室"),
            ("市人民政府办公室", "龙南市人民政府办公室"),
            ("市政府", LONGNAN),
            ("龙南市", LONGNAN),
            ("龙南市政府", LONGNAN),
            ("龙南生态环境局", "赣州市龙南生态环境局"),
            ("市生态环境局", "赣州市龙南生态环境局"),
            ("赣州市医疗保障局龙南分局", "赣州市医疗保障局龙南分局"),
            ("市医保局", "赣州市医疗保障局龙南分局"),
            ("市税务局", "国家税务总局龙南市税务局"),
            ("市供电公司", "国网江西省电力有限公司龙南市供电分公司"),
            ("市供销社", "龙南市供销合作社联合社"),
            ("市公安局交管大队", "龙南市公安局交通管理大队"),
            ("市委宣传部", "中共龙南市委宣传部"),
            ("市委宣传部（市委网信办）", "中共龙南市委宣传部"),
            ("市委党校", "中共龙南市委党校"),
            ("临塘乡", "临塘乡人民政府"),
            ("临塘乡政府", "临塘乡人民政府"),
            ("龙南市临塘乡人民政府", "临塘乡人民政府"),
            ("安基山林场", "安基山林场"),
            ("城市社区管委会", "龙南市城市社区管理委员会"),
            ("新都村委会", "新都村村民委员会"),
        ],
    )
    def test_finds_the_unit_in_every_form(self, phrase: str, name: str) -> None:
        answer = COUNTY.directory().resolve(phrase)
        assert (answer.found, COUNTY.name(answer.unit_id)) == (Found.UNIT, name)

    def test_tells_how_it_was_found(self) -> None:
        directory = COUNTY.directory()
        assert directory.resolve("龙南市财政局").match is Match.EXACT
        assert directory.resolve("市财政局").match is Match.ABBREVIATION

    @pytest.mark.parametrize(
        "phrase", ["区发改委", "县财政局", "省水利厅", "赣州市发展和改革委员会", "市体育总会", "市委编办", ""]
    )
    def test_does_not_guess(self, phrase: str) -> None:
        assert COUNTY.directory().resolve(phrase).found is Found.UNKNOWN

    @pytest.mark.parametrize(
        ("phrase", "offered"),
        [("区发改委", "龙南市发展和改革委员会"), ("市水务水利局", "龙南市水利局"), ("农业农村委", "龙南市农业农村局")],
    )
    def test_offers_what_is_near(self, phrase: str, offered: str) -> None:
        answer = COUNTY.directory().resolve(phrase)
        assert answer.found is Found.UNKNOWN
        assert offered in [COUNTY.name(c.unit_id) for c in answer.candidates]
        assert all(0 < c.score < 1 for c in answer.candidates)


class TestResolveInAPrefecture:
    @pytest.mark.parametrize(
        ("phrase", "home", "name"),
        [
            ("市发改委", None, "赣州市发展和改革委员会"),
            ("赣州市发展改革委员会", None, "赣州市发展和改革委员会"),
            ("市发改委", LONGNAN, "龙南市发展和改革委员会"),
            ("龙南市发改委", None, "龙南市发展和改革委员会"),
            ("赣州市龙南市发改委", None, "龙南市发展和改革委员会"),
            ("区发改委", "章贡区人民政府", "章贡区发展和改革委员会"),
            ("章贡区发改委", None, "章贡区发展和改革委员会"),
            ("市政府金融办", None, "赣州市人民政府金融工作办公室"),
            ("市金融办", None, "赣州市人民政府金融工作办公室"),
            ("市文广新旅局", None, "赣州市文化广电新闻出版旅游局"),
            ("市政府办公室", None, "赣州市人民政府办公室"),
            ("龙南市人民政府", None, LONGNAN),
            ("市政府", LONGNAN, LONGNAN),
            ("临塘乡", None, "临塘乡人民政府"),
            ("市医保局", None, "赣州市医疗保障局"),
        ],
    )
    def test_looks_in_the_house_of_the_government_that_speaks(self, phrase: str, home: str | None, name: str) -> None:
        answer = CITY.directory().resolve(phrase, home_id=CITY.ids[home] if home else None)
        assert (answer.found, CITY.name(answer.unit_id)) == (Found.UNIT, name)

    def test_a_department_of_a_lower_government_is_only_offered(self) -> None:
        answer = CITY.directory().resolve("市水利局")
        assert answer.found is Found.UNKNOWN
        assert {CITY.name(c.unit_id) for c in answer.candidates} >= {"龙南市水利局", "章贡区水利局"}

    def test_an_alias_of_another_house_is_only_offered(self) -> None:
        answer = CITY.directory().resolve("市医保局", home_id=CITY.ids[LONGNAN])
        assert answer.found is Found.UNKNOWN
        assert "赣州市医疗保障局" in [CITY.name(c.unit_id) for c in answer.candidates]


class TestResolveOverTime:
    def test_a_former_name_counts_before_the_change_as_the_name(self) -> None:
        answer = CITY.directory(date(2021, 5, 31)).resolve("赣州市扶贫办公室")
        assert (answer.found, answer.match) == (Found.UNIT, Match.EXACT)

    def test_a_former_name_is_followed_after_the_change(self) -> None:
        answer = CITY.directory(date(2021, 6, 1)).resolve("市扶贫办")
        assert (CITY.name(answer.unit_id), answer.match) == ("赣州市乡村振兴局", Match.HISTORIC)

    def test_a_name_still_to_come_is_not_known_yet(self) -> None:
        assert CITY.directory(date(2021, 5, 31)).resolve("赣州市乡村振兴局").found is Found.UNKNOWN

    def merged(self) -> Builder:
        house = Builder().add("甲市人民政府", "government")
        house.add("甲市农业农村局", "department", "甲市人民政府")
        house.add("甲市水务和移民局", "department", "甲市人民政府")
        house.add(
            "甲市畜牧局", "department", "甲市人民政府", dissolved_on=date(2024, 1, 1), successors=("甲市农业农村局",)
        )
        house.add(
            "甲市农水中心",
            "department",
            "甲市人民政府",
            dissolved_on=date(2024, 1, 1),
            successors=("甲市农业农村局", "甲市水务和移民局"),
        )
        return house

    def test_a_merged_unit_leads_to_its_successor(self) -> None:
        house = self.merged()
        assert house.name(house.directory(date(2023, 12, 31)).resolve("市畜牧局").unit_id) == "甲市畜牧局"
        answer = house.directory(date(2024, 1, 1)).resolve("市畜牧局")
        assert (house.name(answer.unit_id), answer.match) == ("甲市农业农村局", Match.HISTORIC)

    def test_a_split_unit_leaves_the_choice_to_a_person(self) -> None:
        answer = self.merged().directory(date(2024, 1, 1)).resolve("市农水中心")
        assert answer.found is Found.AMBIGUOUS
        assert len(answer.candidates) == 2


class TestAmbiguity:
    def test_two_units_of_one_short_name_are_both_offered(self) -> None:
        house = Builder().add("甲市人民政府", "government")
        house.add("甲市城市管理局", "department", "甲市人民政府")
        house.add("甲市城市管理行政执法局", "department", "甲市人民政府")
        answer = house.directory().resolve("市城管局")
        assert answer.found is Found.AMBIGUOUS
        assert len(answer.candidates) == 2

    def test_an_alias_on_file_settles_it(self) -> None:
        house = Builder().add("甲市人民政府", "government")
        house.add("甲市城市管理局", "department", "甲市人民政府")
        house.add("甲市城市管理行政执法局", "department", "甲市人民政府", aliases=("市城管局",))
        answer = house.directory().resolve("市城管局")
        assert (house.name(answer.unit_id), answer.match) == ("甲市城市管理行政执法局", Match.ALIAS)

    def test_two_nameplates_of_different_units_are_not_decided(self) -> None:
        house = county().add("中共龙南市委网络安全和信息化委员会办公室", "party_organ", LONGNAN)
        answer = house.directory().resolve("市委宣传部（市委网信办）")
        assert answer.found is Found.AMBIGUOUS

    def test_nothing_is_resolved_in_an_empty_house(self) -> None:
        assert Builder().directory(TODAY).resolve("市发改委").found is Found.UNKNOWN
