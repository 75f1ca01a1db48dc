"""Letters from templates."""

from __future__ import annotations

from pathlib import Path

import docx
import pytest

from gongkai.kernel.documents import DocumentRefused, read_document, render_docx
from tests.kernel.documents.samples import saved


def template(*lines: str) -> bytes:
    document = docx.Document()
    for line in lines:
        document.add_paragraph(line)
    return saved(document)


def text_of(data: bytes) -> str:
    return read_document(data, name="x.docx").text()


class TestRenderDocx:
    def test_fills_values_loops_and_conditions(self):
        source = template(
            "{{ unit }}：", "{%p for i in items %}", "第{{ i.no }}项", "{%p endfor %}", "{% if urgent %}急{% endif %}件"
        )
        data = render_docx(source, {"unit": "县财政局", "items": [{"no": 1}, {"no": 2}], "urgent": False})
        assert text_of(data) == "县财政局：\n第1项\n第2项\n件"

    def test_escapes_what_would_be_markup(self):
        assert text_of(render_docx(template("{{ x }}"), {"x": "<w:t>&甲"})) == "<w:t>&甲"

    def test_takes_a_path_and_gives_the_same_bytes_again(self, tmp_path: Path):
        path = tmp_path / "t.docx"
        path.write_bytes(template("{{ x }}"))
        assert render_docx(path, {"x": "甲"}) == render_docx(path, {"x": "甲"})

    def test_names_all_missing_values_at_once(self):
        with pytest.raises(DocumentRefused) as caught:
            render_docx(template("{{ a }}{{ b }}{{ c }}"), {"b": "有"})
        assert str(caught.value) == "模板需要的内容没有给出：a、c。"

    def test_names_a_missing_part_of_a_value(self):
        with pytest.raises(DocumentRefused, match="due_on"):
            render_docx(template("{{ item.due_on }}"), {"item": {"no": 1}})

    @pytest.mark.parametrize("line", ["{{ a", "{% if a %}甲", "{{ a | nofilter }}"])
    def test_says_that_the_template_is_wrong(self, line):
        with pytest.raises(DocumentRefused) as caught:
            render_docx(template(line), {"a": 1})
        assert caught.value.codes() == ["document.template.syntax"]

    def test_keeps_templates_in_their_sandbox(self):
        with pytest.raises(DocumentRefused):
            render_docx(template("{{ a.__class__.__mro__[1].__subclasses__() }}"), {"a": 1})

    def test_refuses_what_is_no_docx(self, tmp_path: Path):
        for source in (b"x", tmp_path / "none.docx"):
            with pytest.raises(DocumentRefused) as caught:
                render_docx(source, {})
            assert caught.value.codes() == ["document.template.damaged"]
