"""The forms of steps for many cases: those of one case, without what each case has of its own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms

from gongkai.domain.foi.command_data import command_to_data
from gongkai.domain.foi.model import DELIVERY_NAMES, Law
from gongkai.domain.foi.receipt import ReceiptFact
from gongkai.domain.foi.verbs import VERB_NAMES, Verb
from gongkai.features.foi.selectors.batch_letters import LetterOffer
from gongkai.features.foi.selectors.letters import is_outgoing
from gongkai.features.foi.services.batch_letters import OWN_WORDS, texts_to_data
from gongkai.features.foi.staff.command_fields import CommandForm, facts_field
from gongkai.features.foi.staff.letter_form import LetterFields
from gongkai.features.foi.staff.step_subject import pattern_of

AS_WANTED = [("", "按各申请人希望的途径"), *((one.value, name) for one, name in DELIVERY_NAMES.items())]
# Numbers are each case's own; the last event seen is noted for each case by its trial.
_OWN = ("seen", "register_no")


class StepForm(CommandForm):
    """A step of the law for many cases; ``results`` are the results that were drafted in them."""

    def __init__(self, verb: Verb, law: Law, results: Sequence[str], today: date, by: str, *args: Any) -> None:
        super().__init__(verb, pattern_of(law, results), today, by, *args)
        for name in _OWN:
            self.fields.pop(name, None)
        if verb is Verb.RECORD_RECEIPT:
            facts = [one for one in ReceiptFact if one is not ReceiptFact.SUBMITTED]
            self.fields["facts"] = facts_field(facts)
        if verb is Verb.SEND:
            self.fields["delivery"] = forms.ChoiceField(label="送达方式", choices=AS_WANTED, required=False)
        if verb is Verb.CLOSE:
            self.fields["evidence"].help_text = "勾选的各项，对每一件都已随卷保存；各案卷里已有材料的项，系统自动计入。"

    def clean(self) -> dict[str, Any]:
        """Give the fields that each case fills in by itself the values that stand for them until then."""
        cleaned = super().clean() or self.cleaned_data
        if self.verb is Verb.REGISTER:
            cleaned["register_no"] = ""
        return cleaned

    def step_values(self, on: date) -> dict[str, Any]:
        """Return the step as plain values; call it on a valid form."""
        as_wanted = self.verb is Verb.SEND and not self.cleaned_data["delivery"]
        if as_wanted:
            self.cleaned_data["delivery"] = AS_WANTED[1][0]
        return {"command": command_to_data(self.command()), "as_wanted": as_wanted}

    def title(self) -> str:
        """Say in a line what is done."""
        words = VERB_NAMES[self.verb]
        chosen = self.subject.law.dispositions.dispositions.get(self.cleaned_data.get("disposition", ""))
        return f"{words}：{chosen.title}" if chosen is not None else words


class HandlerForm(forms.Form):
    """Who handles the cases."""

    def __init__(self, people: Sequence[tuple[int, str]], *args: Any) -> None:
        super().__init__(*args, auto_id="handler-%s")
        self.names = dict(people)
        self.fields["user"] = forms.TypedChoiceField(label="经办人", coerce=int, choices=self.names)

    def step_values(self, on: date) -> dict[str, Any]:
        """Return the step as plain values."""
        return {"user": self.cleaned_data["user"]}

    def title(self) -> str:
        """Say in a line what is done."""
        return f"指定经办人：{self.names[self.cleaned_data['user']]}"


class JoinForm(forms.Form):
    """Into which campaign: one that is there, or a new one."""

    name = forms.CharField(label="新建一组，名称", required=False, max_length=100, help_text="选了已有的组，这里留空。")

    def __init__(self, campaigns: Sequence[tuple[int, str]], *args: Any) -> None:
        super().__init__(*args, auto_id="join-%s")
        if not campaigns:
            self.fields["name"].label, self.fields["name"].help_text = "这一组的名称", ""
            return
        choices = [("", "新建一组"), *campaigns]
        known = forms.TypedChoiceField(
            label="归入哪一组", choices=choices, coerce=int, required=False, empty_value=None
        )
        self.fields = {"campaign": known, **self.fields}

    def clean(self) -> dict[str, Any]:
        """Ask for exactly one of the two."""
        cleaned = super().clean() or {}
        if not cleaned.get("campaign") and not cleaned.get("name", "").strip():
            self.add_error("name", "请选择已有的组，或者填写新组的名称。")
        if cleaned.get("campaign") and cleaned.get("name", "").strip():
            self.add_error("name", "选了已有的组，请把这里清空；要新建一组，请在上面选“新建一组”。")
        return cleaned


class LeaveForm(forms.Form):
    """Nothing to fill in: who leaves a campaign is chosen already."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args, auto_id=False)

    def step_values(self, on: date) -> dict[str, Any]:
        """Return the step as plain values."""
        return {}

    def title(self) -> str:
        """Say in a line what is done."""
        return "移出同类申请"


class LetterStepForm(LetterFields):
    """What a letter asks of the clerk once for all cases; what each case has of its own is not asked."""

    def __init__(self, offer: LetterOffer, *args: Any) -> None:
        super().__init__(offer.form, offer.known, "", *args, hints={}, issuers=offer.issuers, seal=offer.seal)
        self.known = list(offer.known.values())
        self.fields.pop("answer", None)
        self.fields["delivery"] = forms.ChoiceField(label="送达方式", choices=AS_WANTED, required=False)
        for code in OWN_WORDS & self.fields.keys():
            self.fields[code].required = False
            self.fields[code].help_text = "留空则按各案的申请表填写。"

    def step_values(self, on: date) -> dict[str, Any]:
        """Return the step as plain values; ``on`` is the day of the letters."""
        cleaned = self.cleaned_data
        return {
            "code": self.letter.code,
            "on": on.isoformat(),
            "texts": texts_to_data(self.values()),
            "delivery": cleaned.get("delivery", ""),
            "sealed": bool(cleaned.get("sealed")) or not is_outgoing(self.letter),
            "issuer": cleaned.get("issuer", "") or "",
        }

    def title(self) -> str:
        """Say in a line what is done."""
        return f"制作《{self.letter.title}》"
