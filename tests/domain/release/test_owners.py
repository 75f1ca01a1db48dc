from __future__ import annotations

import pytest

from gongkai.domain.release import Kind, Part, file_of, folder_of, item_part, page_part
from gongkai.domain.release.owners import part_of

UID = "0b8f6c9e-2c4d-4a53-9a6e-0d8f3c1b2a77"
PARTS = [
    Part(Kind.HOME), Part(Kind.ROBOTS), Part(Kind.SITEMAP), Part(Kind.UNITS), Part(Kind.PLANS), Part(Kind.UNIT, "4"),
    Part(Kind.LIST, "all"), Part(Kind.LIST, "column:C01-3"), Part(Kind.LIST, "unit:7"), Part(Kind.LIST_PAGE, "all", 2),
    Part(Kind.LIST_PAGE, "column:C01", 31), Part(Kind.LIST_PAGE, "unit:7", 1), Part(Kind.SITEMAP_SHARD, number=0),
    Part(Kind.SITEMAP_SHARD, number=12), page_part("topics"), page_part("columns/news"), page_part("pages/about"),
    page_part("sites/a"), page_part("sites/a/columns/x"), page_part(""), Part(Kind.KIOSK), Part(Kind.KIOSK, "print"),
    Part(Kind.SHEET, "units/7"), Part(Kind.SHEET, "columns/C01-3"), Part(Kind.WORKER), Part(Kind.HOSTS),
]  # fmt: skip


class TestPartOf:
    @pytest.mark.parametrize("part", PARTS, ids=str)
    @pytest.mark.parametrize("suffix", ["", ".br", ".gz"])
    def test_leads_back_from_the_file_of_a_part(self, part: Part, suffix: str) -> None:
        assert part_of(file_of(part) + suffix) == part

    @pytest.mark.parametrize(
        ("part", "name"),
        [
            (item_part(UID), "index.html.gz"),
            (item_part(UID), "proof/index.html"),
            (item_part(UID), "files/3/a.gz"),
            (Part(Kind.PLAN, "3"), "data.csv.br"),
            (page_part("topics/x"), "index.html.br"),
            (page_part("sites/a/topics/x"), "picture-7.jpg"),
            (Part(Kind.ANCHORS), "anchors.json"),
            (Part(Kind.DISPLAY), "theme/large-dark.css"),
        ],
    )
    def test_leads_back_from_a_file_in_its_folder(self, part: Part, name: str) -> None:
        assert part_of(folder_of(part) + name) == part

    @pytest.mark.parametrize(
        "path",
        ["static/a.css", "evil.html", "info/evil.html", "info/units/x/index.html", "a/b", "sheets/units/x/index.html"],
    )
    def test_knows_a_stranger(self, path: str) -> None:
        assert part_of(path) is None
