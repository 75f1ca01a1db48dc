"""Laying documents down in several processes: cutting Chinese is most of the work of making an index.

The processes are started anew (spawned) and get plain values; nothing of the database or of Django is known to them. The
one that asks writes the index, in the order in which it handed the documents out.
"""

from __future__ import annotations

import multiprocessing
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import islice

from gongkai.portal.search.schema import Fields, SearchDocument, fields_of

BATCH = 250
"""Documents handed to a process at a time."""
AHEAD = 3
"""Batches under way for each process, so that none waits for the next one."""
WORTH = 2_000
"""Documents from which starting processes is worth its second."""


def cut_all(documents: Iterable[SearchDocument], *, processes: int) -> Iterator[Fields]:
    """Yield the fields of documents in their order; with one process they are made by this one.

    Raises what went wrong in a process.
    """
    if processes < 2:
        yield from map(fields_of, documents)
        return
    pending = iter(documents)
    with ProcessPoolExecutor(processes, mp_context=multiprocessing.get_context("spawn")) as pool:
        under_way: deque[Future[list[Fields]]] = deque()
        try:
            while batch := list(islice(pending, BATCH)):
                under_way.append(pool.submit(_cut, batch))
                if len(under_way) >= processes * AHEAD:
                    yield from under_way.popleft().result()
            while under_way:
                yield from under_way.popleft().result()
        finally:
            for future in under_way:
                future.cancel()


def _cut(batch: list[SearchDocument]) -> list[Fields]:
    return [fields_of(document) for document in batch]
