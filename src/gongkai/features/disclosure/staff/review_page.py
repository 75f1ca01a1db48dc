"""What the review pages share: the progress of a round with what the actor may do in it, and changes in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from gongkai.domain.items.compare import AttachmentChange, Comparison, Piece
from gongkai.features.disclosure.selectors.sheets import value_words
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.approvals import permissions
from gongkai.kernel.approvals import selectors as approvals

TARGET = "disclosure.item"
DUTIES = {
    "review": "看内容该不该公开、事实准不准、提法对不对，数据和附件是否一致。您签的是意见，对内容负责。",
    "proof": "逐字校对：错别字、标点、数字、日期、人名、地名、机构名，正文和附件、标题和目录是否一致。校对不代替审核。",
    "confidentiality": "一事一审：逐项对照下表，看正文和每个附件里有没有国家秘密、工作秘密和其他不宜公开的内容。",
    "legality": "看有没有法定依据、是否超越职权、程序是否到位、内容是否与上位法一致。",
    "fair_competition": "看有没有排除、限制竞争的内容；不涉及市场主体经济活动的，写明理由。",
    "sign_off": "看前面各环节的意见是否落实，确认可以公开后签发。",
}
"""What each kind of step is asked to look at, in words for the person who signs."""
FIELD_NAMES = {
    "kind": "信息种类",
    "title": "标题",
    "summary": "内容概述",
    "issuer": "制作单位",
    "joint": "联合发文",
    "doc_no": "发文字号",
    "written_on": "成文日期",
    "issued_on": "印发日期",
    "effective_on": "施行日期",
    "expires_on": "失效日期",
    "subject": "主题分类",
    "keywords": "关键词",
    "columns": "栏目",
    "attribute": "公开属性",
    "grounds": "依据",
    "ground_note": "理由说明",
}
CODED = ("kind", "attribute", "subject")
"""Fields that are kept as codes: told in words, not compared letter by letter."""
FILE_WORDS = {
    "added": "新增",
    "removed": "删除",
    "replaced": "换成了另一个文件",
    "renamed": "改了名称或说明",
    "moved": "调整了次序",
}
AROUND = 1
"""How many unchanged lines are shown on either side of a changed one."""


@dataclass(frozen=True)
class LinkView:
    """A one-time link as the progress shows it."""

    id: int
    step: str
    name: str
    organization: str
    contact: str
    words: str
    may_revoke: bool


@dataclass(frozen=True)
class Signing:
    """What the actor may do in a round: steps to sign, steps to send a link for, links that were sent.

    ``here`` is the step whose sign page is open already.
    """

    sign: frozenset[str] = frozenset()
    link: frozenset[str] = frozenset()
    links: tuple[LinkView, ...] = ()
    here: str = ""


@dataclass(frozen=True)
class FieldWords:
    """A field that changed, in words."""

    label: str
    before: str
    after: str
    pieces: tuple[Piece, ...] = ()


@dataclass(frozen=True)
class Changes:
    """What changed between two versions, in words; ``lines`` are changed ones with a little around them."""

    title: str
    fields: list[FieldWords] = field(default_factory=list)
    lines: list[Any] = field(default_factory=list)
    files: list[tuple[str, str]] = field(default_factory=list)


def progress_context(actor: Actor, approval: Any, *, now: datetime, here: str = "") -> dict[str, Any]:
    """Return ``progress`` and ``signing`` for ``disclosure/staff/_progress.html``; ``approval`` may be None."""
    if approval is None:
        return {"progress": None, "signing": Signing()}
    today = timezone.localtime(now).date()
    progress = approvals.approval_progress(approval, today=today)
    may_link = approval.state == "open" and permissions.can_issue_link(actor, approval.unit_id)
    return {
        "progress": progress,
        "signing": Signing(
            sign=frozenset(one.step.code for one in _chances(approval, actor, today) if one.may_sign),
            link=frozenset(step.code for step in approvals.round_of(approval).current if step.links)
            if may_link
            else frozenset(),
            links=tuple(_link(one, may_link, now) for one in approvals.link_list(approval.pk)),
            here=here,
        ),
    }


def _chances(approval: Any, actor: Actor, today: date) -> list[approvals.SignChance]:
    return approvals.steps_for(approval, actor=actor, today=today) if approval.state == "open" else []


def item_round(item_id: int) -> Any:
    """Return the newest round over an item, None before the first."""
    return approvals.approval_current(TARGET, item_id)


def _link(one: Any, may_revoke: bool, now: datetime) -> LinkView:
    used = getattr(one, "signature", None) is not None
    if used:
        words = "已签署"
    elif one.revoked_at:
        words = "已收回"
    elif one.expires_at <= now:
        words = "已过期"
    else:
        until = timezone.localtime(one.expires_at)
        words = f"有效至{until.month}月{until.day}日{until:%H:%M}"
    live = not used and not one.revoked_at and one.expires_at > now
    return LinkView(one.pk, one.step.code, one.name, one.organization, one.contact, words, may_revoke and live)


def changes_view(comparison: Comparison, title: str) -> Changes:
    """Put a comparison into words."""
    return Changes(
        title=title,
        fields=[
            FieldWords(
                FIELD_NAMES.get(one.field, one.field),
                value_words(one.field, one.before),
                value_words(one.field, one.after),
                () if one.field in CODED else one.pieces,
            )
            for one in comparison.fields
        ],
        lines=list(_near_changes(comparison.body)),
        files=[_file_words(one) for one in comparison.attachments],
    )


def _near_changes(lines: Iterable[Any]) -> Iterable[Any]:
    """Leave out unchanged lines that stand far from any change; None marks a gap."""
    listed = list(lines)
    kept = {
        place
        for changed, line in enumerate(listed)
        if line.op != "same"
        for place in range(changed - AROUND, changed + AROUND + 1)
        if 0 <= place < len(listed)
    }
    before = -1
    for place in sorted(kept):
        if place > before + 1:
            yield None
        yield listed[place]
        before = place


def _file_words(one: AttachmentChange) -> tuple[str, str]:
    ref = one.after or one.before
    return (ref.title or ref.name if ref else "", FILE_WORDS[one.op])
