from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.domain.issues import Severity
from gongkai.domain.monitoring.readability import sentences_of
from gongkai.rulebook.messages import describe
from tests.domain.monitoring.samples import Block, codes, h, p, read, table

LONG = "为进一步做好" + "有关方面的各项工作" * 8
CASES: list[tuple[str, list[Block], list[str]]] = [
    ("long sentence", [p(LONG + "。")], ["sentence.long"]),
    ("two long ones in a paragraph", [p(f"{LONG}。{LONG}再说。")], ["sentence.long"]),
    ("cut in two", [p(LONG[:40] + "。" + LONG[40:] + "。")], []),
    ("parted by a semicolon", [p(LONG[:40] + "；" + LONG[40:] + "。")], []),
    ("list of names", [p("、".join(["青溪县财政局"] * 30) + "。")], []),
    ("long paragraph", [p("请各单位按时完成。" * 50)], ["paragraph.long"]),
    ("long list", [{"type": "list", "value": "<ul>" + "<li>请各单位按时完成。</li>" * 50 + "</ul>"}], []),
    ("line drawn", [p("————————")], ["paragraph.drawn"]),
    ("dots", [p("……")], []),
    ("blank lines", [p("第一行。<br><br>第二行。")], ["blank.lines"]),
    ("one break", [p("第一行。<br>第二行。")], []),
    ("aligned by spaces", [p("联系人：王海　　　电话：见附件")], ["blank.aligned"]),
    ("one wide space between two facts", [p("联系人：王小海　电话：见附件")], []),
    ("name pulled apart", [p("联系人：张　三")], ["blank.spread"]),
    ("pulled apart and aligned", [p("联系人：张　三　　　电话：见附件")], ["blank.aligned", "blank.spread"]),
    ("heading pulled apart", [h("通　知")], ["blank.spread"]),
    ("every sign apart", [p("公 示 名 单")], ["blank.spread"]),
    ("numbers by hand", [p("1.身份证"), p("2.户口簿"), p("3.申请表")], ["list.typed"]),
    ("dots by hand in one paragraph", [p("• 身份证<br>• 户口簿<br>• 申请表")], ["list.typed"]),
    ("two only", [p("1.身份证"), p("2.户口簿")], []),
    ("torn apart", [p("1.身份证"), p("2.户口簿"), p("另须说明。"), p("3.申请表")], []),
    ("items that are texts", [p(f"{n}." + "按要求逐项落实责任，" * 7 + "。") for n in (1, 2, 3)], ["sentence.long"] * 3),
    ("a real list", [{"type": "list", "value": "<ol><li>身份证</li><li>户口簿</li><li>表</li></ol>"}], []),
    ("years", [p("2024.5"), p("2025.6"), p("2026.7")], []),
    ("letters", [p("推进EPC和PPP项目。")], ["term.letters"]),
    ("one abbreviation", [p("推进PPP项目。")], []),
    ("explained after", [p("PPP（政府和社会资本合作）与EPC（工程总承包）。")], []),
    ("explained before", [p("政府和社会资本合作（以下简称PPP）、工程总承包（EPC）。再推PPP、EPC。")], []),
    ("known to all", [p("PDF、WPS和GPS。")], []),
    ("in a table", [table(["EPC", "PPP"], ["1", "2"])], []),
    ("address", [p("见 www.GOV.CN/ABC 或 a@QLX.CN。")], []),
    ("figures", [p("落实“三公一金”“六稳六保”“两不愁三保障”。")], ["term.figures"]),
    ("figures explained", [p("“三公一金”（甲乙丙丁）、“六稳六保”是指稳定、“两不愁三保障”即吃穿。")], []),
    ("two figures", [p("落实“六稳六保”“四好农村路”。")], []),
]  # fmt: skip


class TestCheckReadability:
    @pytest.mark.parametrize(("blocks", "expected"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
    def test_tells_what_is_hard_to_understand(self, blocks: list[Block], expected: list[str]) -> None:
        assert codes(*blocks) == expected

    def test_tells_the_longest_sentence_and_how_many_there_are(self) -> None:
        (found,) = read(p(f"{LONG}。{LONG}，再说一遍。"))
        assert (found.values["count"], found.values["length"]) == (2, len(LONG) + len("，再说一遍。"))
        assert describe(found).endswith("超过 60 个字。")

    def test_names_the_word_that_search_will_not_find(self) -> None:
        (found,) = read(p("联系人：张　三"))
        assert found.values["joined"] == "张三"

    def test_terms_explained_in_the_title_count(self) -> None:
        assert codes(p("推进EPC和PPP。"), title="工程总承包（EPC）和PPP（政府和社会资本合作）办法") == []

    def test_nothing_stops_anything(self) -> None:
        found = [one for _, blocks, _ in CASES for one in read(*blocks)]
        assert {one.severity for one in found} == {Severity.WARNING, Severity.NOTICE}

    @given(st.text(alphabet="一、二。1.（）<>&ab “”　 \n•", max_size=300))
    def test_any_text_is_read(self, text: str) -> None:
        assert all(one.where is not None for one in read(p(text), h(text), table([text], [text])))


class TestSentencesOf:
    def test_cuts_at_full_stops_and_semicolons(self) -> None:
        assert list(sentences_of("一。二；三！四")) == ["一。", "二；", "三！", "四"]
