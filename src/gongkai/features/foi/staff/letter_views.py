"""Writing a letter: what the program knows is shown, what the clerk must say is asked, then a preview, then the letter."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods

from gongkai.domain.foi.letters import Direction, FieldKind, LetterForm
from gongkai.domain.foi.model import DELIVERY_NAMES, Delivery
from gongkai.domain.issues import Severity
from gongkai.features.foi import services
from gongkai.features.foi.selectors.detail import CaseDetail, case_detail
from gongkai.features.foi.selectors.letters import is_outgoing, letter_choices, letter_form, letter_known
from gongkai.features.foi.services.letters import letter_issues
from gongkai.kernel.accounts.pages import REFUSED, attempt, found_view
from gongkai.kernel.errors import Refused
from gongkai.kernel.letters import letter_html, letter_render
from gongkai.kernel.sealed.services import unmask
from gongkai.rulebook.messages import describe

PREVIEW = "preview"


class LetterFields(forms.Form):
    """What a letter asks of the clerk; parts are written one a line as 部分 | 理由 | 条款."""

    delivery = forms.ChoiceField(
        label="送达方式", choices=[(one.value, name) for one, name in DELIVERY_NAMES.items()], required=False
    )
    sealed = forms.BooleanField(label="已按规定用印（公章或者政府信息公开专用章）", required=False)

    def __init__(self, letter: LetterForm, known: dict[str, Any], wanted: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.letter = letter
        self.fields["delivery"].initial = wanted
        if not is_outgoing(letter):
            del self.fields["sealed"]
        for code in letter.known:
            if code in known or code in letter.fixed or code in ("remedy", "delivery"):
                continue
            self.fields[code] = _field(letter, code)

    def values(self) -> dict[str, Any]:
        """Return what the clerk wrote, in the kinds that letters take; empty fields are left out."""
        found = {}
        for code, field in self.letter.fields.items():
            written = self.cleaned_data.get(code)
            if code not in self.fields or code == "delivery" or written in (None, ""):
                continue
            found[code] = _value(field.kind, written)
        return found


def _field(letter: LetterForm, code: str) -> forms.Field:
    field = letter.fields[code]
    needed = code in letter.needs and not field.default
    if field.kind is FieldKind.DAY:
        day = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        return forms.DateField(label=field.label, required=needed, widget=day)
    hints = {FieldKind.LINES: "每行一条。", FieldKind.PARTS: "每行一条，写成：部分 | 理由 | 条款。", FieldKind.TEXT: ""}
    return forms.CharField(
        label=field.label,
        required=needed,
        max_length=5000,
        help_text=hints[field.kind],
        initial=field.default,
        widget=forms.Textarea(attrs={"rows": 3 if field.kind is not FieldKind.TEXT else 2}),
    )


def _value(kind: FieldKind, written: Any) -> Any:
    if kind in (FieldKind.DAY, FieldKind.TEXT):
        return written.strip() if isinstance(written, str) else written
    lines = [line.strip() for line in written.splitlines() if line.strip()]
    if kind is FieldKind.LINES:
        return lines
    parts = [[one.strip() for one in line.replace("｜", "|").split("|")] for line in lines]
    return [dict(zip(("part", "reason", "article"), (*one, "", ""), strict=False)) for one in parts]


@require_http_methods(["GET", "POST"])
@sensitive_variables()
@found_view
def letter_new(request: HttpRequest, application_id: int, code: str) -> HttpResponse:
    """Ask for what a letter needs, show how it will look, and write it."""
    today = timezone.localdate()
    detail = case_detail(actor=request.actor, application_id=application_id, today=today)
    letter = letter_form(code=code, on=today)
    if letter is None or not detail.may_handle:
        raise Http404(code)
    application = detail.application
    wanted = application.wanted_delivery
    asked = request.POST.get("delivery", wanted)
    delivery = Delivery(asked) if asked in set(Delivery) else Delivery.ONLINE
    known, remedy = letter_known(
        application=application, course=detail.course, form=letter, on=today, delivery=delivery
    )
    form = LetterFields(letter, known, wanted, request.POST or None)
    preview, told = "", []
    if request.method == "POST" and form.is_valid():
        values = {**form.values(), **known}
        sealed = form.cleaned_data.get("sealed", False)
        if request.POST.get("do") == PREVIEW:
            if letter.direction is Direction.TO_APPLICANT:  # the letter shows the name, so that is written down, too
                person, why = application.applicant, f"预览《{letter.title}》"
                unmask(actor=request.actor, row=person, field="name", reason=why, now=timezone.now())
            preview = _preview(form, letter, values)
            found = letter_issues(
                course=detail.course, form=letter, values=values, remedy=remedy, sealed=True, today=today
            )
            told = [(issue.severity is Severity.ERROR, describe(issue)) for issue in found]
        else:
            paper = attempt(form, lambda: _write(request, detail, letter, form, delivery, sealed, today))
            if paper is not None:
                messages.success(request, f"已制作《{letter.title}》{paper.letter_no}，保存在案卷中。")
                return redirect("foi:staff:case", application_id)
    context = {
        "page_title": letter.title,
        "breadcrumbs": [
            {"label": "依申请公开", "url": reverse("foi:staff:board")},
            {"label": application.register_no, "url": reverse("foi:staff:case", args=[application_id])},
            {"label": letter.title, "url": ""},
        ],
        "application": application,
        "letter": letter,
        "form": form,
        "known": [(letter.fields[one].label, _shown(one, value)) for one, value in known.items()],
        "preview": preview,
        "told": told,
    }
    status = REFUSED if form.is_bound and form.errors else 200
    response = render(request, "foi/staff/letter.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response


def _write(
    request: HttpRequest,
    detail: CaseDetail,
    letter: LetterForm,
    form: LetterFields,
    delivery: Delivery,
    sealed: bool,
    today: date,
) -> Any:
    return services.letter_write(
        actor=request.actor,
        application_id=detail.application.pk,
        code=letter.code,
        values=form.values(),
        delivery=delivery,
        sealed=sealed,
        on=today,
        now=timezone.now(),
    )


def _preview(form: LetterFields, letter: LetterForm, values: dict[str, Any]) -> str:
    try:
        return mark_safe(letter_html(letter_render(letter, values)))
    except Refused as refused:
        for sentence in refused.sentences():
            form.add_error(None, sentence)
        return ""


def _shown(code: str, value: Any) -> str:
    """Show a value that is known; the addressee stays masked outside the letter itself."""
    if code == "addressee":
        return f"{str(value)[:1]}**"
    if isinstance(value, list):
        return "\n".join(str(one) for one in value)
    return value.strftime("%Y-%m-%d") if isinstance(value, date) else str(value)


@found_view
def letter_list(request: HttpRequest, application_id: int) -> HttpResponse:
    """Show the letters that can be written for a case."""
    today = timezone.localdate()
    detail = case_detail(actor=request.actor, application_id=application_id, today=today)
    if not detail.may_handle:
        raise Http404("letters")
    context = {
        "page_title": "制作文书",
        "breadcrumbs": [
            {"label": "依申请公开", "url": reverse("foi:staff:board")},
            {"label": detail.application.register_no, "url": reverse("foi:staff:case", args=[application_id])},
            {"label": "制作文书", "url": ""},
        ],
        "application": detail.application,
        "choices": letter_choices(course=detail.course, on=today),
        "written": [paper for paper in detail.papers if paper.letter],
    }
    return render(request, "foi/staff/letters.html", context)
