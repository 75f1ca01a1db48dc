from __future__ import annotations

import pytest

from gongkai.domain.release import Kind, Part, file_of, folder_of, item_part, url_of

UID = "0b8f6c9e-2c4d-4a53-9a6e-0d8f3c1b2a77"


class TestPart:
    @pytest.mark.parametrize(
        ("part", "file", "url"),
        [
            (Part(Kind.HOME), "index.html", "/"),
            (Part(Kind.LIST, "all"), "info/index.html", "/info/"),
            (Part(Kind.LIST_PAGE, "all", 12), "info/p/12/index.html", "/info/p/12/"),
            (Part(Kind.LIST, "column:C01-3"), "info/columns/C01-3/index.html", "/info/columns/C01-3/"),
            (Part(Kind.LIST_PAGE, "unit:7", 2), "info/units/7/p/2/index.html", "/info/units/7/p/2/"),
            (Part(Kind.SITEMAP), "sitemap.xml", "/sitemap.xml"),
            (Part(Kind.SITEMAP_SHARD, number=3), "sitemap/3.xml", "/sitemap/3.xml"),
            (Part(Kind.UNIT, "5"), "units/5/index.html", "/units/5/"),
            (Part(Kind.KIOSK), "kiosk/index.html", "/kiosk/"),
            (Part(Kind.KIOSK, "read"), "kiosk/read/index.html", "/kiosk/read/"),
            (Part(Kind.SHEET, "units/5"), "sheets/units/5/index.html", "/sheets/units/5/"),
            (Part(Kind.WORKER), "kiosk-worker.js", "/kiosk-worker.js"),
        ],
    )
    def test_lies_in_a_file_and_is_read_at_an_address(self, part: Part, file: str, url: str) -> None:
        assert (file_of(part), url_of(part), folder_of(part)) == (file, url, "")

    def test_an_item_has_a_folder_of_its_own(self) -> None:
        assert folder_of(item_part(UID)) == f"info/{UID}/"
        assert url_of(item_part(UID)) == f"/info/{UID}/"
        with pytest.raises(ValueError, match="folder"):
            file_of(item_part(UID))
