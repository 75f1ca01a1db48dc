"""The form with which a step is signed: made from the questions that the step's own form asks, for staff and links alike."""

from __future__ import annotations

from typing import Any

from django import forms

from gongkai.domain.approval import Form, Question, Verdict
from gongkai.kernel.accounts.web import show_refusal
from gongkai.kernel.errors import Refused

NOTE_LENGTH = 1000


class AnswerRadio(forms.RadioSelect):
    """The answers to a question; those that need a note are marked, so that the page asks for it only then."""

    def __init__(self, *args: Any, notes: tuple[str, ...] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.notes = notes

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Mark an answer that needs a note."""
        option = super().create_option(name, value, *args, **kwargs)
        if str(value) in self.notes:
            option["attrs"]["data-rl-noted"] = ""
        return option


class SignForm(forms.Form):
    """Agree or return, with a remark and the answers that the step asks for.

    ``digest`` is the one of what was shown. Whether the answers allow to agree is for the domain to say: no field is
    required here, so that all refusals come back at once.
    """

    digest = forms.CharField(
        label="内容",
        widget=forms.HiddenInput,
        max_length=64,
        error_messages={"required": "页面没有传完整，请重新打开，看过最新内容再签。"},
    )
    verdict = forms.ChoiceField(
        label="结论",
        choices=[(Verdict.SIGN.value, "同意"), (Verdict.RETURN.value, "退回修改")],
        widget=forms.HiddenInput,
        required=True,
        error_messages={"required": "请按“同意”或“退回修改”。", "invalid_choice": "请按“同意”或“退回修改”。"},
    )

    def __init__(self, *args: Any, sheet: Form | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sheet = sheet
        for question in sheet.questions if sheet else ():
            self._ask(question)
        self.fields["remark"] = forms.CharField(
            label="意见",
            required=False,
            max_length=4000,
            widget=forms.Textarea(attrs={"rows": 3}),
            help_text="同意时可以不填；退回修改时必须写明要改什么。",
        )

    def _ask(self, question: Question) -> None:
        if question.options:
            self.fields[question.code] = forms.ChoiceField(
                label=question.text,
                choices=list(question.options.items()),
                widget=AnswerRadio(notes=question.notes),
                required=False,
            )
        else:
            self.fields[question.code] = forms.CharField(
                label=question.text,
                required=False,
                max_length=4000,
                widget=forms.Textarea(attrs={"rows": 2}),
            )
        if question.notes:
            labels = "”“".join(question.options.get(answer, answer) for answer in question.notes)
            self.fields[question.note_code] = forms.CharField(
                label=f"说明：{question.text}",
                required=False,
                max_length=NOTE_LENGTH,
                help_text=f"选“{labels}”的，写明情况和理由。",
            )

    @property
    def questions(self) -> list[list[forms.BoundField]]:
        """Return the questions of the step's own form in order, each with the note to its answer where one may be due."""
        asked = self.sheet.questions if self.sheet else ()
        return [[self[name] for name in (one.code, one.note_code) if name in self.fields] for one in asked]

    def arguments(self) -> dict[str, Any]:
        """Return what the services take: digest, verdict, remark, answers."""
        data = self.cleaned_data
        answers = {name: str(data[name]) for name in data if name not in ("digest", "verdict", "remark") and data[name]}
        return {
            "digest": data["digest"],
            "verdict": data["verdict"],
            "remark": data["remark"],
            "form": answers if self.sheet else None,
        }

    def refuse(self, refused: Refused) -> None:
        """Show the reasons of a refusal, each beside what it concerns."""
        show_refusal(self, refused)
