"""The roles that a post in a unit may carry."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What a person does in a unit; the value is stored, ``label`` is shown."""

    DRAFTER = "drafter"
    FIRST_REVIEWER = "first_reviewer"
    SECOND_REVIEWER = "second_reviewer"
    FINAL_REVIEWER = "final_reviewer"
    PROOFREADER = "proofreader"
    CONFIDENTIALITY_REVIEWER = "confidentiality_reviewer"
    LEGALITY_REVIEWER = "legality_reviewer"
    UNIT_LEADER = "unit_leader"
    DISCLOSURE_OFFICE = "disclosure_office"
    DISCLOSURE_OFFICE_HEAD = "disclosure_office_head"
    SUPERVISOR = "supervisor"
    SYSTEM_ADMINISTRATOR = "system_administrator"

    @property
    def label(self) -> str:
        """Return the Chinese name of the role."""
        return LABELS[self]


LABELS: dict[Role, str] = {
    Role.DRAFTER: "拟稿人",
    Role.FIRST_REVIEWER: "初审",
    Role.SECOND_REVIEWER: "复审",
    Role.FINAL_REVIEWER: "终审",
    Role.PROOFREADER: "校对",
    Role.CONFIDENTIALITY_REVIEWER: "保密审查",
    Role.LEGALITY_REVIEWER: "合法性审查",
    Role.UNIT_LEADER: "单位负责人",
    Role.DISCLOSURE_OFFICE: "政务公开工作机构",
    Role.DISCLOSURE_OFFICE_HEAD: "政务公开工作机构负责人",
    Role.SUPERVISOR: "督查",
    Role.SYSTEM_ADMINISTRATOR: "系统管理员",
}

#: Roles whose signature lets something out of the house; an administrator may not take them for himself.
REVIEWING: frozenset[Role] = frozenset(
    {
        Role.FIRST_REVIEWER,
        Role.SECOND_REVIEWER,
        Role.FINAL_REVIEWER,
        Role.PROOFREADER,
        Role.CONFIDENTIALITY_REVIEWER,
        Role.LEGALITY_REVIEWER,
        Role.UNIT_LEADER,
        Role.DISCLOSURE_OFFICE_HEAD,
    },
)
