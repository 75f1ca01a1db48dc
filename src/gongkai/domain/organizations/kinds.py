"""The kinds of unit in an organization tree, and which may stand under which."""

from __future__ import annotations

from enum import StrEnum


class UnitKind(StrEnum):
    """What a unit is; the value is stored, ``label`` is shown."""

    GOVERNMENT = "government"
    DEPARTMENT = "department"
    PARTY_ORGAN = "party_organ"
    INTERNAL_OFFICE = "internal_office"
    DISPATCHED_AGENCY = "dispatched_agency"
    MANAGEMENT_COMMITTEE = "management_committee"
    TOWN = "town"
    STREET = "street"
    VILLAGE = "village"
    PUBLIC_INSTITUTION = "public_institution"
    ENTERPRISE = "enterprise"
    OTHER = "other"

    @property
    def label(self) -> str:
        """Return the Chinese name of the kind."""
        return LABELS[self]


LABELS: dict[UnitKind, str] = {
    UnitKind.GOVERNMENT: "人民政府",
    UnitKind.DEPARTMENT: "政府部门",
    UnitKind.PARTY_ORGAN: "党群机关",
    UnitKind.INTERNAL_OFFICE: "内设机构",
    UnitKind.DISPATCHED_AGENCY: "派驻机构",
    UnitKind.MANAGEMENT_COMMITTEE: "管委会",
    UnitKind.TOWN: "乡镇",
    UnitKind.STREET: "街道",
    UnitKind.VILLAGE: "村（社区）",
    UnitKind.PUBLIC_INSTITUTION: "事业单位",
    UnitKind.ENTERPRISE: "企业",
    UnitKind.OTHER: "其他",
}

# What a clerk may also write in a sheet for a kind.
SPELLINGS: dict[str, UnitKind] = {
    "政府": UnitKind.GOVERNMENT,
    "部门": UnitKind.DEPARTMENT,
    "工作部门": UnitKind.DEPARTMENT,
    "党委部门": UnitKind.PARTY_ORGAN,
    "党委机关": UnitKind.PARTY_ORGAN,
    "派出机构": UnitKind.DISPATCHED_AGENCY,
    "驻地单位": UnitKind.DISPATCHED_AGENCY,
    "垂管单位": UnitKind.DISPATCHED_AGENCY,
    "管理委员会": UnitKind.MANAGEMENT_COMMITTEE,
    "乡": UnitKind.TOWN,
    "镇": UnitKind.TOWN,
    "街道办事处": UnitKind.STREET,
    "村": UnitKind.VILLAGE,
    "社区": UnitKind.VILLAGE,
    "村(居)": UnitKind.VILLAGE,
    "公共企事业单位": UnitKind.PUBLIC_INSTITUTION,
}

#: Kinds that stand for a piece of territory and so own a division code.
TERRITORIAL = frozenset({UnitKind.GOVERNMENT, UnitKind.TOWN, UnitKind.STREET, UnitKind.VILLAGE})

#: Kinds that may stand without a superior.
ROOTS = frozenset({UnitKind.GOVERNMENT})

# A kind that is not listed may stand under any unit that exists.
_ALLOWED_UNDER: dict[UnitKind, frozenset[UnitKind]] = {
    UnitKind.GOVERNMENT: frozenset({UnitKind.GOVERNMENT}),
    UnitKind.TOWN: frozenset({UnitKind.GOVERNMENT, UnitKind.MANAGEMENT_COMMITTEE}),
    UnitKind.STREET: frozenset({UnitKind.GOVERNMENT, UnitKind.MANAGEMENT_COMMITTEE}),
    UnitKind.VILLAGE: frozenset(
        {UnitKind.GOVERNMENT, UnitKind.TOWN, UnitKind.STREET, UnitKind.MANAGEMENT_COMMITTEE},
    ),
}


def may_stand_under(kind: UnitKind, parent: UnitKind | None) -> bool:
    """Tell whether a unit of ``kind`` may have a superior of kind ``parent`` (None: no superior)."""
    if parent is None:
        return kind in ROOTS
    allowed = _ALLOWED_UNDER.get(kind)
    return allowed is None or parent in allowed


def read_kind(text: str) -> UnitKind | None:
    """Read what a clerk wrote for a kind (Chinese name, a common variant or the stored value); None if unknown."""
    from gongkai.domain.organizations.names import name_key

    key = name_key(text)
    for kind, label in LABELS.items():
        if key in (name_key(label), kind.value):
            return kind
    return SPELLINGS.get(key)
