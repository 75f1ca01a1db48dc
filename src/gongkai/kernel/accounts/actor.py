"""Who acts: a frozen value made once per request from the signed-in person and the posts valid on that day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from gongkai.kernel.accounts.roles import Role


@dataclass(frozen=True, slots=True)
class Actor:
    """A person or a job, with the roles held today.

    ``grants`` are (role, unit id) pairs. ``authority_ids`` are the units whose disclosure office is the disclosure
    authority of the whole installation (政府信息公开工作主管部门, article 3 of the Regulations): the top government and
    its government office. A superuser counts as a system administrator and as nothing else. ``day`` is the day for which
    the roles were read; what else holds by the day (a delegation) is asked for it, and counts for nobody without one.
    ``division_ids`` are those of the units in which a role is held that are internal offices (内设机构) of another one.
    """

    user_id: int | None
    name: str
    grants: frozenset[tuple[Role, int]] = frozenset()
    is_superuser: bool = False
    kind: Literal["person", "system"] = "person"
    authority_ids: frozenset[int] = frozenset()
    day: date | None = None
    division_ids: frozenset[int] = frozenset()

    @classmethod
    def system(cls, name: str) -> Actor:
        """Return the actor of a job or command; it may do everything and is named in the audit trail."""
        return cls(user_id=None, name=name, kind="system")

    @classmethod
    def anonymous(cls) -> Actor:
        """Return the actor of a visitor: no roles."""
        return cls(user_id=None, name="访客")

    @property
    def is_system(self) -> bool:
        """Tell whether a job acts, not a person."""
        return self.kind == "system"

    @property
    def is_authenticated(self) -> bool:
        """Tell whether somebody known acts: a signed-in person or a job."""
        return self.is_system or self.user_id is not None

    @property
    def roles(self) -> frozenset[Role]:
        """Return every role held today in any unit."""
        return frozenset(role for role, _ in self.grants)

    @property
    def unit_ids(self) -> frozenset[int]:
        """Return every unit in which a role is held today."""
        return frozenset(unit_id for _, unit_id in self.grants)

    def has(self, role: Role, unit_id: int | None = None) -> bool:
        """Tell whether the role is held today, in ``unit_id`` or (None) in any unit."""
        if self.is_system or (self.is_superuser and role is Role.SYSTEM_ADMINISTRATOR):
            return True
        if unit_id is None:
            return role in self.roles
        return (role, unit_id) in self.grants

    def units_with(self, role: Role) -> frozenset[int]:
        """Return the units in which the role is held today."""
        return frozenset(unit_id for held, unit_id in self.grants if held is role)

    @property
    def is_disclosure_authority(self) -> bool:
        """Tell whether the actor sits in the disclosure office (or heads it) of the top unit: sees every unit."""
        return self.is_system or any(
            role in (Role.DISCLOSURE_OFFICE, Role.DISCLOSURE_OFFICE_HEAD) and unit_id in self.authority_ids
            for role, unit_id in self.grants
        )
