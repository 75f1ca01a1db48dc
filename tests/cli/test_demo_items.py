"""The texts of the sample city's items: many kinds, all different, fit to be published but for those that show faults."""

from __future__ import annotations

from datetime import date

import pytest

from gongkai.cli.demo.attachments import files_of
from gongkai.cli.demo.texts import Text, blocks, shortened, texts
from gongkai.domain.items import ItemContent
from gongkai.kernel.content import check_file, check_text, shipped_rules

TODAY = date(2026, 11, 21)
STATUTORY = {f"C{number:02d}" for number in range(1, 16)}


@pytest.fixture(scope="module")
def written() -> list[Text]:
    return texts(today=TODAY)


def said(text: Text) -> str:
    return ItemContent("", text.title, text.body).plain_text()


class TestTexts:
    def test_there_are_about_three_hundred_and_no_two_say_the_same(self, written: list[Text]) -> None:
        assert len(written) >= 300
        assert len({text.key for text in written}) == len({text.title for text in written}) == len(written)
        assert len({said(text) for text in written}) == len(written)

    @pytest.mark.parametrize("part", ["all", "shortened"])
    def test_every_column_attribute_and_state_has_one(self, written: list[Text], part: str) -> None:
        chosen = written if part == "all" else shortened(written)
        assert {name[:3] for text in chosen for name in text.columns} >= STATUTORY
        assert {text.attribute for text in chosen} == {"proactive", "on_application", "withheld"}
        states = {"drafting", "in_review", "returned", "approved", "scheduled", "published", "on_file"}
        assert {text.state for text in chosen} == states

    def test_nothing_is_found_in_them_but_in_drafts_with_a_fault(self, written: list[Text]) -> None:
        rules = shipped_rules()
        found = {text.key for text in written if check_text(said(text), rules=rules).findings}
        assert found == {"flaw-words", "flaw-phone", "flaw-year", "flaw-card"}
        assert all("{" not in said(text) for text in written)

    def test_corrections_change_the_body(self, written: list[Text]) -> None:
        corrected = [text for text in written if "correction" in text.story]
        assert len(corrected) >= 9
        assert all(text.second and text.second != text.body for text in corrected)


class TestFiles:
    def test_only_the_hidden_sheet_stops_release(self, written: list[Text]) -> None:
        rules = shipped_rules()
        stopped = set()
        for text in written:
            for name, data in files_of(text):
                if check_file(data, name=name, rules=rules).stops:
                    stopped.add(text.key)
        assert stopped == {"flaw-hidden-id"}


class TestBlocks:
    def test_lines_become_headings_points_tables_and_paragraphs(self) -> None:
        made = blocks("## 一\n- 甲\n- 乙\n表：数\n| a | b |\n| 1 |\n丙<丁")
        assert [block["type"] for block in made] == ["heading", "list", "table", "paragraph"]
        assert made[1]["value"] == "<ul><li>甲</li><li>乙</li></ul>"
        assert made[2]["value"] == {"caption": "数", "head": ["a", "b"], "rows": [["1", ""]]}
        assert made[3]["value"] == "<p>丙&lt;丁</p>"
