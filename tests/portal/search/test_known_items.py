"""Known items: somebody who knows what it is called, or its number, finds it, with one wrong character, too."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import tantivy

from gongkai.cli.demo.texts import Text, texts
from gongkai.domain.items.content import block_lines
from gongkai.domain.search import SynonymBook, parse_query
from gongkai.portal.search.asking import Match, title_query, words_query
from gongkai.portal.search.schema import SearchDocument, Shown, as_document, build_schema
from gongkai.rulebook.search import shipped_synonyms

TODAY = date(2026, 6, 15)
USUAL = "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动"
Ask = Callable[[str], list[Shown]]


def _document(number: int, text: Text) -> SearchDocument:
    return SearchDocument(
        item_id=number,
        publication_id=number,
        uid=text.key,
        title=text.title,
        body="\n".join(line for block in text.body for line in block_lines(block)),
        kind=text.kind,
        unit_id=1,
        unit_name=text.issuer,
        published_at=datetime(text.issued.year, text.issued.month, text.issued.day, tzinfo=UTC),
        year=text.issued.year,
        doc_no=text.doc_no,
    )


@pytest.fixture(scope="module")
def written() -> list[Text]:
    """Everything public that the sample city has written."""
    return [text for text in texts(today=TODAY) if text.attribute == "proactive"]


@pytest.fixture(scope="module")
def ask(written: list[Text], tmp_path_factory: pytest.TempPathFactory) -> Ask:
    folder: Path = tmp_path_factory.mktemp("index")
    index = tantivy.Index(build_schema(), path=str(folder))
    writer = index.writer(32 * 1024 * 1024, 1)
    for number, text in enumerate(written):
        writer.add_document(as_document(_document(number, text)))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher, book = index.searcher(), SynonymBook(shipped_synonyms())

    def found(typed: str) -> list[Shown]:
        asked = parse_query(typed)
        titled = bool(searcher.search(title_query(index.schema, asked), limit=1).hits)
        for match in Match:
            query = words_query(index.schema, asked, book, match, titled=titled)
            hits = searcher.search(query, limit=3, weight_by_field="weight").hits
            if hits:
                return [Shown.read(bytes(searcher.doc(address).get_first("shown"))) for _, address in hits]
        return []

    return found


def _first(found: list[Shown]) -> str:
    return found[0].uid if found else ""


class TestKnownItems:
    def test_title_leads_to_the_item_first(self, written: list[Text], ask: Ask) -> None:
        assert sum(_first(ask(text.title)) == text.key for text in written) >= 0.98 * len(written)

    @pytest.mark.parametrize("brackets", ["〔〕", "[]", "（）", "【】"])
    def test_number_leads_to_the_item_first_every_time(self, written: list[Text], ask: Ask, brackets: str) -> None:
        numbered = [text for text in written if text.doc_no]
        table = str.maketrans("〔〕", brackets)
        assert len(numbered) > 20
        assert [text.doc_no for text in numbered if _first(ask(text.doc_no.translate(table))) != text.key] == []

    @pytest.mark.parametrize("seed", range(3))
    def test_one_wrong_character_leaves_it_among_the_first_three(
        self, written: list[Text], ask: Ask, seed: int
    ) -> None:
        chance = random.Random(seed)
        found = 0
        for text in written:
            places = [at for at, sign in enumerate(text.title) if "\u4e00" <= sign <= "\u9fff"]
            at = chance.choice(places)
            wrong = chance.choice([sign for sign in USUAL if sign != text.title[at]])
            typed = text.title[:at] + wrong + text.title[at + 1 :]
            found += text.key in {one.uid for one in ask(typed)}
        assert found >= 0.9 * len(written)
