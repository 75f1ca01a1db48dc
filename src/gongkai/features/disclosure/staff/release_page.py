"""Everything that the release page shows, put together from what the selectors tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone

from gongkai.features.disclosure import gate_permissions
from gongkai.features.disclosure.selectors import gate as gates
from gongkai.features.disclosure.selectors import releases
from gongkai.features.disclosure.selectors.sheets import short_digest
from gongkai.features.disclosure.staff.preview import Look
from gongkai.features.disclosure.staff.release_forms import ReasonForm, ScheduleForm, UnpublishForm
from gongkai.features.disclosure.staff.release_gate import GateView, OverrideView, gate_view, override_words
from gongkai.features.disclosure.staff.release_words import moment_words
from gongkai.features.disclosure.staff.review_page import item_round, progress_context
from gongkai.kernel.accounts.actor import Actor
from gongkai.rulebook.messages import describe

GATE_CODES = "publication.gate."
STATE_TONES = {"approved": "blue", "scheduled": "accent", "published": "green", "returned": "red", "withdrawn": "grey"}


@dataclass(frozen=True)
class Condition:
    """One condition of release: a light and words, and what to do where it is not met."""

    name: str
    tone: str
    words: str
    hint: str = ""


@dataclass(frozen=True)
class ScheduleView:
    """A moment that is waited for, or what became of the last one."""

    id: int
    words: str
    set_words: str
    state: str
    state_name: str
    reasons: Sequence[str]


@dataclass(frozen=True)
class HistoryRow:
    """One publication of the item with its proof, and how it ended."""

    number: int
    kind_name: str
    published_at: datetime
    by_name: str
    unit_name: str
    revision_number: int
    digest_short: str
    approval_id: int
    route_name: str
    emergency: bool
    gate_words: str
    proof_url: str
    end: Any


def release_context(
    actor: Actor,
    item_id: int,
    *,
    now: datetime,
    look: Look,
    refused: Sequence[str] = (),
    schedule_form: ScheduleForm | None = None,
    unpublish_form: UnpublishForm | None = None,
    opened_key: str = "",
    opened_form: ReasonForm | None = None,
) -> dict[str, Any]:
    """Return the context of the release page; raises Refused ``disclosure.item.not_found``."""
    page = releases.release_get(actor=actor, item_id=item_id, now=now)
    item, today = page.item, timezone.localtime(now).date()
    head = item.head
    run = gates.gate_run_latest(item_id=item_id)
    overrides = gates.override_list(actor=actor, item_id=item_id, digest=head.digest) if head else []
    view = gate_view(
        run,
        item_id=item_id,
        head_digest=head.digest if head else "",
        overrides=overrides,
        may_ask=gate_permissions.can_ask_override(actor, item),
        opened_key=opened_key,
        opened_form=opened_form,
    )
    if opened_form is not None and not any(one.form_open for one in view or ()):
        refused = ["这个问题已经不在检查结果里，请看最新的检查结果，或者重新检查。"]
    waiting = frozenset(one.pk for one in gates.overrides_waiting(actor=actor))
    steps = progress_context(actor, item_round(item_id), now=now)
    # The gate is asked anew when it goes out: a run that is missing or old does not keep the button shut.
    shut = any(not issue.code.startswith(GATE_CODES) for issue in page.blockers)
    found = view is not None and not view.stale and view.stopping > 0
    return {
        "page_title": f"发布：{item.title}",
        "breadcrumbs": [
            ("信息公开", reverse("disclosure:staff:item_list")),
            (item.title, reverse("disclosure:staff:item_detail", args=[item_id])),
            ("发布", ""),
        ],
        "item": item,
        "state_tone": STATE_TONES.get(item.state, "grey"),
        "current": page.current,
        "public_url": reverse("disclosure:public:item_detail", args=[item.uid]) if page.current else "",
        "detail_url": reverse("disclosure:staff:item_detail", args=[item_id]),
        "look": look,
        "conditions": conditions(item, view, steps["progress"]),
        "gate": view,
        "may_check": head is not None and gate_permissions.can_run_gate(actor, item),
        "overrides": [decidable(actor, one, waiting) for one in overrides],
        **steps,
        "bundle": page.bundle,
        "blockers": [describe(issue) for issue in page.blockers if not issue.code.startswith(GATE_CODES)],
        "may_publish": page.may_publish,
        "may_go_out": page.may_publish and not shut and not found,
        "may_withdraw": page.may_withdraw,
        "publish_schedule": schedule_view(page.publish_schedule, now),
        "unpublish_schedule": schedule_view(page.unpublish_schedule, now),
        "last_schedule": schedule_view(page.last_schedule, now),
        "schedule_form": schedule_form or ScheduleForm(),
        "unpublish_form": unpublish_form or UnpublishForm(),
        "history": [history_row(one, item) for one in page.history],
        "refused": list(refused),
        "now": now,
        "today": today,
    }


def conditions(item: Any, view: GateView | None, progress: Any) -> list[Condition]:
    """Return the three conditions of release: attribute with ground, the route to its end, the gate."""
    found = []
    if not item.attribute:
        found.append(Condition("公开属性", "red", "没有确定", "在信息页先确定属性和依据。"))
    elif item.attribute != "proactive":
        found.append(Condition("公开属性", "red", item.get_attribute_display(), "只有主动公开的信息可以发布。"))
    else:
        found.append(Condition("公开属性", "green", "主动公开，已定依据"))
    found.append(_approval_condition(progress, item.head.digest if item.head else ""))
    if view is None:
        found.append(Condition("发布前检查", "grey", "还没有检查", "发布时会自动检查，也可以现在检查。"))
    elif view.stale:
        found.append(Condition("发布前检查", "yellow", "检查之后内容改动过", "请重新检查。"))
    elif view.stopping:
        found.append(Condition("发布前检查", "red", f"{view.stopping} 个问题不能发布", "逐项列在下面。"))
    else:
        lit = sum(finding.overridden for finding in view)
        found.append(
            Condition("发布前检查", "yellow", f"通过，放行 {lit} 个问题")
            if lit
            else Condition("发布前检查", "green", "通过")
        )
    return found


def _approval_condition(progress: Any, digest: str) -> Condition:
    if progress is None:
        return Condition("审核", "grey", "还没有送审", "在信息页送审。")
    state = progress.approval.state
    if state == "completed" and progress.approval.digest == digest:
        return Condition("审核", "green", f"{progress.total} 个环节全部签完")
    if state == "completed":
        return Condition("审核", "red", "签完以后内容改动过", "请重新送审。")
    if state != "open":
        return Condition("审核", "red", progress.approval.get_state_display(), "修改后重新送审。")
    waiting = "、".join(step.name for step in progress.open_steps)
    return Condition(
        "审核", "yellow", f"已签 {progress.done}/{progress.total}", f"正在等：{waiting}" if waiting else ""
    )


def schedule_view(one: Any, now: datetime) -> ScheduleView | None:
    """Turn a Schedule into what the screen shows."""
    if one is None:
        return None
    who = one.set_by.display_name if one.set_by else "系统"
    return ScheduleView(
        id=one.pk,
        words=moment_words(one.due_at, now=now),
        set_words=f"{who}设定",
        state=one.state,
        state_name=one.get_state_display(),
        reasons=list(one.reasons),
    )


def history_row(one: Any, item: Any) -> HistoryRow:
    """Turn a Publication into a row of the history."""
    run, approval = one.gate_run, one.approval
    lit = len(run.overridden)
    return HistoryRow(
        number=one.number,
        kind_name=one.get_kind_display(),
        published_at=one.published_at,
        by_name=one.published_by.display_name if one.published_by else "系统按定时发布",
        unit_name=one.unit_name,
        revision_number=one.revision.number,
        digest_short=short_digest(one.digest),
        approval_id=approval.pk,
        route_name=approval.route_name,
        emergency=approval.purpose == "emergency",
        gate_words=f"通过，放行 {lit} 个问题" if lit else "通过",
        proof_url=reverse("disclosure:public:item_proof", args=[item.uid]),
        end=getattr(one, "end", None),
    )


def decidable(actor: Actor, one: Any, waiting: frozenset[int] = frozenset()) -> OverrideView:
    """Turn a request into what the screen shows, with the buttons for a second person."""
    own = one.state == "asked" and one.asked_by_id == actor.user_id
    hindrance = "这是您提出的，要由另一人同意。" if own else ""
    return override_words(one, may_decide=one.pk in waiting, hindrance=hindrance)
