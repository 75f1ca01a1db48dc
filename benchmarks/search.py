"""Searching public documents: our index against PostgreSQL full text over the same terms, in one run.

Documents are put together from the sentences of the sample city, so that words come as often as they do in real ones.
They are cut once, in several processes, and laid aside in a file; both are fed from it, one after the other, so that
each is measured alone. PostgreSQL gets the terms that our index gets, as a ``tsvector`` with weights and a GIN index, in
a scratch database of the embedded server that is dropped at the end::

    python -m benchmarks.search [--documents 100000 1000000] [--rounds 40] [--processes 2] [--folder DIR]
                                [--without-postgresql]

A query is a page as a visitor gets it: the number of results, the first ten of them, counts for six facets, ten
snippets; without drawing the page and without the comparison with the publications (one statement by primary key). A page
that takes PostgreSQL longer than ``--patience`` seconds ends its kind of query, which is shown as more.

1,000,000 documents need about 6 GB in ``--folder`` and 8 GB for PostgreSQL, and on two free cores about half an hour.
"""

from __future__ import annotations

import argparse
import json
import os
import pickle
import random
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

DATABASE = "gongkai_bench_search"
TODAY = date(2026, 6, 15)
MOST_SECONDS = 20
"""How long one kind of query is measured at most; a slow one gets fewer rounds."""
START = datetime(2015, 1, 1, tzinfo=UTC)
USUAL = "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动"
"""Characters that come by mistake in the place of another."""


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
    parser.add_argument("--documents", type=int, nargs="+", default=[100_000])
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1, help="in how many texts are cut")
    parser.add_argument("--folder", default=None, help="where the index and the cut documents lie meanwhile")
    parser.add_argument("--patience", type=int, default=30, help="seconds that a page may take PostgreSQL")
    parser.add_argument("--without-postgresql", action="store_true")
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gongkai.config.settings.test")
    import django

    django.setup()
    for number in options.documents:
        folder = Path(tempfile.mkdtemp(prefix="gongkai-search-", dir=options.folder))
        try:
            measure(folder, number, options)
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def measure(folder: Path, number: int, options: argparse.Namespace) -> None:
    """Measure one size and print."""
    cases = make_cases(options.rounds)
    print(f"\n{number:,} documents of about 500 characters")
    spool = folder / "cut"
    cut_seconds = lay_aside(spool, number, options.processes)
    rate = number / cut_seconds
    print(
        f"  cut once for both: {cut_seconds:6.1f} s, {rate:8,.0f} documents/s in {options.processes} processes",
        flush=True,
    )
    (folder / "index").mkdir()
    ours = measure_index(folder / "index", spool, number, cases, cut_seconds)
    theirs = (
        {} if options.without_postgresql else measure_postgresql(spool, number, cases, cut_seconds, options.patience)
    )
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


def lay_aside(spool: Path, number: int, processes: int) -> float:
    """Cut the documents and write their fields to a file; returns the seconds it took."""
    from gongkai.portal.search.cutters import cut_all

    began = time.perf_counter()
    with spool.open("wb") as file:
        for fields in cut_all(make_documents(number), processes=processes):
            pickle.dump(fields, file, protocol=pickle.HIGHEST_PROTOCOL)
    return time.perf_counter() - began


def laid_aside(spool: Path) -> Iterator[Any]:
    """Yield the fields of the documents."""
    with spool.open("rb") as file:
        while True:
            try:
                yield pickle.load(file)
            except EOFError:
                return


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


def measure_index(
    folder: Path, spool: Path, number: int, cases: Sequence[Case], cut_seconds: float
) -> dict[str, tuple[float, list[float]]]:
    """Build our index and ask it; returns by case the mean number of hits and the seconds of each round."""
    import tantivy

    from gongkai.portal.search.schema import build_schema, document_from

    index = tantivy.Index(build_schema(), path=str(folder))
    writer = index.writer(128 * 1024 * 1024, 1)
    began = time.perf_counter()
    for at, fields in enumerate(laid_aside(spool)):
        writer.add_document(document_from(fields))
        if at % 20_000 == 19_999:
            writer.commit()
    writer.commit()
    writer.wait_merging_threads()
    told("ours", number, time.perf_counter() - began, cut_seconds, sum(f.stat().st_size for f in folder.iterdir()))
    index.reload()
    known_items(index, number)
    return {case.name: rounds_of(case, asker(index, case)) for case in cases}


def told(name: str, number: int, seconds: float, cut_seconds: float, size: int) -> None:
    """Print how fast something was built, and how large it is."""
    alone, whole = number / seconds, number / (seconds + cut_seconds)
    print(
        f"  {name:12} indexed in {seconds:6.1f} s, {alone:8,.0f} documents/s ({whole:,.0f} with cutting), "
        f"{size / 1024 / 1024:7,.0f} MB",
        flush=True,
    )


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


