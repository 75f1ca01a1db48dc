"""What the search benchmark asks of and asks for: documents, kinds of queries, and what is laid down once for both."""

from __future__ import annotations

import json
import os
import pickle
import random
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

DATABASE = "gongkai_bench_search"
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


class Stock:
    """What one size is measured on: the cut documents, our index, the table of PostgreSQL; built, or kept from before.

    ``said`` are the lines that building printed, by what was built.
    """

    def __init__(self, folder: Path, number: int, processes: int, *, keep: bool) -> None:
        self.folder, self.number, self.processes, self.keep = folder, number, processes, keep
        self.spool, self.index = folder / "cut", folder / "index"
        self.database = f"{DATABASE}_{number}" if keep else DATABASE
        self.cut_seconds = 0.0
        self._notes = folder / "built.json"
        self.said: dict[str, str] = json.loads(self._notes.read_text()) if self._notes.exists() else {}

    def built(self, what: str) -> bool:
        """Tell whether this was built before; prints what was said of it then."""
        if what in self.said:
            print(self.said[what], flush=True)
        return what in self.said

    def say(self, what: str, line: str) -> None:
        """Print what building took, and keep the line with the load of the machine."""
        line = f"{line} (load {os.getloadavg()[1]:.1f})"
        print(line, flush=True)
        self.said[what] = line
        self._notes.write_text(json.dumps(self.said, ensure_ascii=False))

    def cut(self) -> None:
        """Cut the documents once for both."""
        if self.built("cut"):
            self.cut_seconds = float(self.said["cut seconds"])
            return
        self.cut_seconds = lay_aside(self.spool, self.number, self.processes)
        self.said["cut seconds"] = str(self.cut_seconds)
        rate = self.number / self.cut_seconds
        self.say(
            "cut",
            f"  cut once for both: {self.cut_seconds:6.1f} s, {rate:8,.0f} documents/s in {self.processes} processes",
        )


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


def told(name: str, stock: Stock, seconds: float, size: int) -> str:
    """Say how fast something was built, and how large it is."""
    alone, whole = stock.number / seconds, stock.number / (seconds + stock.cut_seconds)
    return (
        f"  {name:12} indexed in {seconds:6.1f} s, {alone:8,.0f} documents/s ({whole:,.0f} with cutting), "
        f"{size / 1024 / 1024:7,.0f} MB"
    )


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
