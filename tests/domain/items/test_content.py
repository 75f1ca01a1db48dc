"""The digest names exactly one content; reading back what was written gives the same."""

from __future__ import annotations

import unicodedata
from dataclasses import fields, replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai.domain.items import AttachmentRef, ItemContent, UnitRef

words = st.text(alphabet="政府信息公开条例é一二abc １2\n", max_size=8)
units = st.builds(UnitRef, st.none() | st.integers(1, 9), words)
files = st.builds(
    AttachmentRef,
    file_id=st.integers(1, 5),
    sha256=st.sampled_from(["a" * 64, "b" * 64]),
    name=words,
    size=st.integers(1, 9),
    media_type=st.just("application/pdf"),
    title=words,
    alt=words,
)
days = st.none() | st.dates(date(2020, 1, 1), date(2027, 1, 1))
blocks = st.fixed_dictionaries(
    {"id": st.sampled_from(["a", "b", "c"]), "type": st.just("paragraph"), "value": words.map(lambda t: f"<p>{t}</p>")}
)
contents = st.builds(
    ItemContent,
    kind=st.sampled_from(["notice", "other"]),
    title=words,
    body=st.lists(blocks, max_size=3).map(tuple),
    summary=words,
    issuer=st.none() | units,
    joint=st.lists(units, max_size=2).map(tuple),
    doc_no=words,
    written_on=days,
    issued_on=days,
    effective_on=days,
    expires_on=days,
    subject=st.sampled_from(["", "0201"]),
    keywords=st.lists(words, max_size=2).map(tuple),
    columns=st.lists(st.sampled_from(["A", "B"]), max_size=2).map(tuple),
    attachments=st.lists(files, max_size=2).map(tuple),
    attribute=st.sampled_from(["", "proactive", "withheld"]),
    grounds=st.lists(st.sampled_from(["art19", "art20_1"]), max_size=2).map(tuple),
    ground_note=words,
)
OTHER = {
    "kind": "budget",
    "title": "另一个标题",
    "body": ({"id": "z", "type": "paragraph", "value": "<p>另一段</p>"},),
    "summary": "另一个概述",
    "issuer": UnitRef(77, "别的局"),
    "joint": (UnitRef(78, "第三局"),),
    "doc_no": "府发〔2026〕99号",
    "written_on": date(2030, 1, 1),
    "issued_on": date(2030, 1, 1),
    "effective_on": date(2030, 1, 1),
    "expires_on": date(2030, 1, 1),
    "subject": "0301",
    "keywords": ("别的词",),
    "columns": ("Z",),
    "attachments": (AttachmentRef(99, "c" * 64, "x.pdf", 1, "application/pdf"),),
    "attribute": "on_application",
    "grounds": ("art27",),
    "ground_note": "别的理由",
}


class TestDigest:
    @given(contents, contents)
    @settings(max_examples=200)
    def test_is_the_same_exactly_when_the_content_is(self, one: ItemContent, other: ItemContent) -> None:
        assert (one.digest() == other.digest()) == (one.canonical() == other.canonical())

    @given(contents)
    def test_does_not_change_when_written_and_read_back(self, content: ItemContent) -> None:
        back = ItemContent.from_data(content.as_data())
        assert back.digest() == content.digest()
        assert back.as_data() == content.as_data()

    @pytest.mark.parametrize("name", [field.name for field in fields(ItemContent)])
    @given(contents)
    @settings(max_examples=15)
    def test_changes_with_every_field(self, name: str, content: ItemContent) -> None:
        assert replace(content, **{name: OTHER[name]}).digest() != content.digest()  # type: ignore[arg-type]

    def test_two_ways_of_writing_a_letter_are_one(self) -> None:
        title = "Café 公开"
        composed, apart = (ItemContent("notice", unicodedata.normalize(form, title)) for form in ("NFC", "NFD"))
        assert composed.digest() == apart.digest()

    def test_the_bytes_of_an_attachment_count(self) -> None:
        one = AttachmentRef(1, "a" * 64, "x.pdf", 1, "application/pdf")
        contents = [ItemContent("notice", "t", attachments=(replace(one, sha256=sha),)) for sha in ("a" * 64, "b" * 64)]
        assert contents[0].digest() != contents[1].digest()
