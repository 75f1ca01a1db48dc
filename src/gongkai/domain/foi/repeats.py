"""Which applications ask for the same information: the counter behind article 44, paragraph 1 of the Regulations."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations

from gongkai.domain.similarity.shingles import normalized, shingles

MOST_SUBJECTS = 400
"""How many different wordings are compared with each other; a technical bound, the newest come first."""


class Why(StrEnum):
    """What two applications have in common."""

    DOC_NO = "doc_no"
    RECORD = "record"
    WORDING = "wording"


WHY_NAMES = {Why.DOC_NO: "文号相同", Why.RECORD: "提供的是同一份材料", Why.WORDING: "所需信息的文字相近"}


@dataclass(frozen=True, slots=True)
class Asked:
    """One application: who asked as an opaque key, what was asked, and digests of what was given."""

    case: int
    applicant: str
    subject: str
    doc_no: str = ""
    records: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Repeated:
    """Applications for the same information by ``applicants`` different people, in the order they were given."""

    cases: tuple[int, ...]
    applicants: int
    why: tuple[Why, ...]


def repeated_requests(asked: Sequence[Asked], *, applicants: int, share: float) -> list[Repeated]:
    """Return the groups that at least so many different applicants asked for, the largest first.

    ``share`` (0 to 1) is the share of wording in common from which two subjects count as the same. A person decides
    afterwards whether it really is one piece of information.
    """
    joined = _Groups(len(asked))
    for why, buckets in _equal(asked).items():
        for members in buckets:
            joined.join(members, why)
    for left, right in _alike(asked, share):
        joined.join((left, right), Why.WORDING)
    found = []
    for members, reasons in joined.groups():
        people = {asked[one].applicant for one in members}
        if len(people) >= applicants:
            found.append(Repeated(tuple(asked[one].case for one in members), len(people), reasons))
    return sorted(found, key=lambda one: (-one.applicants, one.cases))


def _equal(asked: Sequence[Asked]) -> dict[Why, Iterable[list[int]]]:
    by: dict[Why, dict[str, list[int]]] = {why: defaultdict(list) for why in Why}
    for at, one in enumerate(asked):
        if number := normalized(one.doc_no):
            by[Why.DOC_NO][number].append(at)
        for record in set(one.records):
            by[Why.RECORD][record].append(at)
        if words := normalized(one.subject):
            by[Why.WORDING][words].append(at)
    return {why: [members for members in buckets.values() if len(members) > 1] for why, buckets in by.items()}


def _alike(asked: Sequence[Asked], share: float) -> Iterable[tuple[int, int]]:
    first: dict[str, int] = {}
    for at in range(len(asked) - 1, -1, -1):
        if words := normalized(asked[at].subject):
            first.setdefault(words, at)
    known = [(at, shingles(words)) for words, at in list(first.items())[:MOST_SUBJECTS]]
    for (left, mine), (right, others) in combinations(known, 2):
        shorter, longer = sorted((len(mine), len(others)))
        if shorter >= share * longer and len(mine & others) >= share * len(mine | others):
            yield left, right


class _Groups:
    """Members that were joined, directly or by others, and by what."""

    def __init__(self, size: int) -> None:
        self.above = list(range(size))
        self.why: dict[int, set[Why]] = defaultdict(set)

    def top(self, one: int) -> int:
        while self.above[one] != one:
            self.above[one] = self.above[self.above[one]]
            one = self.above[one]
        return one

    def join(self, members: Sequence[int], why: Why) -> None:
        head = self.top(members[0])
        for one in members[1:]:
            other = self.top(one)
            if other != head:
                self.above[other] = head
                self.why[head] |= self.why.pop(other, set())
        self.why[head].add(why)

    def groups(self) -> list[tuple[list[int], tuple[Why, ...]]]:
        found: dict[int, list[int]] = defaultdict(list)
        for one in range(len(self.above)):
            found[self.top(one)].append(one)
        return [
            (members, tuple(why for why in Why if why in self.why[head]))
            for head, members in found.items()
            if len(members) > 1
        ]
