"""Redacting Word documents: the word is gone wherever Word may keep it, the rest stays a document."""

from __future__ import annotations

from io import BytesIO

import docx
import pytest
from docx.document import Document
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from tests.kernel.redaction.docx_files import made, order, parts_of, put, raw_texts, runs, text_of
from tests.kernel.redaction.pdf_files import NAME, NUMBER, PHONE, picture, region, term

from gongkai.domain.redaction.marks import BLOCK
from gongkai.domain.redaction.terms import contains, plain
from gongkai.kernel.documents import read_document
from gongkai.kernel.errors import Refused
from gongkai.kernel.redaction import docx as module
from gongkai.kernel.redaction import redact

SECRETS = (NAME, NUMBER, PHONE)


def gone(data: bytes, *terms: str) -> None:
    texts = raw_texts(data)
    for one in terms:
        assert not [text for text in texts if contains(text, one, whole=True)], one


def redacted(data: bytes, *terms: str, **more: object) -> bytes:
    return redact(order(data, *map(term, terms), **more)).data


class TestText:
    def test_is_taken_out_across_runs_tables_headers_and_notes(self) -> None:
        def build(document: Document) -> None:
            runs(document, "申请人欧", "阳晓", "岚，证件", NUMBER[:6], NUMBER[6:], "。保留的文字")
            table = document.add_table(1, 3)
            for cell, text in zip(table.rows[0].cells, (NAME, "138-1234-5678", "表格里保留"), strict=True):
                cell.text = text
            document.sections[0].header.paragraphs[0].text = f"经办：{NAME}"
            document.sections[0].footer.paragraphs[0].text = f"电话：{PHONE} 页脚保留"

        done = redact(order(made(build), *map(term, SECRETS)))
        gone(done.data, *SECRETS)
        text = text_of(done.data)
        assert "申请人████，证件████。保留的文字" in text and "表格里保留" in text
        file = docx.Document(BytesIO(done.data))
        assert file.sections[0].header.paragraphs[0].text == "经办：████"
        assert "页脚保留" in file.sections[0].footer.paragraphs[0].text
        places = [one.where for one in done.report.removed if one.mark == 0]
        assert places[0].startswith("正文第") and "页眉" in places

    def test_block_does_not_tell_how_long_the_word_was(self) -> None:
        data = made(lambda document: runs(document, "甲：张三；乙：欧阳晓岚；丙"))
        assert f"甲：{BLOCK}；乙：{BLOCK}；丙" in text_of(redacted(data, "张三", NAME))

    def test_number_of_one_digit_a_cell_is_found(self) -> None:
        def build(document: Document) -> None:
            table = document.add_table(1, len(NUMBER))
            for cell, digit in zip(table.rows[0].cells, NUMBER, strict=True):
                cell.text = digit
            document.add_paragraph("其余保留")

        done = redacted(made(build), NUMBER)
        assert text_of(done).count("1") == 0 and "其余保留" in text_of(done)

    def test_text_boxes_symbols_and_hyphens(self) -> None:
        def build(document: Document) -> None:
            put(
                document,
                f"""<w:p><w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:inline><wp:docPr id="1"
                name="{NAME}" descr="{NAME}的照片"/><a:graphic><a:graphicData
                uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><wps:wsp><wps:txbx><w:txbxContent><w:p>
                <w:r><w:t>框内：{NAME}</w:t></w:r></w:p></w:txbxContent></wps:txbx></wps:wsp></a:graphicData></a:graphic>
                </wp:inline></w:drawing></mc:Choice><mc:Fallback><w:pict><v:shape alt="{NAME}"><v:textbox><w:txbxContent><w:p><w:r>
                <w:t>框内：{NAME}</w:t></w:r></w:p></w:txbxContent></v:textbox></v:shape></w:pict></mc:Fallback>
                </mc:AlternateContent></w:r><w:r><w:t>外：138</w:t><w:noBreakHyphen/><w:t>1234</w:t><w:noBreakHyphen/><w:t>5678</w:t></w:r></w:p>""",
            )

        done = redacted(made(build), NAME, PHONE)
        gone(done, NAME, PHONE)
        assert "框内：████" in text_of(done) and "外：████" in text_of(done)

    def test_short_number_does_not_spoil_sizes_of_the_layout(self) -> None:
        def build(document: Document) -> None:
            document.add_table(1, 2).rows[0].cells[0].text = "年龄：12"
            document.add_paragraph("保留")

        done = redacted(made(build), "12")
        assert "年龄：████" in text_of(done)
        width = docx.Document(BytesIO(done)).sections[0].page_width
        assert width == docx.Document(BytesIO(made(build))).sections[0].page_width

    @settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        secrets=st.lists(
            st.text("赵钱孙李周吴郑王", min_size=2, max_size=4) | st.text("0123456789", min_size=9, max_size=18),
            min_size=1,
            max_size=4,
        ),
        fillers=st.lists(st.text("东西南北道路公园学校。，", min_size=4, max_size=20), min_size=2, max_size=6),
        cuts=st.lists(st.integers(0, 40), max_size=5),
    )
    def test_whatever_it_is_and_however_it_is_cut(
        self, secrets: list[str], fillers: list[str], cuts: list[int]
    ) -> None:
        unique = list({plain(secret): secret for secret in secrets}.values())

        def build(document: Document) -> None:
            for number, filler in enumerate(fillers * 2):
                line = f"{filler}{unique[number % len(unique)]}{filler}"
                at = sorted({0, len(line), *(cut for cut in cuts if cut < len(line))})
                runs(document, *(line[start:end] for start, end in zip(at, at[1:], strict=False)))
                document.add_paragraph(filler)

        done = redacted(made(build), *unique)
        gone(done, *unique)
        assert all(filler in text_of(done) for filler in fillers)

    def test_same_input_and_marks_give_the_same_bytes(self) -> None:
        data = made(lambda document: runs(document, "申请人", NAME))
        assert redacted(data, NAME) == redacted(data, NAME)


