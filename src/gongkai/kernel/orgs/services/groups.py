"""Groups of units: by rule, by list, or both; each keeps the phrases under which documents name it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from gongkai.domain.issues import Issue
from gongkai.domain.organizations.groups import GroupRule, read_group
from gongkai.domain.organizations.kinds import UnitKind
from gongkai.domain.organizations.names import name_key, tidy_name
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.audit.services import record
from gongkai.kernel.errors import NotPermitted, Refused
from gongkai.kernel.orgs import permissions
from gongkai.kernel.orgs.models import UnitGroup, UnitGroupMember, UnitGroupPhrase
from gongkai.kernel.orgs.selectors import unit_resolve
from gongkai.kernel.orgs.services.tree import lock_tree, refuse_if
from gongkai.kernel.orgs.standards import group_grammar


def group_create(
    *,
    actor: Actor,
    name: str,
    home_id: int | None,
    rule: GroupRule,
    now: datetime,
    phrases: Sequence[str] = (),
    note: str = "",
) -> UnitGroup:
    """Put a group on file; its name counts as its first phrase. Raises NotPermitted or Refused."""
    with transaction.atomic():
        lock_tree()
        if not permissions.can_edit_units(actor):
            raise NotPermitted(ability="维护单位分组")
        refuse_if([*_issues(name, home_id, rule, None), *_phrase_issues([name, *phrases], home_id, None)])
        return _write(actor, name=name, home_id=home_id, rule=rule, phrases=phrases, note=note, now=now)


def group_ensure(*, actor: Actor, phrase: str, home_id: int | None, on: date, now: datetime) -> UnitGroup:
    """Return the group that a phrase of a document names, put on file when it is not there yet.

    Call it when a person has confirmed that the phrase means a group. A phrase of the same meaning (各乡镇,
    各乡镇人民政府) leads to one group; a phrase that only describes (各有关单位) is a group of its own without members.
    Raises NotPermitted, or Refused when the phrase is not the name of a group.
    """
    with transaction.atomic():
        lock_tree()
        if not permissions.can_link_group(actor):
            raise NotPermitted(ability="按文件中的说法建立分组")
        found = unit_resolve(phrase=phrase, on=on, home_id=home_id)
        rule = found.rule or read_group(phrase, group_grammar())
        if rule is None:
            raise Refused(Issue("orgs.group.not_a_group", "phrase", {"phrase": phrase}))
        home = found.home.pk if found.home is not None else home_id
        if found.group is not None:
            _write_phrases(found.group, [phrase])
            return found.group
        return _write(actor, name=phrase, home_id=home, rule=rule, phrases=(), note="", now=now)


def group_update(*, actor: Actor, group_id: int, fields: Mapping[str, Any], now: datetime) -> UnitGroup:
    """Change ``name``, ``note`` or ``rule`` (a GroupRule) of a group; raises NotPermitted or Refused."""
    if unknown := set(fields) - {"name", "note", "rule"}:
        raise ValueError(f"not to be changed: {sorted(unknown)}")
    with transaction.atomic():
        lock_tree()
        group = UnitGroup.objects.select_for_update(no_key=True).get(pk=group_id)
        if not permissions.can_edit_units(actor):
            raise NotPermitted(ability="维护单位分组")
        rule = fields.get("rule", group.group_rule)
        name = tidy_name(fields.get("name", group.name))
        refuse_if(_issues(name, group.home_id, rule, group.pk))
        before = {"name": group.name, "note": group.note, "rule": group.rule}
        group.name, group.note, group.rule = name, fields.get("note", group.note), rule.as_dict()
        group.save()
        _write_phrases(group, [name])
        after = {"name": group.name, "note": group.note, "rule": group.rule}
        _record(actor, "orgs.group.update", group, f"修改分组“{group.name}”", {"before": before, "after": after}, now)
    return group


def group_phrase_add(*, actor: Actor, group_id: int, phrase: str, now: datetime) -> UnitGroupPhrase:
    """Let another phrase name the group; raises NotPermitted or Refused."""
    with transaction.atomic():
        lock_tree()
        group = UnitGroup.objects.select_for_update(no_key=True).get(pk=group_id)
        if not permissions.can_edit_units(actor):
            raise NotPermitted(ability="维护单位分组")
        refuse_if(_phrase_issues([phrase], group.home_id, group.pk))
        _write_phrases(group, [phrase])
        _record(actor, "orgs.group.update", group, f"分组“{group.name}”增加说法“{tidy_name(phrase)}”", {}, now)
        return group.phrases.get(key=name_key(phrase))


def group_member_add(
    *,
    actor: Actor,
    group_id: int,
    unit_id: int,
    now: datetime,
    excluded: bool = False,
    from_on: date | None = None,
    until_on: date | None = None,
) -> UnitGroupMember:
    """List a unit as member (or, ``excluded``, as none although the rule says so) between two days."""
    with transaction.atomic():
        group = UnitGroup.objects.select_for_update(no_key=True).get(pk=group_id)
        if not permissions.can_edit_units(actor):
            raise NotPermitted(ability="维护单位分组")
        running = group.members.filter(unit_id=unit_id, until_on__isnull=True).select_related("unit").first()
        if running is not None:
            values = {"unit": running.unit.name, "group": group.name}
            raise Refused(Issue("orgs.group.member_twice", "unit", values))
        member = UnitGroupMember.objects.create(
            group=group, unit_id=unit_id, excluded=excluded, from_on=from_on, until_on=until_on
        )
        what = "不计入" if excluded else "计入"
        summary = f"分组“{group.name}”{what}“{member.unit.name}”"
        _record(actor, "orgs.group.update", group, summary, {"from_on": from_on, "until_on": until_on}, now)
    return member


def group_member_end(*, actor: Actor, member_id: int, now: datetime) -> UnitGroupMember:
    """End a listed membership; today is its last day."""
    with transaction.atomic():
        member = (
            UnitGroupMember.objects.select_for_update(no_key=True).select_related("group", "unit").get(pk=member_id)
        )
        if not permissions.can_edit_units(actor):
            raise NotPermitted(ability="维护单位分组")
        last = timezone.localdate(now)
        member.until_on = max(last, member.from_on) if member.from_on else last
        member.save(update_fields=["until_on"])
        summary = f"分组“{member.group.name}”中“{member.unit.name}”的列名至 {member.until_on} 止"
        _record(actor, "orgs.group.update", member.group, summary, {}, now)
    return member


def _write(
    actor: Actor, *, name: str, home_id: int | None, rule: GroupRule, phrases: Sequence[str], note: str, now: datetime
) -> UnitGroup:
    group = UnitGroup.objects.create(
        name=tidy_name(name), home_id=home_id, rule=rule.as_dict(), note=note, created_at=now
    )
    _write_phrases(group, [name, *phrases])
    _record(actor, "orgs.group.create", group, f"新增分组“{group.name}”", {"rule": group.rule}, now)
    return group


def _write_phrases(group: UnitGroup, phrases: Sequence[str]) -> None:
    for phrase in phrases:
        if name_key(phrase):
            group.phrases.get_or_create(key=name_key(phrase), defaults={"text": tidy_name(phrase)})


def _issues(name: str, home_id: int | None, rule: GroupRule, group_id: int | None) -> list[Issue]:
    issues = [
        Issue("orgs.group.kind_unknown", "kinds", {"kind": kind}) for kind in rule.kinds if kind not in set(UnitKind)
    ]
    if not tidy_name(name):
        issues.append(Issue("orgs.group.name_missing", "name"))
    elif UnitGroup.objects.filter(name=tidy_name(name), home_id=home_id).exclude(pk=group_id).exists():
        issues.append(Issue("orgs.group.name_taken", "name", {"name": tidy_name(name)}))
    return issues


def _phrase_issues(phrases: Sequence[str], home_id: int | None, group_id: int | None) -> list[Issue]:
    taken = UnitGroupPhrase.objects.filter(
        key__in=[name_key(phrase) for phrase in phrases], group__home_id=home_id
    ).exclude(group_id=group_id)
    return [
        Issue("orgs.group.phrase_taken", "phrases", {"phrase": row.text, "other": row.group.name})
        for row in taken.select_related("group")
    ]


def _record(
    actor: Actor, action: str, group: UnitGroup, summary: str, details: Mapping[str, Any], now: datetime
) -> None:
    record(
        actor=actor,
        action=action,
        target_type="orgs.group",
        target_id=group.pk,
        unit_id=group.home_id,
        summary=summary,
        details=details,
        now=now,
    )
