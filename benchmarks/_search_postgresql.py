"""The peer of the search benchmark: PostgreSQL full text over the same terms, with what a page needs."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from benchmarks._search_stock import Case, Stock, laid_aside, rounds_of, told


@contextmanager
def scratch_database(stock: Stock) -> Iterator[Any]:
    """Give a connection to a database on the embedded server (or ``DATABASE_URL``): empty, and dropped at the end, unless
    it is kept."""
    import psycopg
    from django.conf import settings
    from django.db import connection

    from gongkai.config.database import EmbeddedServer

    server = None if os.environ.get("DATABASE_URL") else EmbeddedServer(settings.HOME)
    if server is not None:
        server.start()
    given = connection.get_connection_params()
    place = {name: value for name, value in given.items() if name in {"host", "port", "user", "password"} and value}
    drop = f'DROP DATABASE IF EXISTS "{stock.database}" WITH (FORCE)'
    make = f"CREATE DATABASE \"{stock.database}\" TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'"
    try:
        with psycopg.connect(**place, dbname="postgres", autocommit=True) as admin:
            if "PostgreSQL" not in stock.said:
                admin.execute(drop)
                admin.execute(make)
            try:
                with psycopg.connect(**place, dbname=stock.database, autocommit=True) as raw:
                    yield raw
            finally:
                if not stock.keep:
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


def measure_postgresql(stock: Stock, cases: Sequence[Case], patience: int) -> dict[str, tuple[float, list[float]]]:
    """Lay the same terms down in PostgreSQL and ask it the same; a kind of query that takes too long has no times."""
    import psycopg

    answers: dict[str, tuple[float, list[float]]] = {}
    with scratch_database(stock) as raw, raw.cursor() as cursor:
        if not stock.built("PostgreSQL"):
            fill(cursor, stock)
        for case in cases:
            try:
                answers[case.name] = rounds_of(case, pg_asker(Patient(cursor, patience), case))
            except psycopg.errors.QueryCanceled:
                answers[case.name] = (0.0, [])
    return answers


def fill(cursor: Any, stock: Stock) -> None:
    """Write the documents with COPY, make the vectors, then the indexes."""
    began = time.perf_counter()
    cursor.execute("SET maintenance_work_mem = '512MB'")
    cursor.execute(
        "CREATE UNLOGGED TABLE bench_raw (id bigint, title text, title_terms text, body_terms text, doc_no text, "
        "title_key text, kind text, unit text, col text[], subject text[], year text, validity text, "
        "published_at timestamptz)"
    )
    with cursor.copy("COPY bench_raw FROM STDIN") as copy:
        for fields in laid_aside(stock.spool):
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
    stock.say("PostgreSQL", told("PostgreSQL", stock, seconds, cursor.fetchone()[0]))


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
