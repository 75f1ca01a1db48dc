"""How fast plans are read: pages a second, a page being 600 characters of text or 20 rows of a table.

Run with ``python -m benchmarks.plans``. The plans are generated (numbered text with brackets, a wide table with shifted
cells) and taken from ``tests/data/plans``. Reading alone is measured; the file is in memory.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from pathlib import Path

from gongkai.domain.document import Document, from_lines
from gongkai.domain.workplans import read_plan

SAMPLES = Path(__file__).resolve().parents[1] / "tests" / "data" / "plans"
PAGE = 600
ROWS = 20


def generated_text(tasks: int) -> str:
    """Return a plan of ``tasks`` numbered tasks with brackets, broken lines now and then."""
    lines = ["某市2024年政务公开工作方案", ""]
    for n in range(1, tasks + 1):
        if n % 8 == 1:
            lines.append(f"（{'一二三四五六七八九十'[n // 8 % 10]}）第{n}组工作")
        body = "围绕企业和群众关切，及时公布办事指南和结果，做到内容准确、更新及时、查找方便。" * 4
        if n % 5 == 0:
            body = body[:60] + "\n\n" + body[60:]
        units = "牵头单位：市政府办公室、市司法局；责任单位：市政府各部门，市属、驻市有关单位，各乡镇人民政府"
        lines.append(f"{n}.完善第{n}项公开。{body}2024年9月底前完成。〔{units}；完成时限：9月底前完成并长期坚持〕")
    return "\n".join(lines)


def generated_table(rows: int) -> str:
    """Return a wide table of ``rows`` rows as text, with cells left out where merged ones were."""
    lines = ["某市2024年政务公开工作任务分解表", "", "主要任务\t\t牵头单位\t责任单位\t时限要求"]
    for n in range(rows):
        head = (
            f"一、第{n // 10}类工作\t（一）第{n}项。"
            if n % 10 == 0
            else f"\t（{'一二三四五六七八九'[n % 9]}）第{n}项。"
        )
        lines.append(
            f"{head}\t公布目录并逐项更新，做到要素齐全、查询方便。\t市司法局 市财政局\t各县（市、区）政府，市政府各部门\t第三季度"
        )
    return "\n".join(lines)


def pages_of(document: Document) -> float:
    """Return the size of a document in pages."""
    text = document.text()
    rows = sum(1 for line in text.split("\n") if "\t" in line)
    return max(len(text) / PAGE, rows / ROWS)


def measure(read: Callable[[Document], object], documents: list[Document], seconds: float) -> tuple[float, float]:
    """Read the documents again and again for about ``seconds``; return pages a second and seconds a round."""
    pages = sum(pages_of(d) for d in documents)
    rounds, begun = 0, time.perf_counter()
    while rounds == 0 or time.perf_counter() - begun < seconds:
        for document in documents:
            read(document)
        rounds += 1
    taken = (time.perf_counter() - begun) / rounds
    return pages / taken, taken


def main() -> None:
    """Measure and print one line a kind of plan."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=3.0, help="time to spend on each line")
    seconds = parser.parse_args().seconds
    samples = [from_lines(p.read_text(encoding="utf-8"), name=p.name) for p in sorted(SAMPLES.glob("*.txt"))]
    cases = {
        "samples": samples,
        "numbered text, 40 tasks": [from_lines(generated_text(40))],
        "numbered text, 400 tasks": [from_lines(generated_text(400))],
        "shifted table, 40 rows": [from_lines(generated_table(40))],
        "shifted table, 400 rows": [from_lines(generated_table(400))],
    }
    print(f"{'plan':28}{'pages':>8}{'pages/s':>10}{'ms a round':>12}")
    for name, documents in cases.items():
        speed, taken = measure(read_plan, documents, seconds)
        print(f"{name:28}{sum(map(pages_of, documents)):8.1f}{speed:10.0f}{taken * 1000:12.1f}")


if __name__ == "__main__":
    main()
