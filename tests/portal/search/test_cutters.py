from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from gongkai.portal.search.cutters import BATCH, cut_all
from gongkai.portal.search.schema import SearchDocument, fields_of


def documents(number: int) -> Iterator[SearchDocument]:
    for at in range(number):
        yield SearchDocument(
            item_id=at + 1,
            publication_id=at + 1,
            uid=f"00000000-0000-4000-8000-{at:012d}",
            title=f"关于做好第{at}项工作的通知",
            body="各单位要按照要求及时公开。",
            kind="notice",
            unit_id=1,
            unit_name="财政局",
            published_at=datetime(2026, 3, 2, tzinfo=UTC),
            year=2026,
        )


class TestCutAll:
    def test_gives_the_same_in_the_same_order_whatever_number_of_processes(self) -> None:
        expected = [fields_of(document) for document in documents(BATCH * 3 + 1)]
        assert list(cut_all(documents(BATCH * 3 + 1), processes=1)) == expected
        assert list(cut_all(documents(BATCH * 3 + 1), processes=2)) == expected

    @pytest.mark.parametrize("processes", [1, 2])
    def test_what_goes_wrong_while_reading_is_told(self, processes: int) -> None:
        def broken() -> Iterator[SearchDocument]:
            yield from documents(BATCH)
            raise OSError

        with pytest.raises(OSError):
            list(cut_all(broken(), processes=processes))
