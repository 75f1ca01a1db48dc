"""A small house for the tests of units: built by the services, as an administrator would."""

from __future__ import annotations

from datetime import UTC, date, datetime

from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.orgs.models import Unit
from gongkai.kernel.orgs.services import NewUnit, unit_create

NOW = datetime(2024, 9, 27, 1, 0, tzinfo=UTC)
TODAY = date(2024, 9, 27)
SYSTEM = Actor.system("测试")


def found(name: str, kind: str, parent: Unit | None = None, **more: object) -> Unit:
    new = NewUnit(kind=kind, name=name, parent_id=parent.pk if parent else None, **more)  # type: ignore[arg-type]
    return unit_create(actor=SYSTEM, new=new, now=NOW)


class House:
    """甲市: a government with office, departments, a stationed agency, two towns; ``house["甲市财政局"]`` is a unit."""

    def __init__(self) -> None:
        self.top = found("甲市人民政府", "government", division_code="360783")
        found("甲市人民政府办公室", "department", self.top, is_disclosure_authority=True)
        for name in ("甲市发展和改革委员会", "甲市财政局", "甲市农业农村局", "甲市水利局"):
            found(name, "department", self.top)
        found("国家税务总局甲市税务局", "dispatched_agency", self.top)
        found("甲市融媒体中心", "public_institution", self.top)
        for name, code in (("东湾镇人民政府", "360783101"), ("西岭乡人民政府", "360783201")):
            found(name, "town", self.top, division_code=code)
        found("东湾村村民委员会", "village", self["东湾镇人民政府"], division_code="360783101201")

    def __getitem__(self, name: str) -> Unit:
        return Unit.objects.get(name=name)
