"""My delegations: give, see, take back."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from gongkai.kernel.accounts.web import show_refusal, staff_view
from gongkai.kernel.approvals import selectors, services
from gongkai.kernel.approvals.staff.forms import DelegationForm
from gongkai.kernel.errors import NotPermitted, Refused


@require_http_methods(["GET", "POST"])
@staff_view
def delegation_list(request: HttpRequest) -> HttpResponse:
    """List what the actor gave, holds or watches over, and give a new one."""
    today = timezone.localdate()
    posts = selectors.delegable_posts(actor=request.actor, today=today)
    people = selectors.colleagues(actor=request.actor, today=today)
    form = DelegationForm(
        request.POST if request.method == "POST" else None,
        posts=[
            (f"{post.unit_id}:{post.role}", f"{post.unit.display_name} · {post.get_role_display()}") for post in posts
        ],
        people=[(user.pk, f"{user.get_full_name()}（{units}）") for user, units in people],
        initial={"from_on": today},
    )
    if form.is_bound and form.is_valid():
        values = form.cleaned_data
        unit_id, _, role = values["post"].partition(":")
        try:
            services.delegation_give(
                actor=request.actor,
                to_user_id=values["to"],
                role=role,
                unit_id=int(unit_id),
                from_on=values["from_on"],
                until_on=values["until_on"],
                reason=values["reason"],
                now=timezone.now(),
            )
        except NotPermitted:
            raise
        except Refused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, "已委托，并已通知对方。")
            return redirect("approvals:staff:delegation_list")
    context = {
        "page_title": "签批委托",
        "rows": selectors.delegation_rows(actor=request.actor, today=today),
        "form": form,
        "may_give": bool(posts),
        "me": request.actor.user_id,
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "approvals/staff/delegation_list.html", context, status=status)


@require_POST
@staff_view
def delegation_revoke(request: HttpRequest, delegation_id: int) -> HttpResponse:
    """Take a delegation back."""
    try:
        services.delegation_revoke(actor=request.actor, delegation_id=delegation_id, now=timezone.now())
    except NotPermitted:
        raise
    except Refused as refused:
        for sentence in refused.sentences():
            messages.error(request, sentence)
    else:
        messages.success(request, "委托已收回。之前代签的仍然有效。")
    return redirect("approvals:staff:delegation_list")
