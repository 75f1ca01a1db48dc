"""Searching 100 000 public documents: our index against PostgreSQL full text over the same terms, in one run.

Documents are put together from the sentences of the sample city, so that words come as often as they do in real ones.
PostgreSQL gets the terms that our index gets, as a ``tsvector`` with weights and a GIN index, in a scratch database of
the embedded server that is dropped at the end::

    python -m benchmarks.search [--documents 100000] [--rounds 40] [--without-postgresql]

A query is a page as a visitor gets it: the number of results, the first ten of them, counts for six facets, ten
snippets; without drawing the page and without the comparison with the publications (one statement by primary key).
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

TODAY = date(2026, 6, 15)
MOST_SECONDS = 20
"""How long one kind of query is measured at most; a slow one gets fewer rounds."""
START = datetime(2015, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Case:
    """One kind of query: its name, and what is typed in each round; facets by which it is narrowed, newest first."""

    name: str
    typed: Sequence[str]
    chosen: dict[str, str]
    by_date: bool = False


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--without-postgresql", action="store_true")
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gongkai.config.settings.test")
    import django

    django.setup()
    cases = make_cases(options.rounds)
    folder = Path(tempfile.mkdtemp(prefix="gongkai-search-"))
    try:
        ours = measure_index(folder, options.documents, cases)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    theirs = {} if options.without_postgresql else measure_postgresql(options.documents, cases)
    print(f"\n{'query':34}{'hits':>9}{'p50 ms':>9}{'p95 ms':>9}{'PG p50':>10}{'PG p95':>10}{'ratio':>8}")
    for case in cases:
        hits, times = ours[case.name]
        line = f"{case.name:34}{hits:9,.0f}{quantile(times, 50):9.1f}{quantile(times, 95):9.1f}"
        if case.name in theirs:
            there = theirs[case.name][1]
            ratio = quantile(there, 50) / quantile(times, 50)
            line += f"{quantile(there, 50):10.1f}{quantile(there, 95):10.1f}{ratio:7.0f}x"
        print(line)


def quantile(times: Sequence[float], percent: int) -> float:
    """Return a quantile in milliseconds."""
    return statistics.quantiles(times, n=100, method="inclusive")[percent - 1] * 1000


def make_documents(number: int) -> Iterator[Any]:
    """Yield documents put together from the sample city's sentences; the same for every run."""
    from gongkai.cli.demo.texts import texts
    from gongkai.domain.items.content import block_lines
    from gongkai.portal.search.schema import SearchDocument

    chance = random.Random(7)
    samples = [text for text in texts(today=TODAY) if text.attribute == "proactive"]
    lines = [line for text in samples for block in text.body for line in block_lines(block) if len(line) > 8]
    places = ["东湾", "西岭", "南塘", "北坑", "上坪", "下圳", "石桥", "梅江", "桃源", "临水"]
    for at in range(number):
        sample = chance.choice(samples)
        year = 2015 + at % 11
        yield SearchDocument(
            item_id=at + 1,
            publication_id=at + 1,
            uid=f"00000000-0000-4000-8000-{at:012d}",
            title=f"{chance.choice(places)}{sample.title.replace('2026', str(year))}（{at + 1}）",
            body="\n".join(chance.choices(lines, k=10)),
            kind=sample.kind,
            unit_id=at % 60 + 1,
            unit_name="某某局",
            published_at=START + timedelta(hours=at % 100_000),
            year=year,
            doc_no=f"青府办字〔{year}〕{at // 11 + 1}号" if at % 3 == 0 else "",
            index_no=f"QL{at % 60:02d}-{year}-{at:07d}",
            columns=("C01", f"C01-{at % 7}") if at % 2 else (f"C{at % 15:02d}",),
            subjects=(f"{at % 20:02d}",),
        )


