"""What an item may be filled in with: kinds, grounds, columns, subject classes; and items of a similar title."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher

from django.db.models import Q

from gongkai.features.disclosure.models import DirectoryColumn, IndexScheme
from gongkai.features.disclosure.selectors.access import visible_items
from gongkai.features.disclosure.selectors.addresses import item_path
from gongkai.kernel.accounts.actor import Actor
from gongkai.rulebook.disclosure import Ground, ItemKind, SubjectClass, disclosure_rules

ALIKE = 0.8
"""How alike two titles have to be (0 to 1) to be shown; a matter of convenience, nothing is refused by it."""
CANDIDATES = 400
_MARKS = re.compile(r"[\s\W_]+")
_NOISE = re.compile(r"^关于|的?(?:通知|公告|通告|公示|意见|办法|决定|函|批复|报告|方案)$")


@dataclass(frozen=True, slots=True)
class ColumnRow:
    """A column of the directory; ``depth`` counts from 0, ``path`` names it with those above."""

    code: str
    name: str
    parent: str
    depth: int
    path: str
    statutory: str
    description: str
    unit_id: int | None
    update_days: int | None
    closed: bool


@dataclass(frozen=True, slots=True)
class SimilarRow:
    """An item whose title is like the one asked for; ``alike`` is 1 for the same title."""

    id: int
    title: str
    doc_no: str
    unit_name: str
    state_name: str
    alike: float
    path: str


def kind_list() -> list[ItemKind]:
    """Return the kinds of items in the order of the rulebook."""
    return list(disclosure_rules().kinds.values())


def ground_list(*, attribute: str = "", on: date | None = None) -> list[Ground]:
    """Return the grounds that may carry an attribute (all without one), in force on the day."""
    day = on.isoformat() if on else None
    return [
        ground
        for ground in disclosure_rules().grounds.values()
        if (not attribute or attribute in ground.attributes)
        and (day is None or (ground.basis.in_force_from or "") <= day)
    ]


def subject_list() -> list[SubjectClass]:
    """Return the subject classes, each followed by those below it."""
    return list(disclosure_rules().subjects.values())


def column_list(*, on: date | None = None, closed: bool = False) -> list[ColumnRow]:
    """Return the columns of the directory in the order of the tree; closed ones only with ``closed``."""
    rows = list(DirectoryColumn.objects.order_by("order", "code"))
    below: dict[int | None, list[DirectoryColumn]] = {}
    for row in rows:
        below.setdefault(row.parent_id, []).append(row)
    codes = {row.pk: row.code for row in rows}
    result: list[ColumnRow] = []

    def walk(parent_id: int | None, depth: int, path: str) -> None:
        for row in below.get(parent_id, ()):
            ended = row.closed_on is not None and (on is None or row.closed_on <= on)
            if ended and not closed:
                continue
            here = f"{path} / {row.name}" if path else row.name
            result.append(
                ColumnRow(
                    code=row.code,
                    name=row.name,
                    parent=codes.get(row.parent_id or 0, ""),
                    depth=depth,
                    path=here,
                    statutory=row.statutory,
                    description=row.description,
                    unit_id=row.unit_id,
                    update_days=row.update_days,
                    closed=ended,
                )
            )
            walk(row.pk, depth + 1, here)

    walk(None, 0, "")
    return result


def index_scheme_get(*, unit_id: int) -> IndexScheme | None:
    """Return how a unit's index numbers are written, or None where that was not said."""
    return IndexScheme.objects.filter(unit_id=unit_id).first()


def similar_titles(
    *, actor: Actor, title: str, doc_no: str = "", without_id: int | None = None, limit: int = 5
) -> list[SimilarRow]:
    """Return items the actor sees that may be the same: the same document number, or a title much like this one."""
    key = _key(title)
    pieces = [piece for piece in (key[:6], key[-6:], key[len(key) // 2 - 3 : len(key) // 2 + 3]) if len(piece) >= 4]
    wanted = Q(doc_no=doc_no) if doc_no else Q(pk__in=())
    for piece in pieces:
        wanted |= Q(title__contains=piece)
    if not pieces and title.strip():
        wanted |= Q(title=title.strip())
    items = visible_items(actor).filter(wanted).exclude(pk=without_id).exclude(state="discarded")
    found = []
    for item in items.select_related("unit").order_by("-changed_at", "-pk")[:CANDIDATES]:
        alike = SequenceMatcher(None, key, _key(item.title), autojunk=False).ratio()
        same = bool(doc_no) and item.doc_no == doc_no
        if alike >= ALIKE or same:
            found.append(
                SimilarRow(
                    id=item.pk,
                    title=item.title,
                    doc_no=item.doc_no,
                    unit_name=item.unit.display_name,
                    state_name=item.get_state_display(),
                    alike=1.0 if same else round(alike, 3),
                    path=item_path(item.pk),
                )
            )
    return sorted(found, key=lambda row: (-row.alike, -row.id))[:limit]


def _key(title: str) -> str:
    """Return what matters of a title: no spaces and marks, no 关于…的通知 around it."""
    plain = _MARKS.sub("", unicodedata.normalize("NFKC", title))
    return _NOISE.sub("", plain) or plain
