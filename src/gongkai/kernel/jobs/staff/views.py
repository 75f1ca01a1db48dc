"""The list of failed jobs, with a button to run one again."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from gongkai.kernel.accounts.web import staff_view
from gongkai.kernel.errors import NotPermitted, Refused
from gongkai.kernel.jobs import selectors, services


@require_GET
@staff_view
def failed_job_list(request: HttpRequest) -> HttpResponse:
    """Show whether a worker is alive, what waits and what has failed."""
    now = timezone.now()
    context = {
        "page_title": "后台任务",
        "jobs": selectors.failed_job_list(actor=request.actor),
        "counts": selectors.job_counts(),
        "alive": selectors.worker_alive(now=now),
        "heartbeat_at": selectors.heartbeat_at(),
    }
    return render(request, "jobs/staff/failed_job_list.html", context)


@require_POST
@staff_view
def job_retry(request: HttpRequest, job_id: int) -> HttpResponse:
    """Put a failed job back into the queue."""
    try:
        services.job_retry(actor=request.actor, job_id=job_id, now=timezone.now())
    except NotPermitted:
        raise
    except Refused as refusal:
        for sentence in refusal.sentences():
            messages.error(request, sentence)
    else:
        messages.success(request, f"任务 {job_id} 已重新排队。")
    return redirect("jobs:staff:failed_list")
