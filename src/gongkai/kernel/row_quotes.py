"""What a database quotes of a row that it refuses, left out of what is logged or kept.

PostgreSQL tells a refused row with its values ("Failing row contains …"): what somebody asked for would stand in a log,
and among the failed jobs, for everybody who may read those. Which table, which constraint and where in the program still
stands there.
"""

from __future__ import annotations

from collections.abc import Iterator

MARK = "DETAIL:"
LEFT_OUT = "(the row is not quoted)"


def without_rows(text: str, error: BaseException | None) -> str:
    """Return a text that tells about an error without the rows that it, or what led to it, quotes."""
    for one in _chain(error):
        said = str(one)
        if MARK in said:
            text = text.replace(said, f"{said.partition(MARK)[0].rstrip()} {LEFT_OUT}")
    return text


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an error and everything that led to it, each once."""
    seen: set[int] = set()
    waiting = [error]
    while waiting:
        one = waiting.pop()
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        waiting += [one.__cause__, one.__context__]
