"""The second person: requests to let a finding of the gate pass, and what stays lit."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from gongkai.features.disclosure.selectors import gate as gates
from gongkai.features.disclosure.services import gate
from gongkai.features.disclosure.staff.pages import disclosure_view, is_missing
from gongkai.features.disclosure.staff.release_gate import override_words
from gongkai.kernel.errors import NotPermitted, Refused


@require_GET
@disclosure_view
def override_list(request: HttpRequest) -> HttpResponse:
    """Show the requests that wait for the actor as the second person, and what is lit."""
    actor, now = request.actor, timezone.now()
    context = {
        "page_title": "检查放行",
        "breadcrumbs": [("发布台", reverse("disclosure:staff:release_desk")), ("检查放行", "")],
        "waiting": [override_words(one, may_decide=True) for one in gates.overrides_waiting(actor=actor)],
        "lit": [override_words(one) for one in gates.overrides_lit(actor=actor, at=now)],
    }
    return render(request, "disclosure/staff/release/override_list.html", context)


@require_POST
@disclosure_view
def override_decide(request: HttpRequest, override_id: int) -> HttpResponse:
    """Agree to let a problem pass, or refuse to with a note."""
    agreed = request.POST.get("decision") == "agree"
    decide = gate.override_agree if agreed else gate.override_refuse
    note = request.POST.get("note", "").strip()
    try:
        decided = decide(actor=request.actor, override_id=override_id, note=note, now=timezone.now())
    except NotPermitted:
        raise
    except Refused as refused:
        if is_missing(refused):
            raise
        for sentence in refused.sentences():
            messages.error(request, sentence)
        return redirect("disclosure:staff:override_list")
    messages.success(request, "已同意放行，一直亮灯到这一版不再公开。" if agreed else "已答复不同意放行。")
    return redirect(f"{reverse('disclosure:staff:release', args=[decided.item_id])}#overrides")
