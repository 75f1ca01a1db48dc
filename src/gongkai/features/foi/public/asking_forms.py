"""The forms of applicants: what is looked for first, the application itself, and the code of a draft."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django import forms

from gongkai.features.foi.asking import AskingForm
from gongkai.features.foi.services import drawn
from gongkai.features.foi.suggesting import LONGEST
from gongkai.kernel.proof_of_work.forms import PROOF_FIELDS, ProofMixin

KEPT_OUT = frozenset({"identity", "agreed", "website", "draft", "once", *PROOF_FIELDS})
"""What no draft keeps: proofs of identity, the confirmation, and what tells people from machines."""


class ApplyForm(ProofMixin, AskingForm):
    """The public form.

    ``website`` is filled in by machines only, ``draft`` is the code of the draft it was opened from, ``once`` the number
    by which the form is known when it is sent again.
    """

    proof_purpose = "foi.apply"
    field_order = ("subject", "description", "doc_no", "unit")
    agreed = forms.BooleanField(
        label="我确认填写的内容属实",
        help_text="提交后还要双方确认收到，确认之前答复期限不开始计算。",
        error_messages={"required": "提交前请确认内容属实，在这里打勾。"},
    )
    website = forms.CharField(required=False, label="请不要填写这一栏")
    draft = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    once = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput, initial=drawn)

    def trapped(self) -> bool:
        """Tell whether a machine has filled in what people do not see."""
        return bool(self.cleaned_data.get("website"))

    def typed(self) -> dict[str, str]:
        """Return what was typed so far, checked or not, as a draft keeps it."""
        return self._written(KEPT_OUT)

    def given_back(self) -> dict[str, str]:
        """Return what was typed as the page gives it back when it could not be sent: all but the file and the proof."""
        return self._written({"identity", "website", *PROOF_FIELDS})

    def _written(self, without: Collection[str]) -> dict[str, str]:
        names = [name for name in self.fields if name not in without]
        return {name: str(self.data.get(name, "")).replace("\x00", "") for name in names}


class LookForm(forms.Form):
    """What is wanted, in one's own words."""

    words = forms.CharField(
        label="您想要什么信息",
        max_length=LONGEST,
        help_text="文件名称、文号，或者用一句话说明，例如：学府路改造项目的环评批复。",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    unit = forms.CharField(required=False, max_length=16, widget=forms.HiddenInput)

    def unit_id(self) -> int | None:
        """Return the unit that was chosen before, if one was."""
        return whole(str(self.data.get("unit", "")))


class DraftForm(forms.Form):
    """The code of a draft."""

    code = forms.CharField(
        label="草稿码",
        max_length=40,
        help_text="保存草稿时给出的 12 位草稿码，大小写、横线都可以不管。",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


def whole(written: str) -> int | None:
    """Return a number that may be an id, else None."""
    return int(written) if written.isascii() and written.isdigit() and len(written) < 16 else None


def begun(words: str = "", unit_id: int | None = None) -> dict[str, Any]:
    """Return what the form begins with: what was looked for, and the unit that was chosen."""
    wanted: dict[str, Any] = {"subject": words.replace("\x00", "")[:200]}
    return wanted | ({"unit": unit_id} if unit_id is not None else {})
