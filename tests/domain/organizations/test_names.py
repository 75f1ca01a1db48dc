"""Cleaning and comparing names, places and division codes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.domain.organizations.divisions import is_division_code, is_within, rule_layer
from gongkai.domain.organizations.kinds import LABELS, UnitKind, may_stand_under, read_kind
from gongkai.domain.organizations.names import cores_of, loosen, name_key, place_forms, place_of, tidy_name
from tests.domain.organizations.sample import table

CHINESE = st.text(alphabet="市县区发展和改革委员会财政局办公室（）() 　、与人民府", max_size=20)


class TestNameKey:
    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("市委宣传部（市委网信办）", "市委宣传部(市委网信办)"),
            ("市 财 政 局", "市财政局"),
            ("市财政局。", "市财政局"),
            ("１２３４５热线", "12345热线"),
            ("市财政局\u200b", "市财政局"),
            ("各县〔市、区〕", "各县（市、区）"),
        ],
    )
    def test_takes_for_the_same(self, one: str, other: str) -> None:
        assert name_key(one) == name_key(other)

    @given(CHINESE)
    def test_cleaning_twice_changes_nothing(self, text: str) -> None:
        assert name_key(name_key(text)) == name_key(text)
        assert tidy_name(tidy_name(text)) == tidy_name(text)

    @given(CHINESE)
    def test_tidying_keeps_the_key(self, text: str) -> None:
        assert name_key(tidy_name(text)) == name_key(text)


class TestTidyName:
    @pytest.mark.parametrize(
        ("text", "tidy"),
        [
            (" 市 财政局 ", "市财政局"),
            ("市财政局(国资委)", "市财政局（国资委）"),
            ("Gongkai Office 科", "Gongkai Office科"),
            ("市商务局、", "市商务局"),
        ],
    )
    def test_is_what_is_stored(self, text: str, tidy: str) -> None:
        assert tidy_name(text) == tidy


class TestLoosen:
    @pytest.mark.parametrize(
        ("full", "short"),
        [
            ("发展和改革委员会", "发展改革委"),
            ("临塘乡人民政府", "临塘乡"),
            ("人民政府办公室", "政府办"),
            ("赣江街道办事处", "赣江街道"),
            ("东湾村村民委员会", "东湾村村委会"),
            ("经济开发区管理委员会", "经济开发区管委会"),
        ],
    )
    def test_meets_halfway(self, full: str, short: str) -> None:
        assert loosen(full) == loosen(short)

    def test_keeps_a_name_that_begins_with_and(self) -> None:
        assert loosen("和平乡") == "和平乡"


class TestPlaces:
    @pytest.mark.parametrize(
        ("government", "forms"),
        [
            ("龙南市人民政府", {"龙南市", "龙南"}),
            ("南昌市红谷滩区人民政府", {"南昌市红谷滩区", "南昌市红谷滩", "红谷滩区", "红谷滩"}),
            ("江西省人民政府", {"江西省", "江西"}),
        ],
    )
    def test_forms(self, government: str, forms: set[str]) -> None:
        assert set(place_forms(place_of(government))) == forms

    @pytest.mark.parametrize(
        ("name", "core"),
        [
            ("国家税务总局龙南市税务局", "税务局"),
            ("赣州市医疗保障局龙南分局", "医疗保障局"),
            ("赣州市医疗保障局龙南分局", "医疗保障分局"),
            ("赣州市龙南生态环境局", "生态环境局"),
            ("龙南市财政局", "财政局"),
        ],
    )
    def test_core_without_the_place(self, name: str, core: str) -> None:
        assert core in cores_of(name, ("龙南市", "龙南"))


class TestNameTable:
    @pytest.mark.parametrize(
        ("short", "full"),
        [
            ("发改委", "发展和改革委员会"),
            ("市监局", "市场监督管理局"),
            ("城管局", "城市管理局"),
            ("城管局", "城市管理和综合执法局"),
        ],
    )
    def test_a_short_name_may_stand_for_several(self, short: str, full: str) -> None:
        assert loosen(full) in table().meanings(short)

    def test_an_unknown_name_stands_for_itself(self) -> None:
        assert table().meanings("果茶发展服务中心") == {"果茶发展服务中心"}


class TestDivisionCodes:
    @pytest.mark.parametrize("code", ["360000", "360700", "360783", "360783101", "360783101201", "810000"])
    def test_valid(self, code: str) -> None:
        assert is_division_code(code)

    @pytest.mark.parametrize(
        "code",
        [
            "",
            "36078",
            "3607831",
            "990000",
            "360083",
            "360700101",
            "360783000",
            "360783101000",
            "36O783",
            "３６０７８３",
        ],
    )
    def test_invalid(self, code: str) -> None:
        assert not is_division_code(code)

    @pytest.mark.parametrize(
        ("code", "superior", "inside"),
        [
            ("360783", "360700", True),
            ("360783101", "360783", True),
            ("360731", "360783", False),
            ("360783", "360000", True),
            ("110101", "360000", False),
        ],
    )
    def test_lie_within(self, code: str, superior: str, inside: bool) -> None:
        assert is_within(code, superior) is inside

    @pytest.mark.parametrize(("code", "layer"), [("360000", "cn-36"), ("360700", "cn-3607"), ("360783", "cn-360783")])
    def test_name_rule_layers(self, code: str, layer: str) -> None:
        assert rule_layer(code) == layer


class TestKinds:
    @pytest.mark.parametrize("kind", list(UnitKind), ids=lambda k: k.value)
    def test_is_read_by_label_and_value(self, kind: UnitKind) -> None:
        assert read_kind(LABELS[kind]) is kind
        assert read_kind(kind.value) is kind

    @pytest.mark.parametrize("text", ["", "外星机构"])
    def test_an_unknown_word_is_no_kind(self, text: str) -> None:
        assert read_kind(text) is None

    @pytest.mark.parametrize(
        ("kind", "parent", "allowed"),
        [
            (UnitKind.GOVERNMENT, None, True),
            (UnitKind.DEPARTMENT, None, False),
            (UnitKind.TOWN, UnitKind.GOVERNMENT, True),
            (UnitKind.TOWN, UnitKind.DEPARTMENT, False),
            (UnitKind.VILLAGE, UnitKind.STREET, True),
            (UnitKind.GOVERNMENT, UnitKind.DEPARTMENT, False),
            (UnitKind.INTERNAL_OFFICE, UnitKind.DEPARTMENT, True),
        ],
    )
    def test_may_stand_under(self, kind: UnitKind, parent: UnitKind | None, allowed: bool) -> None:
        assert may_stand_under(kind, parent) is allowed
