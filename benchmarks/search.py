"""Searching public documents: our index against PostgreSQL full text over the same terms, in one run.

Documents are put together from the sentences of the sample city, so that words come as often as they do in real ones.
They are cut once, in several processes, and laid aside in a file; both are fed from it, one after the other, so that
each is measured alone. PostgreSQL gets the terms that our index gets, as a ``tsvector`` with weights and a GIN index, in
a scratch database of the embedded server that is dropped at the end::

    python -m benchmarks.search [--documents 100000 1000000] [--rounds 40] [--processes 2] [--folder DIR] [--keep]
                                [--without-postgresql]

A query is a page as a visitor gets it: the number of results, the first ten of them, counts for six facets, ten
snippets; without drawing the page and without the comparison with the publications (one statement by primary key). A page
that takes PostgreSQL longer than ``--patience`` seconds ends its kind of query, which is shown as more.

1,000,000 documents need about 6 GB in ``--folder`` and 8 GB for PostgreSQL, and on two free cores about half an hour.
With ``--keep`` what was laid down stays in the folder and in the database, and is asked again the next time: the figures
of building are then those of the first time, and stand with the load the machine had.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks._search_postgresql import measure_postgresql
from benchmarks._search_stock import Case, Stock, laid_aside, make_cases, make_documents, rounds_of, told

USUAL = "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动"
"""Characters that come by mistake in the place of another."""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, nargs="+", default=[100_000])
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1, help="in how many texts are cut")
    parser.add_argument("--folder", default=None, help="where the index and the cut documents lie meanwhile")
    parser.add_argument("--keep", action="store_true", help="leave everything in the folder, and use what is there")
    parser.add_argument("--patience", type=int, default=30, help="seconds that a page may take PostgreSQL")
    parser.add_argument("--without-postgresql", action="store_true")
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gongkai.config.settings.test")
    import django

    django.setup()
    if options.keep and not options.folder:
        parser.error("--keep needs a --folder")
    for number in options.documents:
        if options.keep:
            folder = Path(options.folder) / f"kept-{number}"
            folder.mkdir(parents=True, exist_ok=True)
        else:
            folder = Path(tempfile.mkdtemp(prefix="gongkai-search-", dir=options.folder))
        try:
            measure(folder, number, options)
        finally:
            if not options.keep:
                shutil.rmtree(folder, ignore_errors=True)


def measure(folder: Path, number: int, options: argparse.Namespace) -> None:
    """Measure one size and print."""
    cases = make_cases(options.rounds)
    print(f"\n{number:,} documents of about 500 characters")
    stock = Stock(folder, number, options.processes, keep=options.keep)
    stock.cut()
    ours = measure_index(stock, cases)
    theirs = {} if options.without_postgresql else measure_postgresql(stock, cases, options.patience)
    print(f"\n{'query':34}{'hits':>9}{'p50 ms':>9}{'p95 ms':>9}{'PG p50':>10}{'PG p95':>10}{'ratio':>8}")
    for case in cases:
        hits, times = ours[case.name]
        line = f"{case.name:34}{hits:9,.0f}{quantile(times, 50):9.1f}{quantile(times, 95):9.1f}"
        there = theirs[case.name][1] if case.name in theirs else []
        if there:
            ratio = quantile(there, 50) / quantile(times, 50)
            line += f"{quantile(there, 50):10.1f}{quantile(there, 95):10.1f}{ratio:7.1f}x"
        elif case.name in theirs:
            line += f"{'> ' + str(options.patience * 1000):>10}"
        print(line, flush=True)


def quantile(times: Sequence[float], percent: int) -> float:
    """Return a quantile in milliseconds."""
    return statistics.quantiles(times, n=100, method="inclusive")[percent - 1] * 1000


def measure_index(stock: Stock, cases: Sequence[Case]) -> dict[str, tuple[float, list[float]]]:
    """Build our index and ask it; returns by case the mean number of hits and the seconds of each round."""
    import tantivy

    from gongkai.portal.search.schema import build_schema

    if stock.built("ours"):
        index = tantivy.Index.open(str(stock.index))
    else:
        shutil.rmtree(stock.index, ignore_errors=True)
        stock.index.mkdir()
        index = tantivy.Index(build_schema(), path=str(stock.index))
        began = time.perf_counter()
        index_fill(index, stock.spool)
        size = sum(file.stat().st_size for file in stock.index.iterdir())
        stock.say("ours", told("ours", stock, time.perf_counter() - began, size))
    index.reload()
    known_items(index, stock.number)
    return {case.name: rounds_of(case, asker(index, case)) for case in cases}


def index_fill(index: Any, spool: Path) -> None:
    """Lay the cut documents down in our index."""
    from gongkai.portal.search.schema import document_from

    writer = index.writer(128 * 1024 * 1024, 1)
    for at, fields in enumerate(laid_aside(spool)):
        writer.add_document(document_from(fields))
        if at % 20_000 == 19_999:
            writer.commit()
    writer.commit()
    writer.wait_merging_threads()


def known_items(index: Any, number: int, sample: int = 300) -> None:
    """Print how often a title, a number and a title with one wrong character lead to their document."""
    from gongkai.domain.search import SynonymBook, parse_query
    from gongkai.portal.search.asking import Match, title_query, words_query
    from gongkai.portal.search.schema import Shown
    from gongkai.rulebook.search import shipped_synonyms

    searcher, schema, book, chance = index.searcher(), index.schema, SynonymBook(shipped_synonyms()), random.Random(11)

    def first(typed: str) -> list[str]:
        query = parse_query(typed)
        titled = bool(searcher.search(title_query(schema, query), limit=1).hits)
        for match in Match:
            found = words_query(schema, query, book, match, titled=titled)
            hits = searcher.search(found, limit=3, count=False, weight_by_field="weight").hits
            if hits:
                return [Shown.read(bytes(searcher.doc(address).get_first("shown"))).uid for _, address in hits]
        return [""]

    wanted = sorted(chance.sample(range(number), min(sample, number)))
    marks = set(wanted)
    documents = [one for at, one in enumerate(make_documents(wanted[-1] + 1)) if at in marks]
    numbered = [one for one in documents if one.doc_no]
    titles = sum(first(one.title)[0] == one.uid for one in documents) / len(documents)
    numbers = sum(first(one.doc_no)[0] == one.uid for one in numbered) / len(numbered)
    wrong = sum(one.uid in first(with_a_mistake(one.title, chance)) for one in documents) / len(documents)
    print(
        f"  known items of {len(documents)}: title → first {titles:.1%}, number → first {numbers:.1%} of "
        f"{len(numbered)}, one wrong character → first three {wrong:.1%}",
        flush=True,
    )


def with_a_mistake(title: str, chance: random.Random) -> str:
    """Return a title with one Chinese character replaced by a usual one."""
    at = chance.choice([at for at, sign in enumerate(title) if "\u4e00" <= sign <= "\u9fff"])
    return title[:at] + chance.choice([sign for sign in USUAL if sign != title[at]]) + title[at + 1 :]


def asker(index: Any, case: Case) -> Callable[[str], int]:
    """Return a function that answers a query as the page does."""
    from gongkai.domain.search import SynonymBook, highlight, parse_query, snippet
    from gongkai.portal.search.asking import Filters, Match, narrowed, shown_terms, title_query, words_query
    from gongkai.portal.search.schema import FACETS, Shown
    from gongkai.rulebook.search import shipped_synonyms

    searcher, schema, book = index.searcher(), index.schema, SynonymBook(shipped_synonyms())
    filters = Filters(case.chosen)
    facets = {name: {"terms": {"field": name, "size": 200}} for name in FACETS}
    order = {"order_by_field": "published_at"} if case.by_date else {"weight_by_field": "weight"}

    def ask(typed: str) -> int:
        query = parse_query(typed)
        titled = bool(searcher.search(title_query(schema, query), limit=1, count=False).hits)
        base = words_query(schema, query, book, Match.ALL, titled=titled)
        found = narrowed(schema, base, filters)
        count = searcher.aggregate(found, {"n": {"value_count": {"field": "publication_id"}}, **facets})
        for name in filters.active:
            searcher.aggregate(narrowed(schema, base, filters.without(name)), {name: facets[name]})
        terms = shown_terms(query, book)
        for _, address in searcher.search(found, limit=10, count=False, **order).hits:
            shown = Shown.read(bytes(searcher.doc(address).get_first("shown")))
            highlight(shown.title, terms)
            snippet(shown.body, terms)
        return int(count["n"]["value"])

    return ask


if __name__ == "__main__":
    main()
