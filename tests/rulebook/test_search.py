from __future__ import annotations

from gongkai.domain.search import SynonymBook, read_groups
from gongkai.rulebook.search import shipped_synonyms


class TestShippedSynonyms:
    def test_every_group_can_be_used(self) -> None:
        rows = list(enumerate(shipped_synonyms(), 1))
        groups, issues = read_groups(rows)
        assert issues == []
        assert len(groups) == len(rows) > 20

    def test_fund_is_found_under_its_full_name(self) -> None:
        assert "住房公积金" in SynonymBook(shipped_synonyms()).others("公积金")
