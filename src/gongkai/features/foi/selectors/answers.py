"""Answers that an office gives often: its list, and which of them fit a case."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Prefetch

from gongkai.domain.foi.answer_texts import KNOWN_PLACES, filled, fitting, places
from gongkai.domain.foi.letters import LetterForm, day_words
from gongkai.features.foi.models import AnswerTemplate, AnswerTemplateVersion, AnswerUse, Application
from gongkai.features.foi.selectors.access import NotFound
from gongkai.features.foi.selectors.alike import alike_list, asked_text
from gongkai.features.foi.selectors.course import Course
from gongkai.features.foi.selectors.office import office_on

MOST = 5
"""How many suggestions a screen shows."""


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """An answer template with its newest version and how often it was used."""

    answer: AnswerTemplate
    version: AnswerTemplateVersion
    uses: int

    @property
    def places(self) -> tuple[str, ...]:
        """Return what has to be filled in by hand."""
        return tuple(one for one in places(self.version.texts) if one not in KNOWN_PLACES)


@dataclass(frozen=True, slots=True)
class SuggestedAnswer:
    """An answer template for a letter of a case; ``why`` says in words what speaks for it, best first in a list."""

    answer: AnswerTemplate
    version: AnswerTemplateVersion
    score: int
    why: tuple[str, ...]


def answer_rows(*, unit_id: int, retired: bool = False) -> list[AnswerRow]:
    """Return the answer templates of an office, by letter and title."""
    rows = AnswerTemplate.objects.filter(unit_id=unit_id, retired_at__isnull=not retired)
    return [AnswerRow(row, row.versions.all()[0], row.uses) for row in _with_versions(rows)]


def answer_get(*, unit_id: int, answer_id: int) -> AnswerTemplate:
    """Return one answer template of an office; raises NotFound."""
    found = _with_versions(AnswerTemplate.objects.filter(pk=answer_id, unit_id=unit_id)).first()
    if found is None:
        raise NotFound("答复模板")
    return found


def _with_versions(rows: Any) -> Any:
    newest = AnswerTemplateVersion.objects.order_by("template_id", "-number")
    return rows.annotate(uses=Count("versions__uses")).prefetch_related(Prefetch("versions", queryset=newest))


def answers_for(*, application: Application, course: Course, form: LetterForm) -> list[SuggestedAnswer]:
    """Return the answer templates of the office for a letter of a case, those that fit best first.

    What speaks for one: its result and its ground are those of the case, its words stand in what was asked, and letters to
    applications that are like this one were written from it. One that names another result or ground is left out.
    """
    rows = list(
        _with_versions(AnswerTemplate.objects.filter(unit_id=application.unit_id, letter=form.code, retired_at=None))
    )
    if not rows:
        return []
    answer = course.state.answer
    disposition = course.state.disposition or (answer.disposition if answer is not None else "")
    grounds = answer.grounds if answer is not None else ()
    asked = asked_text(application)
    used = _used_alike(application)
    found = []
    for row in rows:
        if (row.disposition and row.disposition != disposition) or (row.ground and row.ground not in grounds):
            continue
        hits, alike = fitting(words=row.words, asked=asked), used.get(row.pk, 0)
        why = [f"申请里有它的{hits}个词语"] if hits else []
        why += [f"{alike}件相似的申请用过"] if alike else []
        why += ["依据相同"] if row.ground else []
        score = 4 * alike + 2 * hits + bool(row.ground) + bool(row.disposition)
        found.append(SuggestedAnswer(row, row.versions.all()[0], score, tuple(why)))
    return sorted(found, key=lambda one: (-one.score, one.answer.title))


def _used_alike(application: Application) -> Mapping[int, int]:
    """How many of the applications that are like this one were answered from each template."""
    alike = [one.application_id for one in alike_list(application=application)]
    uses = AnswerUse.objects.filter(paper__application_id__in=alike, paper__removed_at__isnull=True)
    pairs = uses.values_list("version__template_id", "paper__application_id").distinct()
    return Counter(template_id for template_id, _ in pairs)


def answer_texts(*, version: AnswerTemplateVersion, application: Application, on: date) -> dict[str, str]:
    """Return the texts of an answer template with what the case knows put into its places; the others stay."""
    office = office_on(unit=application.unit, on=on)
    received = application.received_on
    facts = (
        application.register_no,
        application.subject,
        day_words(received) if received is not None else "",
        office.issuer_names[0],
        office.contact_words,
        day_words(on),
    )
    return filled(version.texts, dict(zip(KNOWN_PLACES, facts, strict=True)))
