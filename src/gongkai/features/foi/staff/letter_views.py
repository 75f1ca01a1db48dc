"""Writing a letter: what the program knows is shown, what the clerk must say is asked, then a preview, then the letter."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_GET, require_http_methods

from gongkai.domain.foi.answer_texts import places_left
from gongkai.domain.foi.letters import LetterForm, day_words
from gongkai.domain.foi.model import Delivery
from gongkai.domain.issues import Severity
from gongkai.features.foi import permissions, services
from gongkai.features.foi.selectors.answers import MOST, SuggestedAnswer, answer_texts, answers_for
from gongkai.features.foi.selectors.detail import CaseDetail, case_detail
from gongkai.features.foi.selectors.letter_hints import blank_form, letter_hints
from gongkai.features.foi.selectors.letter_rules import letter_form, letters_on
from gongkai.features.foi.selectors.letters import (
    HANDED_OUT,
    PERSONAL,
    is_outgoing,
    letter_choices,
    letter_known,
    names_applicant,
)
from gongkai.features.foi.selectors.office import office_on
from gongkai.features.foi.services.letters import letter_issues
from gongkai.features.foi.staff.crumbs import case_crumbs
from gongkai.features.foi.staff.letter_form import LetterFields, letter_preview
from gongkai.kernel.accounts.pages import DOCX, REFUSED, attachment, attempt, found_view
from gongkai.kernel.sealed.services import unmask
from gongkai.rulebook.messages import describe

PREVIEW = "preview"


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
    office = office_on(unit=application.unit, on=today)
    asked = request.POST.get("delivery", application.wanted_delivery)
    delivery = Delivery(asked) if asked in set(Delivery) else Delivery.ONLINE
    known, remedy = letter_known(
        application=application, course=detail.course, form=letter, on=today, delivery=delivery
    )
    answers = answers_for(application=application, course=detail.course, form=letter)
    chosen = _chosen(request, answers)
    hints = letter_hints(application=application, course=detail.course, form=letter, on=today)
    if chosen is not None:
        hints |= answer_texts(version=chosen.version, application=application, on=today)
    form = LetterFields(
        letter,
        known,
        application.wanted_delivery,
        request.POST or None,
        hints=hints,
        issuers=office.issuer_names,
        seal=office.entry.seal_name,
    )
    form.fields["answer"].initial = chosen.answer.pk if chosen is not None else None
    preview, told = "", []
    if request.method == "POST" and form.is_valid():
        known |= {"issuer": form.cleaned_data.get("issuer") or known["issuer"]} if "issuer" in known else {}
        values = {**form.values(), **known}
        if request.POST.get("do") == PREVIEW:
            if names_applicant(letter):  # the letter shows the name, so that is written down, too
                person, why = application.applicant, f"预览《{letter.title}》"
                unmask(actor=request.actor, row=person, field="name", reason=why, now=timezone.now())
            preview = letter_preview(form, values, unit_id=application.unit_id, on=today)
            found = letter_issues(
                course=detail.course, form=letter, values=values, remedy=remedy, sealed=True, today=today
            )
            found += places_left(letter, form.values()) if form.cleaned_data["answer"] else ()
            told = [(issue.severity is Severity.ERROR, describe(issue)) for issue in found]
        else:
            paper = attempt(form, lambda: _write(request, detail, letter, form, delivery, today))
            if paper is not None:
                messages.success(request, f"已制作《{letter.title}》{paper.letter_no}，保存在案卷中。")
                return redirect("foi:staff:case", application_id)
    context = {
        "page_title": letter.title,
        "breadcrumbs": case_crumbs(application.pk, application.register_no, letter.title),
        "application": application,
        "letter": letter,
        "form": form,
        "known": [(letter.fields[one].label, _shown(letter, one, value)) for one, value in known.items()],
        "preview": preview,
        "told": told,
        "answers": answers[:MOST],
        "chosen": chosen,
        "unset": [describe(issue) for issue in remedy.issues] if remedy is not None else [],
        "may_set_up": permissions.can_set_up(request.actor, application.unit_id),
    }
    status = REFUSED if form.is_bound and form.errors else 200
    response = render(request, "foi/staff/letter.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response


def _chosen(request: HttpRequest, answers: list[SuggestedAnswer]) -> SuggestedAnswer | None:
    """The answer template that was asked for; one that does not fit the case cannot be."""
    asked = request.GET.get("answer", "")
    return next((one for one in answers if str(one.answer.pk) == asked), None)


def _write(
    request: HttpRequest, detail: CaseDetail, letter: LetterForm, form: LetterFields, delivery: Delivery, today: date
) -> Any:
    return services.letter_write(
        actor=request.actor,
        application_id=detail.application.pk,
        code=letter.code,
        values=form.values(),
        delivery=delivery,
        sealed=form.cleaned_data.get("sealed", False),
        issuer=form.cleaned_data.get("issuer", ""),
        answer_id=form.cleaned_data["answer"],
        on=today,
        now=timezone.now(),
    )


def _shown(letter: LetterForm, code: str, value: Any) -> str:
    """Show a value that is known; whoever asked stays masked outside the letter itself."""
    if code == "addressee" or (code in PERSONAL and not is_outgoing(letter)):
        return f"{str(value)[:1]}**"
    if isinstance(value, list):
        return "\n".join(str(one) for one in value)
    return day_words(value) if isinstance(value, date) else str(value)


@require_GET
@found_view
def letter_list(request: HttpRequest, application_id: int) -> HttpResponse:
    """Show the letters that can be written for a case."""
    today = timezone.localdate()
    detail = case_detail(actor=request.actor, application_id=application_id, today=today)
    if not detail.may_handle:
        raise Http404("letters")
    choices = letter_choices(course=detail.course, on=today)
    context = {
        "page_title": "制作文书",
        "breadcrumbs": case_crumbs(application_id, detail.application.register_no, "制作文书"),
        "application": detail.application,
        "usual": [one for one in choices if one.usual],
        "others": [one for one in choices if not one.usual],
        "blanks": [one for one in letters_on(today).letters.values() if one.direction in HANDED_OUT],
        "written": [paper for paper in detail.papers if paper.letter],
    }
    return render(request, "foi/staff/letters.html", context)


@require_GET
@found_view
def letter_blank(request: HttpRequest, application_id: int, code: str) -> HttpResponse:
    """Hand out a form that somebody else fills in, with what may be said of the case and nothing of the applicant."""
    today = timezone.localdate()
    detail = case_detail(actor=request.actor, application_id=application_id, today=today)
    letter = letter_form(code=code, on=today)
    if letter is None or letter.direction not in HANDED_OUT or not detail.may_handle:
        raise Http404(code)
    return attachment(blank_form(detail=detail, form=letter, on=today), f"{letter.title}.docx", DOCX)
