"""What waits for one's signature, the page on which one signs, and links for signers without an account."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gongkai.domain.approval import Form
from gongkai.features.disclosure.selectors import gate as gates
from gongkai.features.disclosure.selectors import sheets, signing
from gongkai.features.disclosure.signing_forms import SignForm
from gongkai.features.disclosure.staff.pages import DOCX, REFUSED, attachment, attempt, disclosure_view, press
from gongkai.features.disclosure.staff.reading import reading_of
from gongkai.features.disclosure.staff.release_forms import LinkForm
from gongkai.features.disclosure.staff.release_gate import gate_view
from gongkai.features.disclosure.staff.review_page import DUTIES, TARGET, changes_view, progress_context
from gongkai.kernel.approvals import selectors as approvals
from gongkai.kernel.approvals import services
from gongkai.kernel.errors import NotPermitted, Refused

PER_PAGE = 30
WAITING, SIGNED, RETURNED, DELEGATED = "waiting", "signed", "returned", "delegated"
CHANGED_CODES = ("approvals.round.ended", "approvals.digest.changed")
"""Refusals that may come from the content having been edited in between."""


class Listed:
    """A row of any tab with who signed before."""

    def __init__(self, row: Any, before: list[str]) -> None:
        self.row, self.signed_before = row, before

    def __getattr__(self, name: str) -> Any:
        return getattr(self.row, name)


def _here(*more: tuple[str, str]) -> list[tuple[str, str]]:
    return [("待我审核", reverse("disclosure:staff:inbox")), *more]


@require_GET
@disclosure_view
def inbox(request: HttpRequest) -> HttpResponse:
    """Show what waits for the actor's signature, what was handed to the actor, what was signed and returned."""
    actor, today = request.actor, timezone.localdate()
    waiting = [row for row in approvals.inbox(actor=actor, today=today) if row.target_type == TARGET]
    own = [row for row in waiting if not row.on_behalf_of]
    handed = [row for row in waiting if row.on_behalf_of]
    shown = request.GET.get("tab", WAITING)
    if shown == DELEGATED:
        rows: list[Any] = handed
    elif shown in (SIGNED, RETURNED):
        rows = signing.signed_list(actor=actor, verdict="sign" if shown == SIGNED else "return")
    else:
        shown, rows = WAITING, own
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    before = signing.signed_before(approval_ids=[row.approval_id for row in page.object_list])
    page.object_list = [Listed(row, before.get(row.approval_id, [])) for row in page.object_list]
    context = {
        "page_title": "待我审核",
        "tabs": [
            (WAITING, "待我审核", len(own)),
            (DELEGATED, "委托给我", len(handed)),
            (SIGNED, "我签过的", None),
            (RETURNED, "我退回的", None),
        ],
        "shown": shown,
        "page": page,
        "dated": shown in (WAITING, DELEGATED),
    }
    return render(request, "disclosure/staff/review/inbox.html", context)


@require_http_methods(["GET", "POST"])
@disclosure_view
def sign(request: HttpRequest, approval_id: int, step: str) -> HttpResponse:
    """Show exactly what is to be signed beside the form, and take the signature."""
    actor, today = request.actor, timezone.localdate()
    sheet = signing.sign_sheet_get(actor=actor, approval_id=approval_id, today=today)
    sheet_form = _form_of(sheet, step)
    if request.method == "POST":
        form = SignForm(request.POST, sheet=sheet_form)
        if not form.is_valid():
            return _sign_page(request, sheet, step, form=form)
        try:
            signature = services.approval_sign(
                actor=actor, approval_id=approval_id, step=step, now=timezone.now(), **form.arguments()
            )
        except NotPermitted:
            raise
        except Refused as refused:
            # Read anew: what refused may have happened while the page was open.
            sheet = signing.sign_sheet_get(actor=actor, approval_id=approval_id, today=today)
            return _sign_page(request, sheet, step, form=form, refused=refused)
        messages.success(
            request, f"《{sheet.content.title}》{signature.step.name}：{signature.get_verdict_display()}，已签署。"
        )
        return redirect("disclosure:staff:inbox")
    return _sign_page(request, sheet, step)


def _form_of(sheet: signing.SignSheet, step: str) -> Form | None:
    """Return the step's own form; a step that the round does not have answers 404."""
    one = approvals.round_of(sheet.approval)
    wanted = one.route.step(step)
    if wanted is None:
        raise Http404(f"这一轮审批没有步骤“{step}”")
    return one.forms.get(wanted.form)


