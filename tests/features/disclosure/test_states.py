"""Items come into every state by the real services."""

from __future__ import annotations

import pytest

from gongkai.domain.items import State
from tests.factories.disclosure import Bureau


class TestEveryState:
    @pytest.mark.parametrize("state", list(State))
    def test_an_item_comes_into_it(self, bureau: Bureau, state: State) -> None:
        item = bureau.in_state(state)
        assert item.state == state.value
        assert (item.index_no is None) == (state in (State.DRAFTING, State.DISCARDED))
