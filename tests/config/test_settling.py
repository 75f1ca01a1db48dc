from __future__ import annotations

import gc
import sys
from collections.abc import Iterator

import pytest

from gongkai.config.settling import NEW_OBJECTS, settle


@pytest.fixture
def as_before() -> Iterator[None]:
    known = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*known)


class TestSettle:
    @pytest.mark.usefixtures("as_before")
    def test_loads_the_views_and_leaves_what_is_loaded_out_of_the_search_for_garbage(self) -> None:
        settle()
        assert "gongkai.features.foi.staff.board_views" in sys.modules
        assert len(gc.get_objects()) < gc.get_freeze_count() / 100
        assert gc.get_threshold()[0] == NEW_OBJECTS
        assert gc.isenabled()
