"""One case: everything about it, and what this actor may do with it now."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_GET, require_POST

from gongkai.domain.foi.commands import RecordReceipt
from gongkai.domain.foi.model import ELSEWHERE as GONE
from gongkai.domain.foi.model import Stage
from gongkai.domain.foi.timeline import AUDIENCE_NAMES, Audience, timeline
from gongkai.domain.foi.verbs import VERB_NAMES, Verb
from gongkai.features.foi import services
from gongkai.features.foi.selectors.access import application_get
from gongkai.features.foi.selectors.case_after import case_after
from gongkai.features.foi.selectors.detail import case_detail, evidence_short
from gongkai.features.foi.selectors.letters import letter_of
from gongkai.features.foi.selectors.linked import linked_list
from gongkai.features.foi.selectors.papers import paper_application
from gongkai.features.foi.selectors.remedies import case_remedies
from gongkai.features.foi.selectors.service_days import remedy_periods
from gongkai.features.foi.staff.case_beside import answered_elsewhere, beside, pages_of
from gongkai.features.foi.staff.case_forms import IdentityForm, OpenForm, PaperForm, RemoveForm
from gongkai.features.foi.staff.command_fields import CommandForm
from gongkai.features.foi.staff.crumbs import board_crumb, case_crumbs
from gongkai.features.foi.staff.step_aids import letter_after
from gongkai.features.foi.staff.step_subject import StepSubject, subject_of
from gongkai.kernel.accounts.pages import REFUSED, attachment, attempt, form_errors, found_view
from gongkai.kernel.sealed.services import unmask_all
from gongkai.rulebook.messages import describe

# The step that usually comes next stands open at the top; the others fold below by what they are about.
NEXT = (
    Verb.RECORD_RECEIPT,
    Verb.REGISTER,
    Verb.ACCEPT,
    Verb.DELIVER_SUPPLEMENT_NOTICE,
    Verb.SUPPLEMENT,
    Verb.DELIVER_CONSULTATION,
    Verb.ANSWER_CONSULTATION,
    Verb.DRAFT,
    Verb.REVIEW_LEGALITY,
    Verb.SIGN,
    Verb.SERVE,
    Verb.SEND,
    Verb.CLOSE,
    Verb.ARCHIVE,
)
# These have pages of their own: what they make has to be asked for.
ELSEWHERE = {Verb.SPLIT: "split", Verb.MOVE: "move", Verb.MERGE: "merge"}
WHEN = {
    Verb.SPLIT: "一份申请写了几件事",
    Verb.MOVE: "寄错、投错了单位",
    Verb.MERGE: "同一份申请收到两次",
    Verb.ASSIGN: "请内设机构查找",
    Verb.NOTIFY_FEE: "按当月件数或者页数计算",
    Verb.CORRECT_SERVICE: "登记的送达日期记错了",
}
APPLICANT_FIELDS = ("name", "id_number", "org_code", "representative", "contact_name", "phone", "email", "address")


@require_GET
@found_view
def case_page(request: HttpRequest, application_id: int) -> HttpResponse:
    """Show a case."""
    return show_case(request, application_id)


def show_case(
    request: HttpRequest, application_id: int, *, opened: str = "", form: Any = None, status: int = 200, **more: Any
) -> HttpResponse:
    """Show a case; a refused form stands open with what was typed."""
    today = timezone.localdate()
    detail = case_detail(actor=request.actor, application_id=application_id, today=today)
    around = beside(detail, today)
    pages = {**ELSEWHERE, **pages_of(detail, today)}
    # How a review or suit ended is entered with its decision, on its own page.
    hidden = {
        *pages,
        Verb.DECIDE_REMEDY,
        Verb.CARRY_OVER,  # a job does it for every open case
        *((Verb.RETURN_ASSIGNMENT,) if answered_elsewhere(detail, around["retrievals"]) else ()),
    }
    subject = subject_of(detail)
    cards = [
        (verb, VERB_NAMES[verb], _form(request, subject, verb, opened, form))
        for verb in detail.verbs
        if verb not in hidden
    ]
    if opened in set(Verb) and opened not in {card[0] for card in cards}:
        form_errors(request, form)  # somebody was faster: its form is not on the page any more
    drafted = detail.course.state.stage is Stage.DECIDING  # a second draft is possible, but not what comes next
    first = next((verb for verb in NEXT if verb in detail.verbs and not (drafted and verb is Verb.DRAFT)), None)
    application = detail.application
    context = {
        "page_title": f"{application.register_no} {application.subject}",
        "breadcrumbs": [board_crumb(), {"label": application.register_no, "url": ""}],
        "detail": detail,
        "application": application,
        "state": detail.course.state,
        "clock": detail.clock,
        "gone": detail.course.state.stage in GONE,
        "next_card": next((card for card in cards if card[0] is first), None),
        "cards": [card for card in cards if card[0] is not first],
        "elsewhere": [
            (VERB_NAMES[verb], reverse(f"foi:staff:{name}", args=[application_id]), WHEN.get(verb, ""))
            for verb, name in pages.items()
            if verb in detail.verbs
        ],
        "remedies": case_remedies(application=application, today=today),
        "remedy_ends": remedy_periods(course=detail.course, state=detail.course.state),
        "after": case_after(actor=request.actor, application=application, today=today),
        "linked": linked_list(actor=request.actor, application=application),
        "opened": opened,
        "short": evidence_short(detail=detail),
        "paper_form": form if opened == "paper" else PaperForm(detail=detail),
        "remove_form": RemoveForm(),
        "open_form": form if opened == "applicant" else OpenForm(),
        "identity_form": IdentityForm(),
        "today": today,
        **around,
        **more,
    }
    response = render(request, "foi/staff/case.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response


def _form(request: HttpRequest, subject: StepSubject, verb: Verb, opened: str, form: Any) -> forms.Form:
    if form is not None and opened == verb.value:
        return form
    return CommandForm(verb, subject, timezone.localdate(), request.actor.name)


@require_POST
@found_view
def case_step(request: HttpRequest, application_id: int, verb: str) -> HttpResponse:
    """Do one step of a case."""
    if verb not in set(Verb) or verb == Verb.SUBMIT.value:
        raise Http404(verb)
    step = Verb(verb)
    if step in ELSEWHERE:
        return redirect(f"foi:staff:{ELSEWHERE[step]}", application_id)
    today, now = timezone.localdate(), timezone.now()
    detail = case_detail(actor=request.actor, application_id=application_id, today=today)
    pages = pages_of(detail, today)
    if step in pages:
        return redirect(f"foi:staff:{pages[step]}", application_id)
    form = CommandForm(step, subject_of(detail), today, request.actor.name, request.POST, request.FILES)
    if form.is_valid():
        done = attempt(form, lambda: (_do(request, application_id, form, now),))
        if done is not None:
            _told(request, application_id, form, done[0])
            return redirect("foi:staff:case", application_id)
    return show_case(request, application_id, opened=step.value, form=form, status=REFUSED)


def _do(request: HttpRequest, application_id: int, form: CommandForm, now: Any) -> Any:
    command = form.command()
    if isinstance(command, RecordReceipt):
        services.receipt_record(
            actor=request.actor,
            application_id=application_id,
            facts=command.facts,
            on=command.on,
            now=now,
        )
        return ()
    return services.case_steps(
        actor=request.actor,
        application_id=application_id,
        commands=form.commands(),
        seen=form.cleaned_data["seen"],
        now=now,
        **form.paper(),
    )


def _told(request: HttpRequest, application_id: int, form: CommandForm, issues: Any) -> None:
    """Say that the step is recorded, what wants a look, and which letter has to follow."""
    done = f"已记录：{VERB_NAMES[form.verb]}。"
    letter = letter_after(form.verb, form.cleaned_data)
    code, title = "", ""
    if letter is not None:
        code, title = letter_of(application_id=application_id, code=letter, on=timezone.localdate())
    if code and form.subject.takes_papers:
        address = reverse("foi:staff:letter_new", args=[application_id, code])
        done = format_html('{}接下来：<a href="{}">制作《{}》</a>。', done, address, title)
    messages.success(request, done)
    for issue in issues:
        messages.warning(request, describe(issue))


@require_GET
@found_view
def course_sheet(request: HttpRequest, application_id: int) -> HttpResponse:
    """Show how every day of the case was counted: the sheet for a body of review, the applicant, or the house."""
    today = timezone.localdate()
    wanted = request.GET.get("for", "")
    audience = Audience(wanted) if wanted in set(Audience) else Audience.REVIEW_BODY
    detail = case_detail(actor=request.actor, application_id=application_id, today=today)
    context = {
        "page_title": f"期限计算说明：{detail.application.register_no}",
        "breadcrumbs": case_crumbs(application_id, detail.application.register_no, "期限计算说明"),
        "detail": detail,
        "application": detail.application,
        "reading": detail.clock.reply,
        "sheet": timeline(detail.course.events, detail.course.law, today=today, audience=audience),
        "audience": audience,
        "audiences": [(one.value, name) for one, name in AUDIENCE_NAMES.items()],
        "today": today,
    }
    return render(request, "foi/staff/course.html", context)


@require_POST
@found_view
def case_file(request: HttpRequest, application_id: int) -> HttpResponse:
    """Hand out the whole case as one archive; a button, because it is written down."""
    name, data = services.case_file(actor=request.actor, application_id=application_id, now=timezone.now())
    response = attachment(data, name, "application/zip")
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@sensitive_post_parameters()
@sensitive_variables("opened")
@found_view
def applicant_open(request: HttpRequest, application_id: int) -> HttpResponse:
    """Show the whole of the applicant's data once, after writing down who asked and why."""
    application = application_get(actor=request.actor, application_id=application_id)
    form = OpenForm(request.POST)
    if form.is_valid():
        opened = attempt(
            form,
            lambda: unmask_all(
                actor=request.actor,
                row=application.applicant,
                fields=APPLICANT_FIELDS,
                reason=form.cleaned_data["reason"],
                now=timezone.now(),
            ),
        )
        if opened is not None:
            labels = {f.name: f.verbose_name for f in application.applicant._meta.fields}
            rows = [(labels[name], value) for name, value in opened.items() if value]
            return show_case(request, application_id, applicant=rows)
    return show_case(request, application_id, opened="applicant", form=form, status=REFUSED)


