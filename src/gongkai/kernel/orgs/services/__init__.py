"""Changing the organization tree; every function is one transaction with its audit rows."""

from gongkai.kernel.orgs.services.changes import unit_dissolve, unit_merge, unit_rename, unit_split
from gongkai.kernel.orgs.services.groups import (
    group_create,
    group_ensure,
    group_member_add,
    group_member_end,
    group_phrase_add,
    group_update,
)
from gongkai.kernel.orgs.services.sheets import ImportReport, units_export, units_import, units_import_preview
from gongkai.kernel.orgs.services.units import (
    ENTRY_FIELDS,
    UPDATABLE,
    NewUnit,
    entry_update,
    unit_alias_add,
    unit_alias_end,
    unit_create,
    unit_update,
)

__all__ = [
    "ENTRY_FIELDS",
    "UPDATABLE",
    "ImportReport",
    "NewUnit",
    "entry_update",
    "group_create",
    "group_ensure",
    "group_member_add",
    "group_member_end",
    "group_phrase_add",
    "group_update",
    "unit_alias_add",
    "unit_alias_end",
    "unit_create",
    "unit_dissolve",
    "unit_merge",
    "unit_rename",
    "unit_split",
    "unit_update",
    "units_export",
    "units_import",
    "units_import_preview",
]
