"""A whole build by several processes: the same bytes as by one."""

from __future__ import annotations

from pathlib import Path

import pytest

from gongkai.features.disclosure.services.endings import publication_withdraw
from gongkai.portal.release import parts
from gongkai.portal.release.builder import Builder
from gongkai.portal.release.checking import release_check
from tests.factories.disclosure import Bureau
from tests.factories.world import World
from tests.portal.release.conftest import Clock, tree


@pytest.fixture
def bureau(transactional_db: None) -> Bureau:
    """One whose rows other processes see."""
    return Bureau(World())


class TestWorkers:
    def test_two_processes_write_what_one_writes(
        self, bureau: Bureau, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(parts, "CHUNK", 3)
        items = [bureau.published() for _ in range(7)]
        publication_withdraw(actor=bureau.office, item_id=items[2].pk, kind="error", reason="核实", now=clock())
        one = Builder(tmp_path / "one", clock=clock)
        one.full()
        two = Builder(tmp_path / "two", clock=clock, processes=2, few=1)
        told: list[tuple[int, int, int]] = []
        built = two.full(lambda *numbers: told.append(numbers))
        assert tree(two.disk.site) == tree(one.disk.site)
        assert two.disk.entries() == one.disk.entries()
        assert release_check(two.disk).clean
        assert (built.everything, told[-1][:2]) == (True, (7, 7))
        before = {path: path.stat().st_mtime_ns for path in two.disk.site.rglob("*")}
        (two.disk.site / f"info/{items[0].uid}/index.html").unlink()
        two.full()
        assert tree(two.disk.site) == tree(one.disk.site)
        after = {path: path.stat().st_mtime_ns for path in two.disk.site.rglob("*") if path.is_file()}
        assert len([path for path in after if after[path] != before[path]]) < 6