def _sign_page(
    request: HttpRequest,
    sheet: signing.SignSheet,
    step: str,
    *,
    form: SignForm | None = None,
    refused: Refused | None = None,
) -> HttpResponse:
    actor, now = request.actor, timezone.now()
    today = timezone.localtime(now).date()
    approval, digest = sheet.approval, sheet.approval.digest
    context = progress_context(actor, approval, now=now, here=step)
    row = next(one for one in context["progress"].steps if one.code == step)
    chances = approvals.steps_for(approval, actor=actor, today=today) if approval.state == "open" else []
    chance = next((one for one in chances if one.step.code == step), None)
    if form is not None and refused is not None:
        form.refuse(refused)
    elif form is None and chance is not None and chance.may_sign:
        form = SignForm(sheet=chance.form, initial={"digest": digest})
    sees = signing.sees(actor, sheet)
    edited = signing.changes_since(sheet=sheet) if sees else None
    base = signing.sign_base(actor=actor, sheet=sheet)
    run = gates.gate_run_latest(item_id=sheet.item.pk, digest=digest)
    again = signing.round_now(sheet=sheet)
    context |= {
        "page_title": sheet.content.title,
        "breadcrumbs": _here((row.name, "")),
        "sheet": sheet,
        "approval": approval,
        "step": row,
        "duty": DUTIES.get(row.kind, ""),
        "content": sheet.content,
        "meta": sheets.meta_rows(content=sheet.content, item=sheet.item),
        "files": sheets.files_of(content=sheet.content, run=run),
        "gate": gate_view(run, item_id=sheet.item.pk, head_digest=digest, without_route=True, without_reading=True),
        "reading": reading_of(sheet.content, on=today),
        "changed": changes_view(edited, "您打开以后改动的内容") if edited is not None else None,
        "changes": changes_view(base.comparison, base.words) if base is not None else None,
        "form": form if approval.state == "open" else None,
        "on_behalf_of": chance.on_behalf_of if chance else "",
        "hindrances": _hindrances(row, chance, sheet),
        "refused": refused.sentences() if refused is not None else [],
        "again": again if again is not None and again.pk != approval.pk else None,
        "excluded": signing.excluded_list(sheet=sheet, step=step),
        "digest": digest,
        "digest_short": sheets.short_digest(digest),
        "detail_url": reverse("disclosure:staff:item_detail", args=[sheet.item.pk]) if sees else "",
        "today": today,
    }
    status = REFUSED if form is not None and form.is_bound else 200
    return render(request, "disclosure/staff/review/sign.html", context, status=status)


def _hindrances(row: approvals.StepRow, chance: approvals.SignChance | None, sheet: signing.SignSheet) -> list[str]:
    """Say why there is no form: each reason, never only a missing button."""
    if sheet.approval.state != "open":
        return [f"这一轮审核已经结束（{sheet.approval.get_state_display()}），不需要再签。"]
    if row.state == "done":
        return [f"这一环节已由{row.who}签署。"]
    if row.state != "open":
        return ["还没有轮到这一环节，前面的环节签完后会通知您。"]
    if chance is None:
        return [f"您没有办理这一环节的岗位：需要{row.who_may}。"]
    return chance.sentences


@require_GET
@disclosure_view
def review_sheet(request: HttpRequest, approval_id: int) -> HttpResponse:
    """Hand out the review sheet of a round as DOCX."""
    sheet = signing.sign_sheet_get(actor=request.actor, approval_id=approval_id, today=timezone.localdate())
    data = services.review_sheet(
        actor=request.actor,
        approval_id=approval_id,
        extra=sheets.meta_rows(content=sheet.content, item=sheet.item),
        now=timezone.now(),
    )
    return attachment(data, f"公开审查表_{sheet.content.title[:40]}_第{sheet.approval.round}轮.docx", DOCX)


@require_http_methods(["GET", "POST"])
@disclosure_view
def link_issue(request: HttpRequest, approval_id: int, step: str) -> HttpResponse:
    """Make a one-time link for a step and show its address this once."""
    sheet = signing.sign_sheet_get(actor=request.actor, approval_id=approval_id, today=timezone.localdate())
    wanted = approvals.round_of(sheet.approval).route.step(step)
    if wanted is None:
        raise Http404(f"这一轮审批没有步骤“{step}”")
    form = LinkForm(request.POST if request.method == "POST" else None)
    back = reverse("disclosure:staff:sign", args=[approval_id, step])
    context = {
        "page_title": f"请没有账号的人签署：{wanted.name}",
        "breadcrumbs": _here((sheet.content.title, back), ("一次性链接", "")),
        "step": wanted,
        "form": form,
        "back": back,
    }
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form,
            lambda: services.link_issue(
                actor=request.actor, approval_id=approval_id, step=step, now=timezone.now(), **form.cleaned_data
            ),
        )
        if made is not None:
            link, token = made
            address = request.build_absolute_uri(reverse("disclosure:signing:sign", args=[token]))
            response = render(
                request, "disclosure/staff/review/link_issue.html", {**context, "link": link, "token_url": address}
            )
            response["Cache-Control"] = "private, no-store"
            return response
    status = REFUSED if form.is_bound and form.errors else 200
    return render(request, "disclosure/staff/review/link_issue.html", context, status=status)


@require_POST
@disclosure_view
def link_revoke(request: HttpRequest, approval_id: int, step: str, link_id: int) -> HttpResponse:
    """Take a one-time link back."""
    return press(
        request,
        lambda: services.link_revoke(actor=request.actor, link_id=link_id, now=timezone.now()),
        "链接已收回，不能再用。",
        reverse("disclosure:staff:sign", args=[approval_id, step]),
    )
