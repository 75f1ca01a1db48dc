"""Keeping the table of leaders."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from gongkai.domain.issues import Issue
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.audit import services as audit
from gongkai.kernel.errors import NotPermitted, Refused
from gongkai.kernel.wordlists import permissions
from gongkai.kernel.wordlists.models import LeaderName
from gongkai.kernel.wordlists.services.version import lists_touch


def leader_add(
    *,
    actor: Actor,
    name: str,
    title: str,
    now: datetime,
    order: int = 0,
    from_on: date | None = None,
    until_on: date | None = None,
    misspellings: Sequence[str] = (),
) -> LeaderName:
    """Put a leader into the table; raises NotPermitted, or Refused with everything that is wrong."""
    _need_keeper(actor, "新增领导")
    name, title = name.strip(), title.strip()
    _check(name, title, from_on, until_on, misspellings)
    with transaction.atomic():
        leader = LeaderName.objects.create(
            name=name,
            title=title,
            order=order,
            from_on=from_on,
            until_on=until_on,
            misspellings=list(misspellings),
            created_by_id=actor.user_id,
            created_at=now,
            changed_at=now,
        )
        _record(actor, "add", leader, f"新增领导“{leader}”", now)
        lists_touch(now=now)
    return leader


def leader_change(
    *,
    actor: Actor,
    leader_id: int,
    name: str,
    title: str,
    now: datetime,
    order: int = 0,
    from_on: date | None = None,
    until_on: date | None = None,
    misspellings: Sequence[str] = (),
) -> LeaderName:
    """Change a row of the table; raises NotPermitted, or Refused with everything that is wrong."""
    _need_keeper(actor, "修改领导信息")
    name, title = name.strip(), title.strip()
    _check(name, title, from_on, until_on, misspellings)
    with transaction.atomic():
        leader = _locked(leader_id)
        leader.name, leader.title, leader.order = name, title, order
        leader.from_on, leader.until_on = from_on, until_on
        leader.misspellings, leader.changed_at = list(misspellings), now
        leader.save()
        _record(actor, "change", leader, f"修改领导信息“{leader}”", now)
        lists_touch(now=now)
    return leader


def leader_end(*, actor: Actor, leader_id: int, until_on: date, now: datetime) -> LeaderName:
    """Note the last day in a post; raises NotPermitted, or Refused when the day lies before the first."""
    _need_keeper(actor, "登记领导离任")
    with transaction.atomic():
        leader = _locked(leader_id)
        if leader.from_on and until_on < leader.from_on:
            raise Refused(Issue("wordlists.dates", "until_on"))
        leader.until_on, leader.changed_at = until_on, now
        leader.save(update_fields=["until_on", "changed_at"])
        _record(actor, "end", leader, f"登记“{leader}”任职至 {until_on}", now)
        lists_touch(now=now)
    return leader


def _need_keeper(actor: Actor, ability: str) -> None:
    if not permissions.can_keep_leaders(actor):
        raise NotPermitted(ability=ability)


def _check(name: str, title: str, from_on: date | None, until_on: date | None, misspellings: Sequence[str]) -> None:
    issues = []
    if len(name) < 2:
        issues.append(Issue("wordlists.leader.name", "name"))
    if not title:
        issues.append(Issue("wordlists.leader.title", "title"))
    if from_on and until_on and until_on < from_on:
        issues.append(Issue("wordlists.dates", "until_on"))
    if any(len(wrong) < 2 or wrong == name for wrong in misspellings):
        issues.append(Issue("wordlists.leader.misspelling", "misspellings", {"name": name}))
    if issues:
        raise Refused(issues)


def _locked(leader_id: int) -> LeaderName:
    leader = LeaderName.objects.select_for_update(of=("self",)).filter(pk=leader_id).first()
    if leader is None:
        raise Refused(Issue("wordlists.not_found", None))
    return leader


def _record(actor: Actor, verb: str, leader: LeaderName, summary: str, now: datetime) -> None:
    audit.record(
        actor=actor,
        action=f"wordlists.leader.{verb}",
        target_type="wordlists.leader",
        target_id=leader.pk,
        summary=summary,
        now=now,
    )
