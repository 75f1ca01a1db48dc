"""OFD files: what they hold and do not show."""

from __future__ import annotations

import pytest

from gongkai.domain.wording import PlaceKind
from gongkai.kernel.content import check_file
from gongkai.kernel.content.ofd_places import hidden_pieces
from gongkai.kernel.content.rules import shipped_rules
from gongkai.kernel.documents import DEFAULT, read_document
from tests.kernel.content.files import ID
from tests.kernel.documents.ofd_samples import layer, lines_of, ofd, path, text


class TestHiddenPieces:
    @pytest.mark.parametrize("more", ['Visible="false"', 'Alpha="0"'])
    def test_leaves_out_text_that_is_switched_off_and_says_so(self, more):
        data = ofd(layer(text("公示名单"), text("110105", y=40, more=more)))
        document = read_document(data, name="通知.ofd")
        assert document.text() == "公示名单"
        assert [i.code for i in document.issues] == ["document.ofd.hidden_text"]
        assert [(p.text, p.place.kind, p.place.page) for p in pieces(data)] == [("110105", PlaceKind.HIDDEN_TEXT, 1)]

    def test_leaves_out_a_layer_that_is_switched_off(self):
        data = ofd(layer(text("公示名单")) + layer(text("底稿", y=40), more='Visible="false"'))
        assert [p.text for p in pieces(data)] == ["底稿"]

    def test_finds_text_under_a_box_drawn_later(self):
        box = path("M 19 19 L 70 19 L 70 27 L 19 27 C", more='Fill="true"')
        assert [(p.text, p.place.kind) for p in pieces(ofd(layer(text("张某某住址"), box)))] == [
            ("张某某住址", PlaceKind.COVERED)
        ]

    @pytest.mark.parametrize(
        "units",
        [
            [path("M 19 19 L 70 19 L 70 27 L 19 27 C", more='Fill="true"'), text("张某某住址")],
            [text("张某某住址"), path("M 19 19 L 70 19 L 70 27 L 19 27 C", more='Fill="true" Alpha="60"')],
            [text("张某某住址"), path("M 19 19 L 70 27 L 19 27 C", more='Fill="false"')],
        ],
        ids=["before", "glassy", "empty"],
    )
    def test_does_not_take_a_background_for_a_cover(self, units):
        assert pieces(ofd(layer(*units))) == []

    def test_finds_annotations_attachments_and_properties(self):
        note = (
            '<ofd:Annot ID="1" Type="Stamp"><ofd:Remark>请核对</ofd:Remark><ofd:Appearance Boundary="10 10 50 10">'
            f"{text('内部意见', x=0, y=0)}</ofd:Appearance></ofd:Annot>"
        )
        data = ofd(
            lines_of(["正文"]),
            annotations=note,
            attachments=["名单.xlsx"],
            info="<ofd:Author>经办人甲</ofd:Author>",
        )
        found = [(p.place.kind, p.place.part, p.text) for p in pieces(data)]
        assert found == [
            (PlaceKind.PROPERTY, "作者", "经办人甲"),
            (PlaceKind.CACHED, "附件", "名单.xlsx"),
            (PlaceKind.ANNOTATION, "", "请核对 内部意见"),
        ]
        assert {i.code for i in read_document(data, name="通知.ofd").issues} == {
            "document.ofd.annotations",
            "document.ofd.attachments",
        }


def pieces(data: bytes):
    return list(hidden_pieces(data, name="通知.ofd", limits=DEFAULT))


class TestCheck:
    def test_finds_an_identity_number_that_is_not_shown(self):
        data = ofd(layer(text("公示名单"), text(ID, y=40, more='Visible="false"')))
        report = check_file(data, name="名单.ofd", rules=shipped_rules())
        found = {(f.code, f.place.kind) for f in report.findings if f.place is not None}
        assert ("content.person.id_number", PlaceKind.HIDDEN_TEXT) in found
