"""Importing a plan: upload, correct side by side, confirm."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gongkai.domain.organizations.kinds import LABELS
from gongkai.features.workplans import permissions, selectors, services
from gongkai.features.workplans.staff.import_forms import (
    DiscardForm,
    Typed,
    UploadForm,
    changes_of,
    read_typed,
)
from gongkai.features.workplans.staff.import_merge import Merged, merge
from gongkai.features.workplans.staff.import_preview import Line, anchor_of, preview
from gongkai.features.workplans.staff.pages import PLANS, REFUSED, attempt, ledger_view
from gongkai.kernel.errors import NotPermitted, Refused

CONFLICT = 409


@require_http_methods(["GET", "POST"])
@ledger_view
def plan_upload(request: HttpRequest) -> HttpResponse:
    """Take a document; what cannot be read is told with every reason, and then nothing has been stored."""
    if not permissions.can_import_plans(request.actor):
        raise NotPermitted(ability="导入工作方案")
    owners = selectors.owner_choices(actor=request.actor, today=timezone.localdate())
    sent = request.method == "POST"
    limit = settings.UPLOAD_LIMIT_BYTES // 1024 // 1024
    form = UploadForm(
        request.POST if sent else None,
        request.FILES if sent else None,
        owners=owners,
        unit_ids=request.actor.unit_ids,
        limit_mb=limit,
    )
    context: dict[str, Any] = {
        "page_title": "导入方案",
        "breadcrumbs": [PLANS, {"label": "导入方案", "url": ""}],
        "form": form,
    }
    status = 200
    if sent:
        status = REFUSED
        if form.is_valid():
            try:
                row = services.plan_upload(
                    actor=request.actor,
                    upload=form.cleaned_data["file"],
                    name=form.cleaned_data["file"].name,
                    owner_id=form.cleaned_data["owner"],
                    force=form.cleaned_data["force"],
                    now=timezone.now(),
                )
            except (NotPermitted, selectors.NotFound):
                raise
            except Refused as refused:
                context.update(
                    issues=refused.issues,
                    name=form.cleaned_data["file"].name,
                    not_a_plan=any("not_a_plan" in code for code in refused.codes()),
                    known=_known(refused),
                )
            else:
                messages.success(request, f"已读取，识别出 {len(row.tasks)} 项任务。请逐项核对后确认。")
                return redirect("workplans:staff:import_preview", row.pk)
    return render(request, "workplans/staff/plan_upload.html", context, status=status)


def _known(refused: Refused) -> list[tuple[str, str]]:
    """Return (words, address) of what was made from the same document before."""
    links = []
    for issue in refused.issues:
        if "import" in issue.values:
            links.append(("继续那一次导入", reverse("workplans:staff:import_preview", args=[issue.values["import"]])))
        elif "plan" in issue.values:
            links.append(("查看那个方案", reverse("workplans:staff:plan_detail", args=[issue.values["plan"]])))
    return links


@require_GET
@ledger_view
def import_preview(request: HttpRequest, import_id: int) -> HttpResponse:
    """Show the document beside what was read from it."""
    view = selectors.import_get(actor=request.actor, import_id=import_id, today=timezone.localdate())
    if view.state != "open":
        return render(
            request,
            "workplans/staff/import_ended.html",
            {
                "page_title": view.heading.get("title") or view.name,
                "breadcrumbs": [PLANS, {"label": "导入", "url": ""}],
                "view": view,
            },
        )
    return _page(request, view)


def _page(
    request: HttpRequest,
    view: selectors.ImportView,
    *,
    typed: Typed | None = None,
    merged: Merged | None = None,
    refused: list[Line] | None = None,
    saved: str = "",
    status: int = 200,
    discard_form: DiscardForm | None = None,
) -> HttpResponse:
    today = timezone.localdate()
    context = {
        "page_title": view.heading.get("title") or view.name,
        "breadcrumbs": [PLANS, {"label": "核对导入", "url": ""}],
        "view": view,
        "screen": preview(view, typed, merged),
        "merged": merged,
        "refused": refused or [],
        "saved": saved,
        "units": selectors.unit_choices(actor=request.actor, today=today),
        "groups": [(f"group:{pk}", name) for pk, name in selectors.group_choices(actor=request.actor)],
        "unit_kinds": [(kind.value, label) for kind, label in LABELS.items()],
        "discard_form": discard_form or DiscardForm(),
        "today": today,
    }
    return render(request, "workplans/staff/import_preview.html", context, status=status)


@require_POST
@ledger_view
def import_save(request: HttpRequest, import_id: int) -> HttpResponse:
    """Save what was typed, and then do what the button says; a refusal keeps everything on the screen.

    The button's value is ``save``, ``confirm``, ``merge``, or ``drop:KEY``, ``restore:KEY``, ``split:KEY``.
    """
    now = timezone.now()
    today = timezone.localdate(now)
    view = selectors.import_get(actor=request.actor, import_id=import_id, today=today)
    names = {name: pk for pk, name in selectors.unit_choices(actor=request.actor, today=today)}
    groups = dict(selectors.group_choices(actor=request.actor))
    typed = read_typed(request.POST, view, units=names, groups=groups)
    if typed.revision != view.revision and view.state == "open":
        return _conflict(request, view, typed)
    if typed.problems:
        lines = [Line(text, anchor) for text, anchor in typed.problems]
        return _page(request, view, typed=typed, refused=lines, status=REFUSED)
    revision, saved = view.revision, []
    try:
        if typed.decisions:
            revision = services.import_resolve_units(
                actor=request.actor, import_id=import_id, revision=revision, decisions=typed.decisions, now=now
            ).revision
            saved.append("单位对照")
        if changes := changes_of(typed, view):
            revision = services.import_correct(
                actor=request.actor, import_id=import_id, revision=revision, changes=changes, now=now
            ).revision
            saved.append("修改")
        done, anchor = _act(request, import_id, revision, now)
    except (NotPermitted, selectors.NotFound):
        raise
    except Refused as refused:
        return _refused(request, import_id, typed, refused, saved)
    if isinstance(done, HttpResponse):
        return done
    messages.success(request, done if done else ("已保存。" if saved else "没有需要保存的修改。"))
    return redirect(f"{reverse('workplans:staff:import_preview', args=[import_id])}{anchor}")


def _act(request: HttpRequest, import_id: int, revision: int, now: Any) -> tuple[Any, str]:
    """Do what the button says; returns what to say (or where to go) and the anchor to come back to."""
    action, _, key = request.POST.get("do", "save").partition(":")
    common = {"actor": request.actor, "import_id": import_id, "revision": revision, "now": now}
    if action == "confirm":
        plan = services.import_confirm(**common, activate="draft" not in request.POST)
        messages.success(request, f"已确认《{plan.title}》，任务进入台账。")
        return redirect("workplans:staff:plan_detail", plan.pk), ""
    steps: dict[str, Callable[[], Any]] = {
        "drop": lambda: services.import_task_drop(**common, key=key, reason=request.POST.get(f"{key}-reason", "")),
        "restore": lambda: services.import_task_restore(**common, key=key),
        "merge": lambda: services.import_task_merge(**common, keys=request.POST.getlist("merge")),
        "split": lambda: services.import_task_split(
            **common,
            key=key,
            parts=[
                {"title": line.strip()} for line in request.POST.get(f"{key}-parts", "").splitlines() if line.strip()
            ],
        ),
    }
    if action in steps:
        steps[action]()
        words = {
            "drop": "已去除这项任务，可在下方“已去除的任务”中恢复。",
            "restore": "已恢复。",
            "merge": "已合并到第一项。",
            "split": "已拆出，请核对各项的单位和时限。",
        }
        anchor = {"drop": "#dropped", "merge": "#tasks"}.get(action, f"#task-{key}")
        return words[action], anchor
    return "", ""


def _refused(request: HttpRequest, import_id: int, typed: Typed, refused: Refused, saved: list[str]) -> HttpResponse:
    """Show the screen again with every reason; what was typed and not saved stays in its fields."""
    view = selectors.import_get(actor=request.actor, import_id=import_id, today=timezone.localdate())
    if "workplans.import.changed_meanwhile" in refused.codes() and view.state == "open":
        return _conflict(request, view, typed)
    numbers = {phrase.phrase: n for n, phrase in enumerate(view.phrases)}
    lines = [
        Line(text, anchor_of(issue, numbers)) for issue, text in zip(refused.issues, refused.sentences(), strict=True)
    ]
    if view.state != "open":
        for line in lines:
            messages.error(request, line.text)
        return redirect("workplans:staff:import_preview", import_id)
    rest = replace(typed, revision=view.revision, choices={} if "单位对照" in saved else typed.choices)
    return _page(request, view, typed=rest, refused=lines, saved="、".join(saved), status=REFUSED)


def _conflict(request: HttpRequest, view: selectors.ImportView, typed: Typed) -> HttpResponse:
    """Somebody else saved meanwhile: nothing is saved, what was typed stays, and theirs is shown beside it."""
    titles = {
        name.removesuffix("-title"): value
        for name, value in request.POST.items()
        if name.endswith("-title") and name != "h-title"
    }
    merged = merge(typed, titles, view)
    return _page(request, view, typed=merged.typed, merged=merged, status=CONFLICT)


@require_POST
@ledger_view
def import_discard(request: HttpRequest, import_id: int) -> HttpResponse:
    """Give an import up, with a reason."""
    form = DiscardForm(request.POST)
    if form.is_valid():
        done = attempt(
            form,
            lambda: services.import_discard(
                actor=request.actor, import_id=import_id, reason=form.cleaned_data["reason"], now=timezone.now()
            ),
        )
        if done is not None:
            messages.success(request, "已放弃这次导入，没有建立任何任务。文件和识别结果留存备查。")
            return redirect("workplans:staff:plan_list")
    view = selectors.import_get(actor=request.actor, import_id=import_id, today=timezone.localdate())
    if view.state != "open":
        return redirect("workplans:staff:import_preview", import_id)
    return _page(request, view, discard_form=form, status=REFUSED)
