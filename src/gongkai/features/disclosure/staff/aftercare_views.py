"""What follows publication: reviews of validity, reassessment of what is withheld, aggregation risk."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gongkai.features.disclosure import permissions
from gongkai.features.disclosure.selectors import aggregation, reviews
from gongkai.features.disclosure.selectors.access import item_get
from gongkai.features.disclosure.services.aggregation import risk_decide
from gongkai.features.disclosure.services.reviews import item_reassess, validity_review
from gongkai.features.disclosure.staff.aftercare_forms import ReassessForm, ReviewForm, RiskForm
from gongkai.features.disclosure.staff.pages import (
    ITEMS,
    attempt,
    disclosure_view,
    form_errors,
    press,
    show_form,
)
from gongkai.rulebook.disclosure import disclosure_rules

PER_PAGE = 30
NAMES = {"proactive": "主动公开", "on_application": "依申请公开", "withheld": "不予公开"}


@require_GET
@disclosure_view
def review_list(request: HttpRequest) -> HttpResponse:
    """List the published items that have to be looked at again; ``?all=1`` those of later too."""
    everything = request.GET.get("all") == "1"
    rows = reviews.review_list(actor=request.actor, today=timezone.localdate(), everything=everything)
    context = {
        "page_title": "有效性复核",
        "breadcrumbs": [ITEMS, {"label": "有效性复核", "url": ""}],
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "everything": everything,
        "overdue": sum(1 for row in rows if row.overdue_days),
    }
    return render(request, "disclosure/staff/aftercare/review_list.html", context)


@require_http_methods(["GET", "POST"])
@disclosure_view
def review_item(request: HttpRequest, item_id: int) -> HttpResponse:
    """Look at one published item again and say whether it holds."""
    item = item_get(actor=request.actor, item_id=item_id)
    others = reviews.replacement_choices(actor=request.actor, item=item, at=timezone.now())
    form = ReviewForm(request.POST or None, others=others)
    if form.is_bound and form.is_valid():
        done = attempt(
            form,
            lambda: validity_review(
                actor=request.actor,
                item_id=item_id,
                outcome=form.cleaned_data["outcome"],
                note=form.cleaned_data["note"],
                instead_id=form.cleaned_data["instead_id"],
                now=timezone.now(),
            ),
        )
        if done is not None:
            messages.success(request, f"已复核《{item.title}》：{done.get_outcome_display()}。")
            return redirect("disclosure:staff:validity_list")
    return show_form(
        request,
        "disclosure/staff/aftercare/review_item.html",
        form,
        page_title=f"复核《{item.title}》",
        breadcrumbs=[
            ITEMS,
            {"label": "有效性复核", "url": reverse("disclosure:staff:validity_list")},
            {"label": "复核", "url": ""},
        ],
        item=item,
        former=reviews.validity_reviews(item_id=item_id),
        may=permissions.can_review_validity(request.actor, item),
    )


@require_GET
@disclosure_view
def reassessment_list(request: HttpRequest) -> HttpResponse:
    """List what is withheld or given on application only and is due for its periodic look; ``?all=1`` all of it."""
    everything = request.GET.get("all") == "1"
    rows = reviews.reassessment_list(actor=request.actor, today=timezone.localdate(), due_only=not everything)
    context = {
        "page_title": "定期评估",
        "breadcrumbs": [ITEMS, {"label": "定期评估", "url": ""}],
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "everything": everything,
        "basis": reviews.reassessment_basis(today=timezone.localdate()),
    }
    return render(request, "disclosure/staff/aftercare/reassessment_list.html", context)


@require_http_methods(["GET", "POST"])
@disclosure_view
def reassess_item(request: HttpRequest, item_id: int) -> HttpResponse:
    """Ask whether the reason for not disclosing an item still holds."""
    item = item_get(actor=request.actor, item_id=item_id)
    attributes = [code for code in ("proactive", "on_application") if code != item.attribute]
    grounds = [g for g in disclosure_rules().grounds.values() if set(g.attributes) & set(attributes)]
    form = ReassessForm(
        request.POST or None,
        outcomes=[("keep", f"维持“{item.get_attribute_display()}”"), *((a, f"改为{NAMES[a]}") for a in attributes)],
        grounds=[(ground.code, ground.label) for ground in grounds],
    )
    if form.is_bound and form.is_valid():
        done = attempt(
            form,
            lambda: item_reassess(
                actor=request.actor,
                item_id=item_id,
                outcome=form.cleaned_data["outcome"],
                reason=form.cleaned_data["reason"],
                grounds=form.cleaned_data["grounds"],
                note=form.cleaned_data["note"],
                now=timezone.now(),
            ),
        )
        if done is not None:
            messages.success(request, f"已评估《{item.title}》：{done.get_outcome_display()}。")
            kept = done.outcome == "keep"
            return redirect("disclosure:staff:reassessment_list") if kept else redirect(_item_url(item_id))
    return show_form(
        request,
        "disclosure/staff/aftercare/reassess_item.html",
        form,
        page_title=f"评估《{item.title}》",
        breadcrumbs=[
            ITEMS,
            {"label": "定期评估", "url": reverse("disclosure:staff:reassessment_list")},
            {"label": "评估", "url": ""},
        ],
        item=item,
        ground_boxes=list(zip(form["grounds"], [ground.attributes for ground in grounds], strict=True)),
        grounds=[disclosure_rules().grounds[c].label for c in item.grounds if c in disclosure_rules().grounds],
        former=reviews.reassessments(item_id=item_id),
        may=permissions.can_reassess(request.actor, item),
    )


@require_GET
@disclosure_view
def risk_list(request: HttpRequest) -> HttpResponse:
    """Report the persons whom several public items tell too much about; ``?all=1`` those judged acceptable too."""
    everything = request.GET.get("all") == "1"
    rows = aggregation.risk_list(actor=request.actor, open_only=not everything)
    context = {
        "page_title": "汇聚风险",
        "breadcrumbs": [ITEMS, {"label": "汇聚风险", "url": ""}],
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "everything": everything,
        "grave": sum(1 for row in rows if row.grave),
    }
    return render(request, "disclosure/staff/aftercare/risk_list.html", context)


@require_POST
@disclosure_view
def risk_judge(request: HttpRequest) -> HttpResponse:
    """Judge what the items tell about a person together."""
    form = RiskForm(request.POST)
    if not form.is_valid():
        form_errors(request, form)
        return redirect("disclosure:staff:risk_list")
    return press(
        request,
        lambda: risk_decide(
            actor=request.actor,
            name=form.cleaned_data["name"],
            outcome=form.cleaned_data["outcome"],
            reason=form.cleaned_data["reason"],
            now=timezone.now(),
        ),
        "已记录认定结论。",
        reverse("disclosure:staff:risk_list"),
    )


def _item_url(item_id: int) -> str:
    return reverse("disclosure:staff:item_detail", args=[item_id])
