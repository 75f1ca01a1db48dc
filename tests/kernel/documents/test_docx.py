"""Word documents: order, numbers, tables, changes."""

from __future__ import annotations

import pytest

from gongkai.domain.document import Paragraph, Table
from gongkai.kernel.documents import read_document
from tests.kernel.documents.samples import changed_zip, docx_bytes, docx_of, member


def p(text: str, *, properties: str = "", run: str = "") -> str:
    """One paragraph of WordprocessingML."""
    return f'<w:p><w:pPr>{properties}</w:pPr><w:r>{run}<w:t xml:space="preserve">{text}</w:t></w:r></w:p>'


def listed(text: str, *, number: int = 1, level: int = 0) -> str:
    """One paragraph of an automatic list."""
    return p(text, properties=f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>')


def level(index: int, form: str, text: str, *, start: int = 1, more: str = "") -> str:
    """One level of a list definition."""
    return f'<w:lvl w:ilvl="{index}"><w:start w:val="{start}"/><w:numFmt w:val="{form}"/>{more}<w:lvlText w:val="{text}"/></w:lvl>'


def one_list(*levels: str, numbers: str = '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>') -> str:
    """A numbering part with one abstract list."""
    return f'<w:abstractNum w:abstractNumId="0">{"".join(levels)}</w:abstractNum>{numbers}'


def labels(data: bytes) -> list[str]:
    return [q.label for q in read_document(data, name="x.docx").paragraphs()]


def cell(text: str, *, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{p(text)}</w:tc>"


def table(*rows: str) -> str:
    return f"<w:tbl><w:tblPr/><w:tblGrid/>{''.join(f'<w:tr>{row}</w:tr>' for row in rows)}</w:tbl>"


def codes(document) -> list[str]:
    return [issue.code for issue in document.issues]


class TestBody:
    def test_keeps_paragraphs_and_tables_in_order(self):
        document = read_document(docx_of(p("前"), table(cell("甲") + cell("乙")), p("后")), name="x.docx")
        assert [type(b) for b in document.blocks] == [Paragraph, Table, Paragraph]
        assert [b.line if isinstance(b, Paragraph) else b.lines for b in document.blocks] == [1, (2,), 3]

    def test_reads_heading_levels_from_styles_and_paragraphs(self):
        document = read_document(docx_bytes(), name="x.docx")
        assert [q.heading for q in document.paragraphs()][:2] == [1, None]
        direct = read_document(docx_of(p("一", properties='<w:outlineLvl w:val="2"/>')), name="x.docx")
        assert next(direct.paragraphs()).heading == 3

    def test_reads_content_controls_links_and_fields(self):
        body = (
            "<w:sdt><w:sdtContent>" + p("控件内") + "</w:sdtContent></w:sdt>"
            '<w:p><w:r><w:t>见</w:t></w:r><w:hyperlink r:id="rId999"><w:r><w:t>附件</w:t></w:r></w:hyperlink>'
            '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> PAGE </w:instrText></w:r>'
            '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>3</w:t></w:r>'
            '<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
        )
        assert read_document(docx_of(body), name="x.docx").text() == "控件内\n见附件3"

    def test_reads_tabs_and_line_breaks(self):
        body = "<w:p><w:r><w:t>甲</w:t><w:tab/><w:t>乙</w:t><w:br/><w:t>丙</w:t></w:r></w:p>"
        assert read_document(docx_of(body), name="x.docx").text() == "甲\t乙\n丙"

    def test_reads_a_text_box_once_after_its_paragraph(self):
        box = f"<w:txbxContent>{p('框内文字')}</w:txbxContent>"
        body = (
            "<w:p><w:r><w:t>段落</w:t></w:r><w:r><mc:AlternateContent>"
            f'<mc:Choice Requires="wps"><w:drawing><wps:txbx>{box}</wps:txbx></w:drawing></mc:Choice>'
            f"<mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback>"
            "</mc:AlternateContent></w:r></w:p>" + p("下一段")
        )
        assert read_document(docx_of(body), name="x.docx").text() == "段落\n框内文字\n下一段"

    def test_reads_tracked_changes_as_accepted_and_says_so(self):
        body = (
            '<w:p><w:r><w:t>完成时限：</w:t></w:r><w:del w:id="1" w:author="a"><w:r><w:delText>8月</w:delText></w:r></w:del>'
            '<w:ins w:id="2" w:author="a"><w:r><w:t>9月</w:t></w:r></w:ins></w:p>'
        )
        document = read_document(docx_of(body), name="x.docx")
        assert document.text() == "完成时限：9月"
        assert codes(document) == ["document.docx.insertions", "document.docx.deletions"]

    def test_joins_paragraphs_whose_mark_was_deleted(self):
        body = '<w:p><w:pPr><w:rPr><w:del w:id="1" w:author="a"/></w:rPr></w:pPr><w:r><w:t>前半</w:t></w:r></w:p>' + p(
            "后半"
        )
        assert read_document(docx_of(body), name="x.docx").text() == "前半后半"

    def test_reads_hidden_text_with_a_warning(self):
        document = read_document(docx_of(p("隐藏", run="<w:rPr><w:vanish/></w:rPr>")), name="x.docx")
        assert document.text() == "隐藏"
        assert codes(document) == ["document.docx.hidden_text"]

    def test_passes_over_a_relationship_to_nowhere(self):
        data = docx_bytes()
        rels = member(data, "word/_rels/document.xml.rels").replace(
            b"</Relationships>",
            b'<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"'
            b' Target="NULL"/></Relationships>',
        )
        mended = read_document(changed_zip(data, replace={"word/_rels/document.xml.rels": rels}), name="x.docx")
        assert mended.blocks == read_document(data, name="x.docx").blocks


class TestNumbering:
    @pytest.mark.parametrize(
        ("form", "text", "expected"),
        [
            ("chineseCountingThousand", "%1、", ["一、", "二、"]),
            ("chineseCounting", "（%1）", ["（一）", "（二）"]),
            ("decimal", "%1.", ["1.", "2."]),
            ("decimalEnclosedCircle", "%1", ["①", "②"]),
            ("ideographTraditional", "%1、", ["甲、", "乙、"]),
            ("chineseLegalSimplified", "%1、", ["壹、", "贰、"]),
            ("upperRoman", "%1.", ["I.", "II."]),
            ("bullet", "\uf06c", ["•", "•"]),
            ("none", "", ["", ""]),
        ],
    )
    def test_writes_the_format(self, form, text, expected):
        assert labels(docx_of(listed("甲"), listed("乙"), numbering=one_list(level(0, form, text)))) == expected

    def test_restarts_a_lower_level_under_each_higher_one(self):
        definition = one_list(level(0, "chineseCounting", "%1、"), level(1, "decimal", "%2."))
        body = [listed("a"), listed("b", level=1), listed("c", level=1), listed("d"), listed("e", level=1)]
        assert labels(docx_of(*body, numbering=definition)) == ["一、", "1.", "2.", "二、", "1."]

    def test_writes_several_levels_in_one_label(self):
        definition = one_list(
            level(0, "chineseCounting", "%1、"),
            level(1, "decimal", "%1.%2"),
            level(2, "decimal", "%1.%2.%3", more="<w:isLgl/>"),
        )
        body = [listed("a"), listed("b", level=1), listed("c", level=2)]
        assert labels(docx_of(*body, numbering=definition)) == ["一、", "一.1", "1.1.1"]

    def test_goes_on_over_lists_of_one_definition_unless_told_to_restart(self):
        plain = '<w:num w:numId="{}"><w:abstractNumId w:val="0"/>{}</w:num>'
        restart = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'
        numbers = plain.format(1, "") + plain.format(2, "") + plain.format(3, restart)
        body = [listed("a"), listed("b", number=2), listed("c", number=3), listed("d", number=3)]
        assert labels(docx_of(*body, numbering=one_list(level(0, "decimal", "%1."), numbers=numbers))) == [
            "1.",
            "2.",
            "1.",
            "2.",
        ]

    def test_finds_the_level_by_the_paragraph_style(self):
        definition = one_list(
            level(0, "chineseCounting", "%1、", more='<w:pStyle w:val="Big"/>'),
            level(1, "chineseCounting", "（%2）", more='<w:pStyle w:val="Small"/>'),
        )
        styles = "".join(
            f'<w:style w:type="paragraph" w:styleId="{s}"><w:name w:val="{s}"/><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
            for s in ("Big", "Small")
        )
        body = [p(t, properties=f'<w:pStyle w:val="{s}"/>') for t, s in [("a", "Big"), ("b", "Small"), ("c", "Small")]]
        assert labels(docx_of(*body, numbering=definition, styles=styles)) == ["一、", "（一）", "（二）"]

    def test_list_number_zero_takes_a_paragraph_out_of_its_list(self):
        assert labels(docx_of(listed("a", number=0), numbering=one_list(level(0, "decimal", "%1.")))) == [""]

    def test_numbers_inside_table_cells_are_part_of_the_text(self):
        row = f"<w:tc><w:tcPr/>{listed('')}</w:tc>" + cell("公开预算")
        data = docx_of(table(row, row), numbering=one_list(level(0, "decimal", "%1")))
        assert [t.rows for t in read_document(data, name="x.docx").tables()] == [(("1", "公开预算"), ("2", "公开预算"))]


class TestTables:
    def test_resolves_cells_that_span_columns_and_rows(self):
        data = docx_of(
            table(
                cell("主要任务", properties='<w:gridSpan w:val="2"/>') + cell("牵头单位"),
                cell("一、公开", properties='<w:vMerge w:val="restart"/>') + cell("预算") + cell("财政局"),
                cell("", properties="<w:vMerge/>") + cell("决算") + cell("财政局"),
            )
        )
        found = next(read_document(data, name="x.docx").tables())
        assert found.rows == (
            ("主要任务", "主要任务", "牵头单位"),
            ("一、公开", "预算", "财政局"),
            ("一、公开", "决算", "财政局"),
        )
        assert found.origins[0][1] == (0, 0)
        assert found.origins[2][0] == (1, 0)

    def test_fills_short_rows(self):
        found = next(read_document(docx_of(table(cell("甲") + cell("乙"), cell("丙"))), name="x.docx").tables())
        assert found.rows == (("甲", "乙"), ("丙", ""))

    def test_puts_a_nested_table_after_its_outer_table(self):
        inner = table(cell("内一") + cell("内二"))
        data = docx_of(table(f"<w:tc><w:tcPr/>{p('外')}{inner}{p('')}</w:tc>" + cell("右")), p("后"))
        document = read_document(data, name="x.docx")
        assert [t.rows for t in document.tables()] == [(("外", "右"),), (("内一", "内二"),)]
        assert codes(document) == ["document.docx.nested_tables"]

    def test_reads_a_frame_table_as_running_text(self):
        inner = table(cell("内一") + cell("内二"))
        data = docx_of(table(f"<w:tc><w:tcPr/>{p('标题')}{inner}{p('尾')}</w:tc>"))
        assert [type(b) for b in read_document(data, name="x.docx").blocks] == [Paragraph, Table, Paragraph]

    def test_leaves_out_rows_whose_deletion_is_tracked(self):
        gone = f'<w:trPr><w:del w:id="1" w:author="a"/></w:trPr>{cell("删")}'
        document = read_document(docx_of(table(cell("留"), gone)), name="x.docx")
        assert [t.rows for t in document.tables()] == [(("留",),)]
