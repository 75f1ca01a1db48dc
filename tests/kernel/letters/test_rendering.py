"""Every letter, filled with one case of an invented city, reads as its golden text; the file is always the same."""

from __future__ import annotations

import zipfile
from datetime import date
from io import BytesIO

import pytest
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai.domain.foi.letters import letter_context
from gongkai.kernel.documents import DocumentRefused
from gongkai.kernel.documents.render import render_docx
from gongkai.kernel.letters import LetterRefused, letter_blank, letter_html, letter_render, letter_template, letter_text
from gongkai.kernel.letters.building import FOLDER, SHIPPED_ON, build_template
from gongkai.rulebook import shipped
from gongkai.rulebook.foi_letters import letter_rules
from tests.kernel.letters.samples import GOLDEN, RULES, remedy_of, values_of

CODES = list(RULES.letters)
SUPPLEMENT = RULES.letters["L02_supplement"]


@pytest.mark.parametrize("code", CODES)
class TestGolden:
    def test_reads_as_written_down(self, code: str) -> None:
        form = RULES.letters[code]
        text = letter_text(letter_render(form, values_of(form)))
        assert text == (GOLDEN / f"{code}.txt").read_text(encoding="utf-8")

    def test_carries_every_value_and_the_computed_remedies(self, code: str) -> None:
        form = RULES.letters[code]
        text = (GOLDEN / f"{code}.txt").read_text(encoding="utf-8")
        block = remedy_of(form)
        for line in block.paragraphs if block else ():
            assert line in text.splitlines()
        for field in form.needs:
            value = values_of(form)[field]
            if isinstance(value, str):
                assert value in text
            elif isinstance(value, date):
                assert f"{value.year}年{value.month}月{value.day}日" in text
        assert "{{" not in text
        assert "{%" not in text

    def test_says_nothing_of_law_that_is_gone(self, code: str) -> None:
        text = (GOLDEN / f"{code}.txt").read_text(encoding="utf-8")
        assert [phrase.words for phrase in RULES.outdated if phrase.pattern.search(text)] == []


class TestRender:
    def test_there_is_a_golden_text_for_each_of_the_41_letters(self) -> None:
        assert len(CODES) == 41
        assert sorted(path.stem for path in GOLDEN.glob("*.txt")) == sorted(CODES)

    def test_the_same_values_give_the_same_bytes_without_a_clock(self) -> None:
        first = letter_render(SUPPLEMENT, values_of(SUPPLEMENT))
        assert letter_render(SUPPLEMENT, values_of(SUPPLEMENT)) == first
        with zipfile.ZipFile(BytesIO(first)) as archive:
            assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}

    def test_everything_that_is_wrong_is_told_at_once(self) -> None:
        values = {**values_of(SUPPLEMENT), "defects": "一条", "received_on": "昨天", "effect": "自拟", "color": "red"}
        del values["guidance"]
        with pytest.raises(LetterRefused) as caught:
            letter_render(SUPPLEMENT, values)
        assert sorted(caught.value.codes()) == [
            "foi.letter.field_fixed",
            "foi.letter.field_form",
            "foi.letter.field_form",
            "foi.letter.field_missing",
            "foi.letter.field_unknown",
        ]
        assert all("补正告知书" in sentence for sentence in caught.value.sentences())

    def test_what_a_person_wrote_is_text_and_nothing_else(self) -> None:
        nasty = "<w:t>&{{ issuer }}{% for x in y %}\"'甲"
        text = letter_text(letter_render(SUPPLEMENT, {**values_of(SUPPLEMENT), "request": nasty}))
        assert nasty in text

    @settings(max_examples=25, deadline=None)
    @given(
        request=st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=60),
        defects=st.lists(st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=9), max_size=4),
    )
    def test_whatever_a_person_wrote_stands_in_the_letter_unchanged(self, request: str, defects: list[str]) -> None:
        values = {**values_of(SUPPLEMENT), "request": request, "defects": defects or ["一"]}
        text = letter_text(letter_render(SUPPLEMENT, values))
        assert f"申请内容为：“{request}”。" in text
        assert all(f"{number}．{defect}" in text for number, defect in enumerate(defects, 1))

    def test_a_request_of_several_lines_keeps_them(self) -> None:
        text = letter_text(letter_render(SUPPLEMENT, {**values_of(SUPPLEMENT), "request": "一、方案\n二、批复"}))
        assert "一、方案" in text
        assert "二、批复" in text

    def test_what_may_be_left_out_leaves_no_trace(self) -> None:
        form = RULES.letters["L15_other_organ"]
        values = {k: v for k, v in values_of(form).items() if not k.startswith("other_organ") and k != "contact"}
        text = letter_text(letter_render(form, values))
        assert "下列机关" not in text
        assert "联系人" not in text


