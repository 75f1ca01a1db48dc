from __future__ import annotations

from gongkai.features.disclosure.staff.blocks import stream_of
from gongkai.features.disclosure.staff.plain_text import plain_of, stream_of_plain
from tests.features.disclosure.staff.test_blocks import BODY, back

TEXT = """\
## 一、总则
第一条
第二条
- 甲

【表格】表1
项目\t金额
路灯\t3
公厕\t5
【表格结束】

表后

【图片 7】示意图｜图1

> 引文"""


class TestPlainText:
    def test_says_the_whole_body(self) -> None:
        assert plain_of(stream_of(BODY)) == TEXT

    def test_read_back_untouched_is_the_body_letter_for_letter(self) -> None:
        assert back(stream_of_plain(TEXT), BODY) == BODY

    def test_survives_windows_line_ends(self) -> None:
        assert back(stream_of_plain(TEXT.replace("\n", "\r\n")), BODY) == BODY

    def test_reads_numbered_and_nested_lists(self) -> None:
        stream = stream_of_plain("1. 甲\n2. 乙\n<ul><li>丙<ul><li>丁</li></ul></li></ul>")
        assert [one["value"] for one in back(stream)] == [
            "<ol><li>甲</li><li>乙</li></ol>",
            "<ul><li>丙<ul><li>丁</li></ul></li></ul>",
        ]
        assert plain_of(stream) == "1. 甲\n2. 乙\n<ul><li>丙<ul><li>丁</li></ul></li></ul>"

    def test_a_table_that_never_ends_takes_the_rest(self) -> None:
        table = back(stream_of_plain("【表格】\n甲|乙\n1|2"))[0]
        assert table["value"] == {"caption": "", "head": ["甲", "乙"], "rows": [["1", "2"]]}

    def test_of_marks_that_are_not_closed_stays_safe(self) -> None:
        assert back(stream_of_plain("<script>alert(1)</script>甲 < 乙"))[0]["value"] == "<p>甲 &lt; 乙</p>"
