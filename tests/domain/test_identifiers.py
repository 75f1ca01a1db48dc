"""Document numbers and register numbers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.domain.identifiers import DocNo, RegisterPattern, find_doc_nos, parse_doc_no
from gongkai.rulebook.messages import describe

CANONICAL = DocNo("赣市府办字", 2023, 57)
BRACKETS = ["〔〕", "[]", "【】", "（）", "()", "［］", "〖〗", "﹝﹞", "〔]", "（〕"]


class TestParseDocNo:
    @pytest.mark.parametrize("pair", BRACKETS)
    def test_reads_every_bracket_style(self, pair):
        assert parse_doc_no(f"赣市府办字{pair[0]}2023{pair[1]}57号") == CANONICAL

    @pytest.mark.parametrize(
        "text",
        [
            " 赣市府办字〔2023〕57号 ",
            "赣市府办字 〔 2023 〕 57 号",
            "赣市府办字〔２０２３〕５７号",
            "赣市府办字〔2023〕057号",
            "赣市府办字〔2023〕第57号",
            "赣市府办字〔2023年〕57号",
            "赣 市 府 办 字〔2023〕57号",
        ],
    )
    def test_reads_sloppy_writing(self, text):
        assert parse_doc_no(text) == CANONICAL
        assert str(parse_doc_no(text)) == "赣市府办字〔2023〕57号"

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "57号",
            "〔2023〕57号",
            "赣市府办字2023年57号",
            "赣市府办字〔23〕57号",
            "赣市府办字〔2023〕0号",
            "赣市府办字〔1023〕5号",
            "赣市府办字〔2023〕57号文件",
        ],
    )
    def test_gives_nothing_for_other_texts(self, text):
        assert parse_doc_no(text) is None

    @given(st.text("赣市府办字发函规龙南", min_size=1, max_size=8), st.integers(1949, 2099), st.integers(1, 99999))
    def test_reads_back_what_it_writes(self, prefix, year, number):
        assert parse_doc_no(str(DocNo(prefix, year, number))) == DocNo(prefix, year, number)

    @pytest.mark.parametrize("values", [("", 2023, 1), ("府 办", 2023, 1), ("府办", 1900, 1), ("府办", 2023, 0)])
    def test_refuses_impossible_values(self, values):
        with pytest.raises(ValueError, match="number|year|organ"):
            DocNo(*values)


class TestFindDocNos:
    @pytest.mark.parametrize(
        ("text", "numbers"),
        [
            ("龙府办字〔2024〕36号\n\n龙南市人民政府办公室", ["龙府办字〔2024〕36号"]),
            (
                "根据《通知》（赣府厅字〔2023〕5号）和红谷府办发[2023]55号要求",
                ["赣府厅字〔2023〕5号", "红谷府办发〔2023〕55号"],
            ),
            ("按照赣市府办字〔2023〕57号精神", ["赣市府办字〔2023〕57号"]),
            ("赣经信字〔2023〕5号", ["赣经信字〔2023〕5号"]),
            ("见和府办发〔2023〕1号及和府发〔2023〕2号", ["和府办发〔2023〕1号", "和府发〔2023〕2号"]),
            ("国令第711号、2023年57号", []),
        ],
    )
    def test_finds_them_in_running_text(self, text, numbers):
        assert [str(found.doc_no) for found in find_doc_nos(text)] == numbers

    def test_says_where_they_stand(self):
        text = "根据赣市府办字〔2023〕57号执行"
        found = find_doc_nos(text)[0]
        assert text[found.start : found.end] == "赣市府办字〔2023〕57号"


class TestRegisterPattern:
    @pytest.mark.parametrize(
        ("pattern", "text"),
        [
            ("督〔{year}〕{number}号", "督〔2024〕7号"),
            ("YQ{year}-{number:4}", "YQ2024-0007"),
            ("{unit}{year2}{number:03d}", "财24007"),
            ("{{{series}}}{number}", "{B}7"),
        ],
    )
    def test_writes_and_reads_a_number(self, pattern, text):
        register = RegisterPattern(pattern)
        assert register.issues() == []
        assert register.format(year=2024, number=7, unit="财", series="B") == text
        assert register.parse(text)["number"] == 7

    def test_grows_beyond_its_width(self):
        assert RegisterPattern("{number:2}").format(year=2024, number=1234) == "1234"
        assert RegisterPattern("{number:2}").parse("1234") == {"number": 1234}

    def test_gives_nothing_for_another_form(self):
        assert RegisterPattern("督〔{year}〕{number}号").parse("督[2024]7号") is None

    @pytest.mark.parametrize(
        ("pattern", "codes"),
        [
            ("{year", ["registers.pattern.braces"]),
            ("{day}{nr}", ["registers.pattern.unknown", "registers.pattern.no_number"]),
            ("{number}{number}", ["registers.pattern.no_number"]),
            ("{year:3}{number:x}", ["registers.pattern.width", "registers.pattern.width"]),
        ],
    )
    def test_says_all_that_is_wrong_with_a_pattern(self, pattern, codes):
        found = RegisterPattern(pattern).issues()
        assert [issue.code for issue in found] == codes
        assert all(describe(issue) for issue in found)
        with pytest.raises(ValueError, match="pattern"):
            RegisterPattern(pattern).format(year=2024, number=1)

    @pytest.mark.parametrize(("year", "number"), [(2024, 0), (24, 1)])
    def test_refuses_impossible_values(self, year, number):
        with pytest.raises(ValueError, match="count from 1"):
            RegisterPattern("{number}").format(year=year, number=number)
