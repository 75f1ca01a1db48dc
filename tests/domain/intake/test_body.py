"""The body of an item made from a document; nothing of the text is lost."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.domain.document import Document, Paragraph, Table, from_lines
from gongkai.domain.intake import body_of, propose
from gongkai.domain.items.content import ItemContent
from gongkai.kernel.documents import read_document

SEEDS = Path(__file__).resolve().parents[4] / "shared" / "seeds"


def convert(document: Document):
    return body_of(document, propose(document))


def texts(converted) -> list[tuple[str, str]]:
    """Type and readable text of every block."""
    return [(b["type"], ItemContent(kind="x", title="", body=(b,)).plain_text()) for b in converted.blocks]


def signs(text: str) -> Counter[str]:
    """The characters of a text that are not blanks nor marks of Markdown."""
    return Counter(c for c in text if not re.match(r"[\s\u3000\xa0#*>]", c))


def kept(converted) -> Counter[str]:
    """The characters of body and of what was left out."""
    body = "".join(text for _, text in texts(converted))
    return signs(body + "".join(left.text for left in converted.left_out))


class TestBodyOf:
    def test_knows_headings_by_their_numbers(self):
        text = "一、总体要求\n（一）指导思想\n1.加强领导\n（1）具体做法\n二、这是一段话，后面还有句号。\n第一章 总则\n附件1\n"
        found = [
            (b["type"], b["value"].get("level") if b["type"] == "heading" else None)
            for b in convert(from_lines(text, name="甲")).blocks
        ]
        assert found == [
            ("heading", 2),
            ("heading", 3),
            ("heading", 4),
            ("paragraph", None),
            ("paragraph", None),
            ("heading", 2),
            ("heading", 2),
        ]  # fmt: skip

    def test_keeps_the_levels_of_the_document(self):
        document = Document(
            "docx",
            (Paragraph("关于甲的通知", 1, heading=1), Paragraph("背景", 2, heading=1), Paragraph("细节", 3, heading=6)),
        )
        assert [b["value"]["level"] for b in convert(document).blocks] == [2, 4]

    def test_leaves_out_what_is_in_fields_and_tells_it(self):
        text = "云溪县水利局文件\n云水字〔2024〕8号\n关于检查的通知\n各站：\n请检查。\n云溪县水利局\n2024年4月2日\n（此件主动公开）\n- 1 -\n抄送：县政府办。\n云溪县水利局办公室 2024年4月3日印发\n"
        converted = convert(from_lines(text))
        assert [left.part for left in converted.left_out] == [
            "masthead", "number", "title", "remark", "rule", "imprint", "imprint",
        ]  # fmt: skip
        assert [text for _, text in texts(converted)] == ["各站：", "请检查。", "云溪县水利局", "2024年4月2日"]

    def test_escapes_what_looks_like_markup(self):
        converted = convert(from_lines("<script>x</script>A&B", name="甲"))
        assert converted.blocks[0]["value"] == "<p>&lt;script&gt;x&lt;/script&gt;A&amp;B</p>"

    def test_reads_a_table_with_its_head_and_caption(self):
        rows = (("清单", "清单"), ("事项", "单位"), ("预算", "财政局"), ("决算", "财政局"))
        origins = (((0, 0), (0, 0)), ((1, 0), (1, 1)), ((2, 0), (2, 1)), ((3, 0), (2, 1)))
        (block,) = convert(Document("docx", (Table(rows, origins, (1, 2, 3, 4)),), name="甲")).blocks
        assert block["value"] == {
            "caption": "清单",
            "head": ["事项", "单位"],
            "rows": [["预算", "财政局"], ["决算", "财政局"]],
        }

    def test_reads_lines_parted_by_tabs_as_a_table(self):
        (block,) = convert(from_lines("事项\t单位\n预算\t财政局\t备注\n决算\t财政局\n", name="甲")).blocks
        assert block["value"]["head"] == ["事项", "单位", ""]
        assert block["value"]["rows"] == [["预算", "财政局", "备注"], ["决算", "财政局", ""]]

    def test_makes_one_list_of_points(self):
        points = (Paragraph("甲", 1, label="•"), Paragraph("乙<", 2, label="•"), Paragraph("丙。", 3))
        assert [b["value"] for b in convert(Document("html", points, name="丁丁")).blocks][:1] == [
            "<ul><li>甲</li><li>乙&lt;</li></ul>"
        ]

    def test_joins_lines_that_the_page_broke(self):
        lines = [
            "县政府关于文件的办法",
            "为了加强全县行政规范性文件的管理工作提高文件",
            "的质量，制定本办法。",
            "一、适用范围",
            "本办法适用于全县各级行政机关和法律法规授权的组织",
        ]
        document = Document("pdf", tuple(Paragraph(t, n, page=1) for n, t in enumerate(lines, 1)), name="甲")
        assert [text for _, text in texts(convert(document))] == [lines[1] + lines[2], *lines[3:]]

    def test_does_not_join_paragraphs_of_a_word_document(self):
        lines = ["这一段没有句号而且写得和别的段落一样长长长长", "这一段也没有句号而且写得和别的段落一样长长长"]
        document = Document("docx", tuple(Paragraph(t, n) for n, t in enumerate(lines, 1)), name="甲")
        assert len(convert(document).blocks) + len(convert(document).left_out) == 2

    def test_gives_every_block_an_id_of_its_own(self):
        blocks = convert(from_lines("甲。\n乙。\n丙。", name="甲")).blocks
        assert len({b["id"] for b in blocks}) == len(blocks) == 3

    @given(
        st.lists(
            st.one_of(
                st.text(alphabet="一、（）二1.章第云溪县政府关于通知。，：附件2024年月日印发\t #>*-<&", max_size=40),
                st.sampled_from(["抄送：各单位，", "（此件主动公开）", "云府〔2024〕1号", "- 1 -", "2024年1月1日"]),
            ),
            max_size=25,
        ),
        st.sampled_from(["txt", "pdf", "docx", "html"]),
    )
    def test_loses_no_text(self, lines, kind):
        document = Document(kind, tuple(Paragraph(t, n) for n, t in enumerate(lines, 1)), name="甲")
        assert kept(convert(document)) == signs(document.text())


@pytest.mark.skipif(not SEEDS.is_dir(), reason="the sample documents beside the repository are not here")
class TestSeeds:
    @pytest.mark.parametrize("start", ["000", "001", "002", "003", "004"])
    def test_loses_no_text_of_real_documents(self, start):
        document = read_document(next(SEEDS.glob(f"{start}_*.txt")))
        assert kept(convert(document)) == signs(document.text())
