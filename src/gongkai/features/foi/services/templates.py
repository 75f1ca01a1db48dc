"""An office's own templates of letters: checked before they are taken, kept in versions, the shipped one always at hand."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from gongkai.domain.foi.letters import LetterForm
from gongkai.domain.issues import Issue
from gongkai.features.foi.models import LetterTemplate
from gongkai.features.foi.selectors.access import NotFound
from gongkai.features.foi.selectors.letter_rules import letter_form
from gongkai.features.foi.selectors.templates import template_in_use, template_version
from gongkai.features.foi.services.actions import TEMPLATE
from gongkai.features.foi.services.office import office_lock
from gongkai.features.foi.services.writing import day_of
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.audit.services import gathered, record
from gongkai.kernel.errors import Refused
from gongkai.kernel.files.models import StoredFile
from gongkai.kernel.files.services import file_store
from gongkai.kernel.letters import template_issues
from gongkai.kernel.letters.checking import MAX_BYTES
from gongkai.kernel.orgs.models import Unit

ABILITY = "修改文书模板"


def template_upload(
    *, actor: Actor, unit_id: int, code: str, upload: Any, note: str = "", now: datetime
) -> LetterTemplate:
    """Take a Word file as the office's template of a letter, in use from now on; letters that are written stay.

    Raises NotFound, NotPermitted, Refused with everything that keeps the file from being used.
    """
    with transaction.atomic(), gathered():
        unit = office_lock(actor=actor, unit_id=unit_id, ability=ABILITY)
        form = _form(code, now)
        name = str(getattr(upload, "name", "") or f"{form.title}.docx")
        told = int(getattr(upload, "size", 0) or 0)
        data = b"" if told > MAX_BYTES else upload.read(MAX_BYTES + 1)
        issues = template_issues(form, data if told <= MAX_BYTES else bytes(MAX_BYTES + 1), name=name)
        if issues:
            raise Refused(issues)
        file = file_store(
            actor=actor,
            upload=data,
            name=name,
            unit_id=unit_id,
            target_type=TEMPLATE,
            target_id=f"{unit_id}",
            most=MAX_BYTES,
            now=now,
        )
        return _version(actor, unit, form, file, f"上传《{name}》", note, now)


def template_use(
    *, actor: Actor, unit_id: int, code: str, number: int | None, note: str = "", now: datetime
) -> LetterTemplate:
    """Use an earlier version again, or (``number`` None) the shipped template; raises NotFound, NotPermitted, Refused."""
    with transaction.atomic(), gathered():
        unit = office_lock(actor=actor, unit_id=unit_id, ability=ABILITY)
        form = _form(code, now)
        held = template_in_use(unit_id=unit_id, code=code)
        if number is None:
            if held is None:
                raise Refused(Issue("foi.template.shipped_already", values={"letter": form.title}))
            return _version(actor, unit, form, None, "恢复随系统模板", note, now)
        again = template_version(unit_id=unit_id, code=code, number=number)
        if held is not None and held.file_id == again.file_id:
            raise Refused(Issue("foi.template.used_already", values={"number": number}))
        assert again.file is not None
        return _version(actor, unit, form, again.file, f"恢复第{number}版", note, now)


def _form(code: str, now: datetime) -> LetterForm:
    form = letter_form(code=code, on=day_of(now))
    if form is None:
        raise NotFound("文书")
    return form


def _version(
    actor: Actor, unit: Unit, form: LetterForm, file: StoredFile | None, what: str, note: str, now: datetime
) -> LetterTemplate:
    rows = LetterTemplate.objects.filter(unit=unit, letter=form.code).order_by("-number")
    number = (rows.values_list("number", flat=True).first() or 0) + 1
    row = LetterTemplate.objects.create(
        unit=unit,
        letter=form.code,
        number=number,
        file=file,
        note="：".join(one for one in (what, note.strip()) if one)[:300],
        by_id=actor.user_id,
        by_name=actor.name[:150],
        at=now,
    )
    record(
        actor=actor,
        action="foi.template.set",
        target_type=TEMPLATE,
        target_id=row.pk,
        summary=f"{unit.name}《{form.title}》模板第{number}版：{what}",
        unit_id=unit.pk,
        details={"letter": form.code, "number": number, "sha256": file.sha256 if file is not None else ""},
        now=now,
    )
    return row
