"""An office's own template: what keeps it from being used is told at once, in words for the person who made it."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from io import BytesIO

import pytest
from docx import Document
from docx.document import Document as Docx

from gongkai.domain.issues import Issue
from gongkai.kernel.letters import letter_template, template_issues
from gongkai.rulebook.messages import describe
from tests.kernel.letters.samples import RULES

FORM = RULES.letters["L02_supplement"]


def edited(change: Callable[[Docx], object]) -> bytes:
    """The shipped template after a change made with a word processor."""
    document = Document(BytesIO(letter_template(FORM)))
    change(document)
    target = BytesIO()
    document.save(target)
    return target.getvalue()


def with_text(text: str) -> bytes:
    return edited(lambda document: document.add_paragraph(text))


def with_member(name: str, content: bytes) -> bytes:
    target = BytesIO()
    with zipfile.ZipFile(BytesIO(letter_template(FORM))) as source, zipfile.ZipFile(target, "w") as out:
        for info in source.infolist():
            out.writestr(info.filename, content if info.filename == name else source.read(info))
        if name not in source.namelist():
            out.writestr(name, content)
    return target.getvalue()


def check(data: bytes) -> tuple[Issue, ...]:
    return template_issues(FORM, data, name="补正.docx")


def codes(data: bytes) -> list[str]:
    issues = check(data)
    assert all("补正.docx" in describe(issue) for issue in issues)
    return [issue.code.removeprefix("foi.template.") for issue in issues]


class TestShipped:
    @pytest.mark.parametrize("code", list(RULES.letters))
    def test_each_shipped_template_passes(self, code: str) -> None:
        form = RULES.letters[code]
        assert template_issues(form, letter_template(form), name=code) == ()


class TestAllowed:
    @pytest.mark.parametrize(
        "text",
        [
            "固定文字",
            "{{ contact }}",
            "{% if contact %}电话：{{ contact }}{% else %}无{% endif %}",
            "{% for item in attachments %}{{ item }}{% endfor %}",
            "{% for one in defects %}{{ loop.index }}．{{ one }}{% if not loop.last %}；{% endif %}{% endfor %}",
        ],
    )
    def test_places_conditions_and_lists_are_fine(self, text: str) -> None:
        assert codes(with_text(text)) == []

    def test_a_place_in_the_header_is_fine(self) -> None:
        data = edited(lambda d: d.sections[0].header.paragraphs[0].add_run("{{ issuer }}"))
        assert codes(data) == []


class TestNotAllowed:
    @pytest.mark.parametrize(
        "text",
        [
            "{{ range(1000000000) }}",
            "{% for x in range(9) %}{% endfor %}",
            "{{ issuer.__class__ }}",
            "{{ issuer['__class__'] }}",
            "{{ issuer|upper }}",
            "{{ issuer * 1000000 }}",
            "{% set a = 1 %}",
            "{% macro m() %}{% endmacro %}",
            "{% include 'x' %}",
            "{{r issuer }}",
            "{{p issuer }}",
            "{% for a in defects recursive %}{% endfor %}",
            "{% for a in defects %}{% if a %}{% for b in defects %}x{% endfor %}{% endif %}{% endfor %}",
        ],
    )
    def test_anything_that_computes_or_reaches_out_is_refused(self, text: str) -> None:
        assert "not_allowed" in codes(with_text(text))

    def test_a_field_of_another_letter_is_named_with_those_there_are(self) -> None:
        (issue,) = check(with_text("{{ pay_due }}"))
        assert issue.code == "foi.template.field_unknown"
        assert "补正期限（supplement_due）" in describe(issue)

    def test_a_mistyped_tag_is_named(self) -> None:
        assert "syntax" in codes(with_text("{% if contact %}没有结束"))

    def test_places_in_the_properties_of_the_file_are_refused(self) -> None:
        def change(document: Docx) -> None:
            document.core_properties.title = "{{ issuer }}"

        assert codes(edited(change)) == ["place"]


class TestMissing:
    def test_what_the_law_wants_in_the_letter_must_have_its_place(self) -> None:
        def change(document: Docx) -> None:
            for paragraph in document.paragraphs:
                if "effect" in paragraph.text or "defects" in paragraph.text:
                    for run in paragraph.runs:
                        run.text = run.text.replace("{{ effect }}", "").replace("defects", "attachments")

        issues = check(edited(change))
        assert [(issue.code, issue.field) for issue in issues] == [
            ("foi.template.field_missing", "defects"),
            ("foi.template.field_missing", "effect"),
        ]
        assert "{%p for item in defects %}" in describe(issues[0])
        assert "{{ effect }}" in describe(issues[1])

    def test_a_reply_without_a_place_for_the_remedies_is_refused(self) -> None:
        form = RULES.letters["L13_denied"]
        document = Document(BytesIO(letter_template(form)))
        for paragraph in document.paragraphs:
            for run in paragraph.runs:
                run.text = run.text.replace("in remedy", "in attachments")
        target = BytesIO()
        document.save(target)
        (issue,) = template_issues(form, target.getvalue(), name="不予公开.docx")
        assert issue.field == "remedy"
        assert "救济途径" in describe(issue)


class TestFile:
    def test_too_large(self) -> None:
        (issue,) = template_issues(FORM, b"PK\x03\x04" + bytes(3_000_000), name="补正.docx")
        assert issue.code == "foi.template.too_large"
        assert [i.code for i in template_issues(FORM, letter_template(FORM), name="x", max_bytes=100)] == [issue.code]

    @pytest.mark.parametrize("data", [b"", b"PK\x03\x04damaged", "一段文字".encode()], ids=["empty", "damaged", "text"])
    def test_not_a_document(self, data: bytes) -> None:
        assert codes(data) == ["unreadable"]

    def test_embedded_objects_and_macros_are_refused(self) -> None:
        assert "active_content" in codes(with_member("word/embeddings/oleObject1.bin", b"x"))
        assert set(codes(with_member("word/vbaProject.bin", b"x"))) <= {"active_content", "unreadable"}
        assert codes(with_member("word/vbaProject.bin", b"x"))

    def test_a_picture_from_outside_is_refused_and_a_link_is_not(self) -> None:
        with zipfile.ZipFile(BytesIO(letter_template(FORM))) as source:
            rels = source.read("word/_rels/document.xml.rels")
        for kind, refused in (("image", True), ("attachedTemplate", True), ("hyperlink", False)):
            outside = (
                '<Relationship Id="rId9" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
                f'{kind}" Target="https://example.invalid/x" TargetMode="External"/></Relationships>'
            ).encode()
            found = codes(with_member("word/_rels/document.xml.rels", rels.replace(b"</Relationships>", outside)))
            assert ("active_content" in found) is refused

    def test_everything_is_told_at_once(self) -> None:
        def change(document: Docx) -> None:
            document.add_paragraph("{{ color }}{{ issuer|upper }}")
            document.core_properties.subject = "{{ issuer }}"
            document.paragraphs[0].runs[0].text = "青麓市"

        assert sorted(codes(edited(change))) == ["field_unknown", "not_allowed", "place"]
