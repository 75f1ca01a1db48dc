"""The templates of letters that are in use in an office: its own, or those shipped with the program."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from gongkai.domain.foi.letters import Direction, LetterForm, sample_values
from gongkai.domain.issues import Issue
from gongkai.features.foi.models import LetterTemplate
from gongkai.features.foi.selectors.access import NotFound
from gongkai.features.foi.selectors.letter_rules import letter_form, letters_on
from gongkai.kernel.files.selectors import file_path
from gongkai.kernel.letters import letter_render, letter_template, template_issues

DIRECTION_NAMES = {
    Direction.IN: "申请人填写",
    Direction.FROM_THIRD_PARTY: "第三方填写",
    Direction.INTERNAL: "内部存卷",
    Direction.TO_APPLICANT: "发给申请人",
    Direction.TO_THIRD_PARTY: "发给第三方",
    Direction.TO_ORGAN: "发给其他机关",
}


@dataclass(frozen=True, slots=True)
class TemplateRow:
    """One letter and the version of the office's own template that is in use, None for the shipped one."""

    form: LetterForm
    in_use: LetterTemplate | None
    versions: int

    @property
    def goes(self) -> str:
        """Return where the paper goes, in words."""
        return DIRECTION_NAMES[self.form.direction]


def template_rows(*, unit_id: int, on: date) -> list[TemplateRow]:
    """Return every letter with the template in use (one query)."""
    newest: dict[str, LetterTemplate] = {}
    for row in LetterTemplate.objects.filter(unit_id=unit_id).select_related("file").order_by("number"):
        newest[row.letter] = row
    rows = []
    for code, form in letters_on(on).letters.items():
        latest = newest.get(code)
        held = latest if latest is not None and latest.file_id is not None else None
        rows.append(TemplateRow(form, held, latest.number if latest is not None else 0))
    return rows


def template_versions(*, unit_id: int, code: str) -> list[LetterTemplate]:
    """Return every version of the office's own template of a letter, the newest first."""
    rows = LetterTemplate.objects.filter(unit_id=unit_id, letter=code).select_related("file")
    return list(rows.order_by("-number"))


def template_in_use(*, unit_id: int, code: str) -> LetterTemplate | None:
    """Return the version in use, None where the shipped template is."""
    newest = (
        LetterTemplate.objects.filter(unit_id=unit_id, letter=code).select_related("file").order_by("-number").first()
    )
    return newest if newest is not None and newest.file_id is not None else None


def template_version(*, unit_id: int, code: str, number: int) -> LetterTemplate:
    """Return one version with a file; raises NotFound."""
    found = (
        LetterTemplate.objects.filter(unit_id=unit_id, letter=code, number=number, file__isnull=False)
        .select_related("file")
        .first()
    )
    if found is None:
        raise NotFound("模板")
    return found


def template_data(template: LetterTemplate | None) -> bytes | None:
    """Return the bytes of an office's own template, None where there is none."""
    return file_path(file=template.file).read_bytes() if template is not None and template.file is not None else None


def template_faults(*, template: LetterTemplate, on: date) -> tuple[Issue, ...]:
    """Return what has come to be wrong with a template since it was handed in: the rules of a letter may have changed."""
    assert template.file is not None
    return _faults(template.file.sha256, str(file_path(file=template.file)), template.file.name, template.letter, on)


@lru_cache(maxsize=128)
def _faults(sha256: str, path: str, name: str, code: str, on: date) -> tuple[Issue, ...]:
    # Asked for every letter that is written, tens of thousands of one campaign included.
    form = letter_form(code=code, on=on)
    if form is None:
        return ()
    with open(path, "rb") as file:
        return template_issues(form, file.read(), name=name)


def template_sample(*, form: LetterForm, template: LetterTemplate | None, on: date) -> bytes:
    """Fill a template with values that say which field they stand for; raises Refused when it cannot be filled."""
    return letter_render(form, sample_values(form, day=on), own=template_data(template))


def template_shipped(*, form: LetterForm) -> bytes:
    """Return the shipped template of a letter; raises NotFound for a letter that came without one."""
    try:
        return letter_template(form)
    except FileNotFoundError as missing:
        raise NotFound("随系统模板") from missing
