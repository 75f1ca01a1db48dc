"""Running the gate over an item's newest revision, and letting single problems pass with a second person."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from gongkai.domain.gate import ReleaseFacts, check_release, find_citations, stopping
from gongkai.domain.issues import Issue
from gongkai.domain.items import ItemContent
from gongkai.features.disclosure import gate_permissions
from gongkai.features.disclosure.models import CitedDocument, FileCheck, GateOverride, GateRun, Item, Revision
from gongkai.features.disclosure.selectors.file_checks import (
    LOST,
    FileFacts,
    checks_kept,
    file_facts,
    rules_version,
)
from gongkai.features.disclosure.selectors.gate import overrides_agreed
from gongkai.features.disclosure.selectors.release_facts import (
    BEIJING,
    picture_refs,
    release_facts,
    rules_of_content,
    rules_of_gate,
)
from gongkai.features.disclosure.services.links import links_keep
from gongkai.features.disclosure.services.writing import name_of
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.audit import services as audit
from gongkai.kernel.audit.actions import register_actions
from gongkai.kernel.errors import NotPermitted, Refused
from gongkai.rulebook.messages import describe

TARGET = "disclosure.item"
register_actions(
    {
        "disclosure.gate.run": "发布检查",
        "disclosure.gate.override_ask": "提出放行检查出的问题",
        "disclosure.gate.override_agree": "同意放行检查出的问题",
        "disclosure.gate.override_refuse": "不同意放行检查出的问题",
    }
)


def gate_run(*, actor: Actor, item_id: int, now: datetime) -> GateRun:
    """Check the newest revision and put the answer on file; overrides that two persons agreed on for it count.

    Attachments are looked through once per rules and kept. Raises Refused when there is no such item, it may not be
    seen, or it has no saved revision.
    """
    item = _visible(actor, item_id)
    revision = item.head
    if revision is None:
        raise Refused(Issue("gate.no_revision", values={"title": name_of(item).strip("《》")}))
    # Files are looked through before the transaction: that may take seconds and locks nothing.
    checks = files_check(item=item, revision=revision, now=now)
    facts = release_facts(item=item, revision=revision, now=now, checks=checks)
    rules = rules_of_gate(on=facts.today)
    issues = check_release(facts, rules)
    content_version = rules_version(rules_of_content(item=item, content=facts.content, on=facts.today))
    with transaction.atomic():
        agreed = overrides_agreed(item_id=item.pk, digest=revision.digest)
        left = stopping(issues, overridden=agreed)
        data = [issue_as_data(issue, agreed=agreed) for issue in issues]
        run = GateRun.objects.create(
            item=item,
            revision=revision,
            digest=revision.digest,
            run_at=now,
            run_by_id=actor.user_id,
            passed=not left,
            issues=data,
            overridden=sorted(entry["key"] for entry in data if entry["overridden"]),
            versions={"gate": rules.version, "content": content_version},
        )
        _keep_citations(revision, facts)
        links_keep(revision, facts.content, own_hosts=rules.own_hosts, now=now)
        audit.record(
            actor=actor,
            action="disclosure.gate.run",
            target_type=TARGET,
            target_id=item.pk,
            summary=f"发布检查{name_of(item)}：{'通过' if run.passed else f'未通过，{len(left)} 处须处理'}",
            unit_id=item.unit_id,
            details={"run": run.pk, "digest": run.digest, "issues": len(data), "stopping": len(left)},
            now=now,
        )
    return run


def files_check(*, item: Item, revision: Revision, now: datetime) -> dict[tuple[str, str], FileFacts]:
    """Look through those attachments and pictures that were not looked through under today's rules; keep the results."""
    content = ItemContent.from_data(revision.content)
    rules = rules_of_content(item=item, content=content, on=now.astimezone(BEIJING).date())
    refs = [*content.attachments, *(ref for _, ref in picture_refs(content))]
    known = checks_kept(refs=refs, rules=rules)
    version = rules_version(rules)
    for ref in refs:
        key = (ref.sha256, ref.name)
        if key in known:
            continue
        known[key] = facts = file_facts(ref=ref, rules=rules)
        if facts.state in LOST:
            continue
        FileCheck.objects.update_or_create(
            sha256=ref.sha256,
            name=ref.name,
            rules_version=version,
            defaults={"state": facts.state.value, "result": dict(facts.result), "checked_at": now},
        )
    return known


def override_ask(*, actor: Actor, item_id: int, key: str, reason: str, now: datetime) -> GateOverride:
    """Ask a second person to let one problem of the newest revision pass.

    Raises NotPermitted, and Refused when there is no reason, the newest run of the gate does not name the problem, it
    may never be overridden, or somebody has asked already.
    """
    item = _visible(actor, item_id)
    if not gate_permissions.can_ask_override(actor, item):
        raise NotPermitted(ability="提出放行")
    reason = reason.strip()
    issues = [] if reason else [Issue("gate.override.no_reason", "reason")]
    digest = item.head.digest if item.head else ""
    run = GateRun.objects.filter(item=item, digest=digest).order_by("-run_at", "-pk").first()
    problem = next((one for one in run.issues if one["key"] == key), None) if run else None
    if problem is None:
        issues.append(Issue("gate.override.unknown", "key"))
    elif not problem["overridable"]:
        issues.append(Issue("gate.override.never", "key", {"problem": problem["sentence"]}))
    if issues or problem is None:
        raise Refused(issues)
    try:
        with transaction.atomic():
            override = GateOverride.objects.create(
                item=item,
                digest=digest,
                key=key,
                issue=problem,
                reason=reason,
                asked_by_id=actor.user_id,
                asked_at=now,
            )
            _record(actor, "override_ask", override, f"提出放行{_problem_of(item, problem)}，理由：{reason}", now)
    except IntegrityError as error:
        if "gateoverride_once" not in str(error):
            raise
        raise Refused(Issue("gate.override.asked_already", "key")) from error
    return override


