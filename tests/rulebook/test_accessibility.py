from __future__ import annotations

from importlib import resources

import pytest

from gongkai.rulebook.accessibility import FILE, read_reading_rules, reading_rules

TEXT = (resources.files("gongkai.rulebook") / "data" / FILE).read_text(encoding="utf-8")


class TestReadingRules:
    def test_takes_the_two_values_that_an_office_may_set(self) -> None:
        rules = reading_rules(longest_sentence=80, vague_link_texts=["戳这里"])
        assert (rules.limit("longest_sentence"), rules.vague_link_texts) == (80, frozenset({"戳这里"}))

    @pytest.mark.parametrize(
        ("old", "new", "told"),
        [
            ("weight: notice", "weight: error", "nothing here stops"),
            ("weight: notice", "weight: loud", "loud"),
            ("basis: plain", "basis: nowhere", "nowhere"),
            ("longest_paragraph: 400", "longest_paragraph: 0", "limits"),
            ("longest_paragraph: 400", "longest: 400", "limits"),
            ("poor_alts:", "alts:", "poor_alts"),
            ("status: unverified}", "status: sure}", "sure"),
        ],
    )
    def test_says_what_is_wrong_with_the_file(self, old: str, new: str, told: str) -> None:
        assert old in TEXT
        with pytest.raises(ValueError, match=told):
            read_reading_rules(TEXT.replace(old, new), longest_sentence=80, vague_link_texts=frozenset())