@require_POST
@found_view
def paper_add(request: HttpRequest, application_id: int) -> HttpResponse:
    """Add a paper to a case."""
    detail = case_detail(actor=request.actor, application_id=application_id, today=timezone.localdate())
    form = PaperForm(request.POST, request.FILES, detail=detail)
    if form.is_valid():
        done = attempt(
            form,
            lambda: services.paper_add(
                actor=request.actor, application_id=application_id, now=timezone.now(), **form.cleaned_data
            ),
        )
        if done is not None:
            messages.success(request, "已添加材料。")
            return redirect("foi:staff:case", application_id)
    return show_case(request, application_id, opened="paper", form=form, status=REFUSED)


@require_POST
@found_view
def paper_remove(request: HttpRequest, paper_id: int) -> HttpResponse:
    """Take a paper out of use."""
    form = RemoveForm(request.POST)
    application_id = paper_application(actor=request.actor, paper_id=paper_id)
    if form.is_valid():
        done = attempt(
            form,
            lambda: services.paper_remove(
                actor=request.actor, paper_id=paper_id, reason=form.cleaned_data["reason"], now=timezone.now()
            ),
        )
        if done is not None:
            messages.success(request, "已移除，记录保留在案卷中。")
            return redirect("foi:staff:case", application_id)
    form_errors(request, form)
    return redirect("foi:staff:case", application_id)


@require_POST
@found_view
def identity_open(request: HttpRequest, paper_id: int) -> HttpResponse:
    """Hand out a proof of identity, after writing down who asked and why."""
    form = IdentityForm(request.POST)
    application_id = paper_application(actor=request.actor, paper_id=paper_id)
    if form.is_valid():
        found = attempt(
            form,
            lambda: services.identity_open(
                actor=request.actor, paper_id=paper_id, reason=form.cleaned_data["reason"], now=timezone.now()
            ),
        )
        if found is not None:
            name, data = found
            response = attachment(data, name, "application/octet-stream")
            response["Cache-Control"] = "no-store"
            return response
    form_errors(request, form)
    return redirect("foi:staff:case", application_id)
