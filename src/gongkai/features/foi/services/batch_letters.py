"""Letters of a batch: one text written once, in each case's own letter with its own number, addressee, days and remedies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.views.decorators.debug import sensitive_variables

from gongkai.domain.foi.letters import FieldKind, LetterForm, letter_context
from gongkai.domain.foi.model import Delivery
from gongkai.domain.foi.wishes import FORM_NAMES, Form
from gongkai.domain.issues import Issue, Severity, has_errors
from gongkai.features.foi import permissions
from gongkai.features.foi.models import BatchLine, CasePaper, LetterTemplate
from gongkai.features.foi.selectors.course import Course
from gongkai.features.foi.selectors.letter_rules import letter_form
from gongkai.features.foi.selectors.letters import is_outgoing, letter_known
from gongkai.features.foi.selectors.office import Office, office_on, tree_names
from gongkai.features.foi.selectors.templates import template_data
from gongkai.features.foi.services.actions import CASE
from gongkai.features.foi.services.batch_steps import Chunk
from gongkai.features.foi.services.bulk import cases_lock, cases_read
from gongkai.features.foi.services.commands import changed_meanwhile
from gongkai.features.foi.services.letters import SERIES, letter_issues, own_template
from gongkai.features.foi.services.papers import MOST_BYTES
from gongkai.features.foi.services.writing import case_entry
from gongkai.kernel.audit.services import record_many
from gongkai.kernel.errors import Refused
from gongkai.kernel.files.services import KeptFile, files_record
from gongkai.kernel.files.staging import drop, settle, stage
from gongkai.kernel.letters import letter_render
from gongkai.kernel.orgs.models import Unit
from gongkai.kernel.registers.services import numbers_take

OWN_WORDS = frozenset({"form", "content"})
"""Fields that the clerk may leave to each case: how the information is wanted, and what was asked for."""


@dataclass(frozen=True)
class Desk:
    """What all letters of a chunk have in common: the letter, the office, its template, and what the clerk wrote."""

    form: LetterForm
    office: Office
    template: LetterTemplate | None
    issues: tuple[Issue, ...]
    texts: Mapping[str, Any]
    on: date
    sealed: bool
    issuer: str
    delivery: Delivery | None

    def way(self, course: Course) -> Delivery:
        """Return how the letter of a case goes: the same for all, or as each applicant wished."""
        return self.delivery or Delivery(course.application.wanted_delivery)


@dataclass(frozen=True)
class Filled:
    """The letter of one case, but for its number."""

    line: BatchLine
    course: Course
    values: dict[str, Any]


@sensitive_variables()
def letter_step(chunk: Chunk, *, write: bool) -> None:
    """Write a letter for each case, as ``letter_write`` would; a case that has this letter already gets no second one.

    Numbers are taken for those alone that are written, in the order in which the cases fall due. Raises Refused for a
    letter that is not in force.
    """
    run = chunk.run
    chunk.require(permissions.can_handle_case(chunk.actor, run.unit_id))
    load = cases_lock if write else cases_read
    cases = load(unit_id=run.unit_id, application_ids=chunk.ids, words=True)
    desk = _desk(run.values, run.unit)
    there = CasePaper.objects.filter(application_id__in=chunk.ids, letter=desk.form.code, removed_at__isnull=True)
    written = dict(there.values_list("application_id", "letter_no"))
    filled = []
    for line in chunk.lines:
        course = cases.get(line.application_id)
        if course is None:
            chunk.refuse(line, Issue("foi.not_found", values={"what": "公开申请"}))
            continue
        course.application.unit = desk.office.unit
        issues = changed_meanwhile(course, line.seen if write else None)
        line.seen = course.application.event_count
        if line.application_id in written:
            told = {"letter": desk.form.title, "number": written[line.application_id] or "没有编号"}
            issues = (*issues, Issue("foi.batch.letter_there", values=told))
        values: dict[str, Any] = {}
        if not issues:
            values, issues = _filled(desk, course, chunk.today)
        if has_errors(issues):
            chunk.refuse(line, *issues)
        else:
            chunk.settle(line, write=write, issues=[one for one in issues if one.severity is Severity.WARNING])
            filled.append(Filled(line, course, values))
    if write and filled:
        _write(chunk, desk, filled)


def _desk(values: Mapping[str, Any], unit: Unit) -> Desk:
    on = date.fromisoformat(values["on"])
    form = letter_form(code=values["code"], on=on)
    if form is None:
        raise Refused(Issue("foi.letter.unknown", "letter", {"code": values["code"]}))
    office = replace(office_on(unit=unit, on=on), above=tree_names(unit))
    issuer = values.get("issuer", "")
    if issuer and issuer not in office.issuer_names:
        told = {"name": issuer, "known": "、".join(office.issuer_names)}
        raise Refused(Issue("foi.office.issuer_name", "issuer", told))
    template, issues = own_template(unit_id=unit.pk, form=form, on=on)
    return Desk(
        form=form,
        office=office,
        template=template,
        issues=issues,
        texts=texts_from_data(form, values["texts"]),
        on=on,
        sealed=bool(values.get("sealed")),
        issuer=issuer,
        delivery=Delivery(values["delivery"]) if values.get("delivery") else None,
    )


def texts_to_data(texts: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a clerk wrote for a letter as plain values."""
    return {code: value.isoformat() if isinstance(value, date) else value for code, value in texts.items()}


