"""The fields of a request for amendment, for the public page and the desk alike (条例 art. 41)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from gongkai.domain.foi.amendment import LONGEST_RECORD, LONGEST_TEXT, check_amendment
from gongkai.domain.foi.figures import ApplicantClass
from gongkai.domain.foi.intake import Person
from gongkai.features.foi.asking import OF_PERSONS, OF_UNITS, WHO, AskingForm
from gongkai.rulebook.messages import describe

LEFT_OUT = ("subject", "doc_no", "description", "wanted_form", "wanted_delivery")


class AmendingForm(AskingForm):
    """Who asks, which record, what is wrong, how it should read, and what proves it."""

    record = forms.CharField(
        label="哪一份记录", max_length=LONGEST_RECORD, help_text="例如：2024年城乡居民医保参保登记。"
    )
    wrong = forms.CharField(
        label="记录里写的是什么、哪里不准确", max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 3})
    )
    wanted = forms.CharField(label="应当怎样记录", max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 3}))
    proof = forms.FileField(
        label="证明记录不准确的材料",
        required=False,
        help_text="jpg、png、pdf 等，不超过 20 兆，加密保存。没有电子版的可以以后补交，但没有证据不能更正。",
    )

    def __init__(self, *args: Any, units: Sequence[Any], **kwargs: Any) -> None:
        super().__init__(*args, units=units, **kwargs)
        for name in LEFT_OUT:
            del self.fields[name]
        self.fields["unit"].label = "向哪个单位提出"
        self.fields["unit"].help_text = "制作或者保存这份记录的单位。"

    def clean(self) -> dict[str, Any]:
        """Tell what is still needed together with what is not filled in, so that nothing has to be sent twice."""
        data = forms.Form.clean(self) or self.cleaned_data
        if "kind" in data:
            texts = {name: data.get(name, "") for name in ("record", "wrong", "wanted")}
            for issue in check_amendment(self.person(), proven=self._proven(data), **texts):
                if issue.field in self.fields and issue.field not in self.errors:
                    self.add_error(issue.field, describe(issue))
        return data

    def person(self) -> Person:
        """Return who asks; what the other kind of applicant fills in is left out, were it typed before."""
        kind = ApplicantClass(self.cleaned_data["kind"])
        others = OF_UNITS if kind is ApplicantClass.NATURAL_PERSON else OF_PERSONS
        return Person(kind=kind, **{n: "" if n in others else self.cleaned_data.get(n, "") for n in WHO})

    def arguments(self) -> dict[str, Any]:
        """Return the arguments of the service that both pages give."""
        data = self.cleaned_data
        proof = data.get("proof")
        return {
            "unit_id": data["unit"],
            "person": self.person(),
            "record": data["record"],
            "wrong": data["wrong"],
            "wanted": data["wanted"],
            "identity": data.get("identity"),
            "proofs": (proof,) if proof else (),
        }
