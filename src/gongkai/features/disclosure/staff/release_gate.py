"""A run of the gate as the screen shows it: grouped by grade, each problem with what to do and where."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.urls import reverse

from gongkai.features.disclosure.selectors.sheets import short_digest
from gongkai.features.disclosure.staff.reading import told_by_gate
from gongkai.features.disclosure.staff.release_forms import ReasonForm

GRADES = {
    "L1": ("严重问题", "red"),
    "L2": ("重要问题", "red"),
    "L3": ("一般问题", "yellow"),
    "L4": ("提示", "blue"),
}
ROUTE = "route"
NOT_OPENED = "gate.route.not_opened"
ATTACHMENT = "attachment:"
ATTRIBUTE_FIELDS = ("attribute", "grounds")


@dataclass
class Finding:
    """One problem. ``override`` is the newest request to let it pass, ``form`` asks for one."""

    key: str
    grade: str
    text: str
    place: str
    field_name: str
    stops: bool
    overridden: bool
    basis: list[Mapping[str, str]]
    advice: str
    url: str = ""
    action: str = ""
    override: Any = None
    may_override: bool = False
    form: ReasonForm | None = None
    form_open: bool = False

    @property
    def tone(self) -> str:
        """Return the colour of the grade."""
        return GRADES[self.grade][1]


@dataclass
class GradeGroup:
    """The problems of one grade."""

    code: str
    name: str
    tone: str
    findings: list[Finding] = field(default_factory=list)


@dataclass
class GateView:
    """One run; ``stale`` when the content was changed afterwards."""

    run_at: datetime
    passed: bool
    digest_short: str
    stale: bool
    groups: list[GradeGroup]

    def __iter__(self) -> Any:
        return (finding for group in self.groups for finding in group.findings)

    @property
    def stopping(self) -> int:
        """Return how many problems keep the item in the house."""
        return sum(finding.stops and not finding.overridden for finding in self)


def gate_view(
    run: Any,
    *,
    item_id: int,
    head_digest: str,
    overrides: Iterable[Any] = (),
    may_ask: bool = False,
    without_route: bool = False,
    without_reading: bool = False,
    opened_key: str = "",
    opened_form: ReasonForm | None = None,
) -> GateView | None:
    """Turn a GateRun into what the screen shows; None when the gate was not asked yet.

    ``overrides`` are the requests of the same digest; ``opened_form`` is the refused form of the problem ``opened_key``.
    ``without_route`` leaves out that signatures are missing: who is asked to sign knows.
    ``without_reading`` leaves out what hinders readers, for a page that shows this apart.
    """
    if run is None:
        return None
    asked = {one.key: one for one in sorted(overrides, key=lambda one: one.asked_at)}
    groups = {code: GradeGroup(code, *words) for code, words in GRADES.items()}
    for issue in run.issues:
        if without_route and issue.get("field") == ROUTE:
            continue
        if without_reading and told_by_gate(str(issue.get("code"))):
            continue
        finding = finding_of(issue, item_id=item_id)
        answered = asked.get(finding.key)
        finding.override = override_words(answered) if answered is not None else None
        finding.overridden = answered is not None and answered.state == "agreed"
        refused = answered is not None and answered.state == "refused"
        finding.may_override = (
            may_ask and finding.stops and bool(issue.get("overridable")) and (not answered or refused)
        )
        if finding.may_override:
            here = finding.key == opened_key and opened_form is not None
            finding.form = opened_form if here else ReasonForm(auto_id=f"id_{finding.key}_%s")
            finding.form_open = here
        groups[finding.grade].findings.append(finding)
    return GateView(
        run_at=run.run_at,
        passed=run.passed,
        digest_short=short_digest(run.digest),
        stale=run.digest != head_digest,
        groups=[group for group in groups.values() if group.findings],
    )


def finding_of(issue: Mapping[str, Any], *, item_id: int) -> Finding:
    """Turn one stored issue into a line of the screen."""
    name = str(issue.get("field") or "")
    grade = str(issue.get("grade"))
    advice, url, action = _what_to_do(issue, name, item_id)
    return Finding(
        key=str(issue.get("key")),
        grade=grade if grade in GRADES else "L4",
        text=str(issue.get("sentence")),
        place=str(issue.get("place") or ""),
        field_name=name,
        stops=bool(issue.get("stops")),
        overridden=bool(issue.get("overridden")),
        basis=list(issue.get("basis") or ()),
        advice=advice,
        url=url,
        action=action,
    )


def _what_to_do(issue: Mapping[str, Any], name: str, item_id: int) -> tuple[str, str, str]:
    """Say what to do, and where: advice, address, words of the link."""
    detail = reverse("disclosure:staff:item_detail", args=[item_id])
    edit = reverse("disclosure:staff:item_edit", args=[item_id])
    if name == ROUTE and issue.get("code") == NOT_OPENED:
        return "确定属性、补齐要素后送审，签完才能发布。", detail, "到信息页送审"
    if name == ROUTE:
        return "看审核进度走到哪一步、在等谁。", "#route", "看审核进度"
    if name in ATTRIBUTE_FIELDS:
        return "改变公开属性或依据后要重新送审。", detail, "到信息页处理"
    if name.startswith(ATTACHMENT):
        return "在原文件里改正后重新上传；替换附件后要重新送审。", detail, "到信息页换附件"
    replacement = str(issue.get("replacement") or "")
    words = f"建议改为“{replacement}”；修改后要重新送审。" if replacement else "修改后要重新送审。"
    return words, edit, "去修改"


@dataclass(frozen=True)
class OverrideView:
    """A request to let a problem pass, as the lists show it."""

    id: int
    item_id: int
    item_title: str
    text: str
    reason: str
    asked_by_name: str
    asked_at: datetime
    decided_by_name: str
    decided_at: datetime | None
    decided_words: str
    note: str
    state: str
    state_name: str
    light: str
    may_decide: bool
    hindrance: str

    @property
    def words(self) -> str:
        """Say where the request stands, in one line."""
        reason = self.reason.rstrip("。；;.")
        if self.state == "asked":
            return f"{self.asked_by_name}申请放行，等另一人确认。理由：{reason}。"
        told = f"（{self.note}）" if self.note else ""
        return f"{self.asked_by_name}申请放行，{self.decided_by_name}{self.decided_words}{told}。理由：{reason}。"


LIGHTS = {"asked": "yellow", "agreed": "yellow", "refused": "grey"}
DECIDED = {"asked": "", "agreed": "同意放行", "refused": "不同意放行"}


def override_words(one: Any, *, may_decide: bool = False, hindrance: str = "") -> OverrideView:
    """Turn a GateOverride into what the screen shows."""
    return OverrideView(
        id=one.pk,
        item_id=one.item_id,
        item_title=one.item.title,
        text=str(one.issue.get("sentence")),
        reason=one.reason,
        asked_by_name=one.asked_by.display_name,
        asked_at=one.asked_at,
        decided_by_name=one.answered_by.display_name if one.answered_by else "",
        decided_at=one.answered_at,
        decided_words=DECIDED[one.state],
        note=one.answer_note,
        state=one.state,
        state_name=one.get_state_display(),
        light=LIGHTS[one.state],
        may_decide=may_decide,
        hindrance=hindrance,
    )