def texts_from_data(form: LetterForm, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a clerk wrote as letters take it; fields that the letter does not have (any more) are left out."""
    days = {code for code, field in form.fields.items() if field.kind is FieldKind.DAY}
    return {
        code: date.fromisoformat(value) if code in days else value for code, value in data.items() if code in form.known
    }


def own_words(form: LetterForm, course: Course) -> dict[str, str]:
    """Return what stands in a field of the letter where the clerk left it to each case."""
    application = course.application
    values = {"form": FORM_NAMES[Form(application.wanted_form)], "content": application.subject}
    return {code: value for code, value in values.items() if code in form.known}


@sensitive_variables()
def _filled(desk: Desk, course: Course, today: date) -> tuple[dict[str, Any], tuple[Issue, ...]]:
    """Return the values of the letter of a case, and everything that speaks against it."""
    known, remedy = letter_known(
        application=course.application,
        course=course,
        form=desk.form,
        on=desk.on,
        delivery=desk.way(course),
        issuer=desk.issuer,
        office=desk.office,
    )
    values = {**own_words(desk.form, course), **desk.texts, **known}
    if not is_outgoing(desk.form):
        return values, (*desk.issues, *letter_context(desk.form, values)[1])
    issues = letter_issues(
        course=course,
        form=desk.form,
        values=values,
        remedy=remedy,
        sealed=desk.sealed,
        sent_before=False,
        today=today,
    )
    return values, (*desk.issues, *issues)


@sensitive_variables()
def _write(chunk: Chunk, desk: Desk, filled: Sequence[Filled]) -> None:
    """Number, fill and keep the letters; bytes are on disk before anything tells of them."""
    form, unit_id = desk.form, chunk.run.unit_id
    if is_outgoing(form):
        numbers = numbers_take(series=SERIES, year=desk.on.year, unit_id=unit_id, count=len(filled))
        for one, number in zip(filled, numbers, strict=True):
            one.values["doc_no"] = desk.office.doc_no(year=desk.on.year, number=number)
    files = _files(desk, filled, unit_id)
    stored = files_record(actor=chunk.actor, files=files, private=True, now=chunk.now)
    note = f"按本单位模板第{desk.template.number}版制作。" if desk.template is not None else ""
    papers = CasePaper.objects.bulk_create(
        CasePaper(
            application=one.course.application,
            kind=CasePaper.Kind.LETTER.value,
            title=form.title,
            letter=form.code,
            letter_no=str(one.values.get("doc_no", "")) if is_outgoing(form) else "",
            note=note,
            file=file,
            added_by_id=chunk.actor.user_id,
            added_by_name=chunk.actor.name[:150],
            added_at=chunk.now,
        )
        for one, file in zip(filled, stored, strict=True)
    )
    entries = []
    for one, paper in zip(filled, papers, strict=True):
        one.line.paper_id = paper.pk
        words = f"添加材料（{CasePaper.Kind.LETTER.label}）"
        told = {"paper": paper.pk, "sha256": paper.file.sha256 if paper.file else "", "batch": chunk.run.pk}
        entries.append(case_entry(one.course.application, "foi.paper.add", words, **told))
    record_many(actor=chunk.actor, entries=entries, now=chunk.now)


@sensitive_variables()
def _files(desk: Desk, filled: Sequence[Filled], unit_id: int) -> list[KeptFile]:
    """Fill the letters and bring them into the file store, flushed together; raises OSError when the disk does not take them."""
    root, own = Path(settings.FILES_DIR), template_data(desk.template)
    staged, kept = [], []
    try:
        for one in filled:
            application = one.course.application
            name = f"{application.register_no} {desk.form.title}.docx"
            data = letter_render(desk.form, one.values, own=own)
            bytes_ = stage(data, root=root, name=name, most=MOST_BYTES)
            staged.append(bytes_)
            place = (name, unit_id, CASE, str(application.pk))
            kept.append(KeptFile(bytes_.sha256, bytes_.size, bytes_.head, *place))
        faults = settle(staged, root=root)
    except BaseException:
        for bytes_ in staged:
            drop(bytes_)
        raise
    if faults:
        raise next(iter(faults.values()))
    return kept