def override_agree(*, actor: Actor, override_id: int, now: datetime, note: str = "") -> GateOverride:
    """Agree to let a problem pass: another person than who asked, with a role that decides. Raises as ``_answer``."""
    return _answer(actor, override_id, GateOverride.State.AGREED, note, now)


def override_refuse(*, actor: Actor, override_id: int, note: str, now: datetime) -> GateOverride:
    """Refuse to let a problem pass; ``note`` says why. Raises as ``_answer``, and Refused without a note."""
    if not note.strip():
        raise Refused(Issue("gate.override.no_note", "note"))
    return _answer(actor, override_id, GateOverride.State.REFUSED, note, now)


def _answer(actor: Actor, override_id: int, state: GateOverride.State, note: str, now: datetime) -> GateOverride:
    """Write the second person's answer; raises NotPermitted, and Refused when it is answered or void already."""
    with transaction.atomic():
        found = GateOverride.objects.select_for_update(of=("self",)).select_related("item", "item__head")
        override = found.filter(pk=override_id).first()
        if override is None or not gate_permissions.can_run_gate(actor, override.item):
            raise Refused(Issue("gate.override.not_found"))
        if actor.user_id == override.asked_by_id:
            raise NotPermitted(Issue("gate.override.same_person"))
        if not gate_permissions.can_answer_override(actor, override.item, asked_by_id=override.asked_by_id):
            raise NotPermitted(ability="确认放行")
        issues = []
        if override.state != GateOverride.State.ASKED:
            issues.append(Issue("gate.override.answered", values={"state": override.get_state_display()}))
        if override.item.head is None or override.item.head.digest != override.digest:
            issues.append(Issue("gate.override.edited"))
        if issues:
            raise Refused(issues)
        override.state, override.answer_note = state, note.strip()
        override.answered_by_id, override.answered_at = actor.user_id, now
        override.save(update_fields=["state", "answer_note", "answered_by", "answered_at"])
        verb = "override_agree" if state == GateOverride.State.AGREED else "override_refuse"
        told = "同意放行" if state == GateOverride.State.AGREED else "不同意放行"
        _record(actor, verb, override, f"{told}{_problem_of(override.item, override.issue)}", now)
    return override


def issue_as_data(issue: Issue, *, agreed: frozenset[str] = frozenset()) -> dict[str, Any]:
    """Return an issue of the gate as it is kept and shown; personal data are masked already."""
    values = issue.values
    return {
        "code": issue.code,
        "check": values["check"],
        "field": issue.field,
        "key": values["key"],
        "grade": values["grade"],
        "stops": values["stops"],
        "overridable": values["overridable"],
        "overridden": bool(values["overridable"]) and values["key"] in agreed,
        "place": values["place"],
        "sentence": describe(issue),
        "context": values.get("context", ""),
        "replacement": values.get("replacement", ""),
        "remark": "" if issue.code.startswith("content.leader.") else values.get("remark", ""),
        "basis": [{"rule": b.rule, "citation": b.citation, "status": b.status} for b in issue.basis],
    }


def _keep_citations(revision: Revision, facts: ReleaseFacts) -> None:
    """Keep what the revision cites, so that items can be found whose sources are withdrawn later."""
    citations = find_citations(facts.content.plain_text(), own_number=facts.content.doc_no)
    rows = [CitedDocument(revision=revision, ref=c.ref[:160], forwards=c.forwards) for c in citations]
    CitedDocument.objects.bulk_create(rows, ignore_conflicts=True)


def _visible(actor: Actor, item_id: int) -> Item:
    item = Item.objects.select_related("head", "unit").filter(pk=item_id).first()
    if item is None or not gate_permissions.can_run_gate(actor, item):
        raise Refused(Issue("disclosure.item.not_found", values={"item_id": item_id}))
    return item


def _problem_of(item: Item, problem: Mapping[str, Any]) -> str:
    """How the audit trail names a problem: by its sentence, or, where access is limited, by its check alone."""
    return f"一处问题（{problem['check']}）" if item.access_limited else f"“{problem['sentence']}”"


def _record(actor: Actor, verb: str, override: GateOverride, summary: str, now: datetime) -> None:
    audit.record(
        actor=actor,
        action=f"disclosure.gate.{verb}",
        target_type=TARGET,
        target_id=override.item_id,
        summary=summary,
        unit_id=override.item.unit_id,
        details={"override": override.pk, "digest": override.digest, "key": override.key},
        now=now,
    )
