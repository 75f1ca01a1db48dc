"""The law of a case: since when there is one."""

from __future__ import annotations

from datetime import timedelta

import pytest

from gongkai.rulebook.foi_law import case_law, first_law_day
from gongkai.rulebook.lookup import NotInForce


class TestFirstLawDay:
    def test_a_case_has_a_law_from_this_day_on_and_none_before(self) -> None:
        day = first_law_day()
        assert case_law(on=day).rules
        with pytest.raises(NotInForce):
            case_law(on=day - timedelta(days=1))
