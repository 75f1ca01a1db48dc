from __future__ import annotations

import pytest

from gongkai.domain.monitoring import Topic
from gongkai.rulebook.messages import catalog, describe
from tests.domain.monitoring.samples import RULES, Block, codes, file, h, image, p, read, table

CASES: list[tuple[str, list[Block], list[str]]] = [
    ("nothing", [], []),
    ("plain words", [h("一、总体要求"), p("请各单位按时完成。")], []),
    ("picture without words", [image("")], ["image.no_alt"]),
    ("blank words", [image(" 　")], ["image.no_alt"]),
    ("file name", [image("IMG_2033.jpg")], ["image.poor_alt"]),
    ("name of a chat programme", [image("微信图片_20260301")], ["image.poor_alt"]),
    ("the word picture", [image("图片")], ["image.poor_alt"]),
    ("the word picture, spaced", [image("图 片。")], ["image.poor_alt"]),
    ("says what it shows", [image("图片为县长在防汛现场")], []),
    ("same as the caption", [image("防汛演练", "防汛演练")], ["image.alt_is_caption"]),
    ("heading empty", [h(" ")], ["heading.empty"]),
    ("heading skips", [h("一"), h("1.", 4)], ["heading.skipped"]),
    ("first heading too deep", [h("（一）", 3)], ["heading.skipped"]),
    ("headings in order", [h("一"), h("（一）", 3), h("1.", 4), h("二")], []),
    ("bold line", [p("<b>一、总体要求</b>")], ["heading.bold_line"]),
    ("bold line of two pieces", [p("<b>总体</b><b>要求</b>")], ["heading.bold_line"]),
    ("bold words in a sentence", [p("<b>报名时间</b>为三月一日。")], []),
    ("bold sentence", [p("<b>请务必按时参加。</b>")], []),
    ("bold and long", [p(f"<b>{'按时完成各项任务' * 6}</b>")], []),
    ("typed headings", [p("一、总体要求"), p("正文。"), p("（二）重点任务")], ["heading.typed"]),
    ("one numbered line", [p("一、总体要求")], []),
    ("numbered sentences", [p("一、请按时报名。"), p("二、请带证件。")], []),
    ("no header", [table([], ["张三", "1"], ["李四", "2"])], ["table.no_header"]),
    ("hole in the header", [table(["姓名", ""], ["张三", "1"])], ["table.empty_header"]),
    ("merged header", [table(["姓名", "预算", "预算"], ["甲", "1", "2"])], ["table.same_header"]),
    ("merged rows", [table(["乡镇", "村"], ["甲镇", "东村"], ["", "西村"], ["", "南村"])], ["table.holes"]),
    ("few empty cells", [table(["乡镇", "村"], ["甲镇", "东村"], ["乙镇", ""])], []),
    ("one column", [table(["通知"], ["请按时参加"])], ["table.layout"]),
    ("whole paragraphs in cells", [table(["项目", "说明"], ["甲", "说明文字" * 60])], ["table.layout"]),
    ("good table", [table(["姓名", "分数"], ["张三", "90"])], []),
    ("click here", [p('<a href="/a/">点击这里</a>')], ["link.vague"]),
    ("more, with an arrow", [p('请看<a href="/a/">详情 →</a>')], ["link.vague"]),
    ("bare address", [p('见<a href="https://www.gov.cn/a">https://www.gov.cn/a</a>')], ["link.bare"]),
    ("same words, other places", [p('<a href="/a/">年报</a>'), p('<a href="/b/">年报</a>')], ["link.same_words"]),
    ("same words, same place", [p('<a href="/a/">年报</a>'), p('<a href="/a/">年报</a>')], []),
    ("vague twice", [p('<a href="/a/">查看</a>'), p('<a href="/b/">查看</a>')], ["link.vague", "link.vague"]),
    ("file without a word", [p('<a href="/f/b.pdf">申报表</a>')], ["link.file"]),
    ("file named", [p('<a href="/f/b.pdf">申报表（PDF，1.2 MB）</a>')], []),
    ("word for docx", [p('<a href="/f/b.docx">申报表（Word，30 KB）</a>')], []),
    ("page with a dot", [p('<a href="https://www.gov.cn/x.html">国务院文件</a>')], []),
    ("address that is none", [p('<a href="http://[::1">国务院文件</a>')], []),
    ("colour", [p("标红的条目为本次新增。")], ["colour.mentioned"]),
    ("colour of letters", [p("见下表红色字体部分。")], ["colour.mentioned"]),
    ("red as a word", [p("红色文化、红头文件、绿色发展。")], []),
    ("link in a list", [{"type": "list", "value": '<ul><li><a href="/a/">查看</a></li></ul>'}], ["link.vague"]),
    ("link in a quote", [{"type": "quote", "value": '<p><a href="/a/">查看</a></p>'}], ["link.vague"]),
]  # fmt: skip


class TestCheckAccessibility:
    @pytest.mark.parametrize(("blocks", "expected"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
    def test_tells_what_somebody_cannot_perceive(self, blocks: list[Block], expected: list[str]) -> None:
        assert codes(*blocks) == expected

    @pytest.mark.parametrize(
        ("name", "told"),
        [
            ("附件", True),
            ("附件1.docx", True),
            ("新建 DOCX 文档.docx", True),
            ("扫描件2026-03-01.pdf", True),
            ("20260301.pdf", True),
            ("附件1：申报表.docx", False),
            ("青溪县2026年部门预算.xlsx", False),
        ],
    )
    def test_name_of_a_file_says_what_it_is(self, name: str, told: bool) -> None:
        assert codes(attachments=(file("", name),)) == (["file.no_name"] if told else [])

    def test_title_counts_where_a_file_has_one(self) -> None:
        assert codes(attachments=(file("申报表", "附件1.docx"),)) == []

    def test_tells_everything_at_once_in_reading_order_with_its_place(self) -> None:
        found = read(
            h("二级", 3), image(""), p('<a href="/a/">点击这里</a>'), table(["甲"], ["乙"]), attachments=(file("附件"),)
        )
        assert [(one.where.line_from if one.where else None, one.field) for one in found] == [
            (1, "body:b1"),
            (2, "body:b2"),
            (3, "body:b3"),
            (4, "body:b4"),
            (None, "attachment:7"),
        ]

    def test_words_it_is_about_stand_in_the_text(self) -> None:
        (found,) = read(p('请看<a href="/a/">点击这里</a>报名。'))
        assert found.values["shown"] == "点击这里"


class TestRules:
    def test_every_check_says_what_why_and_how_to_mend(self) -> None:
        known = catalog()
        assert [c for c in RULES.checks for end in ("", ".why", ".mend") if c + end not in known] == []

    def test_every_check_names_its_basis_and_marks_it_as_not_verified(self) -> None:
        assert {basis.status for one in RULES.checks.values() for basis in one.basis} == {"unverified"}
        assert {one.topic for one in RULES.checks.values()} == {Topic.SEE, Topic.READ}

    def test_every_finding_can_be_said_with_its_ways_to_mend(self) -> None:
        for _, blocks, _ in CASES:
            for one in read(*blocks, attachments=(file("附件"),)):
                told = [describe(one), *(catalog()[one.code + end].format(**one.values) for end in (".why", ".mend"))]
                assert all(told)
                assert "{" not in "".join(told)
