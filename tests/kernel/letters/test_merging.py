"""Letters of one template become one file, each on a page of its own; another template begins another file."""

from __future__ import annotations

from io import BytesIO

from docx import Document
from docx.oxml.ns import qn

from gongkai.kernel.letters import letter_text
from gongkai.kernel.letters.merging import letters_merge


def letter(words: str, *, font: str = "", table: bool = False) -> bytes:
    document = Document()
    if font:
        document.styles["Normal"].font.name = font
    if table:
        document.add_table(rows=1, cols=1).cell(0, 0).text = words
    else:
        document.add_paragraph(words)
    document.add_paragraph("此致")
    target = BytesIO()
    document.save(target)
    return target.getvalue()


class TestMerge:
    def test_texts_follow_each_other(self) -> None:
        ((number, data),) = letters_merge([letter(f"第{n}份") for n in range(3)], most=10)
        assert number == 3
        assert letter_text(data).split() == ["第0份", "此致", "第1份", "此致", "第2份", "此致"]

    def test_each_but_the_first_begins_a_page(self) -> None:
        ((_, data),) = letters_merge([letter("甲"), letter("乙"), letter("丙", table=True)], most=10)
        paragraphs = Document(BytesIO(data)).element.body.iter(qn("w:pageBreakBefore"))
        assert len(list(paragraphs)) == 2

    def test_a_file_holds_no_more_than_asked(self) -> None:
        numbers = [number for number, _ in letters_merge([letter(str(n)) for n in range(5)], most=2)]
        assert numbers == [2, 2, 1]

    def test_another_template_begins_another_file(self) -> None:
        kinds = [letter("甲"), letter("乙"), letter("丙", font="楷体"), letter("丁")]
        assert [number for number, _ in letters_merge(kinds, most=10)] == [2, 1, 1]

    def test_one_section_is_left_and_it_comes_last(self) -> None:
        ((_, data),) = letters_merge([letter("甲"), letter("乙")], most=10)
        body = Document(BytesIO(data)).element.body
        sections = [one for one in body if one.tag == qn("w:sectPr")]
        assert len(sections) == 1 and body[-1] is sections[0]

    def test_the_same_letters_give_the_same_bytes(self) -> None:
        letters = [letter("甲"), letter("乙")]
        assert list(letters_merge(letters, most=5)) == list(letters_merge(letters, most=5))

    def test_of_nothing_comes_nothing(self) -> None:
        assert list(letters_merge([], most=5)) == []