def make_cases(rounds: int) -> list[Case]:
    """Return ten kinds of queries."""
    chance = random.Random(3)

    def each(*texts: str) -> list[str]:
        return [chance.choice(texts) for _ in range(rounds)]

    sample = [document for at, document in zip(range(3_000), make_documents(3_000), strict=False)]
    chosen = chance.choices(sample, k=rounds)
    numbered = chance.choices([one for one in sample if one.doc_no], k=rounds)
    return [
        Case("a common word", each("通知", "工作", "公开", "部门"), {}),
        Case("a word of some documents", each("公积金", "食品安全", "防汛", "招生", "预算"), {}),
        Case("two words", each("义务教育 招生", "财政 预算", "防汛 应急", "项目 招标"), {}),
        Case("four words", each("市 教育 招生 工作", "部门 预算 公开 说明", "防汛 抗旱 应急 预案"), {}),
        Case("words in a row, quoted", each("“部门预算”", "“应急预案”", "“招生工作”"), {}),
        Case("a document number", [one.doc_no for one in numbered], {}),
        Case("a whole title", [one.title for one in chosen], {}),
        Case("a word, narrowed by kind", each("公开", "工作", "管理"), {"kind": "notice"}),
        Case("a word, by column and year", each("公开", "工作", "管理"), {"column": "C01", "year": "2024"}),
        Case("a common word, newest first", each("通知", "工作", "公开", "部门"), {}, by_date=True),
    ]


def measure_index(folder: Path, number: int, cases: Sequence[Case]) -> dict[str, tuple[float, list[float]]]:
    """Build our index and ask it; returns by case the mean number of hits and the seconds of each round."""
    import tantivy

    from gongkai.portal.search.schema import as_document, build_schema

    index = tantivy.Index(build_schema(), path=str(folder))
    writer = index.writer(128 * 1024 * 1024, 1)
    began = time.perf_counter()
    for at, document in enumerate(make_documents(number)):
        writer.add_document(as_document(document))
        if at % 20_000 == 19_999:
            writer.commit()
    writer.commit()
    writer.wait_merging_threads()
    seconds = time.perf_counter() - began
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    print(f"{number:,} documents of about 500 characters")
    print(f"  ours: built in {seconds:6.1f} s, {number / seconds:8,.0f} documents/s, {size / 1024 / 1024:7,.0f} MB")
    index.reload()
    return {case.name: rounds_of(case, asker(index, case)) for case in cases}


def asker(index: Any, case: Case) -> Callable[[str], int]:
    """Return a function that answers a query as the page does."""
    from gongkai.domain.search import SynonymBook, highlight, parse_query, snippet
    from gongkai.portal.search.asking import Filters, Match, narrowed, shown_terms, words_query
    from gongkai.portal.search.schema import FACETS, Shown
    from gongkai.rulebook.search import shipped_synonyms

    searcher, schema, book = index.searcher(), index.schema, SynonymBook(shipped_synonyms())
    filters = Filters(case.chosen)
    facets = {name: {"terms": {"field": name, "size": 200}} for name in FACETS}
    order = {"order_by_field": "published_at"} if case.by_date else {"weight_by_field": "weight"}

    def ask(typed: str) -> int:
        query = parse_query(typed)
        base = words_query(schema, query, book, Match.ALL)
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


def rounds_of(case: Case, ask: Callable[[str], int]) -> tuple[float, list[float]]:
    """Ask once to warm up, then measure: every round, or as many as there is time for, three at least."""
    ask(case.typed[-1])
    times: list[float] = []
    hits: list[int] = []
    for typed in case.typed:
        if len(times) >= 3 and sum(times) > MOST_SECONDS:
            break
        began = time.perf_counter()
        hits.append(ask(typed))
        times.append(time.perf_counter() - began)
    return statistics.mean(hits), times


def measure_postgresql(number: int, cases: Sequence[Case]) -> dict[str, tuple[float, list[float]]]:
    """Lay the same terms down in PostgreSQL and ask it the same."""
    from benchmarks.ledger import scratch_database

    with scratch_database(keep=False):
        from django.db import connection

        with connection.cursor() as cursor:
            fill(cursor.connection, number)
            return {case.name: rounds_of(case, pg_asker(cursor, case)) for case in cases}


