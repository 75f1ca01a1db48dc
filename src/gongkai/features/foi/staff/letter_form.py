"""The form of a letter: what the clerk must say, after what the program knows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.safestring import mark_safe
from django.views.decorators.debug import sensitive_variables

from gongkai.domain.foi.letters import PART_KEYS, FieldKind, LetterForm
from gongkai.domain.foi.model import DELIVERY_NAMES
from gongkai.features.foi.selectors.letters import is_outgoing
from gongkai.features.foi.selectors.templates import template_data
from gongkai.features.foi.services.letters import own_template
from gongkai.kernel.errors import Refused
from gongkai.kernel.letters import letter_html, letter_render

HINTS = {FieldKind.LINES: "每行一条。", FieldKind.PARTS: "每行一条，写成：部分 | 理由 | 条款。", FieldKind.TEXT: ""}


class LetterFields(forms.Form):
    """What a letter asks of the clerk; parts are written one a line as 部分 | 理由 | 条款.

    ``known`` is what the program fills in, ``hints`` what the clerk may write otherwise, ``issuers`` the names the office
    signs under, ``answer`` the answer template that the words came from.
    """

    delivery = forms.ChoiceField(
        label="送达方式", choices=[(one.value, name) for one, name in DELIVERY_NAMES.items()], required=False
    )
    issuer = forms.ChoiceField(label="署名", required=False)
    sealed = forms.BooleanField(label="已按规定用印（公章或者政府信息公开专用章）", required=False)
    answer = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        letter: LetterForm,
        known: Mapping[str, Any],
        wanted: str,
        *args: Any,
        hints: Mapping[str, Any],
        issuers: Sequence[str],
        seal: str,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.letter = letter
        self.fields["delivery"].initial = wanted
        self.fields["issuer"].choices = [(name, name) for name in issuers]
        if len(issuers) < 2:  # nothing to choose
            del self.fields["issuer"]
        if not is_outgoing(letter):
            del self.fields["sealed"]
        elif seal:
            self.fields["sealed"].label = f"已按规定用印（{seal}）"
        for code in letter.known:
            if code in known or code in letter.fixed or code in ("remedy", "delivery"):
                continue
            self.fields[code] = letter_field(letter, code)
            if code in hints:
                self.fields[code].initial = written(hints[code])

    def values(self) -> dict[str, Any]:
        """Return what the clerk wrote, in the kinds that letters take; empty fields are left out."""
        found = {}
        for code, field in self.letter.fields.items():
            given = self.cleaned_data.get(code)
            if code not in self.fields or code in ("delivery", "issuer") or given in (None, ""):
                continue
            found[code] = _value(field.kind, given)
        return found


@sensitive_variables()
def letter_preview(form: LetterFields, values: Mapping[str, Any], *, unit_id: int, on: date) -> str:
    """Return how the letter will look; empty where it cannot be written, and then the form says why."""
    letter = form.letter
    template, issues = own_template(unit_id=unit_id, form=letter, on=on)
    try:
        if issues:
            raise Refused(issues)
        return mark_safe(letter_html(letter_render(letter, values, own=template_data(template))))
    except Refused as refused:
        for sentence in refused.sentences():
            form.add_error(None, sentence)
        return ""


def letter_field(letter: LetterForm, code: str) -> forms.Field:
    """Return the field of a form for a field of a letter."""
    field = letter.fields[code]
    needed = code in letter.needs and not field.default
    if field.kind is FieldKind.DAY:
        day = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        return forms.DateField(label=field.label, required=needed, widget=day)
    return forms.CharField(
        label=field.label,
        required=needed,
        max_length=5000,
        help_text=HINTS[field.kind],
        initial=field.default,
        widget=forms.Textarea(attrs={"rows": 3 if field.kind is not FieldKind.TEXT else 2}),
    )


def written(value: Any) -> Any:
    """Return a value of a letter as it stands in its field: lists a line each, parts with bars between."""
    if isinstance(value, date | str):
        return value
    return "\n".join(" | ".join(one[key] for key in PART_KEYS) if isinstance(one, dict) else str(one) for one in value)


def _value(kind: FieldKind, given: Any) -> Any:
    if kind in (FieldKind.DAY, FieldKind.TEXT):
        return given.strip() if isinstance(given, str) else given
    lines = [line.strip() for line in given.splitlines() if line.strip()]
    if kind is FieldKind.LINES:
        return lines
    parts = [[one.strip() for one in line.replace("｜", "|").split("|")] for line in lines]
    return [dict(zip(PART_KEYS, (*one, "", ""), strict=False)) for one in parts]