@contextmanager
def scratch_database() -> Iterator[Any]:
    """Give a connection to an empty database on the embedded server (or ``DATABASE_URL``), dropped at the end."""
    import psycopg
    from django.conf import settings
    from django.db import connection

    from gongkai.config.database import EmbeddedServer

    server = None if os.environ.get("DATABASE_URL") else EmbeddedServer(settings.HOME)
    if server is not None:
        server.start()
    given = connection.get_connection_params()
    place = {name: value for name, value in given.items() if name in {"host", "port", "user", "password"} and value}
    drop = f'DROP DATABASE IF EXISTS "{DATABASE}" WITH (FORCE)'
    make = f"CREATE DATABASE \"{DATABASE}\" TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'"
    try:
        with psycopg.connect(**place, dbname="postgres", autocommit=True) as admin:
            admin.execute(drop)
            admin.execute(make)
            try:
                with psycopg.connect(**place, dbname=DATABASE, autocommit=True) as raw:
                    yield raw
            finally:
                admin.execute(drop)
    finally:
        if server is not None:
            server.stop()


class Patient:
    """A cursor whose statements have so many seconds together, from ``begin`` on."""

    def __init__(self, cursor: Any, seconds: float) -> None:
        self.cursor, self.seconds, self.until = cursor, seconds, 0.0

    def begin(self) -> None:
        """Let the time run."""
        self.until = time.perf_counter() + self.seconds

    def execute(self, statement: str, values: Sequence[Any] = ()) -> None:
        """Run a statement; raises QueryCanceled when the time is over."""
        left = max(1, int((self.until - time.perf_counter()) * 1000))
        self.cursor.execute(f"SET statement_timeout = {left}")
        self.cursor.execute(statement, values)

    def fetchone(self) -> Any:
        """Return the next row."""
        return self.cursor.fetchone()

    def fetchall(self) -> Any:
        """Return all rows."""
        return self.cursor.fetchall()


def measure_postgresql(
    spool: Path, number: int, cases: Sequence[Case], cut_seconds: float, patience: int
) -> dict[str, tuple[float, list[float]]]:
    """Lay the same terms down in PostgreSQL and ask it the same; a kind of query that takes too long has no times."""
    import psycopg

    answers: dict[str, tuple[float, list[float]]] = {}
    with scratch_database() as raw, raw.cursor() as cursor:
        fill(cursor, spool, number, cut_seconds)
        for case in cases:
            try:
                answers[case.name] = rounds_of(case, pg_asker(Patient(cursor, patience), case))
            except psycopg.errors.QueryCanceled:
                answers[case.name] = (0.0, [])
    return answers


def fill(cursor: Any, spool: Path, number: int, cut_seconds: float) -> None:
    """Write the documents with COPY, make the vectors, then the indexes."""
    began = time.perf_counter()
    cursor.execute("SET maintenance_work_mem = '512MB'")
    cursor.execute(
        "CREATE UNLOGGED TABLE bench_raw (id bigint, title text, title_terms text, body_terms text, doc_no text, "
        "title_key text, kind text, unit text, col text[], subject text[], year text, validity text, "
        "published_at timestamptz)"
    )
    with cursor.copy("COPY bench_raw FROM STDIN") as copy:
        for fields in laid_aside(spool):
            copy.write_row(row_of(fields))
    cursor.execute(
        "CREATE TABLE bench_doc AS SELECT bench_raw.*, setweight(to_tsvector('simple', title_terms), 'A') "
        "|| setweight(to_tsvector('simple', body_terms), 'D') AS terms FROM bench_raw"
    )
    cursor.execute("DROP TABLE bench_raw")
    cursor.execute("ALTER TABLE bench_doc ADD PRIMARY KEY (id)")
    cursor.execute("CREATE INDEX ON bench_doc USING gin (terms)")
    for name in ("doc_no", "title_key", "published_at"):
        cursor.execute(f"CREATE INDEX ON bench_doc ({name})")
    cursor.execute("ANALYZE bench_doc")
    seconds = time.perf_counter() - began
    cursor.execute("SELECT pg_total_relation_size('bench_doc')")
    told("PostgreSQL", number, seconds, cut_seconds, cursor.fetchone()[0])


def row_of(fields: Any) -> tuple[Any, ...]:
    """Return the fields of a document as a row of ``bench_raw``."""
    one = dict(fields)
    columns = [value for name, value in fields if name == "column"]
    subjects = [value for name, value in fields if name == "subject"]
    title = json.loads(one["shown"])["title"]
    at = datetime.fromtimestamp(one["published_at"], tz=UTC)
    terms = (one["item_id"], title, one["title"], one["body"], one.get("doc_no"), one["title_key"])
    return (*terms, one["kind"], one["unit"], columns, subjects, one["year"], one["validity"], at)


def pg_asker(cursor: Patient, case: Case) -> Callable[[str], int]:
    """Return a function that answers a query in PostgreSQL: count, ten results with headlines, six facets."""
    from gongkai.domain.search import cut, is_weak, parse_query

    narrow = "".join(" AND %s = ANY(col)" if name == "column" else f" AND {name} = %s" for name in case.chosen)
    given = list(case.chosen.values())
    order = "published_at DESC" if case.by_date else "ts_rank(terms, q) DESC"

    def ask(typed: str) -> int:
        cursor.begin()
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
