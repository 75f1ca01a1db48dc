from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai.domain.release import ALL, Kind, Part, Place, touched
from tests.domain.release.site import Shown, Site

COLUMNS = st.sets(st.sampled_from(["A", "A-1", "A-2", "B", "closed"]), max_size=2).map(frozenset)
STEPS = st.one_of(
    st.tuples(st.just("publish"), st.integers(1, 60), COLUMNS, st.integers(1, 2)),
    st.tuples(st.just("withdraw"), st.integers(1, 60), COLUMNS, st.integers(1, 2)),
)


class TestTouched:
    @given(st.lists(STEPS, max_size=120), st.integers(0, 70))
    @settings(max_examples=150, deadline=None)
    def test_rendering_only_what_is_touched_gives_the_whole_site(
        self, steps: list[tuple[str, int, frozenset[str], int]], before: int
    ) -> None:
        site = Site()
        for item in range(100, 100 + before):
            site.publish(item, "", frozenset({"A-1"}), 1)
        kept: Shown = site.full()
        for turn, (verb, item, columns, unit) in enumerate(steps):
            dirty = site.publish(item, str(turn), columns, unit) if verb == "publish" else site.withdraw(item)
            kept |= {part: site.shows(part) for part in dirty}
        assert kept == site.full()

    def test_is_as_small_in_a_large_list_as_in_a_small_one(self) -> None:
        small, large = touched([Place(ALL, 30)]), touched([Place(ALL, 1_000_010)])
        assert len(small) == len(large) == 4

    def test_a_new_page_gives_the_one_before_it_a_link(self) -> None:
        assert Part(Kind.LIST_PAGE, ALL, 2) in touched([Place(ALL, 41)])
        assert Part(Kind.LIST_PAGE, ALL, 2) not in touched([Place(ALL, 42)])

    def test_an_item_that_stands_nowhere_touches_nothing(self) -> None:
        assert touched([]) == frozenset()
