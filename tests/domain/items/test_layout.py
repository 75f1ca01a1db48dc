"""Which paragraphs of a document are its addressee and its signature."""

from __future__ import annotations

import pytest

from gongkai.domain.items.layout import parts_of


def body(*texts: str) -> list[dict[str, str]]:
    return [{"id": str(n), "type": "paragraph", "value": f"<p>{text}</p>"} for n, text in enumerate(texts)]


class TestPartsOf:
    def test_knows_addressee_and_signature(self):
        blocks = body("各县直单位：", "请办理。", "青溪县财政局", "2026年2月20日", "（此件主动公开）")
        assert parts_of(blocks) == {0: "address", 2: "signature", 3: "signature"}

    def test_takes_every_organ_that_signs(self):
        blocks = body("一、请办理。", "青溪县财政局", "青溪县司法局", "二〇二六年二月二十日")
        assert parts_of(blocks) == {1: "signature", 2: "signature", 3: "signature"}

    def test_passes_over_marks_and_blanks_in_between(self):
        assert parts_of(body("内容。", "<b>青 溪 县 人民政府</b>", "2026 年 2 月 20 日")) == {
            1: "signature",
            2: "signature",
        }

    @pytest.mark.parametrize(
        "texts",
        [
            (),
            ("请办理。",),
            ("请办理。", "2026年2月20日"),
            ("报名时间", "2026年2月20日"),
            ("由县财政局负责，县司法局配合。", "2026年2月20日"),
            ("按照通知要求。各单位：", "请办理。"),
        ],
    )
    def test_leaves_what_is_not_clearly_one(self, texts):
        assert parts_of(body(*texts)) == {}

    def test_never_takes_tables_headings_or_several_paragraphs(self):
        blocks = [
            {"id": "a", "type": "heading", "value": {"text": "各单位：", "level": 2}},
            {"id": "b", "type": "table", "value": {"head": [], "rows": [["青溪县财政局"]]}},
            {"id": "c", "type": "paragraph", "value": "<p>青溪县财政局</p><p>2026年2月20日</p>"},
        ]
        assert parts_of(blocks) == {}
