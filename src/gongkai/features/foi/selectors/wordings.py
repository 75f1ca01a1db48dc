"""Open applications that ask for nearly the same as one of them, wording by wording, however many cases share a wording.

The database counts the cases of each wording; only different wordings are compared, so that a campaign of tens of thousands
costs as much as its number of variants.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, F, Max, Q, QuerySet, TextField, Value
from django.db.models.functions import MD5, Concat, Length

from gongkai.domain.items.compare import Piece, compare_words
from gongkai.domain.similarity.shingles import shared, shingles
from gongkai.features.foi.models import Application
from gongkai.features.foi.selectors.alike import ALIKE, SAME, asked_text

MOST = 5000
"""Different wordings that are compared, the most frequent first; a technical bound, which the page tells."""
SHOWN = 100
"""Wordings that are shown, the most alike first; a step may still take them all."""
LONGEST = 600
"""Characters of a difference that are compared for showing it."""


@dataclass(frozen=True, slots=True)
class Wording:
    """One wording: how many open cases have it, the newest of them, how much it has in common with the model (0 to 1)."""

    key: str
    number: int
    newest_id: int
    register_no: str
    subject: str
    share: float
    pieces: tuple[Piece, ...] = ()

    @property
    def percent(self) -> int:
        """Return the share in whole per cent."""
        return int(self.share * 100)

    @property
    def same(self) -> bool:
        """Tell whether the wording is nearly the same."""
        return self.share >= SAME


@dataclass(frozen=True, slots=True)
class Wordings:
    """The wordings that are alike enough, the most alike first; ``shown`` of them with what differs.

    ``compared`` is how many different wordings were looked at, ``whole`` whether these were all.
    """

    found: tuple[Wording, ...]
    shown: tuple[Wording, ...]
    compared: int
    whole: bool

    @property
    def cases(self) -> int:
        """Return how many cases have one of the wordings."""
        return sum(one.number for one in self.found)


def wordings_alike(*, application: Application, least: float = ALIKE) -> Wordings:
    """Return the wordings of open cases of the same unit, in no campaign yet, that are like that of an application.

    ``least`` is the share of wording in common from which one counts. Two statements.
    """
    mine = asked_text(application)
    counted = list(
        _keyed(_open(application), mine, least)
        .values("key")
        .annotate(number=Count("pk"), newest=Max("pk"))
        .order_by("-number", "-newest")[: MOST + 1]
    )
    texts = _texts([one["newest"] for one in counted[:MOST]])
    own = shingles(mine)
    found = []
    for one in counted[:MOST]:
        row = texts.get(one["newest"])
        share = shared(own, shingles(asked_text(row))) if row is not None else 0.0
        if row is not None and share >= least:
            found.append(Wording(one["key"], one["number"], row.pk, row.register_no, row.subject, share))
    found.sort(key=lambda one: (-one.share, -one.number, -one.newest_id))
    shown = [_with_pieces(one, mine, asked_text(texts[one.newest_id])) for one in found[:SHOWN]]
    return Wordings(tuple(found), tuple(shown), min(len(counted), MOST), len(counted) <= MOST)


def wording_cases(*, application: Application, keys: Sequence[str]) -> list[int]:
    """Return the open cases, in no campaign yet, that have one of some wordings (one statement)."""
    rows = _keyed(_open(application), "", 0.0).filter(key__in=list(keys))
    return list(rows.order_by("pk").values_list("pk", flat=True))


def _open(application: Application) -> QuerySet[Application]:
    return Application.objects.filter(unit_id=application.unit_id, closed_on__isnull=True, membership__isnull=True)


def _keyed(rows: QuerySet[Application], mine: str, least: float) -> QuerySet[Application]:
    """Name each wording by a digest; texts that are much longer or shorter cannot have enough in common."""
    parts = (F("subject"), Value("\n"), F("doc_no"), Value("\n"), F("description"))
    rows = rows.annotate(key=MD5(Concat(*parts, output_field=TextField())))
    if least <= 0:
        return rows
    # Punctuation does not count in the comparison, so the bounds are wide: half and twice what the share allows.
    length, size = len(mine), Length("subject") + Length("doc_no") + Length("description")
    rows = rows.annotate(size=size)
    return rows.filter(Q(size__gte=int(length * least / 2)), Q(size__lte=int(length / least * 2)))


def _texts(ids: Sequence[int]) -> Mapping[int, Application]:
    rows = Application.objects.filter(pk__in=ids).only("pk", "register_no", "subject", "doc_no", "description")
    return {row.pk: row for row in rows}


def _with_pieces(one: Wording, mine: str, other: str) -> Wording:
    pieces = compare_words(mine[:LONGEST], other[:LONGEST]) if mine != other else ()
    return Wording(one.key, one.number, one.newest_id, one.register_no, one.subject, one.share, _near(pieces))


def _near(pieces: Sequence[Piece], around: int = 8) -> tuple[Piece, ...]:
    """Leave of what is the same only a few signs on both sides of what differs."""
    kept = []
    for place, piece in enumerate(pieces):
        text = piece.text
        if piece.op == "same" and len(text) > 2 * around + 1:
            head = text[:around] if place else ""
            tail = text[-around:] if place < len(pieces) - 1 else ""
            text = f"{head}…{tail}"
        kept.append(Piece(piece.op, text.replace("\n", "　")))
    return tuple(kept)
