"""Taking out of a record what may not be disclosed: words wherever they stand, and parts of pages, drawn or typed."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gongkai.features.foi import services
from gongkai.features.foi.selectors.papers import redactable, redaction_list
from gongkai.features.foi.selectors.redacting import record_page, record_places, record_sizes
from gongkai.features.foi.staff.crumbs import case_crumbs
from gongkai.features.foi.staff.redact_form import RedactForm
from gongkai.kernel.accounts.pages import REFUSED, attempt, found_view
from gongkai.kernel.errors import Refused

LONGEST_TERM = 200


@require_http_methods(["GET", "POST"])
@sensitive_post_parameters()
@sensitive_variables()
@found_view
def redact(request: HttpRequest, paper_id: int) -> HttpResponse:
    """Ask what goes, then give the copy and the list of what went."""
    today = timezone.localdate()
    subject = redactable(actor=request.actor, paper_id=paper_id, today=today, propose=request.method != "POST")
    form = RedactForm(subject, request.POST or None)
    if request.method == "POST" and form.is_valid():
        done = attempt(
            form,
            lambda: services.paper_redact(
                actor=request.actor,
                paper_id=paper_id,
                marks=form.marks(),
                seen_pages=form.cleaned_data["seen"],
                keep_pictures=not form.cleaned_data["drop_pictures"],
                now=timezone.now(),
            ),
        )
        if done is not None:
            messages.success(request, "已生成区分处理后的副本和遮盖清单。提供前请打开副本再看一遍。")
            return redirect("foi:staff:redaction_list", done[1].pk)
    sizes = record_sizes(actor=request.actor, paper_id=paper_id)
    context = {
        "page_title": f"区分处理：{subject.title}",
        "breadcrumbs": case_crumbs(subject.application_id, subject.register_no, "区分处理"),
        "form": form,
        "subject": subject,
        "paper_id": paper_id,
        "pages": [(number, *size) for number, size in enumerate(sizes, start=1)],
    }
    response = render(
        request, "foi/staff/redact.html", context, status=REFUSED if form.is_bound and form.errors else 200
    )
    response["Cache-Control"] = "no-store"
    return response


@require_GET
@found_view
def redact_page(request: HttpRequest, paper_id: int, page: int) -> HttpResponse:
    """Answer with the picture of a page of a record; kept by nobody on the way."""
    data = record_page(actor=request.actor, paper_id=paper_id, number=page)
    response = HttpResponse(data, content_type="image/jpeg")
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_POST
@sensitive_post_parameters()
@sensitive_variables()
@found_view
def redact_find(request: HttpRequest, paper_id: int) -> HttpResponse:
    """Tell where words stand in a record; they come in the body, so that no address and no log holds them."""
    terms = [term.strip()[:LONGEST_TERM] for term in request.POST.getlist("term") if term.strip()]
    try:
        places = record_places(actor=request.actor, paper_id=paper_id, terms=terms)
    except Refused as refused:
        if any(code.endswith("not_found") for code in refused.codes()):
            raise
        return JsonResponse({"told": refused.sentences()}, status=REFUSED)
    response = JsonResponse({"places": places, "count": sum(map(len, places.values()))})
    response["Cache-Control"] = "no-store"
    return response


@require_GET
@found_view
def redaction_sheet(request: HttpRequest, paper_id: int) -> HttpResponse:
    """Show the list of what was taken out of a record on which ground, for the file and for printing."""
    sheet = redaction_list(actor=request.actor, paper_id=paper_id)
    context = {
        "page_title": sheet.paper.title,
        "breadcrumbs": case_crumbs(sheet.paper.application_id, sheet.register_no, "遮盖清单"),
        "sheet": sheet,
    }
    response = render(request, "foi/staff/redaction.html", context)
    response["Cache-Control"] = "no-store"
    return response
