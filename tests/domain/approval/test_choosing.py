"""Which assignment holds."""

from __future__ import annotations

import pytest

from gongkai.domain.approval import Assignment, Purpose, choose

TOWN, COUNTY = 11, 1
ANY = Assignment("any")
COUNTY_RULE = Assignment("county", unit_id=COUNTY)
TOWN_RULE = Assignment("town", unit_id=TOWN)
COLUMN = Assignment("column", column="policies")
KIND = Assignment("kind", kind="normative")
BOTH = Assignment("both", unit_id=COUNTY, column="policies")
OTHER = Assignment("other", unit_id=99)
SECOND = Assignment("second", column="notices")
URGENT = Assignment("urgent", purpose=Purpose.EMERGENCY)


class TestChoose:
    @pytest.mark.parametrize(
        ("assignments", "route"),
        [
            ([], None),
            ([OTHER], None),
            ([URGENT], None),
            ([ANY], "any"),
            ([ANY, COUNTY_RULE], "county"),
            ([TOWN_RULE, COUNTY_RULE], "town"),
            ([COLUMN, TOWN_RULE], "town"),
            ([COLUMN, KIND], "column"),
            ([KIND, ANY], "kind"),
            ([BOTH, TOWN_RULE, COLUMN], "both"),
            ([COLUMN, SECOND], "second"),
        ],
    )
    def test_the_most_specific_holds(self, assignments: list[Assignment], route: str | None) -> None:
        for order in (assignments, assignments[::-1]):
            found = choose(
                order,
                units=(TOWN, COUNTY),
                columns=("policies", "notices"),
                kind="normative",
                steps={"second": 9, "column": 7},
            )
            assert (found.route if found else None) == route

    def test_an_emergency_takes_its_own(self) -> None:
        found = choose([ANY, URGENT], units=(TOWN,), columns=(), kind="", purpose=Purpose.EMERGENCY)
        assert found is URGENT
