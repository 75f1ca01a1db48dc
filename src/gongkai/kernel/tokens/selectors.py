"""Reading connected systems and tokens."""

from __future__ import annotations

import hmac
import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from gongkai.domain.issues import Issue
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.errors import NotPermitted, Refused
from gongkai.kernel.tokens import permissions
from gongkai.kernel.tokens.models import AccessToken, ConnectedSystem
from gongkai.kernel.tokens.scopes import known_scopes
from gongkai.kernel.tokens.written import key_of, token_digest


class Standing(StrEnum):
    """Whether a token lets anybody in."""

    VALID = "在用"
    EXPIRED = "已过期"
    REVOKED = "已吊销"


class TokenUnknown(Refused):
    """There is no such token, or it lets nobody in any more; interfaces answer 401."""


@dataclass(frozen=True, slots=True)
class Bearer:
    """The system that a token speaks for. ``unit_id`` bounds it to one unit, None is the whole installation."""

    system_id: int
    system_name: str
    unit_id: int | None
    token_id: int
    key: str
    scopes: frozenset[str]
    networks: tuple[str, ...]

    @property
    def actor(self) -> Actor:
        """Return who acts in its name: a job, named in the audit trail."""
        return Actor.system(f"接口（{self.system_name}）")


def standing(token: AccessToken, *, today: date) -> Standing:
    """Return how a token stands on a day; its last day still counts."""
    if token.revoked_at is not None:
        return Standing.REVOKED
    return Standing.EXPIRED if token.until_on < today else Standing.VALID


def bearer_get(*, written: str, today: date) -> Bearer:
    """Return the system that sent a token; raises TokenUnknown. Why not is told to whoever holds a real token only."""
    key = key_of(written)
    token = AccessToken.objects.select_related("system").filter(key=key).first() if key else None
    if token is None or not hmac.compare_digest(token.digest, token_digest(written)):
        raise TokenUnknown(Issue("tokens.unknown"))
    if (found := standing(token, today=today)) is not Standing.VALID:
        code = "tokens.revoked" if found is Standing.REVOKED else "tokens.expired"
        raise TokenUnknown(Issue(code, values={"until": token.until_on}))
    return Bearer(
        system_id=token.system_id,
        system_name=token.system.name,
        unit_id=token.system.unit_id,
        token_id=token.pk,
        key=token.key,
        scopes=frozenset(token.scopes),
        networks=tuple(token.networks),
    )


def comes_from(networks: Iterable[str], place: str) -> bool:
    """Tell whether an address lies in one of the networks; with none named everybody's does."""
    named = [ipaddress.ip_network(one, strict=False) for one in networks]
    if not named:
        return True
    try:
        address = ipaddress.ip_address(place)
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    return any(address in one for one in named)


@dataclass(frozen=True, slots=True)
class TokenRow:
    """A token with what the page says of it."""

    token: AccessToken
    standing: Standing
    scopes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SystemRow:
    """A connected system with its tokens, the newest first."""

    system: ConnectedSystem
    tokens: tuple[TokenRow, ...]


def system_list(*, actor: Actor, today: date) -> list[SystemRow]:
    """Return the connected systems by name with their tokens (two queries); raises NotPermitted."""
    if not permissions.can_manage_tokens(actor):
        raise NotPermitted(ability="查看接入系统")
    words = known_scopes()
    systems = ConnectedSystem.objects.select_related("unit").order_by("name")
    found: dict[int, list[TokenRow]] = {}
    for token in AccessToken.objects.select_related("issued_by", "revoked_by").order_by("-issued_at", "-pk"):
        said = tuple(words.get(code, code) for code in token.scopes)
        found.setdefault(token.system_id, []).append(TokenRow(token, standing(token, today=today), said))
    return [SystemRow(system, tuple(found.get(system.pk, ()))) for system in systems]


def system_find(*, actor: Actor, system_id: int) -> ConnectedSystem | None:
    """Return one connected system, None where there is none; raises NotPermitted."""
    if not permissions.can_manage_tokens(actor):
        raise NotPermitted(ability="查看接入系统")
    return ConnectedSystem.objects.select_related("unit").filter(pk=system_id).first()
