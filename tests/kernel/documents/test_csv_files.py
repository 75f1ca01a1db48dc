"""Tables as CSV: for spreadsheets to open, not to run."""

from __future__ import annotations

import csv
from datetime import date
from io import StringIO

import pytest

from gongkai.kernel.documents.csv_files import csv_bytes


def read(data: bytes) -> list[list[str]]:
    return list(csv.reader(StringIO(data.decode("utf-8-sig"))))


class TestCsvBytes:
    def test_begins_with_the_mark_that_spreadsheets_need(self) -> None:
        assert csv_bytes(["单位"], []).startswith(b"\xef\xbb\xbf")

    def test_writes_numbers_days_and_nothing(self) -> None:
        rows = read(csv_bytes(["甲", "乙", "丙", "丁"], [["县，局", 3, date(2026, 3, 2), None]]))
        assert rows == [["甲", "乙", "丙", "丁"], ["县，局", "3", "2026-03-02", ""]]

    @pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1"])
    def test_no_text_runs_as_a_formula(self, text: str) -> None:
        assert read(csv_bytes(["甲"], [[text]]))[1] == [f"'{text}"]

    def test_a_negative_number_stays_a_number(self) -> None:
        assert read(csv_bytes(["甲"], [[-3]]))[1] == ["-3"]
