"""Asking many addresses: several hosts at a time, each host one address after the other with a pause."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from urllib.parse import urlsplit

from gongkai.kernel.outgoing.asking import Answer, Limits, link_ask
from gongkai.kernel.outgoing.guard import Networks

HOSTS_AT_ONCE = 8
PAUSE = 1.0
"""Seconds between two questions to one host."""
MOST_OF_A_HOST = 20
"""Addresses of one host in one round; the others wait for the next."""


def links_ask(
    urls: Iterable[str],
    *,
    allowed: Networks = (),
    limits: Limits | None = None,
    pause: float = PAUSE,
    most_of_a_host: int = MOST_OF_A_HOST,
    sleep: Callable[[float], None] = time.sleep,
) -> Iterator[list[Answer]]:
    """Yield the answers of one host after the other as they come in; an address beyond a host's share is left out."""
    by_host: dict[str, list[str]] = defaultdict(list)
    for url in dict.fromkeys(urls):
        kept = by_host[_host(url)]
        if len(kept) < most_of_a_host:
            kept.append(url)

    def of_host(mine: list[str]) -> list[Answer]:
        answers = []
        for number, url in enumerate(mine):
            if number:
                sleep(pause)
            answers.append(link_ask(url, allowed=allowed, limits=limits))
        return answers

    with ThreadPoolExecutor(max_workers=HOSTS_AT_ONCE, thread_name_prefix="links") as pool:
        for done in as_completed([pool.submit(of_host, mine) for mine in by_host.values()]):
            yield done.result()


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""
