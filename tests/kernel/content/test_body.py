"""Numbers that a line of a page was broken in are one number; columns of figures are not."""

from __future__ import annotations

from io import BytesIO

import pytest
from reportlab.pdfgen import canvas

from gongkai.kernel.content import Report, check_file, shipped_rules
from gongkai.kernel.content.body import number_goes_on
from tests.kernel.content.files import ID
from tests.kernel.documents import samples


def codes(data: bytes) -> list[str]:
    report: Report = check_file(data, name="名单.pdf", rules=shipped_rules())
    return sorted(finding.code for finding in report.findings)


class TestNumberGoesOn:
    @pytest.mark.parametrize(
        ("last", "text", "goes"),
        [
            (ID[:9], ID[9:], True),
            (f"身份证号{ID[:9]}", f"{ID[9:]}，联系电话", True),
            ("电话138", "00138000", True),
            (ID, "13800138000", False),
            ("13800138000", "13900139000", False),
            ("共2024", "2025年", False),
            ("1234", "5678901", False),
            ("编号A", "1100", False),
            (ID[:9], f"{ID[9:]}ABC", False),
        ],
    )
    def test_needs_both_parts_to_make_one(self, last: str, text: str, goes: bool) -> None:
        assert number_goes_on(last, text) is goes


class TestPdf:
    def test_a_number_broken_over_two_lines_of_a_sentence_is_found(self) -> None:
        lines = ["关于公示补助名单的通知", f"联系人张某，身份证号{ID[:10]}", f"{ID[10:]}，请核对。"]
        assert codes(samples.pdf_bytes([lines])) == ["content.person.id_number"]

    def test_figures_below_each_other_are_no_number(self) -> None:
        assert codes(samples.pdf_bytes([["关于公示补助名单的通知", "金额", ID[:10], ID[10:]]])) == []

    def test_a_number_broken_over_two_lines_under_a_box_is_found(self) -> None:
        stream = BytesIO()
        page = canvas.Canvas(stream)
        page.setAuthor("")
        page.setFont("Helvetica", 12)
        page.drawString(72, 760, "List of persons")
        page.drawString(72, 700, ID[:10])
        page.drawString(72, 684, ID[10:])
        page.rect(60, 676, 200, 40, stroke=0, fill=1)
        page.save()
        assert codes(stream.getvalue()) == ["content.hidden.covered", "content.person.id_number"]
