from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from gongkai.domain.personal_data import address_cell, find_personal_data
from gongkai.domain.wording import Finding
from tests.domain.personal_data.numbers import RULES, card, identity_numbers

ID = "11010519491231002X"
CARD = card("622202123456789012")


def found(text: str, label: str = "") -> list[tuple[str, str]]:
    findings = find_personal_data(text, RULES, label_at=lambda at: label)
    return [(f.code.rpartition(".")[2], f.text) for f in findings]


class TestNumbers:
    @pytest.mark.parametrize(
        ("text", "code", "number"),
        [
            (f"张某，身份证号{ID}。", "id_number", ID),
            (f"身份证号：{ID.lower()}", "id_number", ID.lower()),
            ("证件 110105 19491231 002X 号", "id_number", "110105 19491231 002X"),
            ("１１０１０５１９４９１２３１００２Ｘ", "id_number", "１１０１０５１９４９１２３１００２Ｘ"),
            (f"2023 {ID}", "id_number", ID),
            ("身份证号110105194912310021", "id_number_doubtful", "110105194912310021"),
            ("旧证360702900101123，已换发", "id_number_old", "360702900101123"),
            ("联系人李某13812345678", "mobile", "13812345678"),
            ("手机：138-1234-5678", "mobile", "138-1234-5678"),
            ("手机：138 1234 5678，请拨打", "mobile", "138 1234 5678"),
            ("+86-13812345678", "mobile", "86-13812345678"),
            ("Tel13812345678", "mobile", "13812345678"),
            ("13812345678@example.com", "mobile", "13812345678"),
            ("2024-01-05 13812345678", "mobile", "13812345678"),
            (f"补贴打入{CARD}。", "bank_card", CARD),
            ("卡号 " + " ".join([CARD[:4], CARD[4:8], CARD[8:12], CARD[12:16], CARD[16:]]), "bank_card", None),
            ("开户行：某某农商行，账号12345678901234567", "account", "12345678901234567"),
            ("宅电0797-8123456", "landline", "0797-8123456"),
            ("家庭电话：(010) 81234567", "landline", "(010) 81234567"),
            ("护照号E12345678", "passport", "E12345678"),
            ("护照EA1234567", "passport", "EA1234567"),
            ("港澳通行证C12345678", "passport", "C12345678"),
            ("车牌赣B12345", "plate", "赣B12345"),
            ("车牌京AD12345", "plate", "京AD12345"),
            ("赣B·A123警", "plate", "赣B·A123警"),
        ],
    )
    def test_are_found(self, text: str, code: str, number: str | None) -> None:
        assert [(c, n if number else None) for c, n in found(text)] == [(code, number)]

    @pytest.mark.parametrize(
        "text",
        [
            "110105194912310021",  # wrong check digit and no word that says what it is
            "统一社会信用代码91360702MA35ABCD1X",
            "统一社会信用代码：11010519491231002X",
            "项目代码2306-360702-04-01-123456",
            "索引号360702900101123",
            "360700-2023-13812345678",
            "http://www.example.gov.cn/art/13812345678.html",
            "t13812345678abc",
            "t20231113_13812345678.shtml",
            "〔13812345678〕",
            "138****5678",
            "110105********002X",
            "11010519491XXXXX2X",
            "固定电话0797-8123456",
            "咨询电话：0797-8123456、12345",
            "E12345678",
            "投资 12345678901234567 元",
            "合同编号12345678901234567890",
            "一般公共预算收入123456.78万元，增长12.3%",
            "2023年1月1日至2024年12月31日",
            "G105国道、S226省道",
            "苏区振兴、赣南等原中央苏区",
            "13900000000",
            "住址：某市",
            "现住房面积120平方米",
        ],
    )
    def test_ordinary_text_raises_no_alarm(self, text: str) -> None:
        assert found(text) == []

    def test_what_a_column_is_called_counts(self) -> None:
        assert found("12345678901234567", label="银行账号") == [("account", "12345678901234567")]
        assert found("E12345678", label="护照号码") == [("passport", "E12345678")]
        assert found(card("103123456789012345"), label="卡号") == [("bank_card", card("103123456789012345"))]

    def test_two_phones_with_a_stroke_between_them(self) -> None:
        assert [n for _, n in found("13812345678/13912345678")] == ["13812345678", "13912345678"]

    @given(
        identity_numbers(),
        st.text(
            st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF) | st.sampled_from("，。；\n\t（）、"), max_size=30
        ),
        st.text(
            st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF) | st.sampled_from("，。；\n\t（）、"), max_size=30
        ),
    )
    def test_every_identity_number_is_found_wherever_it_is_planted(self, number: str, before: str, after: str) -> None:
        assume("信用代码" not in before + after)
        assert ("id_number", number) in found(before + number + after)

    @given(st.text("0123456789 -Xx/.", max_size=120))
    def test_findings_lie_in_the_text_and_never_overlap(self, text: str) -> None:
        findings: list[Finding] = find_personal_data(text, RULES)
        assert all(f.text == text[f.start : f.end] for f in findings)
        assert all(a.end <= b.start for a, b in zip(findings, findings[1:], strict=False))


class TestAddresses:
    @pytest.mark.parametrize(
        ("text", "value"),
        [
            ("家庭住址：青麓市临江区沿河路12号3栋，电话", "青麓市临江区沿河路12号3栋"),
            ("现住青麓市山口镇石桥村五组。", "青麓市山口镇石桥村五组"),
            ("户籍地址:青麓市城南街道8号", "青麓市城南街道8号"),
        ],
    )
    def test_after_a_word_that_announces_one(self, text: str, value: str) -> None:
        assert found(text) == [("address", value)]

    def test_in_a_cell_of_a_column_of_addresses(self) -> None:
        rule = RULES.kinds["content.person.address"]
        assert address_cell("山口镇石桥村", rule=rule) is not None
        assert address_cell("青麓市", rule=rule) is None

    def test_the_number_is_masked_wherever_it_may_be_shown(self) -> None:
        finding = find_personal_data(f"张某{ID}已登记", RULES)[0]
        assert ID not in finding.shown + finding.context
        assert finding.shown.startswith("110")
