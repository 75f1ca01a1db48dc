from __future__ import annotations

import pytest

from gongkai.domain.personal_data import Headers, is_address_header, sensitive_columns

WORDS = Headers(name=("姓名", "户主"), health=("残疾等级", "致贫原因"), minor=("学籍号", "监护人"))


class TestAddressHeader:
    @pytest.mark.parametrize(
        "label", ["家庭住址", "家庭 住址", "户籍地址", "现住址", "住址", "居住地址", "通讯地址", "联系地址"]
    )
    def test_home_addresses(self, label: str) -> None:
        assert is_address_header(label)

    @pytest.mark.parametrize("label", ["", "地址", "办公地址", "单位地址", "项目地址", "网址", "办理地点"])
    def test_other_addresses(self, label: str) -> None:
        assert not is_address_header(label)


class TestSensitiveColumns:
    def test_stand_beside_a_name(self) -> None:
        found = sensitive_columns(["序号", "户主 姓名", "残疾\n等级", "监护人姓名", "金额"], WORDS)
        assert found == [(2, "content.person.health_column"), (3, "content.person.minor_column")]

    def test_without_a_name_nobody_is_meant(self) -> None:
        assert sensitive_columns(["残疾等级", "人数"], WORDS) == []