class TestWhatIsHidden:
    def test_changes_comments_hidden_text_fields_links_and_names(self) -> None:
        def build(document: Document) -> None:
            document.add_paragraph("正文保留")
            for xml in (
                f'<w:p><w:del w:author="{NAME}" w:id="1"><w:r><w:delText>被删{NAME}</w:delText></w:r></w:del>'
                f'<w:ins w:author="{NAME}" w:id="2"><w:r><w:t>插入的字</w:t></w:r></w:ins></w:p>',
                f"<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>隐藏：{NAME}密谈</w:t></w:r></w:p>",
                '<w:p><w:hyperlink r:id="rIdX"><w:r><w:t>链接文字</w:t></w:r></w:hyperlink></w:p>',
                f'<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>HYPERLINK "mailto:{NAME}@example.com"'
                '</w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>域结果</w:t></w:r><w:r>'
                '<w:fldChar w:fldCharType="end"/></w:r></w:p>',
                '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> PAGE </w:instrText></w:r><w:r>'
                '<w:fldChar w:fldCharType="end"/></w:r></w:p>',
                f'<w:p><w:bookmarkStart w:id="5" w:name="{NAME}"/><w:sdt><w:sdtPr><w:alias w:val="{NAME}"/></w:sdtPr><w:sdtContent>'
                '<w:r><w:t>控件文字</w:t></w:r></w:sdtContent></w:sdt><w:bookmarkEnd w:id="5"/></w:p>',
                f"<w:p><w:r><w:ruby><w:rubyPr/><w:rt><w:r><w:t>{NAME}拼音</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>注音文字</w:t>"
                "</w:r></w:rubyBase></w:ruby></w:r></w:p>",
                "<w:p><w:commentRangeStart w:id='7'/><w:r><w:t>批注处</w:t></w:r><w:commentRangeEnd w:id='7'/><w:r>"
                "<w:commentReference w:id='7'/></w:r></w:p>",
            ):
                put(document, xml)
            document.core_properties.author = NAME
            document.core_properties.keywords = "secret keyword"
            document.styles.add_style(f"{NAME}样式", 1)

        extra = {
            "customXml/item1.xml": f"<data>{NAME} secret custom</data>".encode(),
            "docProps/thumbnail.jpeg": b"secret thumbnail",
            "word/embeddings/sheet1.xlsx": b"secret sheet",
            "word/comments.xml": f"<comments>{NAME} secret comment</comments>".encode(),
        }
        done = redact(order(made(build, parts=extra), term("正文保留"), term(NAME)))
        gone(done.data, NAME, "secret keyword", "secret custom", "secret comment", "被删", "密谈", "拼音")
        held = parts_of(done.data)
        assert not [
            name for name in held if "custom" in name or "docProps" in name or "embed" in name or "comment" in name
        ]
        assert b"secret" not in b"".join(held.values())
        text = text_of(done.data)
        assert all(word in text for word in ("插入的字", "链接文字", "域结果", "控件文字", "注音文字", "批注处"))
        document = held["word/document.xml"].decode()
        assert "PAGE" in document and "mailto" not in document and "rsid" not in document
        kinds = {one.what.rpartition(".")[2] for one in done.report.removed}
        assert {"changes", "comments", "hidden_text", "links", "properties", "objects", "parts", "text"} <= kinds

    def test_rows_that_were_deleted_and_styles_that_hide(self) -> None:
        def build(document: Document) -> None:
            style = document.styles.add_style("暗", 1)
            style.font.hidden = True
            document.add_paragraph("不见的段落", style="暗")
            table = document.add_table(2, 1)
            table.rows[0].cells[0].text, table.rows[1].cells[0].text = "删去的行", "留下的行"
            properties = table.rows[0]._tr.get_or_add_trPr()
            properties.append(properties.makeelement(f"{{{properties.nsmap['w']}}}del", {}))
            document.add_paragraph(NAME)

        done = redacted(made(build), NAME)
        gone(done, "不见的段落", "删去的行")
        assert "留下的行" in text_of(done)


