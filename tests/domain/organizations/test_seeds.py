"""Every unit phrase of the founding documents against a tree of official names."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from gongkai.domain.organizations.resolve import Directory, Found
from tests.domain.organizations.sample import Builder, county

SHARED = [
    "财政局",
    "审计局",
    "司法局",
    "民政局",
    "商务局",
    "农业农村局",
    "退役军人事务局",
    "人力资源和社会保障局",
    "卫生健康委员会",
    "发展和改革委员会",
    "市场监督管理局",
    "应急管理局",
]


def ganzhou() -> Builder:
    house = Builder().add("赣州市人民政府", "government")
    for name in [
        "人民政府办公室",
        "工业和信息化局",
        "行政审批局",
        "教育局",
        "医疗保障局",
        "自然资源局",
        "文化广电新闻出版旅游局",
        "乡村振兴局",
        "生态环境局",
        "住房和城乡建设局",
        "水利局",
        "交通运输局",
        "大数据管理局",
        "融媒体中心",
        "人民政府金融工作办公室",
        "人民政府新闻办公室",
    ] + SHARED:
        house.add(f"赣州市{name}", "department", "赣州市人民政府")
    house.add("国家税务总局赣州市税务局", "dispatched_agency", "赣州市人民政府")
    for place in ("龙南市", "石城县", "章贡区"):
        house.add(f"{place}人民政府", "government", "赣州市人民政府")
    return house


def honggutan() -> Builder:
    home = "南昌市红谷滩区人民政府"
    house = Builder().add(home, "government")
    for name in [
        "教育体育局",
        "科学技术和工业信息化局",
        "住房和城乡建设局",
        "城市管理和综合执法局",
        "文化广电新闻出版旅游局",
        "医疗保障局",
        "政务服务和数据管理局",
        "人民政府金融工作办公室",
    ] + SHARED:
        house.add(f"红谷滩区{name}", "department", home)
    house.add("南昌市自然资源和规划局红谷滩分局", "dispatched_agency", home)
    house.add("南昌市红谷滩生态环境局", "dispatched_agency", home)
    house.add("国家税务总局南昌市红谷滩区税务局", "dispatched_agency", home)
    house.add("生米镇人民政府", "town", home)
    house.add("沙井街道办事处", "street", home)
    return house


def read(seeds: Path, number: str) -> str:
    (path,) = seeds.glob(f"{number}_*.txt")
    return path.read_text(encoding="utf-8")


def split(text: str) -> list[str]:
    """Cut a list of units at 、 and ，, but not within the phrases that hold one themselves."""
    text = re.sub(r"\s", "", text)
    for whole in (
        "市属、驻市有关单位",
        "各乡镇、街道",
        "各乡镇人民政府、城市社区管委会",
        "其余乡镇人民政府、城市社区管委会",
    ):
        text = text.replace(whole, whole.replace("、", "｜"))
    text = re.sub(r"（市、区）", "（市｜区）", text)
    return [part.replace("｜", "、") for part in re.split(r"[、，,;；]", text) if part]


def ledger_phrases(text: str) -> list[str]:
    """The units of 〔牵头单位：…；责任单位：…〕."""
    found: list[str] = []
    joined = re.sub(r"\s", "", text).replace(
        "人民政府）", "人民政府〕"
    )  # one bracket of the source is closed by another kind
    for bracket in re.findall(r"〔([^〕]*)〕", joined):
        for label, units in re.findall(r"(牵头单位|责任单位|完成时限)：([^；]*)", bracket):
            if label != "完成时限":
                found += split(units)
    return list(dict.fromkeys(found))


def duty_phrases(text: str) -> list[str]:
    """The units of （责任单位：… 按职责分工负责）."""
    found: list[str] = []
    for bracket in re.findall(
        r"[（(]责任单位：(.*?)[)）](?=[（(一二三四五六七八九十]|\s|$)", re.sub(r"[ \t]|\n", "", text)
    ):
        clean = re.sub(r"等?按职责分工(牵头)?负责|牵头|落实", "", bracket)
        found += split(clean)
    return list(dict.fromkeys(found))


def unresolved(directory: Directory, phrases: list[str]) -> list[str]:
    return [p for p in phrases if directory.resolve(p).found not in (Found.UNIT, Found.GROUP)]


class TestSeeds:
    def test_work_plan_of_a_prefecture(self, seeds: Path) -> None:
        phrases = ledger_phrases(read(seeds, "000"))
        assert len(phrases) > 20
        assert unresolved(ganzhou().directory(date(2023, 5, 30)), phrases) == []

    def test_key_points_of_a_district(self, seeds: Path) -> None:
        phrases = duty_phrases(read(seeds, "001"))
        assert len(phrases) > 20
        assert unresolved(honggutan().directory(date(2023, 6, 30)), phrases) == []

    def test_plan_of_a_county_level_city(self, seeds: Path) -> None:
        phrases = ledger_phrases(read(seeds, "004"))
        assert len(phrases) > 30
        assert unresolved(county().directory(date(2024, 7, 19)), phrases) == []

    def test_open_days_of_a_county_level_city(self, seeds: Path) -> None:
        text = read(seeds, "004")
        lines = text[text.rindex("活动安排表") :].splitlines()
        phrases = list(dict.fromkeys(p for line in lines if line.count("、") > 3 for p in split(line)))
        assert len(phrases) > 25
        assert unresolved(county().directory(date(2024, 7, 19)), phrases) == []

    def test_every_group_of_the_task_table(self, seeds: Path) -> None:
        text = read(seeds, "003")
        phrases = ["各县(市、区)政府", "市政府有关部门", "市政府各部门", "专项政策解读部门"]
        directory = ganzhou().directory(date(2021, 7, 1))
        assert [p for p in phrases if p not in text] == []
        assert [p for p in phrases if directory.resolve(p).found is not Found.GROUP] == []
