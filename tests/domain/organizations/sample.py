"""A small invented house of two levels, and a real-looking county, for the tests of names and groups."""

from __future__ import annotations

from datetime import date
from importlib import resources

import yaml

from gongkai.domain.organizations.groups import GroupGrammar, GroupNoun, Reach
from gongkai.domain.organizations.names import NameTable
from gongkai.domain.organizations.resolve import DatedName, Directory, NamedUnit

TODAY = date(2024, 9, 27)


def load(name: str) -> object:
    source = resources.files("gongkai.rulebook") / "data" / "orgs" / name
    return yaml.safe_load(source.read_text(encoding="utf-8"))


def table() -> NameTable:
    return NameTable.of((full, shorts) for full, shorts in load("departments.yaml"))  # type: ignore[attr-defined]


def grammar() -> GroupGrammar:
    data = load("groups.yaml")
    assert isinstance(data, dict)
    return GroupGrammar(
        spellings=tuple((a, b) for a, b in data["spellings"]),
        nouns=tuple(
            GroupNoun(
                n["pattern"],
                tuple(n["kinds"]),
                Reach(n.get("reach", "own")),
                n.get("plural", False),
                n.get("name_part", ""),
            )
            for n in data["nouns"]
        ),
    )


class Builder:
    """Collects units under readable names; ``ids`` maps a name to its id."""

    def __init__(self) -> None:
        self.units: list[NamedUnit] = []
        self.ids: dict[str, int] = {}

    def add(
        self,
        name: str,
        kind: str,
        parent: str | None = None,
        *,
        aliases: tuple[str, ...] = (),
        former: tuple[tuple[str, date | None, date], ...] = (),
        since: date | None = None,
        dissolved_on: date | None = None,
        successors: tuple[str, ...] = (),
    ) -> Builder:
        number = len(self.units) + 1
        self.ids[name] = number
        past = tuple(DatedName(text, a, b) for text, a, b in former)
        self.units.append(
            NamedUnit(
                id=number,
                kind=kind,
                parent_id=self.ids[parent] if parent else None,
                names=(*past, DatedName(name, since)),
                aliases=tuple(DatedName(text) for text in aliases),
                dissolved_on=dissolved_on,
                successors=tuple(self.ids[s] for s in successors),
            )
        )
        return self

    def directory(self, on: date = TODAY) -> Directory:
        return Directory(units=self.units, table=table(), grammar=grammar(), on=on)

    def name(self, unit_id: int | None) -> str | None:
        return next((n for n, i in self.ids.items() if i == unit_id), None)


LONGNAN = "龙南市人民政府"
DEPARTMENTS = [
    "龙南市人民政府办公室",
    "龙南市发展和改革委员会",
    "龙南市教育体育局",
    "龙南市科学技术局",
    "龙南市工业和信息化局",
    "龙南市公安局",
    "龙南市民政局",
    "龙南市司法局",
    "龙南市财政局",
    "龙南市人力资源和社会保障局",
    "龙南市自然资源局",
    "龙南市住房和城乡建设局",
    "龙南市交通运输局",
    "龙南市水利局",
    "龙南市农业农村局",
    "龙南市林业局",
    "龙南市商务局",
    "龙南市文化广电旅游局",
    "龙南市卫生健康委员会",
    "龙南市退役军人事务局",
    "龙南市应急管理局",
    "龙南市审计局",
    "龙南市市场监督管理局",
    "龙南市统计局",
    "龙南市行政审批局",
    "龙南市城市管理局",
]
STATIONED = ("赣州市龙南生态环境局", "赣州市医疗保障局龙南分局", "国家税务总局龙南市税务局", "龙南市气象局")
BODIES = ("龙南市融媒体中心", "龙南市果茶发展服务中心", "龙南市供销合作社联合社", "安基山林场")
PARTY = ("中共龙南市委宣传部", "中共龙南市委组织部", "中共龙南市委党校")


def county() -> Builder:
    """A county-level city as in a plan of its own: one government, departments, stationed agencies, towns."""
    house = Builder().add(LONGNAN, "government")
    for name in DEPARTMENTS:
        house.add(name, "department", LONGNAN)
    for name in STATIONED:
        house.add(name, "dispatched_agency", LONGNAN)
    house.add("国网江西省电力有限公司龙南市供电分公司", "enterprise", LONGNAN)
    for name in BODIES:
        house.add(name, "public_institution", LONGNAN)
    for name in PARTY:
        house.add(name, "party_organ", LONGNAN)
    house.add("龙南市公安局交通管理大队", "internal_office", "龙南市公安局")
    for name in ("临塘乡人民政府", "渡江镇人民政府", "里仁镇人民政府"):
        house.add(name, "town", LONGNAN)
    house.add("龙南市城市社区管理委员会", "management_committee", LONGNAN)
    house.add("新都村村民委员会", "village", "渡江镇人民政府")
    return house


def prefecture() -> Builder:
    """A prefecture-level city with two lower governments that have departments of the same short names."""
    house = Builder().add("赣州市人民政府", "government")
    for name in (
        "人民政府办公室",
        "发展和改革委员会",
        "财政局",
        "市场监督管理局",
        "文化广电新闻出版旅游局",
        "行政审批局",
    ):
        house.add(f"赣州市{name}", "department", "赣州市人民政府")
    house.add("赣州市人民政府金融工作办公室", "department", "赣州市人民政府")
    house.add(
        "赣州市乡村振兴局",
        "department",
        "赣州市人民政府",
        former=(("赣州市扶贫办公室", None, date(2021, 5, 31)),),
        since=date(2021, 6, 1),
    )
    house.add("赣州市医疗保障局", "department", "赣州市人民政府", aliases=("市医保局",))
    for place in ("龙南市", "章贡区"):
        house.add(f"{place}人民政府", "government", "赣州市人民政府")
        for name in ("发展和改革委员会", "财政局", "水利局"):
            house.add(f"{place}{name}", "department", f"{place}人民政府")
    house.add("临塘乡人民政府", "town", LONGNAN)
    house.add("赣江街道办事处", "street", "章贡区人民政府")
    return house
