"""OFD files: reading order, tables, what is hidden, and what is refused."""

from __future__ import annotations

import pytest

from gongkai.kernel.documents import DEFAULT, DocumentRefused, Limits, read_document
from tests.kernel.documents.ofd_samples import layer, lines_of, ofd, path, text


def read(data: bytes, limits: Limits = DEFAULT):
    return read_document(data, name="通知.ofd", limits=limits)


def lines(data: bytes) -> list[str]:
    return read(data).text().split("\n")


class TestRead:
    def test_reads_lines_from_the_top_whatever_their_order_in_the_file(self):
        page = layer(text("第二行", y=40), text("第一行", y=20), text("第三行", y=60))
        assert lines(ofd(page)) == ["第一行", "第二行", "第三行"]

    def test_joins_pieces_that_stand_on_one_line(self):
        page = layer(text("公开工作要点", x=45), text("2024年", x=20, code='DeltaX="2.5 2.5 2.5 2.5"'))
        assert lines(ofd(page)) == ["2024年 公开工作要点"]

    def test_runs_pieces_on_that_touch(self):
        assert lines(ofd(layer(text("政务", x=20), text("公开", x=30)))) == ["政务公开"]

    def test_reads_several_lines_of_one_object(self):
        page = layer(
            '<ofd:TextObject ID="1" Boundary="20 20 100 40" Font="1" Size="5">'
            '<ofd:TextCode X="0" Y="5" DeltaX="5 5">第一行</ofd:TextCode>'
            '<ofd:TextCode Y="12" DeltaX="5 5">第二行</ofd:TextCode></ofd:TextObject>'
        )
        assert lines(ofd(page)) == ["第一行", "第二行"]

    def test_places_text_by_its_matrix(self):
        page = layer(text("下", y=20, more='CTM="1 0 0 1 0 60"'), text("上", y=40))
        assert lines(ofd(page)) == ["上", "下"]

    def test_reads_characters_set_below_each_other(self):
        page = layer(text("公开", code='DeltaY="g 1 8"'))
        assert lines(ofd(page)) == ["公", "开"]

    def test_numbers_pages_and_lines_through_the_file(self):
        document = read(ofd(lines_of(["甲", "乙"]), lines_of(["丙"])))
        assert document.pages == 2
        assert [(p.text, p.line, p.page) for p in document.paragraphs()] == [("甲", 1, 1), ("乙", 2, 1), ("丙", 3, 2)]

    def test_reads_the_template_under_a_page(self):
        data = ofd(lines_of(["正文"]), template=layer(text("云溪县人民政府文件", y=5)))
        assert lines(data) == ["云溪县人民政府文件", "正文"]

    def test_follows_references_from_the_root_of_the_package(self):
        assert lines(ofd(lines_of(["正文"]), absolute=True)) == ["正文"]

    def test_reads_blocks_inside_blocks(self):
        page = layer(f'<ofd:PageBlock ID="3"><ofd:PageBlock ID="4">{text("深处的字")}</ofd:PageBlock></ofd:PageBlock>')
        assert lines(ofd(page)) == ["深处的字"]

    @pytest.mark.parametrize("stroked", [True, False])
    def test_reads_a_ruled_table_as_a_table(self, stroked):
        if stroked:
            drawn = [path(f"M 20 {y} L 120 {y}") for y in (50, 60, 70)] + [
                path(f"M {x} 50 L {x} 70") for x in (20, 70, 120)
            ]
        else:
            fill = 'Fill="true" Stroke="false"'
            drawn = [path(f"M 20 {y} L 120 {y} L 120 {y + 0.3} L 20 {y + 0.3} C", more=fill) for y in (50, 60, 70)]
            drawn += [path(f"M {x} 50 L {x + 0.3} 50 L {x + 0.3} 70 L {x} 70 C", more=fill) for x in (20, 70, 120)]
        cells = [("事项", 25, 52), ("单位", 75, 52), ("预算", 25, 62), ("县财政局", 75, 62)]
        page = layer(text("任务分解表", y=30), *drawn, *(text(t, x=x, y=y) for t, x, y in cells), text("表后", y=90))
        document = read(ofd(page))
        (table,) = document.tables()
        assert table.rows == (("事项", "单位"), ("预算", "县财政局"))
        assert [p.text for p in document.paragraphs()] == ["任务分解表", "表后"]

    def test_tells_pages_without_text(self):
        data = ofd(lines_of(["正文"]), layer('<ofd:ImageObject ID="5" Boundary="0 0 210 297" ResourceID="1"/>'))
        issues = read(data).issues
        assert {i.code: i.values.get("pages", i.values.get("count")) for i in issues} == {
            "document.ofd.pictures": 1,
            "document.pdf.pages_without_text": "2",
        }

    def test_keeps_numbers_of_nonsense_from_the_page(self):
        page = layer(text("好", y=20), text("远", x=1e308, more='CTM="1e308 0 0 1e308 0 0"'))
        assert lines(ofd(page)) == ["好"]


class TestRefusals:
    @pytest.mark.parametrize(
        ("data", "code"),
        [
            (ofd(layer('<ofd:ImageObject ID="5" Boundary="0 0 9 9"/>')), "document.ofd.no_text"),
            (ofd(lines_of(["甲"]), root="<ofd:Encryptions>E.xml</ofd:Encryptions>"), "document.encrypted"),
            (ofd(lines_of(["甲"]), extra={"Doc_0/Encrypt/DecryptSeed.dat": b"x"}), "document.encrypted"),
            (
                ofd(lines_of(["甲"]), extra={"x.xml": b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"}),
                "document.entities",
            ),
            (ofd(lines_of(["甲"]))[:-60], "document.damaged"),
            (ofd("<broken"), "document.damaged"),
        ],
        ids=["pictures", "encrypted", "seed", "entities", "cut", "broken"],
    )
    def test_says_what_is_wrong(self, data, code):
        with pytest.raises(DocumentRefused) as caught:
            read(data)
        assert [i.code for i in caught.value.issues] == [code]

    def test_refuses_more_pages_than_allowed(self):
        with pytest.raises(DocumentRefused, match="3 页"):
            read(ofd(*[lines_of(["甲"])] * 3), Limits(max_pages=2))

    def test_refuses_a_file_that_unpacks_to_too_much(self):
        data = ofd(lines_of(["甲"]), extra={"Doc_0/Res/a.bin": bytes(30_000_000)})
        with pytest.raises(DocumentRefused, match="展开后"):
            read(data)

    def test_gives_up_tables_where_too_much_is_drawn(self):
        page = layer(text("甲"), path(" ".join(f"M 0 {n} L 9 {n}" for n in range(50))))
        document = read(ofd(page), Limits(max_page_lines=20))
        assert [i.code for i in document.issues] == ["document.pdf.tables_as_lines"]