class TestQuickAndCareful:
    @pytest.mark.parametrize("code", ["L02_supplement", "L12_partial", "F01_application", "L09_fee"])
    def test_both_ways_of_filling_give_the_same_letter(self, code: str) -> None:
        form = RULES.letters[code]
        context, _ = letter_context(form, values_of(form))
        quick, careful = letter_render(form, values_of(form)), render_docx(letter_template(form), context)
        for part in ("word/document.xml", "word/styles.xml"):
            with zipfile.ZipFile(BytesIO(quick)) as one, zipfile.ZipFile(BytesIO(careful)) as other:
                assert one.read(part) == other.read(part)

    def test_an_own_template_that_cannot_be_filled_is_told_with_its_reason(self) -> None:
        document = Document(BytesIO(letter_template(SUPPLEMENT)))
        document.add_paragraph("{{ colour }}{{ pay_due }}")
        target = BytesIO()
        document.save(target)
        with pytest.raises(DocumentRefused) as caught:
            letter_render(SUPPLEMENT, values_of(SUPPLEMENT), own=target.getvalue())
        assert "colour、pay_due" in str(caught.value)
        with pytest.raises(DocumentRefused):
            letter_render(SUPPLEMENT, values_of(SUPPLEMENT), own=b"no document")


class TestOwnTemplate:
    def test_stands_in_place_of_the_shipped_one(self) -> None:
        form = RULES.letters["F06_archive_cover"]
        document = Document(BytesIO(letter_template(form)))
        document.add_paragraph("青麓市档案馆监制")
        target = BytesIO()
        document.save(target)
        text = letter_text(letter_render(form, values_of(form), own=target.getvalue()))
        assert text.rstrip().endswith("青麓市档案馆监制")
        assert letter_template(form, own=b"own") == b"own"

    def test_a_letter_does_not_tell_who_made_its_template(self) -> None:
        form = RULES.letters["F06_archive_cover"]
        document = Document(BytesIO(letter_template(form)))
        document.core_properties.author = "陈立"
        document.core_properties.last_modified_by = "吴敏"
        target = BytesIO()
        document.save(target)
        letter = Document(BytesIO(letter_render(form, values_of(form), own=target.getvalue())))
        properties = letter.core_properties
        assert (properties.title, properties.author, properties.last_modified_by) == ("归档卷宗目录", "", "")
        with zipfile.ZipFile(BytesIO(letter_render(form, values_of(form)))) as archive:
            assert not any(b"python" in archive.read(name).lower() for name in archive.namelist())


class TestBlank:
    def test_an_application_form_is_printed_empty(self) -> None:
        text = letter_text(letter_blank(RULES.letters["F01_application"]))
        assert "信息名称、文号或者便于查询的其他特征\n" in text
        assert "{{" not in text

    def test_the_reply_sheet_of_a_third_party_carries_what_is_known(self) -> None:
        form = RULES.letters["L06a_third_reply"]
        known = {"addressee": "青麓市水利局", "notice_no": "青水征〔2026〕1号", "information_concerned": "设备清单"}
        text = letter_text(letter_blank(form, known))
        assert "青水征〔2026〕1号" in text
        assert text.endswith("日期\n")

    def test_what_is_wrong_is_still_told(self) -> None:
        with pytest.raises(LetterRefused) as caught:
            letter_blank(RULES.letters["F01_application"], {"purpose": "科研", "date": "今天"})
        assert caught.value.codes() == ["foi.letter.field_unknown", "foi.letter.field_form"]


class TestHtml:
    def test_shows_paragraphs_and_tables_with_everything_escaped(self) -> None:
        form = RULES.letters["F02_register"]
        html = letter_html(letter_render(form, {**values_of(form), "name": "<b>林</b>"}))
        assert html.startswith("<p>政府信息公开申请登记表</p>\n<table><tr>")
        assert '<th scope="row">申请人</th><td>&lt;b&gt;林&lt;/b&gt;</td>' in html


class TestShippedTemplates:
    @pytest.mark.parametrize("code", CODES)
    def test_are_what_the_rules_say(self, code: str) -> None:
        rules = letter_rules(shipped(), on=SHIPPED_ON)
        built = build_template(rules.letters[code], rules.layout)
        assert (FOLDER / f"{code}.docx").read_bytes() == built, "run: python -m gongkai.kernel.letters.building"

    def test_are_a4_with_the_margins_and_fonts_of_the_layout(self) -> None:
        document = Document(BytesIO(letter_template(RULES.letters["L13_denied"])))
        section = document.sections[0]
        sizes = [section.page_width, section.page_height, section.top_margin, section.left_margin]
        assert [round(size.mm) for size in sizes if size is not None] == [210, 297, 37, 28]
        fonts = {run.font.name for paragraph in document.paragraphs for run in paragraph.runs}
        assert fonts == {"方正小标宋简体", "仿宋_GB2312"}

    def test_nothing_else_lies_in_the_folder(self) -> None:
        assert sorted(path.stem for path in FOLDER.iterdir()) == sorted(CODES)
