from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai.domain.wording import PlaceKind
from gongkai.kernel.content import Report, check_file, check_text, place_text, shipped_rules
from gongkai.kernel.documents import DocumentRefused
from tests.domain.personal_data.numbers import identity_numbers
from tests.kernel.content.files import (
    ID,
    WORD,
    document,
    pdf,
    picture,
    with_members,
    workbook,
    workbook_with_pivot_cache,
)

ROOT = Path(__file__).resolve().parents[3]
SEEDS = ROOT.parent / "shared" / "seeds"


def run(data: bytes, name: str = "名单") -> Report:
    return check_file(data, name=name, rules=shipped_rules())


def planted(report: Report, code: str = "content.person.id_number") -> list[str]:
    """Where the planted number was found."""
    return [place_text(f.place) for f in report.findings if f.code == code]


def codes(report: Report) -> list[str]:
    return sorted(f.code for f in report.findings)


class TestWorkbook:
    @pytest.mark.parametrize(
        ("plant", "where", "hidden"),
        [
            ("cell", "工作表“公示名单” 第 3 行 D 列", None),
            ("sheet", "隐藏的工作表，“原始数据” 第 2 行 B 列", "content.hidden.sheet"),
            ("row", "隐藏的行，工作表“公示名单” 第 3 行 D 列", "content.hidden.rows"),
            ("column", "隐藏的列，工作表“公示名单” 第 3 行 E 列", "content.hidden.columns"),
            ("narrow", "隐藏的列，工作表“公示名单” 第 3 行 E 列", "content.hidden.columns"),
            ("comment", "批注（经办人），工作表“公示名单” 第 2 行 B 列", "content.hidden.comment"),
            ("name", "定义的名称（旧编号）", "content.hidden.defined_name"),
            ("header", "页眉，工作表“公示名单”", None),
            ("property", "文件属性（作者）", "content.hidden.property"),
        ],
    )
    def test_a_number_is_found_in_every_place(self, plant: str, where: str, hidden: str | None) -> None:
        report = run(workbook(plant=plant), "名单.xlsx")
        assert planted(report) == [where]
        assert report.stops
        assert [c for c in codes(report) if c.startswith("content.hidden")] == ([hidden] if hidden else [])

    def test_a_number_is_found_in_the_cache_of_a_pivot_table(self) -> None:
        report = run(workbook_with_pivot_cache(), "名单.xlsx")
        assert planted(report) == ["数据透视表缓存（身份证号）"]
        assert codes(report).count("content.hidden.pivot_cache") == 1
        assert [f.text for f in report.findings if f.code == "content.wording"] == [WORD]

    def test_a_workbook_inside_a_document(self) -> None:
        inner = workbook(plant="sheet")
        report = run(with_members(document(), {"word/embeddings/Sheet1.xlsx": inner}), "通知.docx")
        assert planted(report) == ["隐藏的工作表（Sheet1.xlsx），“原始数据” 第 2 行 B 列"]

    def test_a_file_inside_that_cannot_be_read_is_told(self) -> None:
        report = run(with_members(document(), {"word/embeddings/oleObject1.bin": b"\xd0\xcf"}), "通知.docx")
        assert [issue.code for issue in report.issues] == ["content.embedded_not_read"]

    def test_a_clean_one(self) -> None:
        assert run(workbook(), "名单.xlsx").findings == ()


class TestDocument:
    @pytest.mark.parametrize(
        ("plant", "where", "hidden"),
        [
            ("body", "第 2 行（段）", None),
            ("hidden", "隐藏文字，第 1 行（段）", "content.hidden.hidden_text"),
            ("comment", "批注（经办人）", "content.hidden.comment"),
            ("del", "修订中删除的文字（审核人），第 1 行（段）", "content.hidden.tracked_change"),
            ("ins", "修订中插入的文字（审核人），第 1 行（段）", "content.hidden.tracked_change"),
            ("header", "页眉", None),
            ("footer", "页脚", None),
            ("property", "文件属性（备注）", None),
        ],
    )
    def test_a_number_is_found_in_every_place(self, plant: str, where: str, hidden: str | None) -> None:
        report = run(document(plant=plant), "通知.docx")
        assert planted(report) == [where]
        assert [c for c in codes(report) if c.startswith("content.hidden")] == ([hidden] if hidden else [])

    def test_the_author_is_told_and_does_not_stop(self) -> None:
        report = run(document(plant="author"), "通知.docx")
        assert codes(report) == ["content.hidden.property"]
        assert not report.stops

    def test_columns_that_must_not_stand_beside_a_name(self) -> None:
        report = run(document(plant="cell"), "名单.docx")
        assert codes(report) == ["content.person.address", "content.person.health_column"]

    def test_a_clean_one(self) -> None:
        assert run(document(), "通知.docx").findings == ()


