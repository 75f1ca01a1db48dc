"""Two versions side by side."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.domain.items import AttachmentRef, ItemContent, UnitRef, compare
from gongkai.domain.items.compare import Piece, compare_attachments, compare_lines, compare_words, say_value
from tests.domain.items.test_content import contents

texts = st.text(alphabet="甲乙丙丁12ab. ", max_size=14)


def paragraph(text: str, name: str = "a") -> dict[str, Any]:
    return {"id": name, "type": "paragraph", "value": f"<p>{text}</p>"}


def file(number: int, sha: str = "a", **more: Any) -> AttachmentRef:
    given: dict[str, Any] = {
        "file_id": number,
        "sha256": sha * 64,
        "name": f"{number}.pdf",
        "size": 1,
        "media_type": "application/pdf",
    }
    return AttachmentRef(**{**given, **more})


class TestCompareWords:
    @given(texts, texts)
    def test_both_texts_can_be_put_together_again(self, before: str, after: str) -> None:
        pieces = compare_words(before, after)
        assert "".join(p.text for p in pieces if p.op != "added") == before
        assert "".join(p.text for p in pieces if p.op != "removed") == after

    def test_whole_numbers_are_changed_not_their_digits(self) -> None:
        assert compare_words("增长12.5%以上", "增长13.5%以上") == (
            Piece("same", "增长"),
            Piece("removed", "12.5%"),
            Piece("added", "13.5%"),
            Piece("same", "以上"),
        )

    def test_a_very_long_paragraph_is_shown_whole(self) -> None:
        long = "公开" * 3000
        assert compare_words(long, long + "。") == (Piece("removed", long), Piece("added", long + "。"))
        assert compare_words(long, long) == (Piece("same", long),)


class TestCompareLines:
    @given(st.lists(texts.filter(bool), max_size=6), st.lists(texts.filter(bool), max_size=6))
    def test_both_bodies_can_be_put_together_again(self, before: list[str], after: list[str]) -> None:
        lines = compare_lines(before, after)
        assert [line.before for line in lines if line.op != "added"] == before
        assert [line.after for line in lines if line.op != "removed"] == after

    def test_a_new_line_leaves_the_others_alone(self) -> None:
        assert [line.op for line in compare_lines(["一", "三"], ["一", "二", "三"])] == ["same", "added", "same"]


class TestCompare:
    @given(contents, contents)
    def test_nothing_differs_exactly_when_it_is_the_same(self, one: ItemContent, other: ItemContent) -> None:
        found = compare(one, other)
        assert found.same == (one.digest() == other.digest())
        if found.same:
            assert not found.fields and not found.body_changed and not found.attachments

    def test_names_the_fields_that_differ(self) -> None:
        one = ItemContent("notice", "通知", issuer=UnitRef(1, "县财政局"), columns=("A",))
        found = compare(one, replace(one, title="通告", columns=("A", "B")))
        assert [(c.field, say_value(c.before), say_value(c.after)) for c in found.fields] == [
            ("title", "通知", "通告"),
            ("columns", "A", "A、B"),
        ]

    def test_shows_what_changed_in_the_body(self) -> None:
        one = ItemContent("notice", "通知", body=(paragraph("于3月1日施行。"), paragraph("特此通知。", "b")))
        found = compare(one, replace(one, body=(paragraph("于4月1日施行。"), paragraph("特此通知。", "b"))))
        assert [line.op for line in found.body] == ["changed", "same"]
        assert found.body_changed and not found.fields

    def test_another_picture_is_a_change_of_the_body(self) -> None:
        def picture(sha: str) -> tuple[dict[str, Any], ...]:
            return (
                {"id": "p", "type": "image", "value": {"file_id": 1, "sha256": sha * 64, "alt": "图", "caption": ""}},
            )

        one = ItemContent("notice", "通知", body=picture("a"))
        assert compare(one, replace(one, body=picture("b"))).body_changed


class TestCompareAttachments:
    @pytest.mark.parametrize(
        "before, after, ops",
        [
            ([], [file(1)], ["added"]),
            ([file(1)], [], ["removed"]),
            ([file(1)], [file(2, "b", name="1.pdf")], ["replaced"]),
            ([file(1)], [file(1, title="附件一")], ["renamed"]),
            ([file(1)], [file(2, name="1.pdf")], []),
            ([file(1), file(2, "b")], [file(2, "b"), file(1)], ["moved", "moved"]),
            ([file(1), file(2, "b")], [file(2, "b")], ["removed"]),
        ],
    )
    def test_says_what_became_of_each(
        self, before: list[AttachmentRef], after: list[AttachmentRef], ops: list[str]
    ) -> None:
        assert [change.op for change in compare_attachments(before, after)] == ops