class TestPictures:
    def build(self, document: Document) -> None:
        target = BytesIO()
        exif = Image.Exif()
        exif[0x010E] = "secret camera note"
        picture().save(target, "JPEG", exif=exif)
        target.seek(0)
        shape = document.add_picture(target)
        fill = shape._inline.graphic.graphicData.pic.blipFill
        fill.insert(1, fill.makeelement(f"{{{fill.nsmap['a']}}}srcRect", {"l": "50000"}))
        document.add_paragraph(NAME)

    def test_are_cut_to_what_is_shown_and_lose_their_notes(self) -> None:
        done = redacted(made(self.build), NAME, recognize=False)
        [(name, data)] = [(name, data) for name, data in parts_of(done).items() if "/media/" in name]
        assert name.endswith(".png") and Image.open(BytesIO(data)).size == (150, 200)
        assert b"secret camera note" not in done and b"srcRect" not in parts_of(done)["word/document.xml"]
        assert len(docx.Document(BytesIO(done)).inline_shapes) == 1

    def test_go_when_they_are_not_wanted(self) -> None:
        done = redact(order(made(self.build), term(NAME), keep_pictures=False, recognize=False))
        assert not [name for name in parts_of(done.data) if "/media/" in name]
        assert "redaction.removed.pictures" in {one.what for one in done.report.removed}

    def test_go_when_the_word_is_read_in_them(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(module, "can_recognize", lambda: True)
        monkeypatch.setattr(module, "still_read", lambda shown, terms: [0])
        done = redact(order(made(self.build), term(NAME)))
        assert not [name for name in parts_of(done.data) if "/media/" in name]
        assert [
            one.mark for one in done.report.removed if one.what == "redaction.removed.pictures" and one.where == "正文"
        ] == [0]

    def test_vector_drawings_go(self) -> None:
        data = made(self.build)
        parts = {name: b"\xd7\xcd\xc6\x9a" + NAME.encode() for name in parts_of(data) if "/media/" in name}
        done = redacted(made(self.build, parts=parts), NAME)
        assert not [name for name in parts_of(done) if "/media/" in name]


class TestCheckOfTheResult:
    def test_nothing_is_given_out_when_the_word_is_left(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(module, "remove_words", lambda root, terms: [(0, 1)])
        monkeypatch.setattr(module, "without_words", lambda root, holds, tells: 0)
        with pytest.raises(Refused) as refused:
            redacted(made(lambda document: runs(document, NAME)), NAME)
        assert set(refused.value.codes()) == {"redaction.check.text", "redaction.check.bytes"}
        assert NAME not in str(refused.value)

    def test_nothing_is_given_out_when_changes_are_left(self, monkeypatch: pytest.MonkeyPatch) -> None:
        from collections import Counter

        def build(document: Document) -> None:
            put(document, f'<w:p><w:ins w:id="1" w:author="x"><w:r><w:t>{NAME}</w:t></w:r></w:ins></w:p>')

        monkeypatch.setattr(module, "clean", lambda root, **given: Counter())
        with pytest.raises(Refused) as refused:
            redacted(made(build), NAME)
        assert refused.value.codes() == ["redaction.check.part"]


class TestRefusals:
    def test_regions_have_no_page_to_lie_on(self) -> None:
        with pytest.raises(Refused) as refused:
            redact(order(made(lambda document: runs(document, NAME)), term(NAME), region(1, 0, 0, 1, 1)))
        assert refused.value.codes() == ["redaction.region_without_pages"]

    def test_strict_form_of_the_format(self) -> None:
        data = made(lambda document: runs(document, NAME))
        main = parts_of(data)["word/document.xml"].replace(
            b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
            b"http://purl.oclc.org/ooxml/wordprocessingml/main",
        )
        with pytest.raises(Refused) as refused:
            redacted(made(lambda document: None, parts={"word/document.xml": main}), NAME)
        assert refused.value.codes() == ["redaction.strict"]

    def test_word_that_is_not_there(self) -> None:
        with pytest.raises(Refused) as refused:
            redacted(made(lambda document: runs(document, "别的内容")), NAME)
        assert refused.value.codes() == ["redaction.not_found"]

    def test_own_reader_reads_the_result(self) -> None:
        done = redacted(made(lambda document: runs(document, "标题", NAME)), NAME)
        assert read_document(done, name="x.docx").text().strip() == "标题████"
