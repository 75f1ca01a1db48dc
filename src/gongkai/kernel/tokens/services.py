"""Letting other systems in: registering them, issuing and revoking tokens, noting their use."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from gongkai.domain.issues import Issue
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.audit.actions import register_actions, register_targets
from gongkai.kernel.audit.services import record
from gongkai.kernel.errors import NotPermitted, Refused
from gongkai.kernel.tokens import permissions
from gongkai.kernel.tokens.models import AccessToken, ConnectedSystem
from gongkai.kernel.tokens.scopes import known_scopes
from gongkai.kernel.tokens.written import token_digest, token_made

TARGET = "tokens.system"
register_targets({TARGET: "接入系统"})
register_actions(
    {
        "tokens.system.create": "登记接入系统",
        "tokens.token.issue": "签发访问令牌",
        "tokens.token.revoke": "吊销访问令牌",
    }
)
LONGEST_DAYS = 731
"""A token runs two years at most, so that forgotten ones die by themselves. A technical bound."""
MOST_NETWORKS = 20
NOTED_EVERY = timedelta(minutes=5)
"""The last use is written this often at most: a note, not a count."""


@dataclass(frozen=True, slots=True)
class Issued:
    """A new token; ``written`` is the whole token, told once here and kept nowhere."""

    token: AccessToken
    written: str

    def __repr__(self) -> str:  # the whole token does not belong into a log
        return f"<Issued {self.token}>"


@sensitive_variables()
def system_create(
    *,
    actor: Actor,
    name: str,
    contact: str,
    unit_id: int | None,
    scopes: Sequence[str],
    networks: Sequence[str],
    until_on: date,
    now: datetime,
) -> Issued:
    """Register a connected system and issue its first token; raises NotPermitted, Refused with all reasons."""
    with transaction.atomic():
        if not permissions.can_manage_tokens(actor):
            raise NotPermitted(ability="登记接入系统")
        name, contact = " ".join(name.split()), " ".join(contact.split())
        issues = _token_issues(scopes, networks, until_on, timezone.localdate(now))
        if not contact:
            issues.insert(0, Issue("tokens.system.contact", "contact"))
        if not name:
            issues.insert(0, Issue("tokens.system.name", "name"))
        elif ConnectedSystem.objects.filter(name=name).exists():
            issues.insert(0, Issue("tokens.system.taken", "name", {"name": name}))
        if issues:
            raise Refused(issues)
        system = ConnectedSystem.objects.create(
            name=name[:60], contact=contact[:120], unit_id=unit_id, created_by_id=actor.user_id, created_at=now
        )
        issued = _issue(actor, system, scopes, networks, until_on, now)
        where = f"限于{system.unit.name}" if system.unit else "全部单位"
        _record(actor, "tokens.system.create", system, f"登记接入系统“{system}”（{where}）", {}, now)
        _record_issue(actor, issued, now)
    return issued


@sensitive_variables()
def token_issue(
    *, actor: Actor, system_id: int, scopes: Sequence[str], networks: Sequence[str], until_on: date, now: datetime
) -> Issued:
    """Issue another token to a system, as when the old one runs out; raises NotPermitted, Refused with all reasons."""
    with transaction.atomic():
        if not permissions.can_manage_tokens(actor):
            raise NotPermitted(ability="签发访问令牌")
        system = ConnectedSystem.objects.select_for_update(no_key=True).filter(pk=system_id).first()
        if system is None:
            raise Refused(Issue("tokens.not_found"))
        issues = _token_issues(scopes, networks, until_on, timezone.localdate(now))
        if issues:
            raise Refused(issues)
        issued = _issue(actor, system, scopes, networks, until_on, now)
        _record_issue(actor, issued, now)
    return issued


def token_revoke(*, actor: Actor, token_id: int, reason: str, now: datetime) -> AccessToken:
    """Shut out whoever holds a token, at once and for good; raises NotPermitted, Refused."""
    with transaction.atomic():
        if not permissions.can_manage_tokens(actor):
            raise NotPermitted(ability="吊销访问令牌")
        rows = AccessToken.objects.select_related("system").select_for_update(of=("self",), no_key=True)
        token = rows.filter(pk=token_id).first()
        if token is None:
            raise Refused(Issue("tokens.not_found"))
        issues = [] if reason.strip() else [Issue("tokens.revoke.reason", "reason")]
        if token.revoked_at is not None:
            issues.append(Issue("tokens.revoke.again"))
        if issues:
            raise Refused(issues)
        token.revoked_at, token.revoked_by_id, token.revoked_reason = now, actor.user_id, reason.strip()[:200]
        token.save(update_fields=["revoked_at", "revoked_by", "revoked_reason"])
        told = f"吊销“{token.system}”的令牌 {token}，理由：{token.revoked_reason}"
        _record(actor, "tokens.token.revoke", token.system, told, {"key": token.key}, now)
    return token


def token_used(*, token_id: int, place: str, now: datetime) -> None:
    """Note that a token was used, and from where; a few minutes are not told apart."""
    place = place[:45]
    rows = AccessToken.objects.filter(pk=token_id)
    fresh = rows.filter(last_used_at__gt=now - NOTED_EVERY, last_used_from=place)
    if not fresh.exists():
        rows.update(last_used_at=now, last_used_from=place)


def system_lock(*, system_id: int) -> ConnectedSystem:
    """Let one request of a system after the other; inside a transaction only."""
    return ConnectedSystem.objects.select_for_update(no_key=True).get(pk=system_id)


@sensitive_variables()
def _issue(
    actor: Actor,
    system: ConnectedSystem,
    scopes: Sequence[str],
    networks: Sequence[str],
    until_on: date,
    now: datetime,
) -> Issued:
    key, written = token_made()
    token = AccessToken.objects.create(
        system=system,
        key=key,
        digest=token_digest(written),
        scopes=sorted(set(scopes)),
        networks=[str(ipaddress.ip_network(one, strict=False)) for one in networks],
        until_on=until_on,
        issued_by_id=actor.user_id,
        issued_at=now,
    )
    return Issued(token, written)


def _token_issues(scopes: Sequence[str], networks: Sequence[str], until_on: date, today: date) -> list[Issue]:
    known = known_scopes()
    issues = [] if scopes else [Issue("tokens.scopes.none", "scopes")]
    issues += [Issue("tokens.scopes.unknown", "scopes", {"scope": one}) for one in scopes if one not in known]
    if until_on < today:
        issues.append(Issue("tokens.until.past", "until_on"))
    elif until_on > today + timedelta(days=LONGEST_DAYS):
        last = today + timedelta(days=LONGEST_DAYS)
        issues.append(Issue("tokens.until.far", "until_on", {"last": last}))
    for number, one in enumerate(networks, start=1):
        try:
            ipaddress.ip_network(one, strict=False)
        except ValueError:
            issues.append(Issue("tokens.networks.form", "networks", {"line": number, "written": one[:60]}))
    if len(networks) > MOST_NETWORKS:
        issues.append(Issue("tokens.networks.many", "networks", {"most": MOST_NETWORKS}))
    return issues


def _record_issue(actor: Actor, issued: Issued, now: datetime) -> None:
    token = issued.token
    told = f"向“{token.system}”签发令牌 {token}，有效期至 {token.until_on.isoformat()}"
    details = {"key": token.key, "scopes": token.scopes, "networks": token.networks}
    _record(actor, "tokens.token.issue", token.system, told, details, now)


def _record(
    actor: Actor, action: str, system: ConnectedSystem, summary: str, details: dict[str, object], now: datetime
) -> None:
    record(
        actor=actor,
        action=action,
        target_type=TARGET,
        target_id=system.pk,
        summary=summary,
        unit_id=system.unit_id,
        details=details,
        now=now,
    )
