"""Whatever happened, in whatever order: the tree that steps left is the tree of a whole build, byte by byte."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from gongkai.domain.items.states import State
from gongkai.domain.release import slots
from gongkai.features.disclosure.models import Item
from gongkai.features.disclosure.services.banners import banner_raise
from gongkai.features.disclosure.services.columns import column_save
from gongkai.features.disclosure.services.endings import publication_withdraw
from gongkai.features.disclosure.services.publishing import publication_make
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.orgs.services.changes import unit_rename
from gongkai.portal.release.builder import Builder
from gongkai.portal.release.checking import release_check
from tests.factories.disclosure import Bureau, fresh
from tests.factories.world import SYSTEM
from tests.portal.release.conftest import Clock, tree

COLUMNS = ["C01", "C01-3", "C02", "C03"]
LENGTH = 14


class History:
    """Things that may happen to the public site, each by the services that do it."""

    def __init__(self, bureau: Bureau, clock: Clock, chance: random.Random) -> None:
        self.bureau, self.clock, self.chance = bureau, clock, chance
        self.names = 0

    def public(self) -> list[Item]:
        return list(Item.objects.filter(state=State.PUBLISHED).order_by("pk"))

    def publish(self) -> None:
        expires = self.clock().date().replace(day=28) if self.chance.random() < 0.3 else None
        self.bureau.published(now=self.clock(), columns=(self.chance.choice(COLUMNS),), expires_on=expires)

    def correct(self) -> None:
        """Another title, other columns: the item moves."""
        for item in self.chance.sample(self.public(), k=min(1, len(self.public()))):
            self.names += 1
            columns = tuple(self.chance.sample(COLUMNS, k=2))
            self.bureau.edit(item, now=self.clock(), title=f"第{self.names}次更正的通知", columns=columns)
            self.bureau.sign(self.bureau.circulate(fresh(item), now=self.clock()), now=self.clock())
            publication_make(actor=self.bureau.office, item_id=item.pk, now=self.clock())

    def withdraw(self) -> None:
        items = self.public()
        if len(items) < 2:
            return
        item, other = self.chance.sample(items, k=2)
        kind = self.chance.choice(["withdrawn", "error", "merged"])
        publication_withdraw(
            actor=self.bureau.office, item_id=item.pk, kind=kind, reason="核实", now=self.clock(),
            redirect_to=other.pk if kind == "merged" else None,
        )  # fmt: skip

    def rename_unit(self) -> None:
        self.names += 1
        name = f"青溪县第{self.names}财政局"
        unit_rename(actor=SYSTEM, unit_id=self.bureau.unit.pk, name=name, on=self.clock().date(), now=self.clock())

    def rename_column(self) -> None:
        self.names += 1
        office = self.bureau.world.actor(Role.DISCLOSURE_OFFICE, self.bureau.world.office)
        column_save(actor=office, code="C02", name=f"第{self.names}栏", now=self.clock())

    def raise_banner(self) -> None:
        expires = self.clock.now.replace(hour=23, minute=59)
        banner_raise(
            actor=self.bureau.office, unit_id=self.bureau.unit.pk, level="red", title="河水上涨", expires_at=expires,
            now=self.clock(),
        )  # fmt: skip

    def sleep(self) -> None:
        self.clock.forward(days=self.chance.choice([1, 3]))


@pytest.mark.parametrize("seed", [3, 20])
def test_steps_leave_what_a_whole_build_writes(
    bureau: Bureau, builder: Builder, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    # Small pages and files of the sitemap, so that a short history fills several.
    monkeypatch.setattr(slots, "PAGE", 3)
    monkeypatch.setattr(slots, "SHARD", 4)
    chance = random.Random(seed)
    history = History(bureau, clock, chance)
    often: list[Callable[[], None]] = [history.publish] * 5 + [history.correct] * 2 + [history.withdraw] * 3
    seldom = [history.rename_unit, history.rename_column, history.raise_banner, history.sleep]
    builder.step()
    for _ in range(LENGTH):
        clock.forward(minutes=chance.choice([1, 7]))
        chance.choice(often + seldom)()
        if chance.random() < 0.7:
            builder.step()
    while builder.step() is not None:
        pass
    other = Builder(tmp_path / "other", clock=clock)
    other.full()
    assert tree(builder.disk.site) == tree(other.disk.site)
    assert release_check(builder.disk).clean
    assert len([path for path in tree(builder.disk.site) if "/p/" in path]) > 3
