"""Two applications side by side: what is equal, what differs, whether one applicant made both, what was answered then."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from gongkai.domain.foi.model import ELSEWHERE, STAGE_NAMES, CaseState
from gongkai.domain.foi.table import TABLE
from gongkai.domain.foi.verbs import Verb
from gongkai.domain.issues import Basis
from gongkai.domain.items.compare import Piece, compare_words
from gongkai.domain.similarity.shingles import overlap
from gongkai.features.foi import permissions
from gongkai.features.foi.models import Application, CasePaper
from gongkai.features.foi.selectors.access import NotFound, application_get
from gongkai.features.foi.selectors.alike import SAME, asked_text, same_by
from gongkai.features.foi.selectors.course import Course, case_course
from gongkai.kernel.accounts.actor import Actor

REPEAT = "refused_repeat"


@dataclass(frozen=True, slots=True)
class Row:
    """One thing of both applications; ``mine`` and ``other`` are pieces that are the same or stand on one side only."""

    label: str
    mine: tuple[Piece, ...]
    other: tuple[Piece, ...]

    @property
    def equal(self) -> bool:
        """Tell whether both say the same."""
        return all(piece.op == "same" for piece in (*self.mine, *self.other))


@dataclass(frozen=True)
class Compared:
    """Two applications to one unit, the one at hand first.

    ``share`` (0 to 1) of the wording is in common. ``same_by`` says by what the applicants are the same, empty when digests
    do not tell so. ``letters`` are the letters with which the other was answered. A copy goes on under the other
    (``may_merge``); a repeat is what was answered before (``may_repeat``, else ``why_not``).
    """

    mine: Application
    other: Application
    share: float
    same_by: str
    rows: tuple[Row, ...]
    other_state: CaseState
    result: str
    letters: tuple[CasePaper, ...]
    why_no_copy: str
    may_merge: bool
    may_repeat: bool
    why_not: str
    repeat_basis: tuple[Basis, ...]

    @property
    def percent(self) -> int:
        """Return the share in whole percent."""
        return int(self.share * 100)

    @property
    def nearly_same(self) -> bool:
        """Tell whether the wording is nearly the same."""
        return self.share >= SAME


def comparison(*, actor: Actor, application_id: int, other_id: int) -> Compared:
    """Compare an application with another one of the same unit; raises NotFound, also for a case of another unit."""
    mine = application_get(actor=actor, application_id=application_id)
    other = application_get(actor=actor, application_id=other_id)
    if mine.unit_id != other.unit_id or mine.pk == other.pk:
        raise NotFound()
    course, earlier = case_course(application=mine), case_course(application=other)
    why_not = repeat_hindrance(course, earlier)
    state = earlier.state
    code = state.disposition or (state.answer.disposition if state.answer else "")
    result = earlier.law.dispositions.dispositions.get(code)
    why_no_copy = _copy_hindrance(course, earlier)
    return Compared(
        mine=mine,
        other=other,
        share=overlap(asked_text(mine), asked_text(other)),
        same_by=same_by(mine.applicant, other.applicant),
        rows=tuple(_rows(mine, other)),
        other_state=state,
        result=result.title if result else "",
        letters=tuple(answer_letters(earlier)),
        why_no_copy=why_no_copy,
        may_merge=not why_no_copy and permissions.can_do(actor, Verb.MERGE, mine.unit_id),
        may_repeat=not why_not and permissions.can_do(actor, Verb.DRAFT, mine.unit_id),
        why_not=why_not,
        repeat_basis=course.law.dispositions.dispositions[REPEAT].basis,
    )


def repeat_hindrance(course: Course, earlier: Course) -> str:
    """Say why an application cannot be answered as a repeat of an earlier one, empty when it can (条例 art. 36(6))."""
    answer = earlier.state.answer
    if (course.state.stage, Verb.DRAFT) not in TABLE:
        return "本件现在的阶段还不能拟定答复。"
    mine, other = course.application, earlier.application
    if (other.created_at, other.pk) >= (mine.created_at, mine.pk):
        return "另一件比本件晚收到。"
    if answer is None or answer.replied_on is None:
        return "另一件还没有答复。行政机关已经作出答复、同一申请人又申请公开相同信息的，才是重复申请。"
    return ""


def _copy_hindrance(course: Course, other: Course) -> str:
    """Say why an application cannot go on under another one as its copy, empty when it can."""
    if other.state.stage in ELSEWHERE:
        return f"另一件{STAGE_NAMES[other.state.stage]}，不能再并入。"
    if (course.state.stage, Verb.MERGE) not in TABLE:
        return "本件现在的阶段不能并案。"
    return ""


def answer_letters(course: Course) -> list[CasePaper]:
    """Return the letters that carried the result of a case, the newest first."""
    answer = course.state.answer
    code = course.state.disposition or (answer.disposition if answer else "")
    result = course.law.dispositions.dispositions.get(code)
    if result is None:
        return []
    rows = course.application.papers.select_related("file").filter(letter=result.letter, removed_at__isnull=True)
    return list(rows.order_by("-added_at", "-id"))


def _rows(mine: Application, other: Application) -> Iterator[Row]:
    pairs = [
        ("所需信息", mine.subject, other.subject),
        ("文号", mine.doc_no, other.doc_no),
        ("其他特征", mine.description, other.description),
        ("形式", mine.get_wanted_form_display(), other.get_wanted_form_display()),
        ("途径", mine.get_wanted_delivery_display(), other.get_wanted_delivery_display()),
        ("渠道", mine.get_channel_display(), other.get_channel_display()),
    ]
    for label, left, right in pairs:
        if left or right:
            pieces = compare_words(left, right)
            yield Row(
                label,
                tuple(piece for piece in pieces if piece.op != "added"),
                tuple(piece for piece in pieces if piece.op != "removed"),
            )