def fill(raw: Any, number: int) -> None:
    """Write the documents with COPY, then make the indexes."""
    from gongkai.domain.search import cut, doc_no_key, title_key

    began = time.perf_counter()
    with raw.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE bench_doc (id bigint PRIMARY KEY, title text, title_terms text, body_terms text, doc_no text, "
            "title_key text, kind text, unit text, col text[], subject text[], year text, validity text, "
            "published_at timestamptz, terms tsvector)"
        )
        columns = "id, title, title_terms, body_terms, doc_no, title_key, kind, unit, col, subject, year, validity, published_at"
        with cursor.copy(f"COPY bench_doc ({columns}) FROM STDIN") as copy:
            for one in make_documents(number):
                copy.write_row(
                    (
                        one.item_id,
                        one.title,
                        " ".join(cut(one.title)),
                        " ".join(cut(one.body)),
                        doc_no_key(one.doc_no) if one.doc_no else None,
                        title_key(one.title),
                        one.kind,
                        str(one.unit_id),
                        list(one.columns),
                        list(one.subjects),
                        str(one.year),
                        "none",
                        one.published_at,
                    )
                )
        cursor.execute(
            "UPDATE bench_doc SET terms = setweight(to_tsvector('simple', title_terms), 'A') "
            "|| setweight(to_tsvector('simple', body_terms), 'D')"
        )
        cursor.execute("CREATE INDEX ON bench_doc USING gin (terms)")
        for name in ("doc_no", "title_key", "published_at"):
            cursor.execute(f"CREATE INDEX ON bench_doc ({name})")
        cursor.execute("ANALYZE bench_doc")
        seconds = time.perf_counter() - began
        cursor.execute("SELECT pg_total_relation_size('bench_doc')")
        size = cursor.fetchone()[0]
    rate = number / seconds
    print(f"  PostgreSQL: built in {seconds:6.1f} s, {rate:8,.0f} documents/s, {size / 1024 / 1024:7,.0f} MB")


def pg_asker(cursor: Any, case: Case) -> Callable[[str], int]:
    """Return a function that answers a query in PostgreSQL: count, ten results with headlines, six facets."""
    from gongkai.domain.search import cut, is_weak, parse_query

    narrow = "".join(" AND %s = ANY(col)" if name == "column" else f" AND {name} = %s" for name in case.chosen)
    given = list(case.chosen.values())
    order = "published_at DESC" if case.by_date else "ts_rank(terms, q) DESC"

    def ask(typed: str) -> int:
        query = parse_query(typed)
        where, values = "terms @@ q", [*given]
        words = [term for word in query.words for term in cut(word) if not is_weak(term)]
        parts = [_quoted(term) for term in dict.fromkeys(words)]
        parts += [" <-> ".join(_quoted(term) for term in cut(phrase)) for phrase in query.phrases]
        text = " & ".join(f"({part})" for part in parts)
        if query.number_only:
            where, values = "doc_no = %s", [query.doc_nos[0], *given]
        elif len(words) >= 9:
            where, values = "(title_key = %s OR terms @@ q)", [query.title_key, *given]
        found = f"FROM bench_doc, (SELECT %s::tsquery AS q) asked WHERE {where}{narrow}"
        every = [text, *values]
        cursor.execute(f"SELECT count(*) {found}", every)
        count = int(cursor.fetchone()[0])
        headline = "ts_headline('simple', body_terms, q, 'MaxWords=60, MinWords=30')"
        inner = f"SELECT id, title, body_terms, q {found} ORDER BY {order} LIMIT 10"
        cursor.execute(f"SELECT id, title, {headline} FROM ({inner}) page", every)
        cursor.fetchall()
        for name in ("kind", "unit", "year", "validity"):
            cursor.execute(f"SELECT {name}, count(*) {found} GROUP BY 1", every)
            cursor.fetchall()
        for name in ("col", "subject"):
            cursor.execute(f"SELECT code, count(*) FROM (SELECT unnest({name}) AS code {found}) one GROUP BY 1", every)
            cursor.fetchall()
        return count

    return ask


def _quoted(term: str) -> str:
    return "'" + term.replace("\\", "").replace("'", "''") + "'"


if __name__ == "__main__":
    main()
