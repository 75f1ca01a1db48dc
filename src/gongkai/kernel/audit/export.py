"""The chain as a text file: one JSON object a line, which can be checked without a database."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from gongkai.domain.issues import Issue, Where
from gongkai.kernel.audit.chain import GENESIS, HASHED, Link, check_chain, moment
from gongkai.kernel.errors import Refused


def as_line(link: Link, digest: str) -> str:
    """Return one entry as a line of JSON: what is hashed, and ``digest``."""
    content: dict[str, Any] = {name: getattr(link, name) for name in HASHED}
    content.update(at=moment(link.at), recorded_at=moment(link.recorded_at), digest=digest)
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def from_line(text: str, number: int) -> tuple[Link, str]:
    """Read a line back. Raises Refused naming the line when it is no entry."""
    try:
        content = json.loads(text)
        digest = content.pop("digest")
        content["at"] = datetime.fromisoformat(content["at"])
        content["recorded_at"] = datetime.fromisoformat(content["recorded_at"])
        return Link(**content), str(digest)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise Refused(Issue("audit.file.line", values={"line": number}, where=Where(number, number))) from error


def check_lines(lines: Iterable[str]) -> Iterator[Issue]:
    """Check an exported stretch of the chain; it may begin in the middle. Raises Refused for a line that is no entry."""
    links = (from_line(text, number) for number, text in enumerate(lines, 1) if text.strip())
    first = next(links, None)
    if first is None:
        yield Issue("audit.file.empty")
        return
    link = first[0]
    before = (0, GENESIS) if link.sequence == 1 else (link.sequence - 1, link.previous)
    yield from check_chain(_again(first, links), after=before)


def _again(first: tuple[Link, str], rest: Iterator[tuple[Link, str]]) -> Iterator[tuple[Link, str]]:
    yield first
    yield from rest
