"""Noting how the letters of a case were delivered, with proof."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gongkai.domain.foi.delivering import END_NAMES, DeliveryFacts, End, reply_day
from gongkai.domain.foi.letters import Direction
from gongkai.domain.foi.model import DELIVERY_NAMES, Delivery
from gongkai.domain.foi.verbs import Verb
from gongkai.features.foi import services
from gongkai.features.foi.selectors.delivering import (
    LetterDelivered,
    deliveries_of,
    facts_of,
    letter_delivered,
    rules_on,
)
from gongkai.features.foi.selectors.detail import case_detail
from gongkai.features.foi.selectors.letter_rules import letter_form
from gongkai.features.foi.selectors.templates import template_data, template_in_use
from gongkai.features.foi.staff.crumbs import board_crumb, case_crumb, case_crumbs
from gongkai.kernel.accounts.pages import DOCX, REFUSED, attachment, attempt, found_view
from gongkai.kernel.letters import letter_blank
from gongkai.kernel.sealed.services import unmask

SHEET = "F05_delivery_proof"


def _day(label: str, hint: str = "", *, needed: bool = False) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, help_text=hint, required=needed, widget=widget)


class DeliveryForm(forms.Form):
    """How one letter goes and how its delivery ended."""

    way = forms.ChoiceField(
        label="送达方式",
        choices=[(one.value, name) for one, name in DELIVERY_NAMES.items()],
        help_text="给申请人的文书选网上送达的，保存后申请人凭查询码可以下载，第一次下载自动记为网上查阅。",
    )
    sent_on = _day("送出日期", "邮寄的写交邮之日，直接送达的写送到之日，网上的写发送之日。", needed=True)
    posting_no = forms.CharField(label="邮寄凭证号", required=False, max_length=60, help_text="邮寄的填写。")
    end = forms.ChoiceField(label="送达结果", required=False)
    ended_on = _day("送达日期", "签收、查阅、留置或者退回的日期；还没有结果的留空。")
    signed_by = forms.CharField(label="签收人", required=False, max_length=100, help_text="签收的填写，加密保存。")
    read_at = forms.DateTimeField(
        label="网上查阅时间",
        required=False,
        help_text="网上送达的填写申请人第一次查阅的时间。",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    note = forms.CharField(label="情况说明", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))
    upload = forms.FileField(label="凭证扫描件", required=False, help_text="签收的送达回证、妥投证明、发送记录等。")
    reason = forms.CharField(
        label="更正理由", required=False, max_length=300, help_text="改动已经登记的内容时填写，原来的记录保留。"
    )

    def __init__(self, found: LetterDelivered, wanted: str, today: date, *args: Any, **kwargs: Any) -> None:
        newest = found.newest
        initial: dict[str, Any] = {"way": wanted, "sent_on": today}
        if newest is not None:
            names = ("way", "sent_on", "posting_no", "end", "ended_on", "note")
            initial = {name: getattr(newest, name) for name in names}
            initial["read_at"] = timezone.localtime(newest.read_at) if newest.read_at is not None else None
        super().__init__(*args, initial=initial, **kwargs)
        rules = rules_on(today)
        known = dict.fromkeys(end for way in rules.ways for end in rules.ends_of(way))
        self.fields["end"].choices = [("", "还没有结果"), *((end.value, END_NAMES[end]) for end in known)]
        if newest is None:
            del self.fields["reason"]
        elif newest.signed_by is not None:
            self.fields["signed_by"].help_text = f"已登记：{newest.signed_by}。留空则不变。"

    def facts(self) -> DeliveryFacts:
        """Return what was entered; call it on a valid form."""
        data = self.cleaned_data
        return DeliveryFacts(
            way=Delivery(data["way"]),
            sent_on=data["sent_on"],
            posting_no=data["posting_no"],
            end=End(data["end"]) if data["end"] else None,
            ended_on=data["ended_on"],
            read_at=data["read_at"],
            signed_by=data["signed_by"],
            note=data["note"],
        )


@require_GET
@found_view
def delivery_list(request: HttpRequest, application_id: int) -> HttpResponse:
    """Show the letters of a case with their delivery."""
    today = timezone.localdate()
    detail = case_detail(actor=request.actor, application_id=application_id, today=today)
    if not detail.may_handle:
        raise Http404("deliveries")
    context = {
        "page_title": "文书送达",
        "breadcrumbs": case_crumbs(application_id, detail.application.register_no, "文书送达"),
        "application": detail.application,
        "rows": deliveries_of(detail=detail, today=today),
    }
    return render(request, "foi/staff/deliveries.html", context)


@require_http_methods(["GET", "POST"])
@sensitive_post_parameters("signed_by", "note")
@sensitive_variables("form")
@found_view
def delivery(request: HttpRequest, paper_id: int) -> HttpResponse:
    """Note how a letter goes out and how its delivery ended."""
    today = timezone.localdate()
    detail, found = letter_delivered(actor=request.actor, paper_id=paper_id, today=today)
    application = detail.application
    form = DeliveryForm(found, application.wanted_delivery, today, request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        noted = attempt(
            form,
            lambda: services.delivery_note(
                actor=request.actor,
                paper_id=paper_id,
                facts=form.facts(),
                upload=form.cleaned_data["upload"],
                reason=form.cleaned_data.get("reason", ""),
                now=timezone.now(),
            ),
        )
        if noted is not None:
            messages.success(request, f"已登记《{found.paper.title}》的送达。")
            return redirect("foi:staff:delivery_list", application.pk)
    rules = rules_on(today)
    context = {
        "page_title": f"登记送达：{found.paper.title}",
        "breadcrumbs": [
            board_crumb(),
            case_crumb(application.pk, application.register_no),
            {"label": "文书送达", "url": reverse("foi:staff:delivery_list", args=[application.pk])},
            {"label": found.paper.title, "url": ""},
        ],
        "application": application,
        "found": found,
        "form": form,
        "sheet": letter_form(code=SHEET, on=today) is not None,
        "days": [
            (DELIVERY_NAMES[way], reply_day(DeliveryFacts(way, today), rules=rules), rule)
            for way, rule in rules.ways.items()
        ],
        "correctable": found.is_reply and Verb.CORRECT_SERVICE in detail.verbs,
        "closed": application.closed_on if found.complete else None,
    }
    status = REFUSED if form.is_bound and form.errors else 200
    response = render(request, "foi/staff/delivery.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@sensitive_variables()
@found_view
def delivery_sheet(request: HttpRequest, paper_id: int) -> HttpResponse:
    """Hand out the sheet that is signed on delivery; a button, because it names the applicant and that is written down."""
    today = timezone.localdate()
    detail, found = letter_delivered(actor=request.actor, paper_id=paper_id, today=today)
    form = letter_form(code=SHEET, on=today)
    if form is None:
        raise Http404(SHEET)
    application = detail.application
    values: dict[str, Any] = {"application_no": application.register_no, "doc_no": found.paper.letter_no}
    if found.form.direction is Direction.TO_APPLICANT:
        why = f"打印《{found.paper.title}》的送达回证"
        values["addressee"] = unmask(
            actor=request.actor, row=application.applicant, field="name", reason=why, now=timezone.now()
        )
    if found.newest is not None:
        facts = facts_of(found.newest)
        values |= {"delivery": DELIVERY_NAMES[facts.way], "sent_on": facts.sent_on, "posting_no": facts.posting_no}
    known = {code: value for code, value in values.items() if code in form.known}
    own = template_data(template_in_use(unit_id=application.unit_id, code=SHEET))
    response = attachment(letter_blank(form, known, own=own), f"{application.register_no} {form.title}.docx", DOCX)
    response["Cache-Control"] = "no-store"
    return response