class TestPdf:
    @pytest.mark.parametrize("plant", ["box", "rounded", "boxes", "form"])
    def test_text_under_a_box_is_found(self, plant: str) -> None:
        report = run(pdf(plant=plant), "名单.pdf")
        assert planted(report) == ["被遮盖的文字，第 1 页"]
        assert codes(report) == ["content.hidden.covered", "content.person.id_number"]
        assert report.stops

    @pytest.mark.parametrize("plant", ["plain", "behind", "glass", "line", "frame", "triangle", "elsewhere"])
    def test_what_can_be_read_is_not_covered(self, plant: str) -> None:
        report = run(pdf(plant=plant), "名单.pdf")
        assert codes(report) == ["content.person.id_number"]
        assert [f.place.kind for f in report.findings if f.place] == [PlaceKind.BODY]

    def test_annotations_are_read(self) -> None:
        report = run(pdf(plant="note"), "名单.pdf")
        assert codes(report) == ["content.hidden.annotation", "content.person.id_number"]

    def test_the_author_is_told(self) -> None:
        assert codes(run(pdf(plant="author"), "名单.pdf")) == ["content.hidden.property"]


class TestPicture:
    def test_the_place_where_it_was_taken_is_told(self) -> None:
        (finding,) = run(picture(located=True), "照片.jpg").findings
        assert (finding.code, finding.shown) == ("content.hidden.gps", "25.8500°N 114.9333°E")

    def test_in_a_document_too(self) -> None:
        report = run(with_members(document(), {"word/media/image9.jpeg": picture(located=True)}), "通知.docx")
        assert codes(report) == ["content.hidden.gps"]

    def test_without_one_only_the_limit_of_the_check_is_told(self) -> None:
        report = run(picture(located=False), "照片.jpg")
        assert report.findings == ()
        assert [issue.code for issue in report.issues] == ["content.picture_not_read"]


class TestText:
    def test_places_are_lines_and_offsets_those_of_the_text(self) -> None:
        text = f"第一行\n工程已{WORD}\n张某{ID}"
        findings = check_text(text, rules=shipped_rules()).findings
        assert [(f.grade.value, f.place.line if f.place else 0, text[f.start : f.end]) for f in findings] == [
            ("L2", 3, ID),
            ("L3", 2, WORD),
        ]

    def test_a_word_cut_by_a_sign_that_shows_nothing(self) -> None:
        assert codes(run("工程已峻\u200b工。".encode(), "通知.txt")) == ["content.wording"]

    def test_the_name_of_the_file_is_checked(self) -> None:
        assert planted(run("一切正常。".encode(), f"张某{ID}.txt")) == ["文件名"]

    @settings(max_examples=30, deadline=None)
    @given(identity_numbers(), st.sampled_from(["cell", "sheet", "row", "column", "comment", "name", "header"]))
    def test_any_number_is_found_wherever_it_is_planted(self, number: str, plant: str) -> None:
        assert len(planted(run(workbook(plant=plant, text=number), "名单.xlsx"))) == 1


class TestRefusals:
    @pytest.mark.parametrize(
        ("data", "code"),
        [(b"", "document.empty"), (b"PK\x03\x04broken", "document.damaged"), (b"%PDF-1.7 broken", "document.damaged")],
    )
    def test_what_cannot_be_read_is_never_called_clean(self, data: bytes, code: str) -> None:
        with pytest.raises(DocumentRefused) as refused:
            run(data)
        assert refused.value.codes() == [code]

    def test_a_damaged_hidden_part(self) -> None:
        data = with_members(workbook(), {"xl/pivotCache/pivotCacheDefinition1.xml": b"<broken"})
        with pytest.raises(DocumentRefused) as refused:
            run(data, "名单.xlsx")
        assert refused.value.codes() == ["document.damaged"]


class TestOrdinaryText:
    @pytest.mark.skipif(not SEEDS.is_dir(), reason="the folder of real documents is not there")
    def test_real_documents_raise_no_alarm(self) -> None:
        findings = {
            path.name: [f.text for f in check_file(path, rules=shipped_rules()).findings]
            for path in sorted(SEEDS.glob("*.txt"))
        }
        assert findings and not any(findings.values())

    def test_plans_of_our_own_raise_no_grave_alarm(self) -> None:
        paths = sorted((ROOT / "tests" / "data" / "plans").glob("*.txt"))[:40]
        assert len(paths) > 20
        assert [p.name for p in paths if check_file(p, rules=shipped_rules()).stops] == []
