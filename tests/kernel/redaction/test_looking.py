"""Looking at a PDF before it is redacted: pictures of its pages, and where words stand, as redaction itself finds them."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image
from tests.kernel.redaction.pdf_files import order, pdf, region, text_of

from gongkai.domain.redaction.marks import Region
from gongkai.kernel.documents.errors import DocumentRefused
from gongkai.kernel.redaction import redact
from gongkai.kernel.redaction.looking import WIDE, page_picture, page_sizes, term_places

NAME = "欧阳晓岚"
FILE = pdf([["补偿对象欧阳晓岚，身份证号另附。", "补偿标准每平方米三千元。"], ["第二页没有这个名字。"]])


class TestPictures:
    def test_each_page_has_one_of_the_size_that_was_told(self) -> None:
        sizes = page_sizes(FILE, name="材料.pdf")
        assert len(sizes) == 2 and all(width == WIDE for width, _ in sizes)
        data = page_picture(FILE, number=2, name="材料.pdf")
        assert data is not None
        drawn = Image.open(BytesIO(data)).size
        assert abs(drawn[0] - sizes[1][0]) <= 1 and abs(drawn[1] - sizes[1][1]) <= 1

    def test_there_is_none_of_a_page_that_is_not_there(self) -> None:
        assert page_picture(FILE, number=0, name="材料.pdf") is None
        assert page_picture(FILE, number=3, name="材料.pdf") is None

    def test_what_is_no_pdf_is_refused(self) -> None:
        with pytest.raises(DocumentRefused):
            page_sizes(b"%PDF-1.4 broken", name="材料.pdf")


class TestPlaces:
    def test_a_word_is_found_where_a_region_drawn_there_removes_it(self) -> None:
        places = term_places(FILE, [NAME], name="材料.pdf")
        assert list(places) == [1] and len(places[1]) == 1
        left, top, right, bottom = places[1][0]
        done = redact(order(FILE, region(1, left, top, right, bottom)))
        assert NAME not in text_of(done.data) and "三千元" in text_of(done.data)
        assert Region(1, left, top, right, bottom).right <= 1

    def test_one_that_stands_nowhere_is_not_found(self) -> None:
        assert term_places(FILE, ["诸葛青岚"], name="材料.pdf") == {}
