"""Answers that an office gives often: their list, writing one, taking one out of use."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gongkai.domain.foi.answer_texts import KNOWN_PLACES, writable
from gongkai.domain.foi.dispositions import DispositionRules
from gongkai.domain.foi.letters import Direction, LetterForm
from gongkai.features.foi import permissions, services
from gongkai.features.foi.selectors.answers import answer_get, answer_rows
from gongkai.features.foi.selectors.course import law_of
from gongkai.features.foi.selectors.letter_rules import letter_form, letters_on
from gongkai.features.foi.selectors.office import Office, office_get
from gongkai.features.foi.services.answers import AnswerEntry
from gongkai.features.foi.staff.letter_form import HINTS
from gongkai.features.foi.staff.office_views import office_crumbs
from gongkai.kernel.accounts.pages import attempt, found_view, press, show_form
from gongkai.kernel.errors import NotPermitted

TEXT = "text-"


class AnswerForm(forms.Form):
    """One answer template: what it is called, when it fits, and a text for each field of its letter."""

    title = forms.CharField(label="名称", max_length=100, help_text="如“查无此信息（档案未移交）”，在选用时显示。")
    disposition = forms.ChoiceField(label="适用的处理决定", required=False)
    ground = forms.ChoiceField(label="适用的依据", required=False)
    words = forms.CharField(
        label="适用的词语",
        required=False,
        max_length=300,
        help_text="申请里出现这些词语时优先推荐，用空格分开，如：征收 补偿 安置方案。",
    )
    note = forms.CharField(label="改动说明", required=False, max_length=200)

    def __init__(self, letter: LetterForm, rules: DispositionRules, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fitting = [(one.code, one.title) for one in rules.dispositions.values() if one.letter == letter.code]
        self.fields["disposition"].choices = [("", "这种文书的全部处理决定"), *fitting]
        self.fields["ground"].choices = [("", "不限"), *((one.code, one.label) for one in rules.grounds.values())]
        if len(fitting) < 2:
            del self.fields["disposition"]
        if not fitting:
            del self.fields["ground"]
        for code in writable(letter):
            field = letter.fields[code]
            self.fields[f"{TEXT}{code}"] = forms.CharField(
                label=field.label,
                required=False,
                max_length=5000,
                help_text=HINTS[field.kind],
                widget=forms.Textarea(attrs={"rows": 3}),
            )

    def entry(self, letter: str) -> AnswerEntry:
        """Return what was entered; call it on a valid form."""
        data = self.cleaned_data
        texts = {name.removeprefix(TEXT): text for name, text in data.items() if name.startswith(TEXT) and text}
        return AnswerEntry(
            title=data["title"],
            letter=letter,
            disposition=data.get("disposition", ""),
            ground=data.get("ground", ""),
            words=data["words"],
            texts=texts,
        )

    @property
    def heads(self) -> list[forms.BoundField]:
        """Return the fields that say when it fits."""
        return [field for field in self if not field.name.startswith(TEXT) and field.name != "note"]

    @property
    def bodies(self) -> list[forms.BoundField]:
        """Return the texts."""
        return [field for field in self if field.name.startswith(TEXT)]


@require_GET
@found_view
def answer_list(request: HttpRequest, unit_id: int) -> HttpResponse:
    """Show the answer templates of an office, by letter."""
    today = timezone.localdate()
    office = office_get(actor=request.actor, unit_id=unit_id, on=today)
    letters = letters_on(today).letters
    titles = {code: one.title for code, one in letters.items()}
    context = {
        "page_title": f"答复模板：{office.unit.name}",
        "breadcrumbs": office_crumbs(office, "答复模板"),
        "office": office,
        "rows": [(row, titles.get(row.answer.letter, "")) for row in answer_rows(unit_id=unit_id)],
        "retired": [(row, titles.get(row.answer.letter, "")) for row in answer_rows(unit_id=unit_id, retired=True)],
        "choices": [(code, one.title) for code, one in letters.items() if _takes(one)],
        "may": permissions.can_set_up(request.actor, unit_id),
    }
    return render(request, "foi/staff/answers.html", context)


@require_http_methods(["GET", "POST"])
@found_view
def answer_new(request: HttpRequest, unit_id: int) -> HttpResponse:
    """Write an answer template for the letter named in the address."""
    today = timezone.localdate()
    office = office_get(actor=request.actor, unit_id=unit_id, on=today)
    letter = letter_form(code=request.GET.get("letter", ""), on=today)
    if letter is None or not _takes(letter):
        raise Http404("letter")
    return _edit(request, office, letter, None, {}, today)


@require_http_methods(["GET", "POST"])
@found_view
def answer_edit(request: HttpRequest, unit_id: int, answer_id: int) -> HttpResponse:
    """Change an answer template; its texts become a new version."""
    today = timezone.localdate()
    office = office_get(actor=request.actor, unit_id=unit_id, on=today)
    answer = answer_get(unit_id=unit_id, answer_id=answer_id)
    letter = letter_form(code=answer.letter, on=today)
    if letter is None:
        raise Http404("letter")
    newest = answer.versions.all()[0]
    initial = {name: getattr(answer, name) for name in ("title", "disposition", "ground", "words")}
    initial |= {f"{TEXT}{code}": text for code, text in newest.texts.items()}
    return _edit(request, office, letter, answer, initial, today)


def _edit(
    request: HttpRequest, office: Office, letter: LetterForm, answer: Any, initial: Mapping[str, Any], today: date
) -> HttpResponse:
    unit_id = office.unit.pk
    if not permissions.can_set_up(request.actor, unit_id):
        raise NotPermitted(ability="修改答复模板")
    form = AnswerForm(letter, law_of(today).dispositions, request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        saved = attempt(
            form,
            lambda: services.answer_save(
                actor=request.actor,
                unit_id=unit_id,
                entry=form.entry(letter.code),
                answer_id=answer.pk if answer is not None else None,
                note=form.cleaned_data["note"],
                now=timezone.now(),
            ),
        )
        if saved is not None:
            messages.success(request, f"已保存答复模板“{saved.title}”。")
            return redirect("foi:staff:answer_list", unit_id)
    here = {"label": "答复模板", "url": reverse("foi:staff:answer_list", args=[unit_id])}
    title = answer.title if answer is not None else "新建"
    return show_form(
        request,
        "foi/staff/answer.html",
        form,
        page_title=f"答复模板：{letter.title}",
        breadcrumbs=[*office_crumbs(office, "")[:2], here, {"label": title, "url": ""}],
        office=office,
        letter=letter,
        answer=answer,
        versions=answer.versions.all() if answer is not None else [],
        known_places=KNOWN_PLACES,
    )


def _takes(letter: LetterForm) -> bool:
    """Tell whether answer templates can be written for a letter: those that go out and say something of their own."""
    return letter.direction in (Direction.TO_APPLICANT, Direction.TO_THIRD_PARTY, Direction.TO_ORGAN) and bool(
        writable(letter)
    )


@require_POST
@found_view
def answer_retire(request: HttpRequest, unit_id: int, answer_id: int) -> HttpResponse:
    """Take an answer template out of use."""
    return press(
        request,
        lambda: services.answer_retire(actor=request.actor, unit_id=unit_id, answer_id=answer_id, now=timezone.now()),
        "已停用，已经制作的文书不变。",
        "foi:staff:answer_list",
        unit_id,
    )
