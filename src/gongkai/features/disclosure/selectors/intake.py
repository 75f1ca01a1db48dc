"""Documents that were handed in, what is like them already, and the text that was recognized."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import F, Func, Q, QuerySet, TextField, Value

from gongkai.domain.issues import Issue
from gongkai.features.disclosure import intake_permissions
from gongkai.features.disclosure.models import Intake, Item, TextLayer
from gongkai.features.disclosure.selectors.access import visible_items
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.errors import Refused
from gongkai.kernel.files.models import StoredFile
from gongkai.kernel.ocr import PageLayer, Word

PAGE = 30
_TITLE_READ = Func(
    F("proposals"),
    Value('$[*] ? (@.field == "title" && @.source != "file_name").value'),
    template="(jsonb_path_query_first(%(expressions)s::jsonpath) #>> '{}')",
    output_field=TextField(),
)
"""The best title among the proposals, without loading them all; what is only the file's name is none."""


class IntakeNotFound(Refused):
    """There is no such document handed in, or the actor may not know of it; views answer 404."""

    def __init__(self, intake_id: object) -> None:
        super().__init__(Issue("intake.not_found", values={"intake": intake_id}))


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Something like it that is there already: ``how`` is file, text, number or title; of an item or another intake."""

    how: str
    title: str
    item_id: int | None = None
    intake_id: int | None = None


def visible_intakes(actor: Actor) -> QuerySet[Intake]:
    """Return what the actor may see of the documents handed in; the same answer as ``can_use_intake`` for each."""
    rows = Intake.objects.select_related("unit", "file", "created_by", "item")
    if actor.is_system:
        return rows
    able = [unit_id for unit_id in actor.unit_ids if intake_permissions.can_take_in(actor, unit_id)]
    own = Q(created_by_id=actor.user_id) if actor.user_id is not None else Q(pk__in=())
    return rows.filter(own | Q(unit_id__in=intake_permissions.office_unit_ids(actor)), unit_id__in=able)


def intake_get(*, actor: Actor, intake_id: int) -> Intake:
    """Return one document handed in; raises IntakeNotFound, also for what is hidden."""
    row = visible_intakes(actor).filter(pk=intake_id).first()
    if row is None:
        raise IntakeNotFound(intake_id)
    return row


def intake_list(*, actor: Actor, state: str = "", page: int = 1) -> Page[Intake]:
    """Return a page of the documents handed in, newest first; without ``state`` those that still want work.

    ``title_read`` of a row is the title that its text proposes, or None.
    """
    rows = visible_intakes(actor).select_related("ocr").defer("source", "proposals", "body", "left_out", "findings")
    rows = rows.annotate(title_read=_TITLE_READ)
    if state in Intake.State.values:
        rows = rows.filter(state=state)
    elif state != "all":
        rows = rows.filter(state__in=[Intake.State.OPEN, Intake.State.RECOGNIZING, Intake.State.FAILED])
    return Paginator(rows.order_by("-id"), PAGE).get_page(page)


def intake_count_open(*, actor: Actor) -> int:
    """Return how many documents wait for a person."""
    return visible_intakes(actor).filter(state=Intake.State.OPEN).count()


def intake_file_readable(actor: Actor, *, intake_id: str) -> bool:
    """Tell whether the actor may read the file of a document handed in."""
    return intake_id.isdecimal() and visible_intakes(actor).filter(pk=int(intake_id)).exists()


def duplicates(
    *,
    actor: Actor,
    unit_id: int,
    sha256: str = "",
    text_digest: str = "",
    doc_no: str = "",
    title: str = "",
    written_on: date | None = None,
    besides: int | None = None,
) -> list[Duplicate]:
    """Return what is there already: same bytes, same text, same number of the unit, same title of the same day.

    Only what the actor may see is told. ``besides`` is the intake that asks.
    """
    seen = visible_items(actor).exclude(state=Item.State.DISCARDED)
    found: list[Duplicate] = []
    if sha256:
        files = StoredFile.objects.filter(sha256=sha256, target_type="disclosure.item").values_list(
            "target_id", flat=True
        )
        ids = [int(i) for i in files if i.isdecimal()]
        found += [Duplicate("file", item.title, item_id=item.pk) for item in seen.filter(pk__in=ids)[:5]]
    if doc_no:
        found += [
            Duplicate("number", item.title, item_id=item.pk) for item in seen.filter(unit_id=unit_id, doc_no=doc_no)[:5]
        ]
    if title and written_on is not None:
        same = seen.filter(unit_id=unit_id, title=title, written_on=written_on)
        found += [Duplicate("title", item.title, item_id=item.pk) for item in same[:5]]
    same_intakes = (
        visible_intakes(actor).filter(unit_id=unit_id).exclude(state=Intake.State.DISCARDED).exclude(pk=besides)
    )
    for how, condition in (("file", Q(sha256=sha256)), ("text", Q(text_digest=text_digest))):
        if (sha256 if how == "file" else text_digest) != "":
            for row in same_intakes.filter(condition)[:5]:
                found.append(Duplicate(how, row.item.title if row.item else row.name, row.item_id, row.pk))
    return _once(found)


def _once(found: Sequence[Duplicate]) -> list[Duplicate]:
    """Tell each item or intake once, by the strongest likeness."""
    kept: dict[tuple[str, int | None], Duplicate] = {}
    for one in found:
        kept.setdefault(("item", one.item_id) if one.item_id else ("intake", one.intake_id), one)
    return list(kept.values())


def text_layers(*, sha256: str) -> list[PageLayer]:
    """Return what was recognized in a file, page by page; nothing when it was never recognized."""
    rows = TextLayer.objects.filter(sha256=sha256).order_by("page").values_list("page", "words")
    return [PageLayer(page, tuple(map(word_of, words))) for page, words in rows]


def word_of(data: dict[str, Any]) -> Word:
    """Read a word as it is kept."""
    left, top, right, bottom = data["box"]
    return Word(data["text"], data["score"], (left, top, right, bottom))
